"""A structure applies: its draft is kept, sent when complete, changed until the deadline, withdrawn and taken up."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from webtest import Upload

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.files import CheckedFile, StoredFile
from openmap.core.outbox import OutboxMail
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Contact, GivenRole
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchApplication
from openmap.pitches.recurring import remind_drafts
from openmap.profiles.operations import set_logo
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.operations import Wording, add_question
from tests.factories import build_application, build_person, build_structure
from tests.people import Visitor, the_form
from tests.pitches.conftest import MANAGE, PAGE, SLUG

WRITTEN = {
    "title": "Vos déchets de bureau deviennent des meubles",
    "summary": "Nous collectons, trions et fabriquons.\n- 12 salariés\n- 3 communes clientes",
    "speaker": "Amina Diallo, directrice",
}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def own_page(structure) -> str:
    return f"{PAGE}/{structure.ref}"


def press(visitor, path, action, *, status=200, **fields):
    """Fill the page's form and press one of its buttons."""
    form = the_form(visitor.sees(path))
    for name, value in fields.items():
        form[name] = value
    return visitor._follow(form.submit("action", value=action, expect_errors=True), status)


def the_file() -> PitchApplication:
    session.rollback()
    return session.scalars(select(PitchApplication)).one()


def test_amina_keeps_a_draft_with_nothing_in_it_then_sends_it(amina, call, structure):
    assert "Candidater" in amina.sees(PAGE).text
    page = press(amina, own_page(structure), "save")
    assert "Votre brouillon est enregistré" in page.text
    assert the_file().state is ApplicationState.DRAFT
    page = press(amina, own_page(structure), "send", status=422, title=WRITTEN["title"])
    assert "Écrivez ce que vous présenterez." in page.text
    assert page.html.find(id="error-summary").find("a", href="#summary")
    assert the_file().title == WRITTEN["title"]
    page = press(amina, own_page(structure), "send", **WRITTEN)
    assert "Votre dossier est envoyé" in page.text
    assert the_file().state is ApplicationState.SUBMITTED
    assert "Dossier de pitch envoyé" in amina.latest_mail().subject


def test_a_sent_file_changes_until_the_deadline_and_stays_complete(amina, call, structure):
    press(amina, own_page(structure), "send", **WRITTEN)
    page = press(amina, own_page(structure), "save", title="Un meilleur titre")
    assert "c’est ce dossier que le jury lira" in page.text
    page = press(amina, own_page(structure), "save", status=422, title="")
    assert "Donnez un titre" in page.text
    assert the_file().title == "Un meilleur titre"
    assert session.query(OutboxMail).filter_by(kind="application_submitted").count() == 1


def test_one_second_late_everything_is_kept_and_the_clock_is_told(amina, call, structure):
    deadline = call.closes_at
    with time_machine.travel(deadline - timedelta(minutes=5), tick=False):
        form = the_form(amina.sees(own_page(structure)))
        for name, value in WRITTEN.items():
            form[name] = value
    with time_machine.travel(deadline + timedelta(seconds=1), tick=False):
        page = amina._follow(form.submit("action", value="send", expect_errors=True), 422)
        zone = call.event.zone
        assert f"{deadline.astimezone(zone):%d/%m/%Y %H:%M:%S}" in page.text
        assert f"{(deadline + timedelta(seconds=1)).astimezone(zone):%d/%m/%Y %H:%M:%S}" in page.text
        assert "gardé en brouillon" in page.text
        assert WRITTEN["summary"].splitlines()[0] in page.text
        kept = the_file()
        assert (kept.title, kept.state) == (WRITTEN["title"], ApplicationState.DRAFT)
        assert "Les candidatures sont closes" in amina.sees(own_page(structure)).text


def test_a_late_change_leaves_what_the_jury_reads(amina, call, structure):
    with unit_of_work():
        build_application(call, structure, at=now())
    deadline = call.closes_at
    with time_machine.travel(deadline - timedelta(seconds=5), tick=False):
        form = the_form(amina.sees(own_page(structure)))
        form["title"] = "Trop tard"
    with time_machine.travel(deadline, tick=False):
        page = amina._follow(form.submit("action", value="save", expect_errors=True), 422)
        assert "Trop tard" in page.text
        assert the_file().title == "Nos vélos livrent vos écoles"


def test_olga_gives_more_time_to_a_structure_without_a_file(amina, olga, call, structure):
    later = call.closes_at + timedelta(days=2)
    with time_machine.travel(call.closes_at + timedelta(hours=1), tick=False):
        path = f"{MANAGE}/extensions/{structure.ref}"
        until = f"{later.astimezone(call.event.zone):%Y-%m-%dT%H:%M}"
        olga.submits(path, "", until=until, reason="Serveur de la structure en panne")
        assert "panne" in amina.latest_mail().text
        page = press(amina, own_page(structure), "send", **WRITTEN)
        assert "Votre dossier est envoyé" in page.text
    own_deadline = later.replace(second=0, microsecond=0)
    with time_machine.travel(own_deadline - timedelta(seconds=1), tick=False):
        form = the_form(amina.sees(own_page(structure)))
    with time_machine.travel(own_deadline + timedelta(seconds=1), tick=False):
        page = amina._follow(form.submit("action", value="save", expect_errors=True), 422)
        assert f"{own_deadline.astimezone(call.event.zone):%d/%m/%Y %H:%M:%S}" in page.text
    entry = session.scalars(select(AuditEntry).filter_by(action="pitch.extended")).one()
    assert entry.details["reason"] == "Serveur de la structure en panne"


@pytest.mark.parametrize(("days", "words"), [(-1, "déjà passée"), (1, "plus tard"), (40, "Repoussez d’abord")])
def test_an_extension_lies_between_the_two_deadlines(olga, call, structure, days, words):
    until = f"{(now() + timedelta(days=days)).astimezone(call.event.zone):%Y-%m-%dT%H:%M}"
    page = olga.submits(f"{MANAGE}/extensions/{structure.ref}", "", status=422, until=until, reason="Panne")
    assert words in page.text
    assert session.scalars(select(PitchApplication)).all() == []


def test_amina_withdraws_and_comes_back(amina, call, structure):
    press(amina, own_page(structure), "send", **WRITTEN)
    page = amina.submits(f"{own_page(structure)}/withdraw")
    assert "Vous avez retiré ce dossier" in page.text
    assert the_file().state is ApplicationState.WITHDRAWN
    left = amina.latest_mail()
    assert "Dossier de pitch retiré" in left.subject
    assert "Vous pouvez le reprendre" in left.text
    page = amina.submits(own_page(structure), "/resume")
    assert "de nouveau envoyé au jury" in page.text
    assert the_file().state is ApplicationState.SUBMITTED
    assert session.query(OutboxMail).filter_by(kind="application_submitted").count() == 2


def test_a_draft_that_is_taken_up_again_is_still_a_draft(amina, call, structure):
    press(amina, own_page(structure), "save", title=WRITTEN["title"])
    amina.submits(f"{own_page(structure)}/withdraw")
    amina.submits(own_page(structure), "/resume")
    assert (the_file().state, the_file().title) == (ApplicationState.DRAFT, WRITTEN["title"])


def test_the_mail_of_confirmation_says_word_by_word_what_was_sent(amina, call, structure):
    with unit_of_work():
        wording = Wording(QuestionKind.YES_NO, "Venez-vous à deux ?")
        question = add_question(call.event, QuestionPurpose.PITCH, wording, by=None, at=now())
    document = Upload("../../plan <b>.png", PNG, "image/png")
    press(amina, own_page(structure), "send", document=document, **WRITTEN, **{question.field_name: "yes"})
    mail = amina.latest_mail()
    said = [*WRITTEN["summary"].splitlines(), WRITTEN["speaker"], "Venez-vous à deux ?\nOui", "plan <b>.png"]
    assert [words for words in said if words not in mail.text] == []
    assert "plan &lt;b&gt;.png" in mail.html


def test_a_draft_is_kept_and_amina_is_told_where_and_what_it_lacks(amina, call, structure):
    page = press(amina, own_page(structure), "save", title=WRITTEN["title"])
    assert "retrouvez-le dans « Mon espace »" in page.text
    assert "enregistré le" in page.text
    page = amina.sees(f"{own_page(structure)}/preview")
    assert [line.text for line in page.html.select(".notice li")] == ["Ce que vous présenterez", "Qui parlera"]


def test_the_jury_sees_the_logo_unless_it_is_blind(amina, call, structure):
    with unit_of_work():
        picture = CheckedFile("logo.png", "image/png", PNG)
        set_logo(structure.organisation, picture, alt="Un soleil", by=None, at=now())
        build_application(call, structure, at=now())
    path = f"{own_page(structure)}/preview"
    image = amina.sees(path).html.find("img", class_="pitch-file__logo")
    assert image["alt"] == "Un soleil"
    assert amina.browser.get(image["src"]).body == PNG
    with unit_of_work():
        session.add(call)
        call.is_blind = True
    assert amina.sees(path).html.find("img", class_="pitch-file__logo") is None


def test_a_document_that_came_beside_a_mistake_is_asked_for_again(amina, call, structure):
    page = press(
        amina, own_page(structure), "save", status=422, title="x" * 121, document=Upload("plan.png", PNG, "image/png")
    )
    assert "« plan.png » n’est pas gardé".replace(" ", " ", 1).replace(" »", " »") in page.text
    press(amina, own_page(structure), "send", **WRITTEN)
    page = press(
        amina, own_page(structure), "save", status=422, title="", document=Upload("plan.png", PNG, "image/png")
    )
    assert "plan.png » n’est pas gardé" in page.text
    assert session.query(StoredFile).count() == 0


def test_a_document_is_handed_out_as_a_file_and_never_as_a_page(amina, call, structure):
    press(amina, own_page(structure), "save", document=Upload("C:\\bureau\\plan.html", PNG, "text/html"))
    link = amina.sees(own_page(structure)).html.select_one(".pitch-documents__item a")
    answer = amina.browser.get(link["href"])
    assert (answer.content_type, answer.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "plan.png" in answer.headers["Content-Disposition"]
    refused = press(
        amina, own_page(structure), "save", status=422, document=Upload("plan.png", b"<script>", "image/png")
    )
    assert "n’est pas du type demandé" in refused.text


def test_documents_come_one_at_a_time_and_no_more_than_five(amina, call, structure):
    for number in range(5):
        press(amina, own_page(structure), "save", document=Upload(f"photo{number}.png", PNG, "image/png"))
    page = amina.sees(own_page(structure))
    assert "document" not in the_form(page).fields
    assert len(the_file().documents) == 5
    form = the_form(page)
    form.set("remove_document", True, index=0)
    amina._follow(form.submit("action", value="save"), 200)
    assert [one.file.name for one in the_file().documents] == [f"photo{number}.png" for number in range(1, 5)]
    assert session.query(StoredFile).count() == 4


def test_a_file_sent_twice_at_once_is_kept_once(amina, call, structure):
    form = the_form(amina.sees(own_page(structure)))
    form["title"] = "Deux clics"
    form["document"] = Upload("photo.png", PNG, "image/png")
    for _click in range(2):
        amina._follow(form.submit("action", value="save", expect_errors=True), 200)
    assert len(the_file().documents) == 1


def test_the_organisers_questions_are_asked_and_needed_only_to_send(amina, call, structure):
    with unit_of_work():
        wordings = [
            Wording(QuestionKind.CHOICES, "Pour qui ?", is_required=True, choices=("Écoles", "Bureaux")),
            Wording(QuestionKind.FILE, "Votre bilan", is_required=True),
        ]
        choice, file = (add_question(call.event, QuestionPurpose.PITCH, each, by=None, at=now()) for each in wordings)
    names = {choice.field_name: ["Bureaux"], file.field_name: Upload("bilan.png", PNG, "image/png")}
    press(amina, own_page(structure), "save", **WRITTEN)
    page = press(amina, own_page(structure), "send", status=422)
    assert "Choisissez une réponse." in page.text
    assert "Ajoutez un fichier." in page.text
    press(amina, own_page(structure), "send", **names)
    assert the_file().state is ApplicationState.SUBMITTED
    page = amina.sees(f"{own_page(structure)}/preview")
    assert "Bureaux" in page.text
    press(amina, own_page(structure), "save", title="Encore mieux")
    assert "bilan.png" in amina.sees(own_page(structure)).text


def test_a_blind_jury_reads_no_name(amina, call, structure):
    with unit_of_work():
        session.add(call)
        call.is_blind = True
    summary = "L’ATELIER SOLEIL collecte. atelier-soleil, c’est nous : " + structure.organisation.siret
    press(amina, own_page(structure), "send", **(WRITTEN | {"summary": summary}))
    text = amina.sees(f"{own_page(structure)}/preview").html.find("article").text
    assert "soleil" not in text.casefold()
    assert structure.organisation.siret not in text
    assert "Amina" not in text
    assert text.count("[la structure]") == 3


def test_colleagues_for_pitches_may_apply_and_others_may_not(app, call, structure, event):
    with unit_of_work():
        for name, role in (("paul", ContactRole.PITCH), ("rosa", ContactRole.MEETINGS)):
            person = build_person(name, email=f"{name}@exemple.fr", at=now())
            session.flush()
            contact = Contact(organisation_id=structure.organisation_id, person_id=person.id)
            session.add(contact)
            session.flush()
            session.add(GivenRole(contact_id=contact.id, role=role))
        stranger = build_person("Bruno", email="bruno@exemple.fr", at=now())
        build_structure(event, "Autre", contact=stranger, at=now())
    paul, rosa, bruno = (Visitor(app, f"{name}@exemple.fr").signs_in() for name in ("paul", "rosa", "bruno"))
    press(paul, own_page(structure), "send", **WRITTEN)
    assert the_file().state is ApplicationState.SUBMITTED
    rosa.sees(own_page(structure), status=404)
    bruno.sees(own_page(structure), status=404)


def test_drafts_are_reminded_three_days_and_one_day_before_once_each(app, call, structure):
    with unit_of_work():
        build_application(call, structure, state=ApplicationState.DRAFT, at=now())
        build_application(call, build_structure(call.event, "Envoyée", at=now()), at=now())
    for days in (5, 2.9, 2.5, 0.9, 0.5, -1):
        remind_drafts(call.closes_at - timedelta(days=days))
    sent = session.scalars(select(OutboxMail).filter_by(kind="application_reminder").order_by(OutboxMail.id)).all()
    assert [mail.key.rpartition(":")[2] for mail in sent] == ["3", "1"]


def test_a_cancelled_registration_withdraws_its_file(amina, call, structure):
    press(amina, own_page(structure), "send", **WRITTEN)
    path = f"/events/{SLUG}/leaving/{structure.ref}/cancel"
    assert WRITTEN["title"] in amina.sees(path).text
    amina.submits(path)
    assert the_file().state is ApplicationState.WITHDRAWN
