"""A selection by numbers: candidates by rank, sets of candidates as the bits of a whole number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.selection.question import SelectionQuestion

Bits = int  # a set of candidates: bit j is the candidate of rank j


def places_of(bits: Bits) -> Iterator[int]:
    """Yield the ranks in a set, the best one first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


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

    def broken(self, case: Case, chosen: Bits) -> list[int]:
        """Return the rules that a set breaks."""
        return [
            number
            for number, (members, least, most) in enumerate(zip(self.members, case.least, case.most, strict=True))
            if not least <= (members & chosen).bit_count() <= most
        ]

    def is_right(self, case: Case, chosen: Bits) -> bool:
        """Say whether a set keeps every rule and fits the places."""
        return (
            chosen.bit_count() <= self.places
            and not case.inside & ~chosen
            and not case.outside & chosen
            and not self.broken(case, chosen)
        )

    def narrowed(self, case: Case, inside: Bits, outside: Bits) -> tuple[Bits, Bits] | None:
        """Return who else must be chosen or left out because a rule is full or needs all it has; None if none fits."""
        before = None
        while before != (inside, outside):
            before = inside, outside
            if inside & outside or inside.bit_count() > self.places:
                return None
            if inside.bit_count() == self.places:
                outside = self.everybody & ~inside
            for members, least, most in zip(self.members, case.least, case.most, strict=True):
                sure, possible = (members & inside).bit_count(), members & ~outside
                if sure > most or possible.bit_count() < least:
                    return None
                if sure == most:
                    outside |= members & ~inside
                elif possible.bit_count() == least:
                    inside |= possible
        return inside, outside


def polished(problem: SelectionProblem, chosen: Bits) -> Bits:
    """Return a right selection that no candidate more, and no exchange of two, makes better."""
    while (better := _better(problem, chosen)) is not None:
        chosen = better
    return chosen


def _better(problem: SelectionProblem, chosen: Bits) -> Bits | None:
    for rank in places_of(problem.everybody & ~chosen):
        candidate = 1 << rank
        worse = (1 << other for other in places_of(chosen & ~problem.case.inside & ~(candidate - 1)))
        for other in (0, *worse):
            changed = chosen & ~other | candidate
            if problem.is_right(problem.case, changed):
                return changed
    return None
