"""When the chosen meetings take place: colours, chains, tables."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from scheduler import Instance, Participant, Pin, Request
from scheduler.placing.colouring import Timetable, colour, place_by_chain, place_directly
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Problem


def meeting_everybody(desks: int, structures: int, slots: int, **more: object) -> Problem:
    """Every structure asks for every desk, and everybody is free."""
    participants = [Participant(f"B{n}", "buyer") for n in range(desks)]
    participants += [Participant(f"S{n}", "structure") for n in range(structures)]
    requests = [Request(f"S{s}-B{b}", (f"S{s}", f"B{b}")) for s in range(structures) for b in range(desks)]
    instance = Instance("everybody", slots, tuple(participants), tuple(requests), **more)  # type: ignore[arg-type]  # by name
    return Problem(instance, instance.policy)


@pytest.mark.parametrize("size", [2, 5, 9])
def test_where_all_are_free_as_many_slots_as_meetings_each_suffice(size: int) -> None:
    problem = meeting_everybody(size, size, size)
    timetable = colour(problem, range(size * size))
    assert timetable.unplaced() == []
    assert keeps_hard_rules(problem, timetable.meetings())


def test_a_chain_makes_room_where_no_slot_is_free_for_both() -> None:
    problem = meeting_everybody(2, 2, 2)
    blocked = Timetable(problem, [0, 3, 1])
    blocked.put(0, 0)  # S0 meets B0 in slot 0
    blocked.put(1, 1)  # S1 meets B1 in slot 1: S0 and B1 share no free slot
    assert not place_directly(blocked, 2)
    assert place_by_chain(blocked, 2)
    assert keeps_hard_rules(problem, blocked.meetings())
    assert len(blocked.meetings()) == 3


def test_exactly_enough_tables_are_filled_evenly() -> None:
    problem = meeting_everybody(6, 6, 9, tables=4)
    timetable = colour(problem, range(36))
    assert timetable.unplaced() == []
    assert set(Counter(timetable.meetings().values()).values()) == {4}


def test_a_desk_of_two_holds_two_meetings_at_once() -> None:
    participants = (Participant("B", "buyer", capacity=2), *(Participant(f"S{n}", "structure") for n in range(4)))
    instance = Instance("double", 2, participants, tuple(Request(f"S{n}", (f"S{n}", "B")) for n in range(4)))
    timetable = colour(Problem(instance, instance.policy), range(4))
    assert Counter(timetable.meetings().values()) == {0: 2, 1: 2}


def test_fixed_meetings_stay_and_the_hint_is_followed() -> None:
    problem = meeting_everybody(2, 2, 4)
    timetable = colour(problem, range(4), {0: 3}, hint={3: 2})
    assert timetable.meetings()[0] == 3
    assert timetable.meetings()[3] == 2
    assert timetable.unplaced() == []


@pytest.mark.parametrize("seed", range(20))
def test_what_is_placed_never_breaks_a_rule(seed: int) -> None:
    random = Random(seed)
    participants = [
        Participant(f"{side}{n}", group, frozenset(random.sample(range(6), random.randint(0, 4))))
        for side, group in (("B", "buyer"), ("S", "structure"))
        for n in range(6)
    ]
    requests = [Request(f"S{s}-B{b}", (f"S{s}", f"B{b}")) for s in range(6) for b in range(6)]
    instance = Instance("absences", 6, tuple(participants), tuple(requests), tables=4, pins=(Pin("S0-B0", 5),))
    problem = Problem(instance, instance.policy)
    timetable = colour(problem, random.sample(range(36), 20), seed=seed)
    assert keeps_hard_rules(problem, timetable.meetings(), partial=True)
    assert len(timetable.meetings()) + len(timetable.unplaced()) == 20
