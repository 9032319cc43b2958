"""What files share and selections are balanced by: their kind, département, sector, and whether it is a first pitch."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openmap.pitches.models import PitchApplication
from openmap.selections.enums import BalanceKind
from openmap.selections.models import SelectionConstraint

FIRST_TIME = "yes"


@dataclass(frozen=True, slots=True)
class Rule:
    """At least or at most so many chosen files among those with one of `values`; `id` is its name in a question.

    A constraint without values becomes one rule for each value that a file has.
    """

    id: str
    constraint: SelectionConstraint
    kind: BalanceKind
    values: tuple[str, ...]
    at_least: int | None
    at_most: int | None

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that the scheduler counts."""
        return tuple(group_of(self.kind, value) for value in self.values)

    def covers(self, application: PitchApplication) -> bool:
        """Whether this file counts."""
        return value_of(application, self.kind) in self.values

    def count(self, chosen: Iterable[PitchApplication]) -> int:
        """How many of these files count."""
        return sum(self.covers(application) for application in chosen)

    def lacking(self, count: int) -> int:
        """How many files more it asks for."""
        return max(0, (self.at_least or 0) - count)

    def excess(self, count: int) -> int:
        """How many files less it asks for."""
        return max(0, count - self.at_most) if self.at_most is not None else 0

    def is_broken(self, count: int) -> bool:
        """Whether so many files break it."""
        return bool(self.lacking(count) or self.excess(count))


def value_of(application: PitchApplication, kind: BalanceKind) -> str:
    """What a file counts as, as a stored word; "" where it counts as nothing."""
    registration = application.registration
    if kind is BalanceKind.STRUCTURE_KIND:
        return str(registration.organisation.structure_kind or "")
    if kind is BalanceKind.DEPARTEMENT:
        return registration.organisation.departement
    if kind is BalanceKind.SECTOR:
        return str(registration.sector)
    return FIRST_TIME if application.is_first_time else ""


def group_of(kind: BalanceKind, value: str) -> str:
    """What the scheduler calls the files with this value: "departement:93", or "first-time"."""
    return str(kind) if kind is BalanceKind.FIRST_TIME else f"{kind}:{value}"


def groups_of(application: PitchApplication) -> list[str]:
    """Every group that a file belongs to."""
    found = ((kind, value_of(application, kind)) for kind in BalanceKind)
    return [group_of(kind, value) for kind, value in found if value]


def rules_from(constraints: Sequence[SelectionConstraint], files: Sequence[PitchApplication]) -> list[Rule]:
    """The rules that these constraints make for these files, in the order of the constraints."""
    rules = []
    for constraint in constraints:
        if constraint.kind is BalanceKind.FIRST_TIME:
            sets: list[tuple[str, ...]] = [(FIRST_TIME,)]
        elif constraint.values:
            sets = [tuple(constraint.values)]
        else:
            sets = [(value,) for value in sorted({value_of(each, constraint.kind) for each in files} - {""})]
        rules += [_rule(constraint, values, is_one_of_many=not constraint.values) for values in sets]
    return rules


def _rule(constraint: SelectionConstraint, values: tuple[str, ...], *, is_one_of_many: bool) -> Rule:
    name = f"r{constraint.position}-{values[0]}" if is_one_of_many else f"r{constraint.position}"
    return Rule(name, constraint, constraint.kind, values, constraint.at_least, constraint.at_most)


def worsened(
    rules: Iterable[Rule], *, before: Sequence[PitchApplication], after: Sequence[PitchApplication]
) -> Rule | None:
    """The first rule that `after` breaks more than `before` does; one that was broken already forbids nothing."""
    for rule in rules:
        was, is_now = rule.count(before), rule.count(after)
        if rule.lacking(is_now) > rule.lacking(was) or rule.excess(is_now) > rule.excess(was):
            return rule
    return None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the files with one value are chosen."""

    value: str
    chosen: int
    total: int


def balance(files: Sequence[PitchApplication], chosen: Sequence[PitchApplication]) -> dict[BalanceKind, list[Share]]:
    """Chosen files against all of them, by each thing that they share; the values with most files first."""
    found = {}
    for kind in BalanceKind:
        totals = Counter(value_of(each, kind) for each in files)
        counts = Counter(value_of(each, kind) for each in chosen)
        values = sorted((value for value in totals if value), key=lambda value: (-totals[value], value))
        found[kind] = [Share(value, counts[value], totals[value]) for value in values]
    return found
