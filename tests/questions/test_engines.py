"""Questions on both engines, also when two organisers and two participants press a button at once."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.questions.enums import QuestionKind
from openmap.questions.models import Answer, Question
from tests.factories import build_event, build_person, build_question, valid_siret
from tests.people import Visitor, the_form

QUESTIONS = "/manage/matinale/questions"
STRUCTURE = {"kind": "ESAT", "departement": "93", "sector": "waste", "offer": "Tri", "consent_terms": "y"}


def at_once(forms) -> list[int]:
    session.rollback()
    with ThreadPoolExecutor(len(forms)) as pool:
        answers = list(pool.map(lambda form: form.submit(expect_errors=True).status_int, forms))
    session.rollback()
    return sorted(answers)


def test_questions_asked_at_once_get_each_a_place(any_app: Flask):
    with unit_of_work():
        build_event(slug="matinale", at=now())
        for name in ("claire", "olga", "paul"):
            build_person(name.title(), email=f"{name}@exemple.fr", is_organiser=True, at=now())
    forms = []
    for name in ("claire", "olga", "paul"):
        form = the_form(Visitor(any_app, f"{name}@exemple.fr").signs_in().sees(f"{QUESTIONS}/new"))
        form["label"] = f"La question de {name} ?"
        forms.append(form)
    assert at_once(forms) == [302, 302, 302]
    assert len(set(session.scalars(select(Question.position)))) == 3


def test_each_kind_of_answer_is_kept_by_people_who_send_at_once(any_app: Flask):
    with unit_of_work():
        event = build_event(slug="matinale", at=now())
        text, many = (
            build_question(event, "Un régime ?", at=now()),
            build_question(event, "Quels jours ?", kind=QuestionKind.CHOICES, choices=("Lundi", "Mardi"), at=now()),
        )
        names = text.field_name, many.field_name
    forms = []
    for number in range(3):
        who = {"siret": valid_siret(number), "name": f"Atelier {number}", "contact_name": "Amina"}
        answers = {names[0]: f"Sans sel {number}", names[1]: ["Lundi", "Mardi"]}
        visitor = Visitor(any_app, f"p{number}@exemple.fr")
        typed = STRUCTURE | who | {"email": visitor.email} | answers
        forms.append(the_form(visitor.fills("/events/matinale/registrations/structure", typed), "/send"))
    assert at_once(forms) == [302, 302, 302]
    kept = session.scalars(select(Answer.value)).all()
    assert sorted(value for value in kept if "sel" in value) == [f"Sans sel {number}" for number in range(3)]
    assert len(kept) == 6
