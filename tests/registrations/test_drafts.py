"""A registration that is left half filled: kept, found again, read by nobody else."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.files import StoredFile
from openmap.core.outbox import OutboxMail
from openmap.questions.enums import QuestionKind
from openmap.registrations.models import Registration, RegistrationDraft
from openmap.registrations.operations import mail_forgotten_drafts, purge_drafts
from tests.factories import build_person, build_question, build_structure, build_visitor
from tests.people import Visitor, the_form

PAGE = "/events/matinale-dechets/registrations/structure"
CHOOSE = "/events/matinale-dechets/registrations"
RESUME = re.compile(r"http://localhost(/events/\S+/resume/[\w-]+)")


def drafts() -> list[RegistrationDraft]:
    session.rollback()
    return list(session.scalars(select(RegistrationDraft).order_by(RegistrationDraft.id)))


def step_of(page, step: str) -> str:
    """The address of another step of the draft that `page` belongs to."""
    return str(re.sub(r"/drafts/(\d+)/.*", rf"/drafts/\1/{step}", page.request.path))


def goes(visitor: Visitor, page, action: str, **fields: str):
    """Press the button `action` of a step."""
    form = the_form(page)
    for name, value in fields.items():
        form[name] = value
    answer = form.submit("action", value=action, expect_errors=True)
    return visitor._follow(answer, 200 if answer.status_int in {302, 303} else answer.status_int)


def test_going_back_keeps_everything_even_what_is_wrong(amina, structure_form):
    offer = amina.fills(PAGE, structure_form | {"email": "amina at soleil"}, status=422)
    assert offer.request.path.endswith("/contact")
    first = goes(amina, offer, "back", phone="12")
    assert the_form(first)["siret"].value == structure_form["siret"]
    again = amina.sees(step_of(first, "contact"))
    kept = the_form(again)
    assert [kept[name].value for name in ("contact_name", "email", "phone")] == [
        "Amina Diallo",
        "amina at soleil",
        "12",
    ]


def test_what_is_missing_is_named_with_the_way_to_it(amina, structure_form):
    contact = amina.fills(
        PAGE, {name: structure_form[name] for name in ("siret", "name", "kind", "departement")}, status=422
    )
    check = amina.sees(step_of(contact, "check"))
    told = {link.text: link["href"] for link in check.html.select(".missing > li > a")}
    assert [*told] == ["Vous", "Votre offre", "Vos accords"]
    assert not check.html.find("button", string=re.compile("Envoyer"))
    back = amina.submits(told["Vous"], contact_name="Amina Diallo", email=amina.email)
    assert back.request.path.endswith("/check"), "whoever came from the end goes back there"
    assert [link.text for link in back.html.select(".missing > li > a")] == ["Votre offre", "Vos accords"]
    amina.posts(step_of(contact, "send"), status=422)
    assert session.scalars(select(Registration)).all() == []


def test_a_draft_is_resumed_from_the_mailed_link_on_another_computer(app, amina, structure_form):
    consents = amina.fills(PAGE, structure_form | {"consent_terms": ""}, status=422)
    later = goes(amina, consents, "later")
    amina.submits(later)
    mail = amina.latest_mail()
    assert mail.kind == "draft_link"
    [link] = RESUME.findall(mail.text)[:1]
    at_home = Visitor(app, amina.email)
    page = at_home.sees(link)
    assert "Atelier Soleil" not in page.text, "a scanner that opens the address reads nothing"
    assert page.headers["Referrer-Policy"] == "strict-origin"
    check = at_home.submits(page)
    assert "Atelier Soleil" in check.text
    amina.sees(step_of(consents, "check"), status=404)  # it has moved
    at_home.submits(step_of(check, "consents"), consent_terms=True)
    assert "est envoyée" in at_home.submits(step_of(check, "check"), "/send").text
    at_home.sees(link, status=410)
    assert [draft.typed for draft in drafts()] == [{}], "sent, a draft keeps nothing"


def test_a_stranger_reads_no_draft_by_its_number(app, amina, structure_form, organiser):
    check = amina.fills(PAGE, structure_form)
    for stranger in (Visitor(app), organiser("Claire")):
        for step in ("organisation", "contact", "check", "later"):
            stranger.sees(step_of(check, step), status=404)
        stranger.posts(step_of(check, "send"), status=404)
        stranger.posts(step_of(check, "discard"), status=404)
    assert len(drafts()) == 1


def test_a_draft_waits_on_the_page_of_this_browser_and_can_be_thrown_away(amina, structure_form):
    amina.fills(PAGE, structure_form)
    page = amina.sees(CHOOSE)
    assert "Un brouillon vous attend" in page.text
    assert "Un brouillon vous attend" not in Visitor(amina.browser.app).sees(CHOOSE).text
    amina.submits(page, "/discard")
    assert drafts() == []
    assert "Un brouillon vous attend" not in amina.sees(CHOOSE).text


def test_a_person_signed_in_finds_the_draft_of_their_address_and_their_own_words(app, amina, event, structure_form):
    amina.fills(PAGE, structure_form)
    with unit_of_work():
        build_person("Amina", email=amina.email, at=now())
    signed_in = Visitor(app, amina.email).signs_in()
    page = signed_in.sees(CHOOSE)
    assert "Un brouillon vous attend" in page.text
    assert "Atelier Soleil" in signed_in.sees(page.html.select_one(".notice a")["href"]).text


def test_whoever_took_part_before_finds_the_form_filled(app, event):
    with unit_of_work():
        amina = build_person("Amina Diallo", email="amina@soleil.example.fr", at=now())
        other = build_structure(event, "Atelier Soleil", contact=amina, at=now())
        other.organisation.siret = "73282932000074"
        session.delete(other)
    visitor = Visitor(app, "amina@soleil.example.fr").signs_in()
    contact = visitor.submits(PAGE, siret="73282932000074", name="Atelier Soleil", kind="ESAT", departement="93")
    form = the_form(contact)
    assert [form[name].value for name in ("contact_name", "email")] == ["Amina Diallo", "amina@soleil.example.fr"]


@pytest.mark.parametrize(
    ("siret", "sentence", "name"),
    [
        ("known", "Nous connaissons cette structure", "Les Rouages"),
        ("356 000 000 49837", "Ce SIRET est nouveau ici", "Tapé"),
        ("1234", "Ce numéro n’est pas un SIRET", "Tapé"),
    ],
)
def test_a_siret_is_looked_up_without_telling_who_works_there(amina, event, siret, sentence, name):
    with unit_of_work():
        person = build_person("Marc Secret", email="marc@rouages.example.fr", at=now())
        known = build_structure(event, "Les Rouages", contact=person, at=now())
        known.contact.phone = "01 98 76 54 32"
        number = known.organisation.siret or ""
    page = amina.sees(PAGE)
    found = goes(amina, page, "look-up", siret=number if siret == "known" else siret, name="Tapé")
    assert sentence in found.text
    assert the_form(found)["name"].value == name
    assert not any(secret in found.text for secret in ("Marc", "marc@", "98 76"))
    assert drafts() == []


def test_a_forgotten_draft_is_written_to_once(app, amina, structure_form):
    amina.fills(PAGE, structure_form | {"consent_terms": ""}, status=422)
    for hours, count in ((1, 0), (3, 1), (5, 0)):
        with unit_of_work():
            told = mail_forgotten_drafts(secret_key=app.config["SECRET_KEY"], at=now() + timedelta(hours=hours))
        assert told == count, f"after {hours} hours"
    assert session.scalars(select(OutboxMail.kind)).all() == ["draft_link"]


def test_a_draft_too_old_is_erased_with_its_files(amina, event, structure_form):
    with unit_of_work():
        build_question(event, "Votre plaquette", kind=QuestionKind.FILE, at=now())
    check = amina.fills(PAGE, structure_form)
    page = amina.sees(step_of(check, "questions"))
    form = the_form(page)
    [field] = [name for name in form.fields if name and name.startswith("question_")]
    form[field] = ("logo.png", _png())
    kept = amina.sends_again(form)
    assert "logo.png" in amina.sees(step_of(kept, "check")).text
    with unit_of_work():
        assert purge_drafts(at=now() + timedelta(days=29)) == 0
        assert purge_drafts(at=now() + timedelta(days=31)) == 1
    assert drafts() == []
    assert session.scalars(select(StoredFile.id)).all() == []
    amina.sees(step_of(check, "check"), status=404)


def test_the_file_of_a_question_follows_into_the_registration(amina, event, organiser, structure_form):
    with unit_of_work():
        build_question(event, "Votre plaquette", kind=QuestionKind.FILE, is_required=True, at=now())
    questions = amina.fills(PAGE, structure_form, status=422)
    form = the_form(questions)
    [field] = [name for name in form.fields if name and name.startswith("question_")]
    form[field] = ("logo.png", b"GIF89a is no file of ours")
    assert "n’est pas du type demandé" in amina.sends_again(form, status=422).text
    form[field] = ("logo.png", _png())
    consents = amina.sends_again(form)
    check = amina.submits(consents, consent_terms=True)
    amina.submits(check, "/send")
    claire = organiser("Claire")
    review = claire.sees("/events/matinale-dechets/registrations/review")
    file = claire.sees(review.html.select_one(".answers a")["href"])
    assert (file.content_type, file.body[:4]) == ("image/png", b"\x89PNG")
    address = review.html.select_one(".answers a")["href"]
    assert "sign-in" in Visitor(amina.browser.app).sees(address).request.path
    assert amina.signs_in().sees(address).body == file.body
    Visitor(amina.browser.app, "claire@openmap.example.fr").sees(address.replace("/files/1", "/files/99"))


def test_a_visitor_of_the_plenary_takes_few_steps(amina, event):
    check = amina.fills(
        "/events/matinale-dechets/registrations/visitor",
        {"departement": "94", "contact_name": "Vera Blanc", "email": amina.email, "consent_terms": "y"},
    )
    assert [item.text.strip() for item in check.html.select(".check-part h2")] == [
        "D’où vous venez",
        "Vous",
        "Vos accords",
    ]
    amina.submits(check, "/send")
    [registration] = session.scalars(select(Registration)).unique()
    assert (registration.ref, registration.title, registration.kind.value) == ("V001", "Vera Blanc", "visitor")


def test_a_visitor_comes_once_by_address(amina, event):
    with unit_of_work():
        person = build_person("Vera Blanc", email=amina.email, at=now())
        build_visitor(event, contact=person, at=now())
    typed = {"departement": "94", "contact_name": "Vera Blanc", "email": amina.email.upper(), "consent_terms": "y"}
    answer = amina.registers("/events/matinale-dechets/registrations/visitor", typed, status=409)
    assert "a déjà une inscription" in answer.text


def test_a_partner_may_hold_a_desk(amina, event):
    page = "/events/matinale-dechets/registrations/partner"
    typed = {
        "body": "Réseau des ressourceries", "kind": "reseau", "departement": "75", "sector": "recycling",
        "contact_name": "Paul Roy", "email": amina.email, "consent_terms": "y",
    }  # fmt: skip
    amina.registers(page, typed)
    named = amina.fills(page, typed | {"holds_desk": "y"}, status=422)
    assert "Écrivez le nom de votre table" in named.text
    amina.registers(page, typed | {"holds_desk": "y", "desk": "Clauses sociales"})
    session.rollback()
    registrations = session.scalars(select(Registration).order_by(Registration.id)).unique().all()
    assert [(one.ref, one.title) for one in registrations] == [
        ("P01", "Réseau des ressourceries"),
        ("P02", "Réseau des ressourceries – Clauses sociales"),
    ]


def _png() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (8, 8), "green").save(kept, "PNG")
    return kept.getvalue()
