"""The door to the scheduler's selection: a call's files become its question, its answer becomes a proposal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from openmap.pitches.models import PitchCall
from openmap.selections.board import Board
from openmap.selections.queries import Candidate
from openmap.selections.traits import Rule, groups_of
from scheduler import selection
from scheduler.checks import selection_violations

QUESTION_FORMAT = "openmap-selection/1"
HUNDREDTHS = 100  # a score is a whole number of hundredths of a point
TIME_LIMIT_S = 5.0  # far beyond what a call takes; a page waits for it

Answer = selection.SelectionAnswer
Question = selection.SelectionQuestion
LeftOut = selection.LeftOut
BindingRule = selection.BindingRule
read_answer = selection.read_answer
read_question = selection.read_selection


class WrongAnswer(Exception):
    """The independent checker refuses what the scheduler answered: a fault of ours, nothing is stored."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its checked answer, as JSON texts."""

    question: str
    answer: str

    @property
    def sha256(self) -> str:
        """What names the question."""
        return sha256(self.question.encode()).hexdigest()


def ask(call: PitchCall, found: Sequence[Candidate], rules: Sequence[Rule], *, keeps: Board | None = None) -> Asked:
    """Ask for the best selection; with `keeps`, what this board has selected and rejected stays so.

    Raises WrongAnswer.
    """
    document = json.dumps(question_of(call, found, rules, keeps=keeps), ensure_ascii=False)
    question = selection.read_selection(document)
    answer = selection.dump_answer(selection.choose(question, time_limit=TIME_LIMIT_S, seed=0))
    asked = Asked(selection.dump_selection(question), answer)
    if violations := selection_violations(json.loads(asked.question), json.loads(asked.answer)):
        raise WrongAnswer("; ".join(str(each) for each in violations))
    return asked


def question_of(
    call: PitchCall, found: Sequence[Candidate], rules: Sequence[Rule], *, keeps: Board | None = None
) -> dict[str, Any]:
    """The question as the open format writes it: files by the refs of their structures, in the order of sending."""
    by_sending = sorted(found, key=lambda each: (each.application.submitted_at, each.application.id))
    fixed = [
        {"candidate": each.registration.ref, "chosen": each.application.id in keeps.selected}
        for each in by_sending
        if keeps and each.application.id in {*keeps.selected, *keeps.rejected}
    ]
    return {
        "format": QUESTION_FORMAT,
        "name": call.event.slug,
        "places": call.places,
        "reserve": call.reserve_places,
        "candidates": [
            {
                "id": each.registration.ref,
                "score": score_of(each),
                "order": order,
                "groups": groups_of(each.application),
            }
            for order, each in enumerate(by_sending, start=1)
        ],
        "rules": [
            {"id": rule.id, "groups": list(rule.groups), "at_least": rule.at_least, "at_most": rule.at_most}
            for rule in rules
        ],
        "fixed": fixed,
    }


def score_of(candidate: Candidate) -> int:
    """A file's value in hundredths of a point; one that nobody scored counts nothing."""
    return round((candidate.value or 0) * HUNDREDTHS)
