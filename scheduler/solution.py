"""The answer: meetings, what they are worth, how far that is proven, and why the rest was left out.

Meetings and unmet requests are tuples with names, four times faster to make than classes: there may be a million.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from scheduler.instance import LevelName

Count = int | tuple[int, ...]


class Status(StrEnum):
    """How much of the result is proven."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a request got no meeting (`declined` is reserved for the caller: such a request is not in the instance)."""

    DECLINED = "declined"
    BUYER_FULL = "buyer_full"
    STRUCTURE_FULL = "structure_full"
    NO_COMMON_SLOT = "no_common_slot"
    LIMIT = "limit"
    TABLES_FULL = "tables_full"
    RULE_ORDER = "rule_order"


class ChangeKind(StrEnum):
    """What would have to change for a request to be met: one more of it."""

    SLOT = "slot"
    CAPACITY = "capacity"
    LIMIT = "limit"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Change:
    """One change to the instance; `participant` is None where it concerns everybody (tables)."""

    change: ChangeKind
    participant: str | None = None


class Unmet(NamedTuple):
    """A request without a meeting, the participants that explain it, and changes verified to unlock it."""

    request: str
    reason: Reason
    with_: tuple[str, ...] = ()
    unlock: tuple[Change, ...] = ()


class Meeting(NamedTuple):
    """A request that takes place: slot from 0, table from 1 (None when the place is not numbered)."""

    request: str
    slot: int
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the rule: what was reached and what nobody could exceed; coverage is a list of counts."""

    name: LevelName
    value: Count
    bound: Count

    @property
    def proven(self) -> bool:
        """Say whether nothing better exists, the levels above being as they are."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Solution:
    """A schedule with its proof; `conflict` says in words which hard rules contradict each other when there is none.

    `all_tried` says whether every change that may unlock an unmet request was tried: if not, one may that isn't named.
    """

    instance_sha256: str
    status: Status
    seconds: float
    seed: int
    versions: dict[str, str] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    objectives: tuple[Level, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    conflict: tuple[str, ...] = ()
    all_tried: bool = True

    def level(self, name: LevelName | str) -> Level | None:
        """Return the level called `name`, or None if the policy doesn't have it."""
        return next((level for level in self.objectives if level.name == name), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running solve stands: its phase, the share done (0 to 1) and the best levels so far."""

    phase: str
    fraction: float
    levels: tuple[Level, ...] = ()
