"""Branch and bound over the exact bounds: the largest total of a case, and the best of all equal ones by rank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scheduler.selection.problem import Bits, Case, SelectionProblem, places_of
from scheduler.selection.relaxation import SCALE, Bound, Relaxation, Relaxed


class TimeIsUp(Exception):
    """What was asked isn't known yet; what is known so far is no answer to it."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best selection found in a case, what it is worth, and what none can exceed; None when there is none."""

    chosen: Bits | None
    total: int
    bound: int

    @property
    def proven(self) -> bool:
        """Say whether nothing is worth more."""
        return self.total == self.bound


NOTHING = -1  # less than any selection is worth


class SelectionSearch:
    """Answers about the cases of one problem; `is_over` is asked at each step."""

    def __init__(self, problem: SelectionProblem, *, seed: int, is_over: Callable[[], bool]) -> None:
        self.problem = problem
        self.steps = 0
        self._relaxation = Relaxation(problem, seed)
        self._is_over = is_over
        self.guide: Bound | None = None  # the prices of the whole question, a first look at each of its cases

    def best(self, case: Case, *, known: Bits | None = None, floor: int = NOTHING, enough: int | None = None) -> Best:
        """Return the best selection worth more than `floor`, starting from a `known` one; any worth `enough` will do.

        If the time is up, the bound says what may be left.
        """
        problem = self.problem
        chosen, total = known, floor if known is None else problem.total(known)
        most = problem.places * max(problem.weights, default=0)
        nodes: list[tuple[int, Bits, Bits]] = [(most, case.inside, case.outside)]
        while nodes and (enough is None or total < enough):
            if self._is_over():
                return Best(chosen, total, max(total, *(bound for bound, *_ in nodes)))
            self.steps += 1
            bound, inside, outside = nodes.pop()
            if bound <= total:
                continue
            found, branches = self._explored(case, inside, outside, total)
            if found is not None and problem.total(found) > total:
                chosen, total = found, problem.total(found)
            nodes += [(min(bound, limit), more, less) for limit, more, less in branches]
        return Best(chosen, total, total)

    def _explored(
        self, case: Case, inside: Bits, outside: Bits, total: int
    ) -> tuple[Bits | None, list[tuple[int, Bits, Bits]]]:
        """Return a selection of this part, if one shows itself, and the parts left that may hold one worth more."""
        problem = self.problem
        narrowed = self._narrowed(case, inside, outside, self.guide, total)
        if narrowed is None:
            return None, []
        inside, outside = narrowed
        undecided = problem.everybody & ~(inside | outside)
        if not undecided:
            return (inside if problem.is_right(case, inside) else None), []
        relaxed = self._relaxation.solved(replace(case, inside=inside, outside=outside))
        if relaxed is None:
            return None, _halves(problem.places * max(problem.weights), inside, outside, undecided & -undecided)
        if self.guide is None:
            self.guide = relaxed.bound
        found = relaxed.rounded if problem.is_right(case, relaxed.rounded) else None
        if found is not None:
            total = max(total, problem.total(found))
        bound = relaxed.bound.of(case, inside, outside) // SCALE
        narrowed = self._narrowed(case, inside, outside, relaxed.bound, total)
        if narrowed is None:
            return found, []
        inside, outside = narrowed
        undecided = problem.everybody & ~(inside | outside)
        if not undecided:
            return found, _rest(bound, inside, outside)
        return found, _halves(bound, inside, outside, _least_settled(relaxed, undecided))

    def _narrowed(
        self, case: Case, inside: Bits, outside: Bits, guide: Bound | None, total: int
    ) -> tuple[Bits, Bits] | None:
        """Return who is settled in any selection worth more than `total`; None if there is none."""
        narrowed = self.problem.narrowed(case, inside, outside)
        if narrowed is None or guide is None:
            return narrowed
        inside, outside = narrowed
        bound = guide.of(case, inside, outside)
        if bound // SCALE <= total:
            return None
        more, less = guide.settled(bound, total + 1, self.problem.everybody & ~(inside | outside))
        return self.problem.narrowed(case, inside | more, outside | less)

    def first(self, case: Case, best: Bits) -> Bits:
        """Return, of all the best selections of a case, the one that is best by rank; raises TimeIsUp.

        It takes the best candidate that any of them takes, then the best that any of those takes, and so on.
        """
        total = self.problem.total(best)
        inside, outside = case.inside, case.outside
        while True:
            narrowed = self._narrowed(case, inside, outside, self.guide, total - 1)
            assert narrowed is not None, "the best selection itself is worth its total"
            inside, outside = narrowed
            undecided = self.problem.everybody & ~(inside | outside)
            if not undecided:
                return inside
            candidate = undecided & -undecided
            if best & candidate:
                inside |= candidate
                continue
            with_it = replace(case, inside=inside | candidate, outside=outside)
            other = self.best(with_it, floor=total - 1, enough=total)
            if not other.proven:
                raise TimeIsUp
            if other.chosen is None:
                outside |= candidate
            else:
                best, inside = other.chosen, inside | candidate


def _rest(bound: int, inside: Bits, outside: Bits) -> list[tuple[int, Bits, Bits]]:
    return [(bound, inside, outside)]


def _halves(bound: int, inside: Bits, outside: Bits, candidate: Bits) -> list[tuple[int, Bits, Bits]]:
    """Return both parts that deciding about one candidate leaves; the one that chooses it is looked at first."""
    return [(bound, inside, outside | candidate), (bound, inside | candidate, outside)]


def _least_settled(relaxed: Relaxed, undecided: Bits) -> Bits:
    """Return the candidate whose share is nearest to a half, the best by rank of those."""
    return 1 << min(places_of(undecided), key=lambda rank: (abs(relaxed.shares[rank] - 0.5), rank))
