"""Whatever is put into whatever field of whatever form: a sentence or a clean row, never a fault."""

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import OrganisationKind
from openmap.questions.enums import QuestionKind
from openmap.questions.models import Answer, Question
from openmap.registrations.models import Registration, RegistrationDraft
from tests.factories import build_question, build_structure
from tests.people import Visitor, the_form

BASE = "/events/matinale-dechets/registrations"
KINDS = ("structure", "desk", "partner", "visitor")
NASTY = (
    "\x00", "\x1b[31m", "\ud800", "\udfff\ud800", "\u202e", "\u2028", "a\r\nBcc: x@y", "<script>x</script>",
    "%(title)s", "{{ 7*7 }}", "'; DROP TABLE x", "=1+1", "é" * 5001, "9" * 5000, "-1", "1e9", "१२", "²", "../../x",
    "on", "y", "False",
)  # fmt: skip
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.text(alphabet=st.characters(), max_size=8))
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def fields_of(page) -> list[str]:
    form = the_form(page)
    return [name for name in form.fields if name and name not in {"csrf_token", "form_key"}]


def posted(visitor: Visitor, path: str, page, values: dict[str, str]) -> int:
    """Send these values by hand, with the page's own tokens."""
    form = the_form(page)
    typed = {name: form[name].value for name in ("csrf_token", "form_key") if name in form.fields}
    clean = {name: value.encode("utf-8", "surrogatepass") for name, value in values.items()}
    answer = visitor.browser.post(path, typed | clean, expect_errors=True)
    return int(answer.status_int)


def stored_texts() -> Iterator[str]:
    session.rollback()
    for draft in session.scalars(select(RegistrationDraft)):
        yield from (value for values in draft.typed.values() for value in values)
    yield from session.scalars(select(Question.label))
    yield from session.scalars(select(Answer.value))
    yield from session.scalars(select(Registration.refusal_reason))


def assert_clean() -> None:
    for text in stored_texts():
        bad = {char for char in text if unicodedata.category(char) in {"Cc", "Cs"}} - {"\n", "\t"}
        assert not bad, repr(text[:80])
        assert len(text) <= 5000


def takes_anything(visitor: Visitor, path: str, *, answers: set[int], after: str = "") -> None:
    """Post the form of a page with anything in its fields, many times; then `after` can still be read."""
    page = visitor.sees(path)
    names = [*fields_of(page), "action", "then", "remove_file"]

    @FEW
    @given(st.fixed_dictionaries(dict.fromkeys(names, texts)))
    def sends(values):
        assert posted(visitor, path, page, values) in answers
        if after:
            assert visitor.browser.get(after).status_int == 200

    sends()
    assert_clean()


@pytest.mark.parametrize("kind", KINDS)
def test_first_steps_take_anything(amina, event, kind):
    takes_anything(amina, f"{BASE}/{kind}", answers={200, 302, 422, 429})


def test_later_steps_take_anything_and_keep_it_clean(amina, event, structure_form):
    with unit_of_work():
        for each in QuestionKind:
            build_question(event, each.label, kind=each, choices=("A", "B"), smallest=1, largest=2, at=now())
    check = amina.fills(f"{BASE}/structure", structure_form)
    root = check.request.path.rsplit("/", 1)[0]
    for step in ("organisation", "contact", "offer", "questions", "consents"):
        takes_anything(amina, f"{root}/{step}", answers={200, 302, 422}, after=f"{root}/check")


def test_the_organisers_forms_take_anything(organiser, event):
    with unit_of_work():
        question = build_question(event, at=now())
        ref = build_structure(event, at=now()).ref
    claire = organiser("Claire")
    questions = "/manage/matinale-dechets/questions"
    for path in (f"{questions}/new", f"{questions}/{question.id}", f"{BASE}/capacity"):
        takes_anything(claire, path, answers={302, 422}, after=questions)
    takes_anything(claire, f"/events/matinale-dechets/leaving/{ref}/reopen", answers={302, 409, 422})
    limits = session.scalars(select(Question.smallest)).all()
    assert all(limit is None or abs(limit) <= 10**9 for limit in limits)


def test_a_megabyte_in_one_field_is_answered_and_not_kept(amina, event):
    page = amina.sees(f"{BASE}/structure")
    status = posted(amina, f"{BASE}/structure", page, {"name": "é" * 600_000, "siret": "73282932000074"})
    assert status in {413, 422}
    assert session.scalars(select(RegistrationDraft)).all() == []


@pytest.mark.parametrize("name", ["x.png", "x.pdf", "../../etc/passwd", "x.svg", "\u202egnp.exe"])
@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90", b"<svg onload=alert(1)>", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken"]
)
def test_a_file_that_lies_is_told_so_at_its_field(amina, event, structure_form, name, content):
    with unit_of_work():
        field = build_question(event, "Votre plaquette", kind=QuestionKind.FILE, is_required=True, at=now()).field_name
    page = amina.fills(f"{BASE}/structure", structure_form, status=422)
    form = the_form(page)
    form[field] = (name, content)
    answer = amina.sends_again(form, status=422)
    assert answer.html.find(id=f"{field}-error")
    assert "Il manque" in amina.sees(answer.request.path.replace("/questions", "/check")).text


def test_a_draft_of_another_morning_does_not_exist_here(amina, event, structure_form):
    check = amina.fills(f"{BASE}/structure", structure_form)
    elsewhere = check.request.path.replace("matinale-dechets", "ailleurs")
    amina.sees(elsewhere, status=404)
    assert session.scalars(select(RegistrationDraft.kind)).all() == [OrganisationKind.STRUCTURE]
