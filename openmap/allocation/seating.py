"""Which table each meeting is at: a desk keeps its own, and the others keep one as long as they can."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

Place = tuple[int, int]  # slot, desk; slots sort in time


def seat(
    places: Iterable[Place], *, tables: Sequence[int], own: Mapping[int, int], before: Mapping[int, int]
) -> dict[Place, int]:
    """Return the table of each meeting.

    `own` gives the table that belongs to a desk, `before` the one it had in the schedule before. A slot must not hold
    more meetings than there are tables: raises StopIteration when it does.
    """
    seated: dict[Place, int] = {}
    latest = {desk: table for desk, table in before.items() if table in tables} | dict(own)
    for slot, group in groupby(sorted(places), key=itemgetter(0)):
        present = [desk for _, desk in group]
        taken = {own[desk] for desk in present if desk in own}
        for desk in sorted(present, key=lambda desk: desk not in latest):  # who sits already chooses first
            if desk not in own:
                latest[desk] = _free_table(latest.get(desk), tables, taken, latest.values())
                taken.add(latest[desk])
            seated[slot, desk] = latest[desk]
    return seated


def _free_table(wanted: int | None, tables: Sequence[int], taken: set[int], used: Collection[int]) -> int:
    if wanted is not None and wanted not in taken:
        return wanted
    free = [table for table in tables if table not in taken]
    return next((table for table in free if table not in used), None) or next(iter(free))
