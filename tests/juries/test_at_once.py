"""Two windows at once, on both databases: one review a file, nobody twice on one, nothing overwritten unseen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from openmap.core.db import session, unit_of_work
from openmap.juries.models import Assignment, PitchReview, Reviewer
from tests.juries.conftest import SLUG, Court
from tests.people import the_form


def at_once(sendings) -> list[int]:
    """Send all at the same moment; returns the statuses."""
    barrier = Barrier(len(sendings))

    def send(sending) -> int:
        barrier.wait(timeout=20)
        return int(sending().status_int)

    with ThreadPoolExecutor(len(sendings)) as threads:
        return sorted(threads.map(send, sendings))


def windows(court: Court, count: int):
    """As many windows of Claire's on Amina's file, each filled otherwise."""
    forms = []
    for number in range(count):
        page = court.judge("claire").sees(court.path("amina"))
        form = next(form for form in page.forms.values() if form.id == "review-form")
        for name, value in court.fields(1 + number, 5).items():
            form[name] = value
        forms.append(form)
    return [lambda form=form: form.submit("act", value="give", expect_errors=True) for form in forms]


def test_four_windows_give_one_review_and_the_others_are_told(any_app):
    court = Court(any_app)
    with unit_of_work():
        court.gives("claire", "amina")
    assert at_once(windows(court, 4)) == [302, 409, 409, 409]
    assert len(court.review("claire", "amina").scores) == 2


def test_a_double_click_at_once_is_one_review(any_app):
    court = Court(any_app)
    with unit_of_work():
        court.gives("claire", "amina")
    sending = windows(court, 1)[0]
    assert at_once([sending, sending]) == [302, 302]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(PitchReview)) == 1


def test_two_organisers_share_at_once_and_nobody_has_a_file_twice(any_app):
    court = Court(any_app)
    forms = [the_form(court.visitor("olga@exemple.fr").sees(f"/manage/{SLUG}/jury/files"), "/share") for _ in range(3)]
    for draw, form in enumerate(forms, start=1):
        form["per_file"], form["draw"] = "2", str(draw)
    assert at_once([lambda form=form: form.submit(expect_errors=True) for form in forms]) == [302, 302, 302]
    session.rollback()
    counted = session.execute(select(Assignment.application_id, func.count()).group_by(Assignment.application_id)).all()
    assert sorted(row[1] for row in counted) == [2, 2, 2]


def test_the_same_mailbox_asked_at_once_is_one_reviewer_and_accepts_once(any_app):
    court = Court(any_app)
    forms = [the_form(court.visitor("olga@exemple.fr").sees(f"/manage/{SLUG}/jury/invite")) for _ in range(2)]
    for form in forms:
        form["lines"] = "gilles@cd93.fr"
    assert at_once([lambda form=form: form.submit(expect_errors=True) for form in forms]) == [302, 422]
    session.rollback()
    gilles = session.scalars(select(Reviewer).filter_by(email="gilles@cd93.fr")).one()
    pages = [court.visitor("olga@exemple.fr").sees(court.link(gilles)) for _ in range(2)]
    answers = [the_form(page, "/accept") for page in pages]
    for answer in answers:
        answer["name"] = "Gilles"
    assert at_once([lambda form=form: form.submit(expect_errors=True) for form in answers]) == [302, 302]
    session.rollback()
    assert session.get_one(Reviewer, gilles.id).is_active
