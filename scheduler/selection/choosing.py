"""The whole way from a selection's question to its checked answer."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from time import monotonic

from scheduler.checks import selection_violations
from scheduler.errors import WrongResult
from scheduler.selection.answer import SelectionAnswer, SelectionLevel, SelectionLevelName
from scheduler.selection.conflict import smallest_contradiction
from scheduler.selection.formats import answer_document, selection_document, selection_sha256
from scheduler.selection.problem import Bits, SelectionProblem, places_of, polished
from scheduler.selection.question import SelectionQuestion
from scheduler.selection.reasons import Reasons, reserve_of
from scheduler.selection.search import Best, SelectionSearch, TimeIsUp
from scheduler.solution import Status
from scheduler.versions import versions


def choose(question: SelectionQuestion, *, time_limit: float = 10.0, seed: int = 0) -> SelectionAnswer:
    """Return the selection that the published rule gives, with its proof, its reasons and the price of each rule.

    As many places filled as possible, then the largest total score, then the best by score and order of submission:
    with enough time (seconds) there is one answer only. The seed is only written down: nothing is left to chance.
    Raises WrongResult if the independent check refuses the answer.
    """
    if not (isfinite(time_limit) and 0 < time_limit <= 86_400):
        raise ValueError("time_limit: must be above 0 and at most 86400 seconds")
    if not 0 <= seed < 2**31:
        raise ValueError("seed: must be between 0 and 2147483647")
    started = monotonic()
    search = SelectionSearch(SelectionProblem(question), is_over=lambda: monotonic() > started + time_limit)
    unknown = SelectionAnswer(selection_sha256(question), Status.UNKNOWN, 0.0, seed, versions())
    answer = replace(_answered(search, unknown), seconds=monotonic() - started)
    found = selection_violations(selection_document(question), answer_document(answer))
    if found:
        raise WrongResult("; ".join(map(str, found)))
    return answer


def _answered(search: SelectionSearch, unknown: SelectionAnswer) -> SelectionAnswer:
    best = search.best(search.problem.case)
    if best.chosen is None:
        return _without_selection(search, unknown) if best.proven else unknown
    chosen, is_first = _first(search, best)
    reasons = Reasons(search, chosen)
    left_out, prices = reasons.left_out(), reasons.prices()
    return replace(
        unknown,
        status=Status.OPTIMAL if is_first else Status.FEASIBLE,
        chosen=tuple(search.problem.candidates[rank].id for rank in places_of(chosen)),
        reserve=tuple(reserve_of(search.problem, chosen)),
        objectives=_levels(search.problem, search.problem.total(chosen), best.bound),
        left_out=left_out,
        prices=prices,
        all_tried=reasons.all_tried,
    )


def _without_selection(search: SelectionSearch, unknown: SelectionAnswer) -> SelectionAnswer:
    try:
        return replace(unknown, status=Status.INFEASIBLE, conflict=smallest_contradiction(search))
    except TimeIsUp:
        return replace(unknown, status=Status.INFEASIBLE, all_tried=False)


def _first(search: SelectionSearch, best: Best) -> tuple[Bits, bool]:
    """Return the best selection by total and by rank, and whether it is; if not, no single exchange betters it."""
    assert best.chosen is not None
    try:
        if best.proven:
            return search.first(search.problem.case, best), True
    except TimeIsUp:
        pass
    return polished(search.problem, best.chosen), False


def _levels(problem: SelectionProblem, total: int, bound: int) -> tuple[SelectionLevel, SelectionLevel]:
    """Return both levels: the score's bound is that of selections that fill as many places."""
    places, score = divmod(total, problem.place_weight)
    most_places = bound // problem.place_weight
    most_score = min(bound - places * problem.place_weight, sum(problem.scores[:places]))
    return (
        SelectionLevel(SelectionLevelName.PLACES, places, most_places),
        SelectionLevel(SelectionLevelName.SCORE, score, most_score),
    )
