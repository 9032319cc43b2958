"""A blind jury: nothing that a reviewer reads, searches, downloads or gets by mail says who sent the file."""

import pytest
from sqlalchemy import select

from openmap.core.db import session, unit_of_work
from openmap.core.files import CheckedFile
from openmap.core.outbox import OutboxMail
from openmap.juries import operations
from openmap.pitches.masking import hidden
from openmap.pitches.models import ApplicationDocument
from openmap.profiles.operations import set_logo
from tests.factories import build_file
from tests.juries.conftest import SLUG, Court

MINE = f"/events/{SLUG}/jury"
TELLTALES = ("amina", "diallo", "06 12", "0612345678")
SUMMARY = (
    "ATELIER  AMINA livre vos écoles. Écrivez à Amina.Diallo@atelier-amina.coop, voyez www.amina.fr/offre "
    "ou atelier-amina.coop, appelez Mme Diallo au 06 12 34 56 78 ou au +33 6 12 34 56 78."
)


@pytest.fixture
def blind(court: Court) -> Court:
    """Claire reads Amina's file, which says who sent it wherever it can, in a blind jury."""
    with unit_of_work():
        session.add_all([court.call, court.files["amina"]])
        court.call.is_blind = True
        file = court.files["amina"]
        file.title, file.summary, file.speaker = "Avec Amina Diallo, tout va", SUMMARY, "Amina Diallo, directrice"
        document = build_file("atelier-amina.pdf", at=court.at)
        session.add(ApplicationDocument(application_id=file.id, file_id=document.id, added_at=court.at))
        court.gives("claire", "amina")
    return court


def test_no_page_and_no_title_says_who_sent_it(blind):
    claire = blind.judge("claire")
    for path in (blind.path("amina"), MINE):
        page = claire.sees(path)
        said = f"{page.html.title} {page.html.find('main')}".lower()
        assert [word for word in TELLTALES if word in said] == []
    assert "[la structure] livre vos écoles. Écrivez à [une adresse électronique], voyez [un site] ou [un site]" in (
        claire.sees(blind.path("amina")).text
    )


def test_a_search_for_the_structure_finds_nothing(blind):
    claire = blind.judge("claire")
    for words in ("amina", "atelier"):
        assert "Aucun dossier ne correspond" in claire.sees(f"{MINE}?q={words}").text


def test_a_document_has_a_neutral_name_on_the_page_and_when_it_is_taken(blind):
    claire = blind.judge("claire")
    page = claire.sees(blind.path("amina"))
    assert "Document 1" in page.text
    link = page.html.select_one("a[href*='/documents/']")
    taken = claire.sees(link["href"])
    assert taken.headers["Content-Disposition"] == "attachment; filename=document-1.pdf"


def test_the_logo_is_shown_to_a_jury_that_knows_who_applies_and_to_no_other(blind):
    with unit_of_work():
        picture = CheckedFile("logo.png", "image/png", b"a picture")
        set_logo(blind.files["amina"].registration.organisation, picture, alt="Un soleil", by=None, at=blind.at)
    claire = blind.judge("claire")
    assert claire.sees(blind.path("amina")).html.find("img", class_="pitch-file__logo") is None
    claire.sees(f"{blind.path('amina')}/logo", status=404)
    with unit_of_work():
        session.add(blind.call)
        blind.call.is_blind = False
    image = claire.sees(blind.path("amina")).html.find("img", class_="pitch-file__logo")
    assert claire.browser.get(image["src"]).body == b"a picture"


def test_no_mail_to_the_jury_says_who_applies(blind):
    pair = (blind.reviewers["denis"].id, blind.files["amina"].id)
    with unit_of_work():
        operations.assign_files(blind.call, added={pair}, by=blind.reviewers["eva"].person, at=blind.at)
    for mail in session.scalars(select(OutboxMail).filter_by(recipient="denis@ville.fr")):
        assert "amina" not in f"{mail.subject} {mail.text} {mail.html}".lower()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Nous faisons 12 000 repas par an, 3.5 % de plus", "Nous faisons 12 000 repas par an, 3.5 % de plus"),
        ("Prix : 1 200 000 euros, dès 2015.Un délai court", "Prix : 1 200 000 euros, dès 2015.Un délai court"),
        ("https://amina.fr/a?b=c.", "[un site]."),
        ("(a@b.fr)", "([une adresse électronique])"),
        ("01.23.45.67.89", "[un téléphone]"),
        ("l’équipe de DIALLO", "l’équipe de [une personne]"),
    ],
)
def test_only_what_tells_is_hidden(app, blind, said, read):
    with app.test_request_context():
        assert hidden(said, blind.files["amina"]) == read
