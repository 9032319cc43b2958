"""Every figure the rule is judged by, recomputed from the meetings alone."""

from __future__ import annotations

from scheduler.checking.reading import Schedule


def coverage(schedule: Schedule) -> tuple[int, ...]:
    """How many participants of the coverage group have at least 1, 2, 3… meetings."""
    group = schedule.instance.get("coverage_group", "structure")
    at_least: list[int] = []
    for identifier, participant in schedule.participants.items():
        if participant.get("group", "") != group:
            continue
        count = len(schedule.by_participant.get(identifier, ()))
        at_least.extend([0] * (count - len(at_least)))
        for rank in range(count):
            at_least[rank] += 1
    return tuple(at_least)


def satisfaction(schedule: Schedule) -> int:
    """The total weight of the met requests."""
    return sum(schedule.requests[request].get("weight", 1) for request in schedule.slot_of)


def breaks(schedule: Schedule) -> int:
    """How many times somebody waits between two meetings of one session."""
    return sum(len(schedule.waits(participant)) for participant in schedule.by_participant)


def idle(schedule: Schedule) -> int:
    """How many slots all those waits last together."""
    return sum(sum(schedule.waits(participant)) for participant in schedule.by_participant)


def changes(schedule: Schedule) -> int:
    """How many requests are met in another slot than before, or newly, or no longer; 0 without a previous schedule."""
    if not schedule.previous:
        return 0
    concerned = schedule.previous.keys() | schedule.slot_of.keys()
    return sum(schedule.previous.get(request) != schedule.slot_of.get(request) for request in concerned)


def moves(schedule: Schedule) -> int:
    """How many requests met before are met still, but in another slot."""
    now = schedule.slot_of
    return sum(request in now and now[request] != slot for request, slot in schedule.previous.items())


def kept(schedule: Schedule) -> int:
    """How many requests are met in the very slot they had."""
    return sum(schedule.slot_of.get(request) == slot for request, slot in schedule.previous.items())
