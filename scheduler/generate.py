"""Random instances from a seed, for benchmarks and trials: the same arguments give the same instance everywhere."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import log
from random import Random

from scheduler.errors import InvalidInput
from scheduler.instance import MAX_PARTICIPANTS, MAX_REQUESTS, MAX_SLOTS, Instance, Participant, Request

FIRST_CHOICE_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a generated instance looks like.

    `skew`: the buyer of popularity rank r is asked proportionally to 1/r^skew. `unavailability`: share of slots,
    0 to 1, that a participant can't do; with `half_days`, share of the halves of the meeting instead.
    """

    buyers: int
    structures: int
    requests: int
    slots: int
    seed: int = 0
    skew: float = 0.8
    unavailability: float = 0.1
    half_days: bool = False
    tables: int | None = None

    def __post_init__(self) -> None:
        """Refuse, with the name of the field, what can't be generated."""
        _between("buyers", self.buyers, 1, MAX_PARTICIPANTS)
        _between("structures", self.structures, 1, MAX_PARTICIPANTS)
        _between("slots", self.slots, 1, MAX_SLOTS)
        _between("requests", self.requests, 0, min(MAX_REQUESTS, self.buyers * self.structures))
        _between("skew", self.skew, 0, 10)
        _between("unavailability", self.unavailability, 0, 1)


def generate(recipe: Recipe) -> Instance:
    """Return the instance of `recipe`; raises InvalidInstance where it would exceed the limits of the format."""
    random = Random(recipe.seed)
    buyers = [f"B{number:0{len(str(recipe.buyers))}}" for number in range(1, recipe.buyers + 1)]
    structures = [f"S{number:0{len(str(recipe.structures))}}" for number in range(1, recipe.structures + 1)]
    requests = tuple(_requests(recipe, buyers, structures, random))
    return Instance(
        name=f"generated-{recipe.buyers}x{recipe.structures}-{recipe.requests}-{recipe.slots}-{recipe.seed}",
        slots=recipe.slots,
        tables=recipe.tables,
        participants=(
            *(Participant(name, "buyer", _absences(recipe, random)) for name in buyers),
            *(Participant(name, "structure", _absences(recipe, random)) for name in structures),
        ),
        requests=requests,
    )


def _between(field: str, value: float, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidInput(field, f"must be between {low} and {high}, got {value}")


def _requests(recipe: Recipe, buyers: list[str], structures: list[str], random: Random) -> Iterator[Request]:
    # Whole numbers: a last bit that differs between two mathematical libraries must not change the draw.
    popularity = [max(1, round(1e12 / rank**recipe.skew)) for rank in range(1, len(buyers) + 1)]
    ceilings = list(accumulate(popularity))
    each, more = divmod(recipe.requests, len(structures))
    for number, structure in enumerate(structures):
        wanted = each + (number < more)
        draw = _few if wanted * 4 <= len(buyers) and recipe.skew <= 1 else _many
        for rank, chosen in enumerate(draw(wanted, popularity, ceilings, random)):
            buyer = buyers[chosen]
            yield Request(f"{structure}-{buyer}", (structure, buyer), weight=max(1, FIRST_CHOICE_WEIGHT - rank))


def _few(wanted: int, _popularity: list[int], ceilings: list[int], random: Random) -> list[int]:
    """Draw distinct buyers by popularity, most wanted first, throwing again when one comes twice."""
    chosen: dict[int, None] = {}
    while len(chosen) < wanted:
        chosen.setdefault(bisect_right(ceilings, int(random.random() * ceilings[-1])))
    return list(chosen)


def _many(wanted: int, popularity: list[int], _ceilings: list[int], random: Random) -> list[int]:
    """Draw the same way by exponential clocks: the popular ones ring early, and nothing is thrown twice."""
    clocks = [(-log(1 - random.random()) / weight, index) for index, weight in enumerate(popularity)]
    return [index for _, index in sorted(clocks)[:wanted]]


def _absences(recipe: Recipe, random: Random) -> frozenset[int]:
    if not recipe.half_days:
        return frozenset(slot for slot in range(recipe.slots) if random.random() < recipe.unavailability)
    noon = recipe.slots // 2
    halves = (range(noon), range(noon, recipe.slots))
    return frozenset(slot for half in halves if random.random() < recipe.unavailability for slot in half)
