"""« Prévenez-moi de la prochaine »: from a form to one mail a morning, and nothing else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from webtest import TestApp

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.organisations.enums import Sector
from openmap.series.models import EditionNews, NextEditionWish
from openmap.series.operations import wishes
from openmap.series.recurring import forget_wishes
from tests.factories import build_person
from tests.people import Visitor, the_form
from tests.series.conftest import SLUG

LINK = re.compile(r"http://localhost(/next-editions/\S+)")
TELL = f"/manage/{SLUG}/news"


@pytest.fixture
def series(event) -> str:
    return f"/series/{event.series.slug}"


def mails() -> list[tuple[str, str]]:
    session.rollback()
    return [(mail.kind, mail.recipient) for mail in session.scalars(select(OutboxMail).order_by(OutboxMail.id))]


def link_of(visitor: Visitor) -> str:
    found = LINK.search(visitor.latest_mail().text)
    assert found, "no link in the mail"
    return found.group(1)


def asks(visitor: Visitor, series: str, sector: str = "", email: str = "") -> None:
    visitor.submits(series, "/wish", email=email or visitor.email, sector=sector)


def confirms(visitor: Visitor, series: str, sector: str = "") -> None:
    asks(visitor, series, sector)
    visitor.submits(link_of(visitor), "/confirm/")


def stored() -> list[NextEditionWish]:
    session.rollback()
    return list(session.scalars(select(NextEditionWish).order_by(NextEditionWish.id)))


def test_claire_asks_confirms_from_her_mailbox_and_is_told_once(claire, series, olga):
    confirms(claire, series)
    page = olga.sees(TELL)
    assert "1 personne à prévenir" in page.text
    assert "Matinale de l’économie circulaire" in page.html.select_one(".mail-preview").text
    form = the_form(page)
    olga.submits(page)
    assert mails()[-1] == ("next_edition", claire.email)
    assert f"/events/{SLUG}" in claire.latest_mail().text
    assert "1 personne est déjà prévenue" in olga.sees(TELL).text
    olga.sends_again(form)
    assert [kind for kind, _ in mails()].count("next_edition") == 1


def test_opening_the_link_changes_nothing_since_scanners_do_it_too(claire, series, olga):
    asks(claire, series)
    assert "Oui, prévenez-moi" in claire.sees(link_of(claire)).text
    assert stored()[0].confirmed_at is None
    assert "Personne n’attend" in olga.sees(TELL).text
    olga.posts(TELL, status=409)
    assert not any(kind == "next_edition" for kind, _ in mails())


def test_a_known_mailbox_and_a_new_one_get_the_same_answer_and_the_same_mail(app, claire, series):
    confirms(claire, series)
    stranger = Visitor(app, "curieux@exemple.fr")
    known = stranger.submits(series, "/wish", email=claire.email)
    new = stranger.submits(series, "/wish", email=stranger.email)
    told = [page.html.select_one("main").text.replace(claire.email, "x") for page in (known, new)]
    assert told[0] == told[1].replace(stranger.email, "x")
    assert {kind for kind, _ in mails()} <= {"confirm_wish", "sign_in"}
    assert claire.latest_mail().subject == stranger.latest_mail().subject


def test_an_impatient_visitor_sends_one_mail_an_hour_and_no_more_than_five_tries(claire, series):
    for _ in range(5):
        asks(claire, series)
    assert mails() == [("confirm_wish", claire.email)]
    assert len(stored()) == 1
    claire.submits(series, "/wish", email=claire.email, status=429)


@pytest.mark.parametrize(
    ("email", "said"), [("", "Écrivez votre adresse"), ("claire", "Vérifiez l’adresse"), ("a" * 255, "Vérifiez")]
)
def test_a_wrong_address_is_said_at_its_field_and_what_was_typed_stays(claire, series, email, said):
    page = claire.submits(series, "/wish", email=email, sector="laundry", status=422)
    assert said in page.html.select_one("#email-error").text
    assert page.html.select_one("option[selected]")["value"] == "laundry"
    assert stored() == []


def test_an_unheard_of_sector_is_refused(claire, series):
    claire.posts(f"{series}/wish", {"email": claire.email, "sector": "magie"}, status=422)


def test_only_those_whose_sector_it_is_are_told_and_a_mailbox_once(app, series, olga, claire):
    paul, nadia = Visitor(app, "paul@exemple.fr"), Visitor(app, "nadia@exemple.fr")
    confirms(claire, series, "waste")
    confirms(claire, series)
    confirms(paul, series, "laundry")
    confirms(nadia, series, "waste")
    assert "2 personnes à prévenir" in olga.sees(TELL).text
    olga.submits(TELL)
    told = [recipient for kind, recipient in mails() if kind == "next_edition"]
    assert sorted(told) == [claire.email, nadia.email]
    assert session.scalar(select(func.count()).select_from(EditionNews)) == 3


def test_the_next_morning_of_the_series_is_another_mail(claire, series, olga, edition):
    confirms(claire, series)
    olga.submits(TELL)
    edition("plus-tard", held_in=200)
    olga.submits("/manage/plus-tard/news")
    assert [kind for kind, _ in mails()].count("next_edition") == 2


def test_nobody_is_told_of_a_draft_or_of_a_morning_that_is_over(claire, series, olga, edition):
    confirms(claire, series)
    edition("brouillon", held_in=90, is_draft=True)
    edition("2015", held_in=-90)
    assert "Publiez d’abord la matinale" in olga.sees("/manage/brouillon/news").text
    olga.posts("/manage/brouillon/news", status=422)
    olga.posts("/manage/2015/news", status=422)
    assert not any(kind == "next_edition" for kind, _ in mails())


def test_two_organisers_who_press_at_once_send_one_mail(claire, series, olga, event):
    confirms(claire, series)
    prepared = wishes.prepare_news(event, secret_key="elsewhere")
    olga.submits(TELL)
    with unit_of_work(), pytest.raises(wishes.NobodyToTell):
        wishes.tell_of_edition(event, prepared, by=None, at=now())
    assert [kind for kind, _ in mails()].count("next_edition") == 1


def test_the_link_of_the_mail_ends_it_for_every_sector_with_a_button(claire, series, olga):
    confirms(claire, series)
    confirms(claire, series, "waste")
    olga.submits(TELL)
    link = link_of(claire)
    assert "Ne plus m’écrire" in claire.sees(link).text
    assert all(wish.ended_at is None for wish in stored())
    claire.submits(link, "/end/")
    assert all(wish.ended_at is not None for wish in stored())
    claire.sees(link, status=410)


def test_the_button_of_a_mail_program_ends_it_without_cookie_page_or_sign_in(app, claire, series, olga):
    confirms(claire, series)
    olga.submits(TELL)
    told = claire.latest_mail()
    assert told.unsubscribe == f"http://localhost{link_of(claire)}"
    program = TestApp(app, extra_environ={"HTTP_HOST": "localhost"})
    answer = program.post(told.unsubscribe, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_int, answer.content_type) == (200, "text/plain")
    assert all(wish.ended_at is not None for wish in stored())
    program.post(told.unsubscribe, {"List-Unsubscribe": "One-Click"}, status=410)


def test_only_the_mail_that_was_asked_for_may_be_ended_by_one_click(claire, series):
    asks(claire, series)
    assert claire.latest_mail().unsubscribe is None
    forged = link_of(claire).replace("/confirm/", "/end/")
    claire.browser.post(forged, {"List-Unsubscribe": "One-Click"}, status=410)
    assert all(wish.ended_at is None for wish in stored())


def test_who_ended_it_may_ask_again_and_confirms_again(claire, series):
    confirms(claire, series)
    first = link_of(claire)
    with unit_of_work():
        wishes.end_wishes(session.merge(stored()[0]), by=None, at=now())
    claire.sees(first, status=410)
    confirms(claire, series)
    assert link_of(claire) != first
    assert [(wish.confirmed_at is not None, wish.ended_at) for wish in stored()] == [(True, None)]


def test_a_link_for_one_purpose_or_a_forged_one_opens_nothing_else(claire, series):
    asks(claire, series)
    link = link_of(claire)
    claire.sees(link.replace("/confirm/", "/end/"), status=410)
    claire.sees(link[:-1] + ("0" if link[-1] != "0" else "1"), status=410)


def test_what_was_never_confirmed_goes_after_a_week_what_was_ended_at_once_the_rest_after_three_years(app, series):
    people = [Visitor(app, f"{name}@exemple.fr") for name in ("una", "ed", "claire")]
    asks(people[0], series)
    for each in people[1:]:
        confirms(each, series)
    with unit_of_work():
        wishes.end_wishes(session.merge(stored()[1]), by=None, at=now())
    forget_wishes(now() + timedelta(days=6))
    assert [wish.email for wish in stored()] == ["una@exemple.fr", "claire@exemple.fr"]
    forget_wishes(now() + timedelta(days=8))
    assert [wish.email for wish in stored()] == ["claire@exemple.fr"]
    forget_wishes(now() + timedelta(days=3 * 365 + 1))
    assert stored() == []


def test_someone_signed_in_sees_and_ends_what_is_theirs(app, olga, series, claire):
    confirms(olga, series, "waste")
    confirms(claire, series)
    page = olga.sees("/my-space/next-editions")
    assert "Espaces" not in page.html.select_one(".series-own").text
    assert str(Sector.WASTE.label) in page.html.select_one(".series-own").text
    olga.posts(f"/my-space/next-editions/{stored()[1].id}/end", status=404)
    olga.submits(page, "/end")
    assert [wish.ended_at is not None for wish in stored()] == [True, False]


def test_my_data_hold_the_wish_and_an_erasure_takes_it_away(app, series):
    with unit_of_work():
        build_person("Emma Roy", email="emma@exemple.fr", at=now())
    emma = Visitor(app, "emma@exemple.fr").signs_in()
    confirms(emma, series)
    assert "Les prochaines matinales dont vous voulez être prévenu" in emma.sees("/my-space/data").text
    emma.submits("/my-space/data/erasure", when="now", word="effacer")
    assert stored() == []


def test_a_past_morning_offers_the_form_with_its_sector(claire, edition):
    edition("2015", held_in=-300, sector=Sector.IT)
    page = claire.sees("/events/2015")
    assert the_form(page, "/wish")["sector"].value == "it"
