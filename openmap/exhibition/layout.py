"""Stands as rectangles on the floor, in whole metres from the corner at the top left of the plan."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from openmap.core.errors import RuleBroken
from openmap.core.text import mark


class OutsideTheHall(RuleBroken):
    """A stand would stand in a wall."""

    message = mark(
        "Le stand %(label)s sort de la salle : il irait jusqu’à %(right)s m sur %(width)s "
        "et %(bottom)s m sur %(depth)s."
    )


class StandsOverlap(RuleBroken):
    """Two stands want the same floor."""

    message = mark("Les stands %(first)s et %(second)s se chevauchent. Déplacez ou rétrécissez l’un des deux.")


class TooManyForTheHall(RuleBroken):
    """So many stands in rows need a larger hall."""

    message = mark(
        "La salle n’a de place que pour %(fitting)s stands de cette taille en rangées. Réduisez leur nombre, "
        "leur taille ou l’allée, ou agrandissez la salle."
    )
    field = "count"


@dataclass(frozen=True, slots=True)
class Box:
    """One stand on the floor."""

    label: str
    x: int
    y: int
    width: int
    depth: int

    @property
    def right(self) -> int:
        """Where it ends, from the left wall."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Where it ends, from the wall at the top of the plan."""
        return self.y + self.depth

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share floor; standing side by side is no overlap."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def is_inside(self, width: int, depth: int) -> bool:
        """Whether it stands in a hall of this size."""
        return self.x >= 0 and self.y >= 0 and self.right <= width and self.bottom <= depth


def check_plan(boxes: Iterable[Box], *, width: int, depth: int) -> None:
    """Raises OutsideTheHall, StandsOverlap for the first thing that cannot be, naming the stands."""
    boxes = list(boxes)
    for box in boxes:
        if not box.is_inside(width, depth):
            raise OutsideTheHall(label=box.label, right=box.right, bottom=box.bottom, width=width, depth=depth)
    for one, other in combinations(boxes, 2):
        if one.overlaps(other):
            raise StandsOverlap(first=one.label, second=other.label)


def in_rows(
    labels: Sequence[str], *, width: int, depth: int, stand_width: int, stand_depth: int, aisle: int
) -> list[Box]:
    """Lay stands side by side from the left wall, row after row with an aisle of `aisle` metres between rows.

    The last row is as far from the others as they are from each other. Raises TooManyForTheHall.
    """
    boxes = list(islice(_places(width, depth, stand_width, stand_depth, aisle), len(labels)))
    if len(boxes) < len(labels):
        raise TooManyForTheHall(fitting=len(boxes))
    return [Box(label, x, y, stand_width, stand_depth) for label, (x, y) in zip(labels, boxes, strict=True)]


def _places(width: int, depth: int, stand_width: int, stand_depth: int, aisle: int) -> Iterator[tuple[int, int]]:
    for y in range(0, depth - stand_depth + 1, stand_depth + aisle):
        for x in range(0, width - stand_width + 1, stand_width):
            yield x, y
