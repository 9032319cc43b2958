"""Branch and bound over the exact bounds: the largest total of a case, and the best of all equal ones by rank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduler.selection.problem import Bits, Case, SelectionProblem, places_of
from scheduler.selection.relaxation import SCALE, Bound, Relaxation, Relaxed


class TimeIsUp(Exception):
    """What was asked isn't known yet; what is known so far is no answer to it."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best selection found in a case, what it is worth, and what none can exceed; None when there is none.

    `guide` are the prices of the case, or of the whole question where these were enough.
    """

    chosen: Bits | None
    total: int
    bound: int
    guide: Bound | None

    @property
    def proven(self) -> bool:
        """Say whether nothing is worth more."""
        return self.total == self.bound


Part = tuple[int, Bits, Bits]  # of a case: a bound on it, who is chosen, who is left out
NOTHING = -1  # less than any selection is worth


class SelectionSearch:
    """Answers about the cases of one problem; `is_over` is asked at each step."""

    def __init__(self, problem: SelectionProblem, *, is_over: Callable[[], bool]) -> None:
        self.problem = problem
        self._relaxation = Relaxation(problem)
        self._is_over = is_over
        self._most = problem.places * max(problem.weights, default=0)  # more than any selection is worth
        self._guide: Bound | None = None  # the prices of the whole question, a first look at each of its cases

    def expect_time(self) -> None:
        """Raise TimeIsUp if there is none left."""
        if self._is_over():
            raise TimeIsUp

    def best(
        self,
        case: Case,
        *,
        known: Bits | None = None,
        floor: int = NOTHING,
        enough: int | None = None,
        guide: Bound | None = None,
    ) -> Best:
        """Return the best selection worth more than `floor`, starting from a `known` one; any worth `enough` will do.

        If the time is up, the bound says what may be left.
        """
        problem = self.problem
        chosen, total = known, floor if known is None else problem.total(known)
        guide = guide or self._guide
        parts: list[Part] = [(self._most, case.inside, case.outside)]
        is_whole = True
        while parts and (enough is None or total < enough):
            if self._is_over():
                return Best(chosen, total, max(total, *(bound for bound, *_ in parts)), guide)
            bound, inside, outside = parts.pop()
            if bound <= total:
                continue
            explored = self._explored(case, inside, outside, total, guide)
            if explored.found is not None and problem.total(explored.found) > total:
                chosen, total = explored.found, problem.total(explored.found)
            if is_whole and explored.prices is not None:
                guide, is_whole = explored.prices, False
                self._guide = self._guide or guide
            parts += [(min(bound, limit), more, less) for limit, more, less in explored.parts]
        return Best(chosen, total, total, guide)

    def _explored(self, case: Case, inside: Bits, outside: Bits, total: int, guide: Bound | None) -> _Explored:
        """Look at a part of a case for selections worth more than `total`."""
        problem = self.problem
        narrowed = self.narrowed(case, inside, outside, total, guide)
        if narrowed is None:
            return _Explored()
        inside, outside = narrowed
        undecided = problem.everybody & ~(inside | outside)
        if not undecided:
            return _Explored(inside if problem.is_right(case, inside) else None)
        relaxed = self._relaxation.solved(replace(case, inside=inside, outside=outside))
        if relaxed is None:
            return _Explored(
                parts=_halves(problem.places * max(problem.weights), inside, outside, undecided & -undecided)
            )
        rounded = inside | relaxed.rounded
        found = rounded if problem.is_right(case, rounded) else None
        if found is not None:
            total = max(total, problem.total(found))
        narrowed = self.narrowed(case, inside, outside, total, relaxed.bound)
        if narrowed is None:
            return _Explored(found, relaxed.bound)
        bound = relaxed.bound.of(case, inside, outside) // SCALE
        inside, outside = narrowed
        undecided = problem.everybody & ~(inside | outside)
        parts = (
            _halves(bound, inside, outside, _least_settled(relaxed, undecided)) if undecided else [(bound, *narrowed)]
        )
        return _Explored(found, relaxed.bound, parts)

    def narrowed(
        self, case: Case, inside: Bits, outside: Bits, total: int, guide: Bound | None
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
        return self.problem.narrowed(case, inside | more, outside | less) if more | less else narrowed

    def first(self, case: Case, best: Best) -> Bits:
        """Return, of all selections as good as the best of a case, the one that is best by rank; raises TimeIsUp.

        It takes the best candidate that any of them takes, then the best that any of those takes, and so on.
        """
        equals = Equals(self, case, best)
        while undecided := self.problem.everybody & ~(equals.inside | equals.outside):
            equals.takes(undecided & -undecided)
        return equals.inside


class Equals:
    """All selections of a case worth as much as its best, decided about one candidate after the other."""

    def __init__(self, search: SelectionSearch, case: Case, best: Best) -> None:
        assert best.chosen is not None
        self._search = search
        self._case = case
        self._best = best
        self._one = best.chosen  # one of them that is in line with all decisions
        self.inside, self.outside = self._narrowed(case.inside, case.outside)

    def takes(self, candidate: Bits) -> bool:
        """Say whether any of those left takes a candidate, and keep those that do, if any; raises TimeIsUp."""
        if not (self.inside | self.outside) & candidate:
            other = self._one if self._one & candidate else self._other_with(candidate)
            if other is None:
                decided = self.inside, self.outside | candidate
            else:
                self._one, decided = other, (self.inside | candidate, self.outside)
            self.inside, self.outside = self._narrowed(*decided)
        return bool(self.inside & candidate)

    def _narrowed(self, inside: Bits, outside: Bits) -> tuple[Bits, Bits]:
        narrowed = self._search.narrowed(self._case, inside, outside, self._best.total - 1, self._best.guide)
        assert narrowed is not None, "one of them is in line with all decisions"
        return narrowed

    def _other_with(self, candidate: Bits) -> Bits | None:
        case = replace(self._case, inside=self.inside | candidate, outside=self.outside)
        total = self._best.total
        other = self._search.best(case, floor=total - 1, enough=total, guide=self._best.guide)
        if not other.proven:
            raise TimeIsUp
        return other.chosen


@dataclass(frozen=True, slots=True)
class _Explored:
    """What a look at a part of a case gave: a selection that showed itself, its prices, and the parts left of it."""

    found: Bits | None = None
    prices: Bound | None = None
    parts: Sequence[Part] = ()


def _halves(bound: int, inside: Bits, outside: Bits, candidate: Bits) -> list[Part]:
    """Return both parts that deciding about one candidate leaves; the one that chooses it is looked at first."""
    return [(bound, inside, outside | candidate), (bound, inside | candidate, outside)]


def _least_settled(relaxed: Relaxed, undecided: Bits) -> Bits:
    """Return the candidate whose share is nearest to a half, the best by rank of those."""
    return 1 << min(places_of(undecided), key=lambda rank: (abs(relaxed.shares[rank] - 0.5), rank))
