"""Selections written as the JSON they are: small ones, and generated ones of the size of a real call."""

from __future__ import annotations

import json
from random import Random

from scheduler import choose, dump_answer, read_selection
from scheduler.checks import selection_violations
from tests.scheduler.documents import Document

KINDS, SECTORS, DEPARTEMENTS = ("ESAT", "EA", "EI", "ETTI", "GEIQ"), range(6), range(30)


def candidate(name: str, score: int, order: int, *groups: str) -> Document:
    return {"id": name, "score": score, "order": order, "groups": list(groups)}


def rule(name: str, *groups: str, at_least: int | None = None, at_most: int | None = None) -> Document:
    return {"id": name, "groups": list(groups), "at_least": at_least, "at_most": at_most}


def selection_of(candidates: list[Document], *rules: Document, places: int = 2, **more: object) -> Document:
    """An openmap-selection/1 as parsed JSON."""
    head = {"format": "openmap-selection/1", "name": "", "places": places, "reserve": 0}
    return head | {"candidates": candidates, "rules": list(rules), "fixed": []} | more


def chosen_from(question: Document, *, time_limit: float = 60) -> Document:
    """The answer to a question as JSON, found right by the independent check."""
    answer: Document = json.loads(dump_answer(choose(read_selection(json.dumps(question)), time_limit=time_limit)))
    assert selection_violations(question, answer) == []
    return answer


def call(seed: int, *, candidates: int = 200, places: int = 8, step: int = 1) -> Document:
    """A call for pitches with 40 rules; scores are multiples of `step` hundredths, so that a large one gives ties."""
    rnd = Random(seed)
    people = [
        candidate(
            f"S{number:03}",
            rnd.randrange(3_000, 10_000) // step * step,
            number,
            f"kind:{rnd.choices(KINDS, (1, 1, 5, 3, 3))[0]}",
            f"departement:{rnd.choices(DEPARTEMENTS, [1 / (place + 1) for place in DEPARTEMENTS])[0]}",
            f"sector:{rnd.choice(SECTORS)}",
            *(["first-time"] if rnd.random() < 0.4 else []),
        )
        for number in range(candidates)
    ]
    rules = [
        rule("adapted", "kind:ESAT", "kind:EA", at_least=3),
        rule("first", "first-time", at_least=4),
        rule("employers", "kind:GEIQ", at_least=1),
        rule("trades", "sector:1", "sector:3", at_least=2),
        *(rule(f"departement {number}", f"departement:{number}", at_most=1) for number in DEPARTEMENTS),
        *(rule(f"sector {number}", f"sector:{number}", at_most=2) for number in SECTORS),
    ]
    return selection_of(people, *rules, places=places, reserve=5)
