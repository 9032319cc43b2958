"""From the question to stored proposals, with the real solver in its child process."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy

from openmap.allocation import child, queries
from openmap.allocation.jobs import KILLED, solve_run
from openmap.allocation.models import Pin
from openmap.allocation.operations import (
    NothingToSolve,
    PinImpossible,
    RunAlreadyActive,
    cancel_run,
    pin_meeting,
    start_run,
    store_solution,
    unpin_meeting,
)
from openmap.allocation.problem import SolutionRefused
from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.jobs import JobState
from openmap.core.worker import JobCancelled, JobContext
from openmap.events.access import event_or_404
from openmap.registrations.models import Unavailability
from tests.allocation.conftest import SETTINGS, Morning
from tests.factories import build_event


def test_everyone_gets_a_meeting_and_the_rest_gets_a_reason(solved: Morning) -> None:
    run = solved.run()
    met = {(each.request.requester.title, each.request.desk.name) for each in queries.allocations_of(run)}
    assert met == {("Amina", "Achats"), ("Bruno", "DSI"), ("Chloe", "DSI")}
    left_out = {
        (each.request.requester.title, each.request.desk.name): each.reason for each in queries.unmet_requests_of(run)
    }
    assert left_out == {("Amina", "DSI"): "buyer_full", ("Bruno", "Achats"): "declined"}
    coverage = next(level for level in run.objectives or () if level["name"] == "coverage")
    assert coverage == {"name": "coverage", "value": [3], "bound": [3], "proven": True}
    assert run.job.state is JobState.DONE


def test_a_desk_with_a_table_of_its_own_sits_there(solved: Morning) -> None:
    tables = {(each.request.desk.name, each.table.number) for each in queries.allocations_of(solved.run())}
    assert tables == {("DSI", 2), ("Achats", 1)}


def test_the_reason_knows_how_many_slots_go_to_structures_without_another_meeting(solved: Morning) -> None:
    unmet = next(each for each in queries.unmet_requests_of(solved.run()) if each.reason == "buyer_full")
    assert (unmet.desk_meetings, unmet.desk_only_meetings) == (2, 2)


def test_one_solve_at_a_time(morning: Morning) -> None:
    morning.start()
    with pytest.raises(RunAlreadyActive):
        morning.start()
    assert [run.number for run in queries.runs_of(morning.event)] == [1]


def test_a_morning_without_requests_has_nothing_to_solve(morning: Morning) -> None:
    with unit_of_work():
        build_event(slug="vide", at=now())
    empty = event_or_404("vide")
    with pytest.raises(NothingToSolve), unit_of_work():
        start_run(empty, SETTINGS, by=None, at=now())
    assert queries.runs_of(empty) == []


def test_a_run_that_waits_is_cancelled_at_once_and_another_may_start(morning: Morning) -> None:
    run = morning.start()
    with unit_of_work():
        cancel_run(run, by=None, at=now())
    assert morning.run().job.state is JobState.CANCELLED
    assert morning.start().number == 2


def test_cancelling_a_running_solve_ends_its_child_and_stores_nothing(morning: Morning) -> None:
    run_id = morning.start().id
    context = JobContext(job_id=0, subject_id=run_id, worker="worker")
    context.stopped.set()
    with pytest.raises(JobCancelled):
        solve_run(context)
    assert morning.run().status is None
    assert solver_children() == []


def test_a_killed_solver_fails_the_run_with_a_sentence(morning: Morning) -> None:
    morning.start()
    over = threading.Event()
    killer = threading.Thread(target=kill_solvers, args=(over,))
    killer.start()
    morning.work()
    over.set()
    killer.join()
    run = morning.run()
    assert (run.job.state, run.job.error, run.status) == (JobState.FAILED, KILLED, None)
    assert morning.start().number == 2


def kill_solvers(over: threading.Event) -> None:
    while not over.wait(0.02):
        for pid in solver_children():
            os.kill(pid, signal.SIGKILL)


def solver_children(parent: int = os.getpid()) -> list[int]:
    """The children of a process that are, or are about to become, the scheduler."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            its_parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if its_parent == parent and b"solve" in command:
            found.append(int(folder.name))
    return found


def test_a_solver_that_outlives_its_wall_is_stopped(morning: Morning) -> None:
    """The wall is 5 s beyond 1.2 times the limit; a negative limit makes it pass at once, and the child refuses it."""
    watch = child.Watch(beat=lambda _progress, _phase: None, cancelled=lambda: False)
    result = child.solve(morning.start().instance, time_limit_s=-5, seed=0, policy="draft", watch=watch)
    assert result.was_overdue
    assert result.code != 0
    assert solver_children() == []


def test_the_solver_dies_with_a_killed_worker() -> None:
    """On this question it would search for its whole minute."""
    program = """
from openmap.allocation import child
from scheduler import dump_instance
from scheduler.generate import Recipe, generate
instance = dump_instance(generate(Recipe(buyers=50, structures=300, requests=2000, slots=16)))
watch = child.Watch(beat=lambda progress, phase: print(phase, flush=True), cancelled=lambda: False)
child.solve(instance, time_limit_s=60, seed=0, policy="draft", watch=watch)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        worker.stdout.readline()  # it is at work
        (solver,) = solver_children(worker.pid)
        worker.kill()
        worker.wait()
    assert is_gone(solver, within_s=10)


def is_gone(pid: int, *, within_s: float) -> bool:
    """Whether a process of someone else ends in time; its descriptor becomes readable when it does."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], within_s)[0])
    finally:
        os.close(descriptor)


def test_the_child_is_confined(morning: Morning) -> None:
    """As a child, it has its memory cap and yields to others."""
    asks = "import os, resource; print(resource.getrlimit(resource.RLIMIT_AS)[0], os.nice(0))"
    program = f"""
import os, sys
from openmap.allocation import confined
os.execv = lambda path, arguments: print(arguments[1:])
confined.main([str(os.getppid()), str(2**30), "solve", "-"])
{asks}
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert answer.stdout.splitlines()[0] == "['-m', 'scheduler', 'solve', '-']"
    assert answer.stdout.splitlines()[1].split() == [str(2**30), "19"]


def test_an_answer_that_breaks_a_rule_is_not_stored(solved: Morning) -> None:
    text = solved.run().solution or ""
    run_id = solved.start().id
    crowded = text.replace('"slot":1', '"slot":0')
    with pytest.raises(SolutionRefused, match="one_meeting_at_a_time"), unit_of_work():
        store_solution(queries.run_by_id(run_id), crowded, at=now())
    assert solved.run(2).status is None
    assert queries.allocations_of(solved.run(2)) == []


def test_a_solution_is_stored_once_even_if_two_workers_bring_it(solved: Morning) -> None:
    run = solved.run()
    text = run.solution or ""
    with unit_of_work():
        store_solution(run, text, at=now())
    assert len(queries.allocations_of(solved.run())) == 3


def test_a_pinned_meeting_stays_at_its_slot_in_the_next_proposal(solved: Morning) -> None:
    bruno = next(e for e in queries.allocations_of(solved.run()) if e.request.requester.title == "Bruno")
    slot = bruno.slot.position
    with unit_of_work():
        pin_meeting(bruno, by=None, at=now())
    run = solved.solve()
    placed = {each.request.requester.title: each.slot.position for each in queries.allocations_of(run)}
    assert placed["Bruno"] == slot
    assert len(json.loads(run.instance)["pins"]) == 1


def test_two_meetings_of_a_desk_are_never_pinned_to_one_slot(solved: Morning) -> None:
    run = solved.run()
    bruno, chloe = (
        next(each for each in queries.allocations_of(run) if each.request.requester.title == name)
        for name in ("Bruno", "Chloe")
    )
    with unit_of_work():
        session.add(Pin(event_id=run.event_id, request_id=bruno.request_id, slot_id=chloe.slot_id, created_at=now()))
    with pytest.raises(PinImpossible), unit_of_work():
        pin_meeting(chloe, by=None, at=now())
    assert [pin.request_id for pin in queries.pins_of(solved.event)] == [bruno.request_id]


def test_a_pin_is_let_go_on_record(solved: Morning) -> None:
    with unit_of_work():
        pin_meeting(queries.allocations_of(solved.run())[0], by=None, at=now())
    with unit_of_work():
        unpin_meeting(solved.event, queries.allocations_of(solved.run())[0].request, by=None, at=now())
    assert queries.pins_of(solved.event) == []
    actions = session.scalars(sqlalchemy.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["meeting.pinned", "meeting.unpinned"]


def test_pins_that_contradict_an_absence_end_as_impossible(solved: Morning) -> None:
    allocation = queries.allocations_of(solved.run())[0]
    with unit_of_work():
        pin_meeting(allocation, by=None, at=now())
        absent = Unavailability(registration_id=allocation.request.requester_id, slot_id=allocation.slot_id)
        session.add(absent)
    run = solved.solve()
    assert (run.job.state, run.status) == (JobState.DONE, "infeasible")
    assert queries.allocations_of(run) == []
