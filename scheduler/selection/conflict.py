"""Which rules, and which fixed candidates, can't be kept together."""

from __future__ import annotations

from scheduler.selection.answer import Contradiction
from scheduler.selection.search import SelectionSearch, TimeIsUp


def smallest_contradiction(search: SelectionSearch) -> tuple[Contradiction, ...]:
    """Return rules and fixed candidates that contradict each other; without any one of them the rest doesn't.

    Rules count more than fixed candidates, and the first of the question more than the last. Raises TimeIsUp.
    """
    question = search.problem.question
    rules, fixed = list(range(len(question.rules))), list(range(len(question.fixed)))
    for needed in (fixed, rules):
        for number in reversed(needed.copy()):
            needed.remove(number)
            if _is_possible(search, rules, fixed):
                needed.append(number)
        needed.sort()
    return (
        *(Contradiction(rule=question.rules[number].id) for number in rules),
        *(Contradiction(candidate=question.fixed[number].candidate) for number in fixed),
    )


def _is_possible(search: SelectionSearch, rules: list[int], fixed: list[int]) -> bool:
    best = search.best(search.problem.case_of(rules, fixed), enough=0)
    if best.chosen is None and not best.proven:
        raise TimeIsUp
    return best.chosen is not None
