"""Why the others aren't chosen, what would change it, what each rule costs, and who may step in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TypeVar

from scheduler.selection.answer import (
    BindingRule,
    LeftOut,
    LeftOutReason,
    Limit,
    Reserve,
    RulePrice,
    Unlock,
    UnlockKind,
)
from scheduler.selection.problem import Bits, Case, Exchanges, SelectionProblem, places_of
from scheduler.selection.question import MAX_SCORE
from scheduler.selection.search import Best, Equals, SelectionSearch, TimeIsUp

Found = TypeVar("Found")


def reserve_of(problem: SelectionProblem, chosen: Bits) -> Iterator[Reserve]:
    """Yield the best candidates left, as many as asked for, each with those whose place it may take, fixed or not."""
    exchanges = Exchanges(problem, problem.case, chosen)
    left = problem.everybody & ~(chosen | problem.case.outside)
    for rank in islice(places_of(left), problem.question.reserve):
        instead_of = (other for other in places_of(chosen) if exchanges.allow(rank, other))
        yield Reserve(problem.candidates[rank].id, tuple(problem.candidates[other].id for other in instead_of))


class Reasons:
    """Explains the best selection; what there was no time to solve is left out, and `all_tried` is false then."""

    def __init__(self, search: SelectionSearch, chosen: Bits) -> None:
        self.all_tried = True
        self._search = search
        self._problem = search.problem
        self._case = search.problem.case
        self._chosen = chosen
        self._total = search.problem.total(chosen)
        self._others: dict[Case, Bits] = {}
        self._exchanges = Exchanges(self._problem, self._case, chosen)
        self._replaceable = list(places_of(chosen & ~self._case.inside))
        self._is_full = chosen.bit_count() == self._problem.places
        self._last = self._replaceable[-1] if self._is_full and self._replaceable else None  # its place is at stake

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return why each of the others isn't chosen, by rank."""
        return tuple(map(self._why, places_of(self._problem.everybody & ~self._chosen)))

    def prices(self) -> tuple[RulePrice, ...]:
        """Return what each rule costs, in the order of the question."""
        return tuple(map(self._price, range(len(self._problem.members))))

    def _price(self, rule: int) -> RulePrice:
        without = self._search.best(self._case.limited(rule, 0, self._problem.count), known=self._chosen)
        self.all_tried &= without.proven
        places, score = self._figures(without.total)
        places_now, score_now = self._figures(self._total)
        name = self._problem.question.rules[rule].id
        return RulePrice(name, places - places_now, score - score_now, without.proven)

    def _figures(self, total: int) -> tuple[int, int]:
        return divmod(total, self._problem.place_weight)

    def _why(self, rank: int) -> LeftOut:
        candidate, name = 1 << rank, self._problem.candidates[rank].id
        if self._case.outside & candidate:
            unlock = [Unlock(UnlockKind.FIXED)] if self._tried(lambda: self._is_chosen_when_free(candidate)) else []
            return LeftOut(name, LeftOutReason.FIXED, unlock=tuple(unlock))
        if self._is_full and self._last is None:
            return LeftOut(name, LeftOutReason.FIXED)
        gain = self._tried(lambda: self._gain(rank))
        by_score = [Unlock(UnlockKind.SCORE, gain)] if gain and self._problem.scores[rank] + gain <= MAX_SCORE else []
        if self._last is not None and rank > self._last and gain != 0:
            gap = self._problem.scores[self._last] - self._problem.scores[rank]
            behind = self._problem.candidates[self._last].id
            return LeftOut(name, LeftOutReason.SCORE, gap, behind, unlock=tuple(by_score))
        limits = list(self._binding(rank))
        by_rule = [each for limit in limits if (each := self._tried(partial(self._widening, candidate, *limit)))]
        rules = tuple(self._binding_rule(*limit) for limit in limits)
        return LeftOut(name, LeftOutReason.RULE, rules=rules, unlock=(*by_score, *by_rule))

    def _tried(self, work: Callable[[], Found]) -> Found | None:
        try:
            self._search.expect_time()
            return work()
        except TimeIsUp:
            self.all_tried = False
            return None

    def _gain(self, rank: int) -> int:
        """Return the smallest gain in score with which a candidate is chosen; 0 if none is enough."""
        candidate, problem = 1 << rank, self._problem
        case = self._case.choosing(candidate)
        instead_of = (other for other in reversed(self._replaceable) if self._exchanges.allow(rank, other))
        known = next((self._chosen ^ 1 << other | candidate for other in instead_of), None)
        as_many = self._figures(self._total)[0] * problem.place_weight
        best = self._proven(self._search.best(case, known=known, floor=as_many - 1))
        if best.chosen is None or best.total < as_many:
            return 0
        gap = self._total - best.total
        return gap if gap and self._wins_the_tie(rank, gap, Equals(self._search, case, best)) else gap + 1

    def _wins_the_tie(self, rank: int, gain: int, equals: Equals) -> bool:
        """Say whether a selection with this candidate, once its total is equal, is better by rank than the chosen one.

        Without any gain it isn't: the chosen one is the best by rank of all that are equal now.
        """
        problem = self._problem
        raised = (-(problem.scores[rank] + gain), problem.candidates[rank].order)
        for other in range(problem.count):
            if (-problem.scores[other], problem.candidates[other].order) > raised:
                return True  # up to here they are the same, and here comes the candidate
            is_chosen = bool(self._chosen >> other & 1)
            if equals.takes(1 << other) != is_chosen:
                return not is_chosen
        return True

    def _is_chosen_when_free(self, candidate: Bits) -> bool:
        return bool(self._first_of(replace(self._case, outside=self._case.outside & ~candidate)) & candidate)

    def _binding(self, rank: int) -> Iterator[tuple[int, Limit]]:
        """Yield the limits that choosing this one, instead of the last if there is no free place, would break."""
        too_many, too_few = self._exchanges.broken(rank, self._last)
        for rule in places_of(too_many | too_few):
            yield rule, Limit.AT_MOST if too_many >> rule & 1 else Limit.AT_LEAST

    def _binding_rule(self, rule: int, limit: Limit) -> BindingRule:
        holders = places_of(self._chosen & self._problem.members[rule])
        name = self._problem.question.rules[rule].id
        return BindingRule(name, limit, tuple(self._problem.candidates[rank].id for rank in holders))

    def _widening(self, candidate: Bits, rule: int, limit: Limit) -> Unlock | None:
        """Return how much wider a limit must be for this one to be chosen, if that is enough."""
        for by, case in enumerate(self._wider(rule, limit), start=1):
            if self._first_of(case) & candidate:
                return Unlock(UnlockKind.RULE, by, self._problem.question.rules[rule].id, limit)
        return None

    def _wider(self, rule: int, limit: Limit) -> Iterator[Case]:
        """Yield the cases with a wider limit, until it no longer matters."""
        case, count = self._case, self._problem.count
        least, most = case.least[rule], case.most[rule]
        at_most = limit is Limit.AT_MOST
        without = self._first_of(case.limited(rule, least, count) if at_most else case.limited(rule, 0, most))
        used = (without & self._problem.members[rule]).bit_count()
        for by in range(1, 1 + (used - most if at_most else least - used)):
            wider = case.limited(rule, least, most + by) if at_most else case.limited(rule, least - by, most)
            yield wider

    def _first_of(self, case: Case) -> Bits:
        """Return the selection that the whole rule gives in a case wider than the question's; raises TimeIsUp."""
        if case not in self._others:
            best = self._proven(self._search.best(case, known=self._chosen))
            assert best.chosen is not None, "what was chosen is still possible"
            self._others[case] = self._search.first(case, best)
        return self._others[case]

    def _proven(self, best: Best) -> Best:
        if not best.proven:
            raise TimeIsUp
        return best
