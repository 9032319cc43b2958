"""The same on the embedded database and on PostgreSQL, also when two organisers press a button at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.invitations.enums import InvitationState
from openmap.invitations.models import Invitation
from openmap.invitations.queries import state_counts
from openmap.invitations.recurring import follow_invitations, remind_before_the_deadline
from openmap.organisations.duplicates import duplicate_groups
from openmap.organisations.models import Organisation
from openmap.organisations.queries import organisation_with_siret
from tests.factories import build_event, build_person, build_structure
from tests.invitations.conftest import LIST
from tests.people import Visitor, the_form

LINES = "\n".join(f"guest{number}@exemple.org;Guest {number};Atelier {number}" for number in range(30))
DAY = timedelta(days=1)


def organiser(app, name: str) -> Visitor:
    email = f"{name}@exemple.fr"
    with unit_of_work():
        build_person(name.title(), email=email, is_organiser=True, at=now())
    return Visitor(app, email).signs_in()


def test_two_organisers_who_confirm_the_same_list_at_once_invite_everyone_once(any_app):
    with unit_of_work():
        event = build_event(slug="matinale", at=now())
    people = [organiser(any_app, name) for name in ("claire", "olga")]
    forms = [the_form(one.submits(f"{LIST}/new/paste", lines=LINES), "/sheets/") for one in people]
    session.rollback()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda form: form.submit(expect_errors=True).status_int, forms))
    assert sorted(answers) == [302, 409]
    session.rollback()
    assert state_counts(event) == {InvitationState.INVITED: 30}
    assert session.scalar(select(func.count()).select_from(OutboxMail).filter_by(kind="guest_invited")) == 30


def test_two_workers_remind_everyone_once(any_app):
    with unit_of_work():
        event = build_event(slug="matinale", at=now())
    claire = organiser(any_app, "claire")
    claire.submits(claire.submits(f"{LIST}/new/paste", lines=LINES), "/sheets/")
    session.rollback()
    due = event.registration_closes_at - DAY

    def work(_number: int) -> None:
        with any_app.app_context():
            remind_before_the_deadline.task(due)
            follow_invitations.task(due)

    session.rollback()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutboxMail).filter_by(kind="guest_reminded")) == 30
    assert set(session.scalars(select(Invitation.reminder_count))) == {1}


def test_two_organisers_who_merge_both_ways_at_once_leave_one_organisation(any_app):
    with unit_of_work():
        one = build_structure(build_event(slug="matinale", at=now()), at=now())
        other = build_structure(build_event(at=now()), "Atelier du Soleil SARL", at=now())
        keys, sirets = (one.organisation_id, other.organisation_id), [one.organisation.siret, other.organisation.siret]
    people = [organiser(any_app, name) for name in ("claire", "olga")]
    assert "même domaine" in people[0].sees("/manage/duplicates").text
    paths = [f"/manage/organisations/{kept}/merge/{gone}" for kept, gone in (keys, keys[::-1])]
    forms = [the_form(person.sees(path)) for person, path in zip(people, paths, strict=True)]
    session.rollback()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda form: form.submit(expect_errors=True).status_int, forms))
    assert sorted(answers) in ([302, 404], [302, 409])
    session.rollback()
    assert duplicate_groups() == []
    [left] = {organisation_with_siret(siret or "") for siret in sirets}
    assert left
    assert session.scalars(select(Organisation).where(Organisation.id == left.id)).one()
    assert [registration.organisation_id for registration in (one, other)] == [left.id, left.id]
