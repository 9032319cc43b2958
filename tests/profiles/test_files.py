"""Logos and documents are what they say, are shown to those concerned, and leave when asked."""

import io

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from openmap.core.db import session
from openmap.core.files import LARGEST_FILE, StoredFile
from openmap.profiles import queries
from openmap.profiles.operations import DOCUMENT_LIMIT
from openmap.profiles.sheets import sheet_of
from tests.people import the_form
from tests.profiles.conftest import form_with, pdf, picture, sent


def add_document(visitor, fair, content, *, name="plaquette.pdf", title="Plaquette", status=200):
    form = form_with(visitor.sees(fair.path("/documents")), "title")
    form["document"], form["title"] = sent(name, content), title
    return visitor.sends_again(form, status=status)


def shown(fair):
    session.rollback()
    return sheet_of(queries.profile_of(fair.organisation))


def altered(change) -> bytes:
    """A PDF after `change`."""
    writer, kept = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    change(writer)
    writer.write(kept)
    return kept.getvalue()


def run_a_script(writer: PdfWriter) -> None:
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)


def start_a_program(writer: PdfWriter) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})


def test_amina_adds_a_document_reads_it_again_and_takes_it_off(fair, amina):
    content = pdf(2)
    page = add_document(amina, fair, content)
    [document] = shown(fair).documents
    assert document.title == "Plaquette"
    link = page.html.find("a", href=lambda href: href and f"/documents/{document.id}" in href)
    answer = amina.sees(link["href"])
    assert (answer.body, answer.content_type) == (content, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    amina.submits(fair.path("/documents"), f"/documents/{document.id}/remove")
    assert shown(fair).documents == ()


def test_a_document_sent_twice_is_added_once(fair, amina):
    form = the_form(amina.sees(fair.path("/documents")))
    form["document"], form["title"] = sent("a.pdf", pdf()), "Plaquette"
    amina.sends_again(form)
    amina.sends_again(form)
    assert len(shown(fair).documents) == 1


def test_one_document_too_many_is_refused(fair, amina):
    form = the_form(amina.sees(fair.path("/documents")))
    for number in range(DOCUMENT_LIMIT):
        add_document(amina, fair, pdf(), title=f"Document {number}")
    form["document"], form["title"] = sent("a.pdf", pdf()), "Un de trop"
    assert "6 documents au plus" in amina.sends_again(form, status=422).text
    assert len(shown(fair).documents) == DOCUMENT_LIMIT


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Ce fichier est vide"),
        (b"PK\x03\x04 un tableur qui se dit PDF", "n’est pas du type demandé"),
        (b"<html><script>alert(1)</script>", "n’est pas du type demandé"),
        (picture(), "n’est pas du type demandé"),
        (b"%PDF-1.7\n" + b"\xff" * 3000, "Ce fichier est abîmé"),
        (b"%PDF-1.7\n" + b"<<" * 200_000, "Ce fichier est abîmé"),
        (pdf(61), "plus de 60 pages"),
        (altered(lambda writer: writer.encrypt("secret")), "Ce PDF est protégé"),
        (altered(run_a_script), "contient un programme"),
        (altered(start_a_program), "contient un programme"),
        (altered(lambda writer: writer.add_attachment("facture.exe", b"MZ")), "contient un programme"),
        (pdf() + b"0" * LARGEST_FILE, "pèse plus de 5"),
    ],
    ids=["empty", "zip", "html", "png", "noise", "nested", "long", "locked", "script", "launch", "attached", "heavy"],
)
def test_a_file_that_is_no_plain_document_is_refused_at_its_field(fair, amina, content, sentence):
    page = add_document(amina, fair, content, status=422)
    assert sentence in page.html.find(id="document-error").text
    assert the_form(page)["title"].value == "Plaquette"
    assert session.query(StoredFile).count() == 0


def test_a_request_beyond_every_file_is_refused_before_it_is_read(fair, amina):
    add_document(amina, fair, pdf() + b"0" * (LARGEST_FILE + 2_000_000), status=413)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_again_small_and_without_what_the_camera_noted(fair, amina, kind):
    kept = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "chez Amina, 48.85 N"
    Image.new("RGB", (3000, 1500), (200, 30, 30)).save(kept, kind, exif=exif)
    amina.submits(fair.path("/logo"), "", logo=sent("photo de moi.gif", kept.getvalue()), alt="Soleil rouge")
    answer = amina.sees(fair.path("/logo/file"))
    assert b"Amina" not in answer.body
    drawn = Image.open(io.BytesIO(answer.body))
    assert (drawn.format, drawn.size) == (kind, (480, 240))
    assert (shown(fair).logo_alt, amina.sees(fair.path()).html.find("img")["alt"]) == ("Soleil rouge", "Soleil rouge")


def test_the_words_of_a_logo_change_without_sending_it_again_and_it_can_leave(fair, amina):
    page = amina.submits(fair.path("/logo"), "", logo=None, alt="Rien encore", status=422)
    assert "Choisissez une image" in page.text
    amina.submits(fair.path("/logo"), logo=sent("logo.png", picture()), alt="Soleil")
    first = shown(fair).logo_id
    form = form_with(amina.sees(fair.path("/logo")), "alt")
    form["alt"] = "Un soleil qui se lève"
    amina.sends_again(form)
    assert (shown(fair).logo_id, shown(fair).logo_alt) == (first, "Un soleil qui se lève")
    amina.submits(fair.path("/logo"), "/logo/remove")
    assert shown(fair).logo_id is None
    amina.sees(fair.path("/logo/file"), status=404)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pdf(), "n’est pas du type demandé"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "n’est pas du type demandé"),
        (picture()[:200], "Ce fichier est abîmé"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "Ce fichier est abîmé"),
        (b"GIF89a" + b"\0" * 500, "n’est pas du type demandé"),
    ],
    ids=["pdf", "svg", "cut", "noise", "gif"],
)
def test_a_logo_that_is_no_picture_is_refused(fair, amina, content, sentence):
    page = amina.submits(fair.path("/logo"), logo=sent("logo.png", content), alt="Logo", status=422)
    assert sentence in page.html.find(id="logo-error").text
    assert session.query(StoredFile).count() == 0


def test_a_picture_that_would_fill_the_memory_is_refused_unopened(fair, amina):
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    page = amina.submits(fair.path("/logo"), logo=sent("logo.png", bomb.getvalue()), alt="Logo", status=422)
    assert "Cette image est trop grande" in page.text


def test_foreign_documents_do_not_exist(fair, amina):
    add_document(amina, fair, pdf())
    [document] = shown(fair).documents
    mallory, own = fair.visitor("Mallory"), fair.stranger.organisation
    for path in (fair.path(f"/documents/{document.id}"), fair.path(f"/documents/{document.id}", own)):
        mallory.sees(path, status=404)
    mallory.posts(fair.path(f"/documents/{document.id}/remove", own), status=404)
    assert len(shown(fair).documents) == 1
