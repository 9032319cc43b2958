"""The published rule by exhaustion: every schedule of a tiny instance is built, judged, and the best kept.

It shares no code with the package, so that solver, checker and this file must agree by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

Document = Mapping[str, Any]
Places = dict[str, int]
Figure = int | tuple[int, ...]

MINIMISED = {"breaks", "idle", "changes", "moves"}
DEFAULT_POLICY = ("coverage", "satisfaction", "breaks", "idle", "changes")


def best_figures(instance: Document) -> dict[str, Figure] | None:
    """The figures of the best schedule by the instance's policy; None when the hard rules allow none."""
    policy = instance.get("policy", DEFAULT_POLICY)
    ranked = ((_rank(figures(instance, places), policy), places) for places in schedules(instance))
    best = max(ranked, default=None, key=lambda pair: pair[0])
    return None if best is None else figures(instance, best[1])


def _rank(values: Mapping[str, Figure], policy: Any) -> tuple[Any, ...]:
    return tuple(-values[name] if name in MINIMISED else values[name] for name in policy)  # type: ignore[operator]  # minimised levels are numbers


def schedules(instance: Document) -> Iterator[Places]:
    """Every schedule that keeps all hard rules."""
    yield from (places for places in _extend(instance, list(instance["requests"]), {}) if _right(instance, places))


def _extend(instance: Document, requests: list[Document], places: Places) -> Iterator[Places]:
    if not requests:
        yield places
        return
    first, rest = requests[0], requests[1:]
    if not first.get("required"):
        yield from _extend(instance, rest, places)
    for slot in range(instance["slots"]) if first.get("slots") is None else first["slots"]:
        longer = {**places, first["id"]: slot}
        if _fits(instance, longer, slot):
            yield from _extend(instance, rest, longer)


def _fits(instance: Document, places: Places, slot: int) -> bool:
    here = [request for request in instance["requests"] if places.get(request["id"]) == slot]
    tables = instance.get("tables")
    if tables is not None and len(here) > (tables if isinstance(tables, int) else tables[slot]):
        return False
    present = Counter(name for request in here for name in request["between"])
    return all(
        present[each["id"]] <= each.get("capacity", 1) and slot not in each.get("unavailable", ())
        for each in instance["participants"]
        if present[each["id"]]
    )


def _right(instance: Document, places: Places) -> bool:
    for each in instance["participants"]:
        mine = _slots_of(instance, places, each["id"])
        if each.get("max_meetings") is not None and len(mine) > each["max_meetings"]:
            return False
        limit = each.get("max_consecutive")
        if limit is not None and any(
            set(range(start, start + limit + 1)) <= set(mine)
            for first, end in _sessions(instance)
            for start in range(first, end - limit)
        ):
            return False
    if any(places.get(pin["request"]) != pin["slot"] for pin in instance.get("pins", ())):
        return False
    if any(a in places and b in places and places[a] >= places[b] for a, b in instance.get("precedences", ())):
        return False
    difference = instance.get("max_break_difference")
    counts = [len(_holes(instance, places, each["id"])) for each in instance["participants"]]
    return difference is None or not counts or max(counts) - min(counts) <= difference


def _sessions(instance: Document) -> list[list[int]]:
    return instance.get("sessions") or [[0, instance["slots"]]]


def _slots_of(instance: Document, places: Places, participant: str) -> list[int]:
    return sorted(places[r["id"]] for r in instance["requests"] if r["id"] in places and participant in r["between"])


def _holes(instance: Document, places: Places, participant: str) -> list[int]:
    """Lengths of the runs of free slots that have a meeting on either side, session by session."""
    busy = set(_slots_of(instance, places, participant))
    return [
        late - early - 1
        for start, end in _sessions(instance)
        for early, late in combinations([slot for slot in range(start, end) if slot in busy], 2)
        if late > early + 1 and not busy & set(range(early + 1, late))
    ]


def figures(instance: Document, places: Places) -> dict[str, Figure]:
    """Every figure of a schedule, by name."""
    group = instance.get("coverage_group", "structure")
    counts = [
        len(_slots_of(instance, places, each["id"]))
        for each in instance["participants"]
        if each.get("group", "") == group
    ]
    holes = [hole for each in instance["participants"] for hole in _holes(instance, places, each["id"])]
    before = {each["request"]: each["slot"] for each in instance.get("previous", ())}
    return {
        "coverage": tuple(sum(count >= rank for count in counts) for rank in range(1, max(counts, default=0) + 1)),
        "satisfaction": sum(each.get("weight", 1) for each in instance["requests"] if each["id"] in places),
        "breaks": len(holes),
        "idle": sum(holes),
        "changes": sum(before.get(each["id"]) != places.get(each["id"]) for each in instance["requests"])
        if before
        else 0,
        "moves": sum(request in places and places[request] != slot for request, slot in before.items()),
        "kept": sum(places.get(request) == slot for request, slot in before.items()),
    }
