"""Who meets whom, without when: the bound that no schedule beats."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from scheduler import Instance, Participant, Request, bound, read_instance
from scheduler.flow.relaxation import coverage_of, relax
from scheduler.placing.rooms import room_of, runs_of, slots_with_rests
from scheduler.problem import Problem

REAL = Path(__file__).parent / "instances" / "numeriques-2015-04-17.json"


def problem_of(instance: Instance) -> Problem:
    return Problem(instance, instance.policy)


def small(random: Random) -> Instance:
    """Three desks and four structures, some of them short of slots or of appetite, and nine requests."""
    desks = [Participant(f"B{n}", "buyer", frozenset(random.sample(range(3), random.randint(0, 2)))) for n in range(3)]
    structures = [Participant(f"S{n}", "structure", max_meetings=random.choice([None, None, 1, 2])) for n in range(4)]
    pairs = random.sample([(each.id, desk.id) for each in structures for desk in desks], 9)
    requests = [Request("-".join(pair), pair, random.randint(0, 4), random.random() < 0.1) for pair in pairs]
    return Instance("small", 3, (*desks, *structures), tuple(requests))


def best_by_exhaustion(problem: Problem) -> tuple[tuple[int, ...], int] | None:
    """The best (coverage, satisfaction) over all sets of requests that give nobody more meetings than they can hold."""
    limits = [participant.max_meetings for participant in problem.instance.participants]
    rooms = [room_of(problem, end) for end in range(len(limits))]
    best = None
    for count in range(len(problem.ends) + 1):
        for chosen in combinations(range(len(problem.ends)), count):
            degrees = Counter(end for request in chosen for end in problem.ends[request])
            fits = all(
                degree <= rooms[end] and (limit is None or degree <= limit)
                for end, degree in degrees.items()
                for limit in [limits[end]]
            )
            if fits and problem.required <= set(chosen):
                value = coverage_of(problem, chosen), sum(problem.weights[request] for request in chosen)
                best = value if best is None else max(best, value)
    return best


@pytest.mark.parametrize("seed", range(60))
def test_the_flow_is_the_lexicographic_best_of_all_selections(seed: int) -> None:
    problem = problem_of(small(Random(seed)))
    relaxation = relax(problem)
    found = None if relaxation is None else (relaxation.coverage, relaxation.satisfaction)
    assert found == best_by_exhaustion(problem)


def test_a_second_meeting_never_costs_somebody_their_first() -> None:
    desk = Participant("B1", "buyer", frozenset({2}))
    structures = tuple(Participant(name, "structure") for name in ("S1", "S2"))
    other = Participant("B2", "buyer", frozenset({1, 2}))
    requests = (
        Request("S1-B1", ("S1", "B1"), weight=10),
        Request("S1-B2", ("S1", "B2"), weight=10),
        Request("S2-B2", ("S2", "B2"), weight=0),
    )
    relaxation = relax(problem_of(Instance("two desks", 3, (desk, other, *structures), requests)))
    assert relaxation is not None
    assert relaxation.chosen == (0, 2)


def test_the_morning_of_2015_can_give_everybody_one_meeting_and_seven_a_second() -> None:
    assert [(level.name, level.value) for level in bound(read_instance(REAL.read_text(encoding="utf-8")))] == [
        ("coverage", (120, 7)),
        ("satisfaction", 740),
    ]


def test_the_bound_needs_no_constraint_solver() -> None:
    code = (
        "import sys; from pathlib import Path; from scheduler import bound, read_instance;"
        f"bound(read_instance(Path({str(REAL)!r}).read_bytes()));"
        "print('ortools.sat' in sys.modules or 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"


def test_required_requests_beyond_the_slots_have_no_selection() -> None:
    desk = Participant("B1", "buyer")
    structures = tuple(Participant(f"S{n}", "structure") for n in range(3))
    requests = tuple(Request(f"S{n}", (f"S{n}", "B1"), required=True) for n in range(3))
    assert relax(problem_of(Instance("too many", 2, (desk, *structures), requests))) is None


def test_a_slot_short_of_tables_bounds_the_meetings() -> None:
    desks = tuple(Participant(f"B{n}", "buyer") for n in range(3))
    structures = tuple(Participant(f"S{n}", "structure") for n in range(6))
    requests = tuple(Request(f"S{s}-B{b}", (f"S{s}", f"B{b}")) for s in range(6) for b in range(3))
    relaxation = relax(problem_of(Instance("tables", 2, (*desks, *structures), requests, tables=(1, 2))))
    assert relaxation is not None
    assert relaxation.coverage == (3,)


def test_a_full_desk_with_an_absence_in_the_middle_has_a_break() -> None:
    desk = Participant("B1", "buyer", frozenset({2}))
    structures = tuple(Participant(f"S{n}", "structure") for n in range(4))
    requests = tuple(Request(f"S{n}", (f"S{n}", "B1")) for n in range(4))
    problem = problem_of(Instance("absence", 5, (desk, *structures), requests))
    relaxation = relax(problem)
    assert relaxation is not None
    assert (len(relaxation.chosen), relaxation.breaks) == (4, 1)
    assert runs_of(problem, 0) == (2, [2])


def test_rests_are_counted_out_within_each_session() -> None:
    instance = Instance("rests", 8, (Participant("B1", "buyer"),), (), sessions=((0, 5), (5, 8)))
    assert slots_with_rests(problem_of(instance), 0b11111111, longest=2) == 4 + 2
