"""Claire's list becomes invitations: read, looked at, corrected, then sent all at once or not at all."""

import re
import time

import pytest
from sqlalchemy import func, select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.invitations.models import GuestSheet, Invitation, InvitationOptOut
from openmap.invitations.operations import SHEET_LIFETIME, purge_sheets
from openmap.organisations.enums import OrganisationKind
from tests.counting import queries_of
from tests.factories import build_person, build_structure, valid_siret
from tests.invitations.conftest import LIST, workbook
from tests.people import Visitor, the_form
from tests.rows import all_rows

NO_MAILBOX = "Ce n’est pas une adresse électronique : elle ressemble à nom@organisme.fr."
LINES = "amina@soleil.fr ; Amina Diallo ; Atelier Soleil\nbruno@vitry.fr ; Bruno Petit ; Ville de Vitry"


def invitations() -> list[Invitation]:
    session.rollback()
    return list(session.scalars(select(Invitation).order_by(Invitation.email)))


def troubles(page) -> list[str]:
    items = page.html.select(".trouble-list li")
    return [" ".join(item.get_text(" ").replace("\xa0", " ").split()) for item in items]


def test_a_pasted_list_is_looked_at_then_sent_at_once(claire, pastes):
    page = pastes(LINES)
    assert "2 personnes à inviter" in page.text.replace("\xa0", " ")
    assert invitations() == []
    page = claire.submits(page, "/sheets/", message="Nous serions heureux de vous voir.")
    assert "2 invitations partent" in page.text
    assert [(one.email, one.name, one.body) for one in invitations()] == [
        ("amina@soleil.fr", "Amina Diallo", "Atelier Soleil"),
        ("bruno@vitry.fr", "Bruno Petit", "Ville de Vitry"),
    ]
    mail = Visitor(claire.browser.app, "amina@soleil.fr").latest_mail()
    assert (mail.kind, "Nous serions heureux" in mail.text, "/decline" in mail.text) == ("guest_invited", True, True)
    assert session.scalar(select(func.count()).select_from(GuestSheet)) == 0


def test_a_workbook_with_its_own_headings_is_understood(claire, uploads):
    siret = valid_siret(77)
    content = workbook(
        ("Raison sociale", "N° SIRET", "Prénom", "Nom", "E-mail", "Portable", "Dpt", "Type"),
        ("Atelier Soleil", int(siret), "Amina", "Diallo", "Amina@Soleil.fr", 612345678, 93, "structure"),
        (
            "Ville de Vitry",
            None,
            "Bruno",
            "Petit",
            "bruno@vitry.fr",
            "01 45 67 89 10",
            "Val-de-Marne",
            "Acheteur public",
        ),
    )
    claire.submits(uploads(content, "liste.xlsx"), "/sheets/")
    first, second = invitations()
    assert (first.body, first.siret, first.name, first.email) == (
        "Atelier Soleil",
        siret,
        "Amina Diallo",
        "amina@soleil.fr",
    )
    assert (first.phone, first.departement, first.kind) == ("06 12 34 56 78", "93", OrganisationKind.STRUCTURE)
    assert (second.kind, second.departement, second.siret) == (OrganisationKind.BUYER, "94", None)


def test_one_person_by_hand_goes_the_same_way(claire):
    page = claire.submits(f"{LIST}/new/one", email="amina@soleil.fr", name="Amina", body="Atelier Soleil")
    claire.submits(page, "/sheets/")
    assert [one.title for one in invitations()] == ["Atelier Soleil"]


def test_every_bad_cell_is_named_by_line_and_column_and_nobody_is_invited(claire, uploads):
    page = uploads(b"mail;siret;tel;dpt\namina@soleil.fr;;;\nbruno(at)vitry.fr;123;;\n;;abc;999\n")
    assert troubles(page) == [
        f"Ligne 3, « mail » : bruno(at)vitry.fr – {NO_MAILBOX}",
        "Ligne 3, « siret » : 123 – Ce n’est pas un SIRET : il faut 14 chiffres, et le dernier les contrôle.",
        "Ligne 4, « mail » – Il manque l’adresse électronique.",
        "Ligne 4, « tel » : abc – Ce n’est pas un numéro de téléphone, comme 01 23 45 67 89.",
        "Ligne 4, « dpt » : 999 – Ce n’est pas un département français : écrivez son numéro, comme 93.",
    ]
    before = all_rows()
    action = page.request.path
    claire.posts(action, {"email": "0", "siret": "1", "phone": "2", "departement": "3"}, status=422)
    assert all_rows() == before


def test_a_wrong_guess_is_corrected_by_choosing_another_column(claire, uploads):
    page = uploads(b"Contact;Courriel;Autre\nAtelier Soleil;amina@soleil.fr;Amina\n")
    mapping = page.forms[
        next(key for key, form in page.forms.items() if "usual_kind" in form.fields and form.method == "get")
    ]
    assert mapping["name"].value == "0"
    mapping["name"], mapping["body"], mapping["usual_kind"] = "2", "0", "buyer"
    claire.submits(mapping.submit(), "/sheets/")
    [only] = invitations()
    assert (only.name, only.body, only.kind) == ("Amina", "Atelier Soleil", OrganisationKind.BUYER)


def test_a_list_without_headings_is_understood_by_what_it_holds(pastes):
    page = pastes(f"Amina Diallo <amina@soleil.fr>\nBruno <bruno@vitry.fr>\n\n{'x'} <chloe@fil.fr>")
    assert "3 personnes à inviter" in page.text.replace("\xa0", " ")
    siret = valid_siret(5)
    page = pastes(f"{siret}\tAmina Diallo\tamina@soleil.fr")
    cells = [cell.get_text(strip=True) for cell in page.html.select("tbody tr td")]
    assert cells[:2] == ["–", "Amina Diallo"]
    assert cells[2].replace("\xa0", "") == siret


def test_who_needs_no_invitation_is_said_and_left_out(claire, event, pastes, invites):
    invites("bruno@vitry.fr")
    with unit_of_work():
        chloe = build_person("Chloé", email="chloe@fil.fr", at=now())
        build_structure(event, contact=chloe, at=now())
        session.add(InvitationOptOut(email="driss@rouages.fr", created_at=now()))
    page = pastes("amina@soleil.fr\nAMINA@soleil.fr\nbruno@vitry.fr\nchloe@fil.fr\ndriss@rouages.fr")
    said = [" ".join(item.text.split()) for item in page.html.select("details li")]
    assert said == [
        "Ligne 2 – amina@soleil.fr – deux fois dans la liste",
        "Ligne 3 – bruno@vitry.fr – déjà invitée",
        "Ligne 4 – chloe@fil.fr – déjà inscrite",
        "Ligne 5 – driss@rouages.fr – ne veut plus d’invitation",
    ]
    claire.submits(page, "/sheets/")
    assert [one.email for one in invitations()] == ["amina@soleil.fr", "bruno@vitry.fr"]


def test_a_structure_is_known_by_its_number_under_another_mailbox(event, pastes):
    with unit_of_work():
        siret = build_structure(event, at=now()).organisation.siret
    assert "déjà inscrite" in pastes(f"nouvelle@soleil.fr ; {siret}").html.find("details").text


def test_a_double_click_invites_once_and_another_organiser_finds_nobody_left(claire, pastes):
    twin, page = pastes(LINES), pastes(LINES)
    form = (
        the_form(page, "/sheets/") if False else next(form for form in page.forms.values() if "message" in form.fields)
    )
    claire.sends_again(form)
    claire.sends_again(form)
    late = the_form(twin, "/sheets/")
    answer = claire.sends_again(late, status=409)
    assert "Il n’y a personne à inviter" in answer.text
    assert len(invitations()) == 2
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutboxMail).filter_by(kind="guest_invited")) == 2


def test_past_the_deadline_nobody_is_invited(claire, event, pastes):
    page = pastes(LINES)
    with unit_of_work():
        event.registration_closes_at = now()
    form = the_form(page, "/sheets/")
    assert "ne mènerait nulle part" in claire.sends_again(form, status=422).text.replace("\xa0", " ")
    assert invitations() == []


def test_a_list_is_of_its_morning_and_forgotten_after_a_day(claire, pastes):
    path = pastes(LINES).request.path
    claire.sees(path.replace("/matinale/", "/ailleurs/"), status=404)
    with unit_of_work():
        assert purge_sheets(at=now()) == 0
        assert purge_sheets(at=now() + SHEET_LIFETIME) == 1
    claire.sees(path, status=404)


def test_a_list_can_be_given_up(claire, pastes):
    page = claire.submits(pastes(LINES), "/discard")
    assert "Personne n’a été invité" in page.text
    assert session.scalar(select(func.count()).select_from(GuestSheet)) == 0


@pytest.mark.parametrize(
    ("name", "content", "status", "sentence"),
    [
        ("liste.pdf", b"%PDF-1.7", 422, "Seuls les fichiers .xlsx et .csv"),
        ("liste.xlsx", b"mail;nom\na@b.fr;A", 422, "n’est pas celui que son nom annonce"),
        ("liste.csv", workbook(("mail",), ("a@b.fr",)), 422, "n’est pas celui que son nom annonce"),
        ("liste.csv", b"", 422, "vide"),
        ("liste.csv", b"mail\n" + b"a@b.fr\n" * 2001, 422, "2000 au plus"),
        ("liste.csv", b"mail;nom\na@b.fr;" + b"x" * 1_000_000, 422, "n’est pas un tableau lisible"),
        ("liste.csv", b"mail\n" + b"x" * 5_300_000, 413, "trop lourd"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(uploads, name, content, status, sentence):
    page = uploads(content, name, status=status)
    assert sentence in page.text.replace("\xa0", " ").replace("\u202f", "")
    assert session.scalar(select(func.count()).select_from(GuestSheet)) == 0


def test_no_file_at_all_is_told_at_the_field(claire):
    answer = claire.submits(f"{LIST}/new/file", status=422)
    assert "Choisissez un fichier" in answer.html.find(id="file-error").text
    claire.sees(f"{LIST}/new/carrier-pigeon", status=404)


def test_formulas_and_tags_stay_words(claire, uploads):
    page = uploads(b'mail;organisme\na@b.fr;"=HYPERLINK(""http://evil"")"\nc@d.fr;<script>alert(1)</script>\n')
    assert "<script>alert" not in page.text
    claire.submits(page, "/sheets/")
    exported = claire.browser.get(f"{LIST}.csv")
    assert exported.body.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK" in exported.body.decode("utf-8-sig")


def test_a_thousand_lines_are_read_checked_and_invited_within_five_seconds(claire, uploads):
    rows = [(f"guest{number}@exemple.org", f"Atelier {number}", valid_siret(5000 + number)) for number in range(1000)]
    content = workbook(("E-mail", "Organisme", "SIRET"), *rows)
    begun = time.perf_counter()
    page = uploads(content, "liste.xlsx")
    claire.submits(page, "/sheets/")
    taken = time.perf_counter() - begun
    assert len(invitations()) == 1000
    assert taken < 5, f"{taken:.1f} s"


def test_the_list_asks_as_many_queries_for_twenty_as_for_one(claire, invites):
    invites("amina@soleil.fr")
    one = queries_of(claire, LIST)
    invites("\n".join(f"guest{number}@exemple.org" for number in range(19)))
    assert queries_of(claire, LIST) == one


def test_the_list_is_filtered_in_the_address_and_paged(claire, invites):
    invites("\n".join(f"guest{number:02d}@exemple.org;Guest {number:02d}" for number in range(23)))
    first = claire.sees(f"{LIST}?q=guest&state=invited")
    assert len(first.html.select("tbody tr")) == 20
    second = claire.sees(first.html.find("a", rel="next")["href"])
    assert "state=invited" in second.request.url
    assert len(second.html.select("tbody tr")) == 3
    assert "Aucune invitation ne correspond" in claire.sees(f"{LIST}?state=declined").text
    assert re.search(r">\s*23\s*<", first.text)
