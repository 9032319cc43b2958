"""A facilitator acts for a structure that lets it, on record, until either ends it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.events.models import Event
from openmap.facilitation.recurring import end_what_is_over
from openmap.organisations.enums import ContactRole, OrganisationKind, PartnerKind
from openmap.organisations.models import Contact, GivenRole, Organisation
from openmap.registrations.models import Registration
from tests.counting import queries_of
from tests.factories import build_event, build_person, build_structure
from tests.people import Visitor


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        return build_event(at=now())


@pytest.fixture
def structure(event: Event) -> Registration:
    return let_in(event, "Atelier Amina", "amina@exemple.fr")


def let_in(event: Event, name: str, email: str) -> Registration:
    """A structure at the morning, with the person who speaks for it."""
    with unit_of_work():
        registration = build_structure(event, name, contact=build_person(name, email=email, at=now()), at=now())
        registration.contact.is_main = True
        return registration


@pytest.fixture
def facilitator(app: Flask, event: Event) -> Organisation:
    with unit_of_work():
        body = Organisation(
            kind=OrganisationKind.PARTNER,
            partner_kind=PartnerKind.FACILITATOR,
            name="Maison de l’emploi",
            departement="93",
            created_at=now(),
        )
        fanny = build_person("Fanny", email="fanny@exemple.fr", at=now())
        body.contacts = [Contact(person=fanny, is_main=True, given_roles=[GivenRole(role=ContactRole.MEETINGS)])]
        session.add(body)
        session.flush()
        return body


@pytest.fixture
def amina(app: Flask, structure: Registration) -> Visitor:
    return Visitor(app, "amina@exemple.fr").signs_in()


@pytest.fixture
def fanny(app: Flask, facilitator: Organisation) -> Visitor:
    return Visitor(app, "fanny@exemple.fr").signs_in()


def page_of(body: Organisation) -> str:
    return f"/organisations/{body.id}/delegations"


def requests_of(structure: Registration) -> str:
    return f"/events/{structure.event.slug}/requests/{structure.ref}"


def mails_to(email: str) -> list[OutboxMail]:
    session.rollback()
    return list(
        session.scalars(select(OutboxMail).filter_by(recipient=email, kind="delegation").order_by(OutboxMail.id))
    )


def test_amina_lets_fanny_act_and_her_page_opens_with_a_banner(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    fanny.sees(requests_of(structure), status=404)
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    page = fanny.sees(requests_of(structure))
    assert "Atelier Amina" in page.html.find("main").get_text()
    assert "Vous agissez" in page.html.find("main").get_text(" ")
    own = f"/events/{structure.event.slug}/registrations/{structure.ref}"
    assert "Vous agissez pour Atelier Amina" in fanny.sees(own).html.find("main").get_text(" ").replace("\xa0", " ")
    assert "Vous agissez" not in amina.sees(own).html.find("main").text
    assert "Vous pouvez agir pour Atelier Amina" in mails_to("fanny@exemple.fr")[-1].subject


def test_a_colleague_works_in_the_name_of_the_body_and_sees_no_banner(app: Flask, structure: Registration) -> None:
    with unit_of_work():
        karim = build_person("Karim", email="karim@exemple.fr", at=now())
        role = GivenRole(role=ContactRole.MEETINGS)
        session.add(Contact(person=karim, organisation_id=structure.organisation_id, given_roles=[role]))
    colleague = Visitor(app, "karim@exemple.fr").signs_in()
    for page in (requests_of(structure), f"/events/{structure.event.slug}/registrations/{structure.ref}"):
        assert "Vous agissez" not in colleague.sees(page).html.find("main").text


def test_fanny_asks_and_acts_only_once_amina_accepts(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    fanny.submits(page_of(facilitator), "/new", other=structure.organisation.siret)
    fanny.sees(requests_of(structure), status=404)
    assert "demande à agir pour vous" in mails_to("amina@exemple.fr")[-1].subject
    amina.submits(page_of(structure.organisation), "/accept")
    fanny.sees(requests_of(structure))


def test_either_ends_it_at_once(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    fanny.submits(page_of(facilitator), "/end")
    fanny.sees(requests_of(structure), status=404)
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    amina.submits(page_of(structure.organisation), "/end")
    fanny.sees(requests_of(structure), status=404)


def test_it_ends_by_itself_after_its_last_day(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    last_day = (now() + timedelta(days=3)).date().isoformat()
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id), ends_on=last_day)
    session.rollback()
    end_what_is_over.task(now())
    fanny.sees(requests_of(structure))
    session.rollback()
    end_what_is_over.task(now() + timedelta(days=5))
    fanny.sees(requests_of(structure), status=404)


def test_the_facilitators_page_says_what_each_structure_lacks(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    page = fanny.sees(page_of(facilitator)).html.find("main").get_text(" ", strip=True)
    assert "Aucune demande encore" in page


def test_what_is_done_for_a_structure_says_by_whom(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    session.rollback()
    entry = session.scalars(select(AuditEntry).filter_by(action="delegation.given")).one()
    assert entry.details == {"structure": structure.organisation_id, "facilitator": facilitator.id}


def test_a_facilitator_does_not_decide_who_the_structures_people_are(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    fanny.sees(f"/organisations/{structure.organisation_id}/contacts", status=404)
    fanny.sees(page_of(structure.organisation), status=404)


def test_a_number_that_nobody_has_and_a_day_past_are_told(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    answer = fanny.submits(page_of(facilitator), "/new", other="73282932000074", status=422)
    assert "Aucune structure de ce SIRET" in answer.text
    past = amina.submits(
        page_of(structure.organisation), "/new", other=str(facilitator.id), ends_on="2001-01-01", status=422
    )
    assert "Le dernier jour doit être à venir." in past.text
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    twice = amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id), status=422)
    assert "C’est déjà le cas" in twice.text


def test_more_structures_cost_no_more_queries(
    app: Flask, fanny: Visitor, amina: Visitor, event: Event, structure: Registration, facilitator: Organisation
) -> None:
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    one = queries_of(fanny, page_of(facilitator))
    for name in ("bruno", "chloe"):
        other = let_in(event, name.title(), f"{name}@exemple.fr")
        visitor = Visitor(app, f"{name}@exemple.fr").signs_in()
        visitor.submits(page_of(other.organisation), "/new", other=str(facilitator.id))
    assert queries_of(fanny, page_of(facilitator)) == one


def test_fanny_registers_a_structure_for_it_and_the_trail_says_so(
    app: Flask, amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    with unit_of_work():
        other = build_event(at=now())
    links = fanny.sees(page_of(facilitator)).html.find("main").find_all("a")
    [path] = [str(link["href"]) for link in links if f"{other.slug}/registrations" in str(link["href"])]
    asked = {"sector": "waste", "offer": "Tri et collecte", "consent_terms": "y"}
    check = fanny.fills(path, asked)
    assert "Vous agissez pour Atelier Amina" in check.html.find("main").get_text(" ").replace("\xa0", " ")
    assert "amina@exemple.fr" in check.html.find("main").text
    fanny.submits(check, "/send")
    session.rollback()
    sent = session.scalars(select(Registration).filter_by(event_id=other.id)).one()
    assert (sent.organisation_id, sent.contact_id) == (structure.organisation_id, structure.contact_id)
    entry = session.scalars(select(AuditEntry).filter_by(action="registration.sent", subject_id=sent.id)).one()
    assert entry.details["on_behalf_of"] == sent.ref
    assert entry.actor_id not in (None, structure.contact.person_id)
    assert sent.consents[0].noted_by_id == entry.actor_id


def test_nobody_else_begins_a_form_with_what_a_structure_said(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    path = f"/events/{structure.event.slug}/registrations/structure?for={structure.organisation_id}"
    fanny.sees(path, status=404)
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    assert "Atelier Amina" in fanny.sees(path).text
    fanny.submits(page_of(facilitator), "/end")
    fanny.sees(path, status=404)


def test_fanny_fills_the_profile_of_a_structure_that_lets_her_and_the_trail_says_so(
    amina: Visitor, fanny: Visitor, structure: Registration, facilitator: Organisation
) -> None:
    path = f"/organisations/{structure.organisation_id}/profile"
    fanny.sees(path, status=404)
    amina.submits(page_of(structure.organisation), "/new", other=str(facilitator.id))
    page = fanny.sees(path)
    assert "Vous agissez pour Atelier Amina" in page.html.find("main").get_text(" ").replace("\xa0", " ")
    assert page.html.find("main").find("a", href=page_of(facilitator))
    fanny.submits(f"{path}/summary", summary="Tri et collecte de papier")
    assert "Vous agissez" not in amina.sees(path).html.find("main").text
    session.rollback()
    entry = session.scalars(select(AuditEntry).filter_by(action="profile.saved")).one()
    assert entry.details["on_behalf_of_organisation"] == structure.organisation_id
    fanny.submits(page_of(facilitator), "/end")
    fanny.sees(path, status=404)
