"""The answer: who is chosen, how far that is proven, why the others aren't, and what each rule costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.solution import Status


class SelectionLevelName(StrEnum):
    """What one level of the rule counts."""

    PLACES = "places"
    SCORE = "score"


class LeftOutReason(StrEnum):
    """Why a candidate isn't chosen."""

    SCORE = "score"
    RULE = "rule"
    FIXED = "fixed"


class Limit(StrEnum):
    """One side of a rule."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class UnlockKind(StrEnum):
    """What would have to change, and nothing else, for a candidate to be chosen."""

    SCORE = "score"
    RULE = "rule"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class SelectionLevel:
    """One level of the rule: what was reached and what nobody could exceed."""

    name: SelectionLevelName
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Say whether nothing better exists, the level above being as it is."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Reserve:
    """A candidate of the reserve and the chosen ones whose place it may take without breaking a rule."""

    candidate: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlock:
    """One change, solved again: a score higher by so much, a rule's limit wider by so much, or not being fixed."""

    change: UnlockKind
    by: int | None = None
    rule: str | None = None
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class BindingRule:
    """A limit of a rule that keeps a candidate out, and the chosen ones it counts."""

    rule: str
    limit: Limit
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate without a place.

    By its score: `gap` is how much the last of the chosen, `behind`, has more. By rules: those that its taking the
    place of the last of the chosen (or a free place) would break. Fixed: by itself, or all places are held by others.
    """

    candidate: str
    reason: LeftOutReason
    gap: int | None = None
    behind: str | None = None
    rules: tuple[BindingRule, ...] = ()
    unlock: tuple[Unlock, ...] = ()


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What there would be without one rule: so many places more filled, so much more total score."""

    rule: str
    places: int
    score: int
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One of the rules, or of the fixed candidates, that can't be kept together."""

    rule: str | None = None
    candidate: str | None = None


@dataclass(frozen=True, slots=True)
class SelectionAnswer:
    """A selection with its proof: `chosen` by rank, or a `conflict` of which nothing can be spared when there is none.

    `all_tried` says whether each change and price was solved: if not, one may exist that isn't named.
    """

    question_sha256: str
    status: Status
    seconds: float
    seed: int
    versions: dict[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    reserve: tuple[Reserve, ...] = ()
    objectives: tuple[SelectionLevel, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    prices: tuple[RulePrice, ...] = ()
    conflict: tuple[Contradiction, ...] = ()
    all_tried: bool = True
