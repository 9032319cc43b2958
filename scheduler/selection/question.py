"""The question: candidates with scores and groups, places, and rules on how many of some groups are chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scheduler.errors import InvalidInput, shown

MAX_CANDIDATES = 2_000
MAX_RULES = 200
MAX_PLACES = 200
MAX_RESERVE = 200
MAX_GROUPS = 100  # of one candidate, or of one rule
MAX_SCORE = 1_000_000
MAX_ORDER = 1_000_000_000
MAX_TEXT = 200


class InvalidSelection(InvalidInput):
    """A selection, or an answer to one, that breaks the format or refers to something that doesn't exist."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who wants a place: a score in hundredths of a point, and the order of submission, the last tie-break."""

    id: str
    score: int
    order: int
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRule:
    """At least and at most so many of the chosen belong to one or more of these groups; None is no limit."""

    id: str
    groups: tuple[str, ...]
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class FixedCandidate:
    """A candidate who is chosen, or isn't, whatever the scores."""

    candidate: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SelectionQuestion:
    """One selection to make; building it raises InvalidSelection if it refers to nothing or repeats itself."""

    name: str
    places: int
    candidates: tuple[Candidate, ...]
    reserve: int = 0
    rules: tuple[GroupRule, ...] = ()
    fixed: tuple[FixedCandidate, ...] = ()

    def __post_init__(self) -> None:
        """Check every value and every reference."""
        _check_text("name", self.name, may_be_empty=True)
        _check_number("places", self.places, 0, MAX_PLACES)
        _check_number("reserve", self.reserve, 0, MAX_RESERVE)
        _check_size("candidates", self.candidates, MAX_CANDIDATES)
        _check_size("rules", self.rules, MAX_RULES)
        _check_size("fixed", self.fixed, MAX_CANDIDATES)
        _check_candidates(self.candidates)
        _check_rules(self.rules)
        _check_fixed(self.fixed, {candidate.id for candidate in self.candidates})


def _check_number(path: str, value: int, low: int, high: int) -> None:
    if type(value) is not int:
        raise InvalidSelection(path, f"expected a whole number, got {shown(value)}")
    if not low <= value <= high:
        raise InvalidSelection(path, f"must be between {low} and {high}, got {shown(value)}")


def _check_text(path: str, value: str, *, may_be_empty: bool = False) -> None:
    if type(value) is not str:
        raise InvalidSelection(path, f"expected a text, got {shown(value)}")
    if not value and not may_be_empty:
        raise InvalidSelection(path, "must not be empty")
    if len(value) > MAX_TEXT:
        raise InvalidSelection(path, f"longer than {MAX_TEXT} characters")
    if not value.isprintable():
        raise InvalidSelection(path, f"holds a character that can't be printed: {shown(value)}")


def _check_size(path: str, values: Collection[object], most: int) -> None:
    if len(values) > most:
        raise InvalidSelection(path, f"at most {most} are accepted, got {len(values)}")


def _check_candidates(candidates: tuple[Candidate, ...]) -> None:
    names: set[str] = set()
    orders: set[int] = set()
    for index, candidate in enumerate(candidates):
        path = f"candidates[{index}]"
        _check_text(f"{path}.id", candidate.id)
        if candidate.id in names:
            raise InvalidSelection(f"{path}.id", f"{shown(candidate.id)} is already a candidate")
        names.add(candidate.id)
        _check_number(f"{path}.score", candidate.score, 0, MAX_SCORE)
        _check_number(f"{path}.order", candidate.order, 0, MAX_ORDER)
        if candidate.order in orders:
            raise InvalidSelection(f"{path}.order", f"{candidate.order} is already the order of another candidate")
        orders.add(candidate.order)
        _check_groups(f"{path}.groups", candidate.groups)


def _check_groups(path: str, groups: tuple[str, ...]) -> None:
    _check_size(path, groups, MAX_GROUPS)
    for place, group in enumerate(groups):
        _check_text(f"{path}[{place}]", group)
        if group in groups[:place]:
            raise InvalidSelection(f"{path}[{place}]", f"{shown(group)} is named twice")


def _check_rules(rules: tuple[GroupRule, ...]) -> None:
    names: set[str] = set()
    for index, rule in enumerate(rules):
        path = f"rules[{index}]"
        _check_text(f"{path}.id", rule.id)
        if rule.id in names:
            raise InvalidSelection(f"{path}.id", f"{shown(rule.id)} is already a rule")
        names.add(rule.id)
        if not rule.groups:
            raise InvalidSelection(f"{path}.groups", "a rule is about one group at least")
        _check_groups(f"{path}.groups", rule.groups)
        for key, limit in (("at_least", rule.at_least), ("at_most", rule.at_most)):
            if limit is not None:
                _check_number(f"{path}.{key}", limit, 0, MAX_CANDIDATES)
        if rule.at_least is not None and rule.at_most is not None and rule.at_least > rule.at_most:
            raise InvalidSelection(f"{path}.at_most", f"below at_least, {rule.at_least}")


def _check_fixed(fixed: tuple[FixedCandidate, ...], candidates: set[str]) -> None:
    names: set[str] = set()
    for index, each in enumerate(fixed):
        path = f"fixed[{index}]"
        if each.candidate not in candidates:
            raise InvalidSelection(f"{path}.candidate", f"no candidate {shown(each.candidate)}")
        if each.candidate in names:
            raise InvalidSelection(f"{path}.candidate", f"{shown(each.candidate)} is already fixed")
        names.add(each.candidate)
        if type(each.chosen) is not bool:
            raise InvalidSelection(f"{path}.chosen", "expected true or false")
