"""A selection by numbers: candidates by rank, sets of candidates as the bits of a whole number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.selection.question import SelectionQuestion

Bits = int  # a set of candidates: bit j is the candidate of rank j


def places_of(bits: Bits) -> Iterator[int]:
    """Yield the ranks in a set, the best one first."""
    text = bin(bits)[:1:-1]
    rank = text.find("1")
    while rank >= 0:
        yield rank
        rank = text.find("1", rank + 1)


@dataclass(frozen=True, slots=True)
class Case:
    """What is required: per rule the least and the most of its members, and who is chosen or left out for certain."""

    least: tuple[int, ...]
    most: tuple[int, ...]
    inside: Bits = 0
    outside: Bits = 0

    def choosing(self, bits: Bits) -> Case:
        """Return the case in which these are chosen besides."""
        return replace(self, inside=self.inside | bits)

    def limited(self, rule: int, least: int, most: int) -> Case:
        """Return the case with other limits of one rule."""
        return replace(
            self,
            least=(*self.least[:rule], least, *self.least[rule + 1 :]),
            most=(*self.most[:rule], most, *self.most[rule + 1 :]),
        )


class SelectionProblem:
    """A question whose candidates are ranked by score, then by order; a filled place outweighs any score."""

    def __init__(self, question: SelectionQuestion) -> None:
        self.question = question
        self.places = question.places
        self.candidates = sorted(question.candidates, key=lambda each: (-each.score, each.order))
        self.count = len(self.candidates)
        self.everybody: Bits = (1 << self.count) - 1
        self.scores = [each.score for each in self.candidates]
        self.place_weight = 1 + sum(self.scores[: self.places])
        self.weights = [self.place_weight + score for score in self.scores]
        self.rank_of = {each.id: rank for rank, each in enumerate(self.candidates)}
        self.members = self._members()

    def _members(self) -> list[Bits]:
        of_group: dict[str, Bits] = {}
        for rank, candidate in enumerate(self.candidates):
            for group in candidate.groups:
                of_group[group] = of_group.get(group, 0) | 1 << rank
        members = []
        for rule in self.question.rules:
            bits = 0
            for group in rule.groups:
                bits |= of_group.get(group, 0)
            members.append(bits)
        return members

    @cached_property
    def member_lists(self) -> list[list[int]]:
        """The members of each rule by rank."""
        return [list(places_of(bits)) for bits in self.members]

    @cached_property
    def rules_of(self) -> list[int]:
        """The rules that count each candidate, as bits."""
        rules = [0] * self.count
        for number, members in enumerate(self.member_lists):
            for rank in members:
                rules[rank] |= 1 << number
        return rules

    @cached_property
    def case(self) -> Case:
        """All that the question requires."""
        return self.case_of(range(len(self.members)), range(len(self.question.fixed)))

    def case_of(self, rules: range | list[int], fixed: range | list[int]) -> Case:
        """Return the case in which only these of the rules and of the fixed candidates count."""
        least, most = [0] * len(self.members), [self.count] * len(self.members)
        for number in rules:
            rule = self.question.rules[number]
            least[number] = rule.at_least or 0
            most[number] = self.count if rule.at_most is None else rule.at_most
        inside = outside = 0
        for number in fixed:
            each = self.question.fixed[number]
            bit = 1 << self.rank_of[each.candidate]
            inside, outside = (inside | bit, outside) if each.chosen else (inside, outside | bit)
        return Case(tuple(least), tuple(most), inside, outside)

    def total(self, chosen: Bits) -> int:
        """Return what a set is worth: its places before its score."""
        return sum(self.weights[rank] for rank in places_of(chosen))

    def is_right(self, case: Case, chosen: Bits) -> bool:
        """Say whether a set keeps every rule and fits the places."""
        return (
            chosen.bit_count() <= self.places
            and not case.inside & ~chosen
            and not case.outside & chosen
            and all(
                least <= (members & chosen).bit_count() <= most
                for members, least, most in zip(self.members, case.least, case.most, strict=True)
            )
        )

    def narrowed(self, case: Case, inside: Bits, outside: Bits) -> tuple[Bits, Bits] | None:
        """Return who else must be chosen or left out because a rule is full or needs all it has; None if none fits."""
        before = None
        while before != (inside, outside):
            before = inside, outside
            count = inside.bit_count()
            if inside & outside or count > self.places:
                return None
            if count == self.places:
                outside = self.everybody & ~inside
            narrowed = self._narrowed_by_rules(case, inside, outside)
            if narrowed is None:
                return None
            inside, outside = narrowed
        return inside, outside

    def _narrowed_by_rules(self, case: Case, inside: Bits, outside: Bits) -> tuple[Bits, Bits] | None:
        for members, least, most in zip(self.members, case.least, case.most, strict=True):
            sure = (members & inside).bit_count()
            if sure > most:
                return None
            if sure == most:
                outside |= members & ~inside
            elif least and (possible := (members & ~outside).bit_count()) <= least:
                if possible < least:
                    return None
                inside |= members & ~outside
        return inside, outside


class Exchanges:
    """A right selection, and which rules would be broken if one candidate came and another left."""

    def __init__(self, problem: SelectionProblem, case: Case, chosen: Bits) -> None:
        self._rules_of = problem.rules_of
        self._full = self._short = 0  # rules, as bits, that count as many as they may, or as few
        for number, members in enumerate(problem.members):
            count = (members & chosen).bit_count()
            self._full |= (count == case.most[number]) << number
            self._short |= (count == case.least[number]) << number

    def broken(self, coming: int, leaving: int | None) -> tuple[Bits, Bits]:
        """Return the rules that would count too many, and those that would count too few; ranks are given."""
        more, fewer = self._rules_of[coming], 0 if leaving is None else self._rules_of[leaving]
        return more & ~fewer & self._full, fewer & ~more & self._short

    def allow(self, coming: int, leaving: int | None) -> bool:
        """Say whether no rule would be broken."""
        return self.broken(coming, leaving) == (0, 0)


def polished(problem: SelectionProblem, chosen: Bits) -> Bits:
    """Return a right selection that no candidate more, and no exchange of two, makes better."""
    while (better := _better(problem, chosen)) is not None:
        chosen = better
    return chosen


def _better(problem: SelectionProblem, chosen: Bits) -> Bits | None:
    exchanges = Exchanges(problem, problem.case, chosen)
    leaving = list(places_of(chosen & ~problem.case.inside))
    has_room = chosen.bit_count() < problem.places
    for rank in places_of(problem.everybody & ~(chosen | problem.case.outside)):
        if has_room and exchanges.allow(rank, None):
            return chosen | 1 << rank
        for other in leaving:
            if other > rank and exchanges.allow(rank, other):
                return chosen ^ 1 << other | 1 << rank
    return None
