"""What a guest does with the link: register from what is known, say no, come back; and the mails that follow."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import MailState, OutboxMail
from openmap.invitations.models import Invitation
from openmap.invitations.queries import MOST_REMINDERS, REST, invitation_of_token, state_of
from openmap.invitations.recurring import follow_invitations, remind_before_the_deadline
from openmap.registrations.models import RegistrationDraft
from tests.factories import build_person, build_structure, valid_siret
from tests.invitations.conftest import LIST
from tests.people import Visitor, the_form
from tests.rows import all_rows

AMINA = "amina@soleil.fr ; Amina Diallo ; Atelier Soleil"
LINK = re.compile(r"/invitations/[\w-]+")
DAY = timedelta(days=1)


@pytest.fixture
def amina(app, invites) -> Visitor:
    """Invited, at a browser of her own."""
    invites(AMINA)
    return Visitor(app, "amina@soleil.fr")


def link_of(visitor: Visitor) -> str:
    found = LINK.search(visitor.latest_mail().text)
    assert found
    return found.group()


def the_invitation(visitor: Visitor) -> Invitation:
    session.rollback()
    return session.scalars(select(Invitation).filter_by(email=visitor.email)).one()


def state(visitor: Visitor) -> str:
    return str(state_of(the_invitation(visitor)))


def mails(kind: str = "guest_reminded") -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutboxMail.recipient).filter_by(kind=kind).order_by(OutboxMail.id)))


def the_worker_reminds(at: datetime) -> None:
    session.rollback()
    remind_before_the_deadline.task(at)


def test_opening_the_link_says_who_is_invited_to_what_and_changes_nothing(amina):
    link, before = link_of(amina), all_rows()
    page = amina.sees(link)
    assert "Amina Diallo, voici votre invitation" in page.text
    assert page.headers["Referrer-Policy"] == "strict-origin"
    amina.sees(f"{link}/decline")
    assert all_rows() == before


def test_the_form_opens_with_what_the_list_knows(app, invites):
    siret = valid_siret(9)
    invites(f"amina@soleil.fr\tAmina Diallo\tAtelier Soleil\t{siret}")
    amina = Visitor(app, "amina@soleil.fr")
    page = amina.submits(link_of(amina), "/start")
    form = the_form(page)
    assert (form["name"].value, form["siret"].value.replace(" ", "")) == ("Atelier Soleil", siret)
    assert state(amina) == "started"
    draft = session.scalars(select(RegistrationDraft)).one()
    assert (draft.email, draft.typed["contact_name"]) == (amina.email, ["Amina Diallo"])


def test_coming_back_by_the_link_opens_the_same_form_in_another_browser(app, amina):
    amina.submits(link_of(amina), "/start")
    phone = Visitor(app, amina.email)
    page = phone.submits(link_of(amina), "/start")
    assert the_form(page)["name"].value == "Atelier Soleil"
    session.rollback()
    assert len(session.scalars(select(RegistrationDraft)).all()) == 1


def test_a_buyer_is_led_to_the_buyers_form(claire, app, pastes):
    page = pastes("bruno@vitry.fr;Bruno;Ville de Vitry")
    mapping = next(form for form in page.forms.values() if "usual_kind" in form.fields and form.method == "get")
    mapping["usual_kind"] = "buyer"
    claire.submits(mapping.submit(), "/sheets/")
    bruno = Visitor(app, "bruno@vitry.fr")
    assert the_form(bruno.submits(link_of(bruno), "/start"))["body"].value == "Ville de Vitry"


def test_once_registered_however_that_came_the_guest_is_left_in_peace(claire, event, amina):
    with unit_of_work():
        person = build_person("Amina", email=amina.email, at=now())
        build_structure(event, contact=person, at=now())
    assert state(amina) == "registered"
    page = amina.sees(link_of(amina))
    assert "Votre inscription est déjà faite" in page.text
    assert "Inscrite" in claire.sees(LIST).html.find("table").text
    with time_machine.travel(now() + REST + DAY):
        assert "Personne à relancer" in claire.signs_in().sees(f"{LIST}/remind").text


def test_a_no_is_kept_and_may_be_changed(amina):
    link = link_of(amina)
    page = amina.submits(f"{link}/decline")
    assert "merci de votre réponse" in page.text
    assert state(amina) == "declined"
    amina.submits(f"{link}/decline")  # twice is once
    amina.submits(link, "/start")
    assert state(amina) == "started"


def test_a_no_for_good_holds_for_every_list(amina, pastes):
    amina.submits(f"{link_of(amina)}/decline", for_good=True)
    session.rollback()
    session.expire_all()
    page = pastes("amina@soleil.fr")
    assert "déjà invitée" in page.text
    with unit_of_work():
        session.delete(the_invitation_in_place())
    assert "ne veut plus d’invitation" in pastes("amina@soleil.fr").text


def the_invitation_in_place() -> Invitation:
    return session.scalars(select(Invitation)).one()


def test_a_withdrawn_link_opens_nothing_until_it_is_restored(claire, amina):
    link = link_of(amina)
    claire.submits(LIST, "/withdraw")
    amina.sees(link, status=410)
    amina.posts(f"{link}/start", status=410)
    amina.posts(f"{link}/decline", status=410)
    assert state(amina) == "withdrawn"
    claire.submits(LIST, "/restore")
    assert "Je m’inscris" in amina.sees(link).text


def test_a_guessed_or_bent_link_opens_nothing(app, amina):
    link = link_of(amina)
    token = link.rpartition("/")[2]
    stranger = Visitor(app)
    for bent in (token[:-1], token + "x", "a" * 64, token.swapcase(), "%C3%A9", token[:32]):
        stranger.sees(
            f"/invitations/{bent}".encode().decode("latin-1") if bent == "é" else f"/invitations/{bent}", status=410
        )
    assert invitation_of_token(token, key="another key") is None


def test_a_reminder_reaches_those_without_an_answer_in_the_words_that_claire_read(claire, app, invites):
    invites(f"{AMINA}\nbruno@vitry.fr;Bruno;Ville de Vitry\nchloe@fil.fr;Chloé;Le Fil")
    bruno = Visitor(app, "bruno@vitry.fr")
    bruno.submits(f"{link_of(bruno)}/decline")
    assert "Personne à relancer maintenant" in claire.sees(f"{LIST}/remind").text
    with time_machine.travel(now() + REST + DAY):
        page = claire.signs_in().sees(f"{LIST}/remind")
        listed = [" ".join(item.text.split()) for item in page.html.select(".guest-list li")]
        assert listed == ["Atelier Soleil amina@soleil.fr", "Le Fil chloe@fil.fr"]
        shown = page.html.select_one(".mail-preview").text
        form = the_form(page)
        claire.sends_again(form)
        claire.sends_again(form)  # a double click
        assert mails() == ["amina@soleil.fr", "chloe@fil.fr"]
        sent = Visitor(app, "amina@soleil.fr").latest_mail()
        assert sent.subject in shown
        assert "nous n’avons pas encore votre réponse" in sent.text
        assert link_of(Visitor(app, "amina@soleil.fr")) in mail_text("guest_invited")


def mail_text(kind: str) -> str:
    return session.scalars(select(OutboxMail.text).filter_by(kind=kind, recipient="amina@soleil.fr")).one()


def test_nobody_is_reminded_more_than_three_times(claire, event, amina):
    for turn in range(1, MOST_REMINDERS + 2):
        with unit_of_work():
            event.registration_closes_at = event.requests_close_at = event.answers_close_at = now() + 60 * DAY
        with time_machine.travel(now() + turn * (REST + DAY)):
            page = claire.signs_in().sees(f"{LIST}/remind")
            if turn <= MOST_REMINDERS:
                claire.submits(page)
    assert "trois rappels" in page.text or "Personne à relancer" in page.text
    assert mails() == [amina.email] * MOST_REMINDERS


def test_the_automatic_reminder_leaves_once_on_the_day_that_was_chosen(claire, event, amina):
    claire.submits(LIST, "/reminder-rule", days_before="5")
    early, due = event.registration_closes_at - 6 * DAY, event.registration_closes_at - 4 * DAY
    the_worker_reminds(early)
    assert mails() == []
    for at in (due, due + timedelta(minutes=15), due + 3 * DAY + timedelta(hours=1)):
        the_worker_reminds(at)
    assert mails() == [amina.email]
    invitation = the_invitation(amina)
    assert (invitation.reminder_count, invitation.reminded_by_itself_at) == (1, due)


def test_no_automatic_reminder_where_claire_wants_none_or_all_is_over(claire, event, amina):
    claire.submits(LIST, "/reminder-rule", days_before="0")
    the_worker_reminds(event.registration_closes_at - DAY)
    claire.submits(LIST, "/reminder-rule", days_before="5")
    the_worker_reminds(event.registration_closes_at + DAY)
    with unit_of_work():
        the_invitation_in_place().declined_at = now()
    the_worker_reminds(event.registration_closes_at - DAY)
    assert mails() == []


def test_a_mailbox_that_refuses_is_shown_and_written_to_no_more(claire, event, amina):
    with unit_of_work():
        session.scalars(select(OutboxMail).filter_by(kind="guest_invited")).one().state = MailState.PARKED
    follow_invitations.task(now())
    assert state(amina) == "bounced"
    the_worker_reminds(event.registration_closes_at - DAY)
    assert mails() == []
    assert "Adresse refusée" in claire.sees(LIST).html.find("table").text


def test_one_second_late_nobody_starts(event, amina):
    link = link_of(amina)
    page = amina.sees(link)
    with unit_of_work():
        event.registration_closes_at = now()
    assert "Les inscriptions sont closes" in amina.submits(page, "/start").text
    assert state(amina) == "invited"


def test_invitations_of_another_morning_are_no_business_of_this_one(claire, amina):
    own = the_invitation(amina).id
    claire.posts(f"/manage/ailleurs/invitations/{own}/withdraw", status=404)
    claire.posts(f"{LIST}/999999/withdraw", status=404)
    assert state(amina) == "invited"


def test_the_export_says_what_the_page_says(claire, amina):
    lines = claire.browser.get(f"{LIST}.csv").body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Organisme;SIRET;Nom;")
    assert lines[1].startswith("Atelier Soleil;;Amina Diallo;amina@soleil.fr;;Structure;Sans réponse;")
