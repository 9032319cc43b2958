"""A whole morning read in English: no French sentence is left over, on pages or in mails."""

import re

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from tests.allocation.conftest import SLUG, Morning, build_morning
from tests.factories import build_question, valid_siret
from tests.people import Visitor
from tests.quality import translations

# Sentences of the interface hardly do without one of these, and nothing that the stories' people typed has one.
FRENCH = re.compile(r"\b(?:avec|cette|dans|nous|pour|sont|votre|vos|(?<!rendez-)vous)\b|«", re.IGNORECASE)
PUBLIC = ("/", "/rule", "/accessibility", "/privacy", "/accounts/sign-in", f"/events/{SLUG}")
REGISTRATION = f"/events/{SLUG}/registrations"
KINDS = ("structure", "desk", "partner", "visitor")
PROPOSALS = f"/events/{SLUG}/allocation"


@pytest.fixture
def morning(app: Flask) -> Morning:
    """Before any proposal; everyone reads English."""
    morning = build_morning()
    with unit_of_work():
        for name in ("amina", "bruno", "chloe", "dsi", "achats"):
            morning.participant(name).contact.person.locale = "en"
    return morning


@pytest.fixture
def emma(app: Flask, morning: Morning) -> Visitor:
    """Someone who has chosen English and has no account."""
    return reader(app, "emma@exemple.fr")


def reader(app: Flask, email: str) -> Visitor:
    visitor = Visitor(app, email)
    visitor.posts("/language/en")
    return visitor


def reads(visitor: Visitor, *paths: str, status: int = 200) -> None:
    """Open pages, of which each must be in English from its title to its labels."""
    for path in paths:
        page = visitor.sees(path, status=status)
        assert page.html.find("html")["lang"] == "en"
        assert left_over(page.text) == [], path


def left_over(text: str) -> list[str]:
    """The French found in `text`, with what stands around it."""
    return [text[max(0, found.start() - 40) : found.end() + 40] for found in FRENCH.finditer(text)]


def test_the_catalogue_holds_each_french_sentence_and_says_it_in_english() -> None:
    english = translations.read(translations.ROOT / translations.CATALOGUE)
    assert list(translations.problems(translations.extracted(translations.ROOT), english)) == []
    for message in english:
        sentences = " ".join([message.string] if isinstance(message.string, str) else message.string or ())
        assert left_over(sentences) == []
        assert not re.search(r"\s[:;?!](?:\s|$)", sentences), f"French typography: {sentences}"


def test_french_is_found_where_it_is() -> None:
    assert left_over("Registration: votre inscription") == ["Registration: votre inscription"]
    assert left_over("Rendez-vous, Matinale de l’économie circulaire, Vitry-sur-Seine") == []


def test_a_visitor_reads_the_public_pages_in_english(emma: Visitor) -> None:
    reads(emma, *PUBLIC, REGISTRATION, *(f"{REGISTRATION}/{kind}" for kind in KINDS))
    reads(emma, "/no-such-page", status=404)


def test_a_mistake_in_a_form_is_told_in_english(emma: Visitor) -> None:
    page = emma.submits(f"{REGISTRATION}/structure", siret="123", status=422)
    assert "it takes 14 digits" in page.text
    assert left_over(page.text) == []


def test_whoever_registers_in_english_gets_pages_and_mails_in_english(app: Flask, morning: Morning) -> None:
    with unit_of_work():
        build_question(morning.event, "Any diet?", at=now())
    emma = reader(app, "emma@exemple.fr")
    typed = {"siret": valid_siret(900), "name": "Les Rouages", "kind": "EI", "departement": "93", "sector": "waste"}
    typed |= {"offer": "Tri et collecte", "contact_name": "Emma Roux", "email": emma.email, "consent_terms": "y"}
    check = emma.fills(f"{REGISTRATION}/structure", typed)
    for step in ("organisation", "contact", "offer", "questions", "consents", "later"):
        reads(emma, check.request.path.replace("/check", f"/{step}"))
    answer = emma.submits(check, "/send")
    assert left_over(check.text + answer.text) == []
    mail = emma.latest_mail()
    assert mail.subject.startswith("Registration received")
    assert left_over(mail.text) == []
    assert left_over(mail.html) == []


def test_a_structure_and_a_desk_read_their_pages_in_english(app: Flask, morning: Morning) -> None:
    amina, dsi = morning.participant("amina"), morning.participant("dsi")
    theirs = {
        "amina@exemple.fr": (f"/events/{SLUG}/requests/{amina.ref}", f"/events/{SLUG}/agendas/{amina.ref}"),
        "dsi@exemple.fr": (f"/events/{SLUG}/desks/{dsi.ref}/requests", f"/events/{SLUG}/agendas/{dsi.ref}"),
    }
    for email, paths in theirs.items():
        reads(Visitor(app, email).signs_in(), "/my-space", *paths)


def test_an_organiser_publishes_in_english_and_programmes_arrive_in_english(app: Flask, morning: Morning) -> None:
    olga = reader(app, "olga@exemple.fr").signs_in()
    reads(olga, "/manage", f"/manage/{SLUG}", f"/manage/{SLUG}/participants", f"{REGISTRATION}/review", PROPOSALS)
    reads(olga, f"{REGISTRATION}/capacity", *(f"/manage/{SLUG}/questions{path}" for path in ("", "/new", "/preview")))
    assert morning.solve().status == "optimal"
    reads(olga, PROPOSALS, f"{PROPOSALS}/1")
    preview = olga.sees(f"{PROPOSALS}/1/publish")
    published = olga.submits(preview, "/publish")
    assert "Version 1 is published." in published.text
    assert left_over(preview.text + published.text) == []

    mails = morning.mails()
    assert len(mails) == 5
    assert left_over("".join(mail.subject + mail.text + mail.html for mail in mails)) == []
    [invitation] = [mail.calendar for mail in mails if mail.recipient == "dsi@exemple.fr"]
    assert "SUMMARY:Meeting: " in str(invitation)
    for name in ("amina", "bruno", "dsi"):
        agenda = f"/events/{SLUG}/agendas/{morning.participant(name).ref}"
        reads(Visitor(app, f"{name}@exemple.fr").signs_in(), "/my-space", agenda)
