"""An organiser asks a morning's own questions; participants answer; answers outlive the questions, not their time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from openmap.cli import run
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import OrganisationKind
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.models import Answer, Question
from openmap.questions.operations import purge_answers
from openmap.questions.queries import questions_for, questions_of
from tests.counting import queries_of
from tests.factories import build_answer, build_file, build_question, build_structure
from tests.people import the_form

PAGE = "/events/matinale-dechets/registrations/structure"
QUESTIONS = "/manage/matinale-dechets/questions"
REVIEW = "/events/matinale-dechets/registrations/review"


def labels(event, **options) -> list[str]:
    session.rollback()
    return [question.label for question in questions_of(event, QuestionPurpose.REGISTRATION, **options)]


def answered() -> list[str]:
    session.rollback()
    return list(session.scalars(select(Answer.value).order_by(Answer.id)))


def answers_step(amina, structure_form):
    """The page of the morning's questions, reached through the steps before."""
    check = amina.fills(PAGE, structure_form, status=422)
    return amina.sees(check.request.path.rsplit("/", 1)[0] + "/questions")


def test_claire_asks_orders_and_previews(organiser, event):
    claire = organiser("Claire")
    assert "Aucune question pour cette matinale" in claire.sees(QUESTIONS).text
    claire.submits(f"{QUESTIONS}/new", label="Un régime ?", kind="text")
    page = claire.submits(
        f"{QUESTIONS}/new",
        label="Venez-vous en train ?",
        kind="choice",
        choices="Oui\n Non \n\n",
        participant_kinds=["visitor"],
    )
    assert labels(event) == ["Un régime ?", "Venez-vous en train ?"]
    question = session.scalars(select(Question).filter_by(label="Venez-vous en train ?")).one()
    assert (question.choices, question.participant_kinds) == (["Oui", "Non"], ["visitor"])
    for form in [form for form in page.forms.values() if f"{question.id}/move" in form.action][:1]:
        claire.sends_again(form)
    assert labels(event) == ["Venez-vous en train ?", "Un régime ?"]
    assert "en train" not in claire.sees(f"{QUESTIONS}/preview?kind=structure").html.find("main").text
    assert "en train" in claire.sees(f"{QUESTIONS}/preview?kind=visitor").html.find("main").text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"label": " "}, "label", "Écrivez la question"),
        ({"kind": "choice", "choices": "Seule"}, "choices", "de deux à trente"),
        ({"kind": "choices", "choices": "Oui\noui"}, "choices", "sont les mêmes"),
        ({"kind": "choices", "choices": "a\n" + "b" * 121}, "choices", "120 caractères"),
        ({"kind": "number", "smallest": "5", "largest": "2"}, "largest", "échangez-les"),
        ({"smallest": "douze"}, "smallest", "nombre entier"),
        ({"retention_days": "-3"}, "retention_days", "nombre de jours"),
        ({"retention_days": "9999"}, "retention_days", "nombre entier"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_so(organiser, event, typed, field, sentence):
    page = organiser("Claire").submits(f"{QUESTIONS}/new", status=422, **{"label": "Et\u00a0?"} | typed)
    assert sentence in page.html.find(id=f"{field}-error").text
    assert labels(event) == []


THREE, TWO = ("A", "B", "C"), ("A", "B")
ANSWERS = (
    # the question, a wrong answer with its sentence, a right one as it is kept
    ({"kind": QuestionKind.TEXT}, "x" * 201, "200", "Sans sel", "Sans sel"),
    ({"kind": QuestionKind.LONG_TEXT}, "x" * 3001, "3000", "Un\ndeux", "Un\ndeux"),
    ({"kind": QuestionKind.NUMBER, "smallest": 1, "largest": 4}, "5", "jusqu’à 4", "3,5", "3,5"),
    ({"kind": QuestionKind.NUMBER, "smallest": 1}, "0", "à partir de 1", "2", "2"),
    ({"kind": QuestionKind.NUMBER}, "beaucoup", "Écrivez un nombre", "12", "12"),
    ({"kind": QuestionKind.DATE}, "demain", "Écrivez une date", "2026-05-18", "2026-05-18"),
    ({"kind": QuestionKind.CHOICE, "choices": TWO}, "", "Choisissez une réponse", "B", "B"),
    ({"kind": QuestionKind.YES_NO}, "", "Répondez à cette question", "no", "no"),
    ({"kind": QuestionKind.CHOICES, "choices": THREE, "smallest": 2}, ["A"], "au moins 2", ["A", "C"], "A\nC"),
    ({"kind": QuestionKind.CHOICES, "choices": TWO, "largest": 1}, ["A", "B"], "1 réponse au plus", ["B"], "B"),
)


@pytest.mark.parametrize("story", ANSWERS, ids=lambda story: f"{story[0]['kind']}")
def test_each_kind_of_answer_is_checked_kept_and_shown(organiser, amina, event, structure_form, story):
    wording, wrong, sentence, right, kept = story
    with unit_of_work():
        name = build_question(event, is_required=True, at=now(), **wording).field_name
    page = answers_step(amina, structure_form)
    form = the_form(page)
    if wrong:
        form[name] = wrong
    assert sentence in amina.sends_again(form, status=422).text
    consents = amina.submits(page, **{name: right})
    amina.submits(amina.submits(consents, consent_terms=True), "/send")
    assert answered() == [kept]
    shown = organiser("Claire").sees(REVIEW).html.select_one(".answers dd").text.strip()
    assert shown == {"A\nC": "A, C", "no": "Non"}.get(kept, kept)


def test_a_question_may_stay_open(amina, event, structure_form):
    with unit_of_work():
        for kind in QuestionKind:
            build_question(event, kind.label, kind=kind, choices=("A", "B"), at=now())
    amina.registers(PAGE, structure_form)
    assert answered() == []


def test_words_may_change_after_answers_the_kind_may_not(organiser, event):
    with unit_of_work():
        question = build_question(event, kind=QuestionKind.CHOICE, choices=("Oui", "Non"), at=now())
        build_answer(build_structure(event, at=now()), question, "Oui", at=now())
        path = f"{QUESTIONS}/{question.id}"
    claire = organiser("Claire")
    page = claire.submits(path, status=422, kind="number")
    assert "le type ne peut plus changer" in page.html.find(id="kind-error").text
    claire.submits(path, kind="choice", label="Autrement ?", choices="Peut-être\nJamais")
    assert (labels(event), answered()) == (["Autrement ?"], ["Oui"])


def test_a_retired_question_is_asked_no_more_and_its_answers_stay(organiser, amina, event, structure_form):
    with unit_of_work():
        question = build_question(event, "Ancienne\u00a0?", at=now())
        build_answer(build_structure(event, at=now()), question, "Réponse gardée", at=now())
    claire = organiser("Claire")
    claire.submits(QUESTIONS, f"{question.id}/retire")
    assert (labels(event), labels(event, with_retired=True)) == ([], ["Ancienne\u00a0?"])
    assert "Réponse gardée" in claire.sees(REVIEW).text
    amina.registers(PAGE, structure_form)
    claire.submits(QUESTIONS, f"{question.id}/restore")
    assert labels(event) == ["Ancienne\u00a0?"]


def test_only_those_it_is_for_are_asked(event, app):
    with unit_of_work():
        build_question(event, "À tous", at=now())
        build_question(event, "Aux acheteurs", participant_kinds=("buyer", "partner"), at=now())
    asked = {kind: len(questions_for(event, QuestionPurpose.REGISTRATION, kind)) for kind in OrganisationKind}
    assert [*asked.values()] == [2, 1, 2, 1]


def test_answers_are_erased_when_their_time_is_over_and_a_dry_run_says_so(app, event, monkeypatch, capsys, config):
    with unit_of_work():
        short = build_question(event, "Un régime\u00a0?", retention_days=10, at=now())
        file = build_question(event, "Un certificat", kind=QuestionKind.FILE, retention_days=10, at=now())
        for_ever = build_question(event, "Un site\u00a0?", at=now())
        structure = build_structure(event, at=now())
        build_answer(structure, short, "Sans sel", at=now())
        build_answer(structure, for_ever, "exemple.fr", at=now())
        build_answer(structure, file, build_file(at=now()), at=now())
    with unit_of_work():
        assert purge_answers(at=now() + timedelta(days=35)) == 0
    with unit_of_work():
        event.held_on -= timedelta(days=50)
    monkeypatch.setenv("OPENMAP_DATA_DIR", str(config.data_dir))
    assert run(["purge", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "1 answers to 'Un régime" in said
    assert "2 things would be erased" in said
    assert len(answered()) == 3
    with unit_of_work():
        assert purge_answers(at=now()) == 2
    assert answered() == ["exemple.fr"]


def test_a_form_says_which_answers_will_be_erased_and_when(organiser, event):
    with unit_of_work():
        build_question(event, "Un régime", help_text="Pour le buffet.", retention_days=30, at=now())
        build_question(event, "Un site", help_text="Celui de votre organisme.", at=now())
    page = organiser("Claire").sees(f"{QUESTIONS}/preview?kind=structure")
    hints = [hint.get_text(strip=True) for hint in page.html.select("main .form-text, main .field__hint")]
    assert hints == ["Pour le buffet. · Réponse effacée 30 jours après la matinale", "Celui de votre organisme."]


def test_the_list_costs_as_many_queries_with_many_questions(organiser, event):
    with unit_of_work():
        build_question(event, at=now())
    claire = organiser("Claire")
    short = queries_of(claire, QUESTIONS)
    with unit_of_work():
        for number in range(9):
            build_question(event, f"Question {number}", at=now())
    assert queries_of(claire, QUESTIONS) == short
