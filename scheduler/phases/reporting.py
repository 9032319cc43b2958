"""The result of a search in words and numbers, judged by the independent check before anybody sees it."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from scheduler.checks import violations
from scheduler.errors import WrongResult
from scheduler.explain import explained
from scheduler.formats.serialization import instance_rows, instance_sha256, solution_rows
from scheduler.phases.search import Outcome, Search
from scheduler.placing.rooms import too_many_required
from scheduler.placing.seating import numbered_tables
from scheduler.problem import Fixed, Problem
from scheduler.solution import Meeting, Solution, Status, Unmet
from scheduler.supposing.effort import BRIEF, WITHIN_A_SOLVE, Effort

MOST_REQUESTS = 15_000  # beyond, changes are not tried by solving again: `explain` does that when asked
MOST_LITERALS = 400_000  # requests times slots, beyond which a contradiction is not looked for in the whole
SECONDS_TO_TRY = 1.5  # that takes up to a second: not where less is left, or where the caller wants to stop

STATUS = {
    Outcome.PROVEN: Status.OPTIMAL,
    Outcome.FOUND: Status.FEASIBLE,
    Outcome.IMPOSSIBLE: Status.INFEASIBLE,
    Outcome.NOTHING: Status.UNKNOWN,
}


def reported(search: Search, outcome: Outcome) -> Solution:
    """Return the checked solution; raises WrongResult if the check refuses it, which is a bug."""
    instance = search.problem.instance
    solution = _solution(search, outcome, instance_sha256(instance))
    found = violations(instance_rows(instance), solution_rows(solution))
    if found:
        raise WrongResult("; ".join(map(str, found[:5])))
    return solution


def _solution(search: Search, outcome: Outcome, sha256: str) -> Solution:
    status = STATUS[outcome]
    schedule = (search.best or {}) if status in {Status.OPTIMAL, Status.FEASIBLE} else None
    return Solution(
        instance_sha256=sha256,
        status=status,
        seconds=search.clock.spent(),
        seed=search.config.seed,
        versions=_versions(),
        meetings=() if schedule is None else _meetings(search, schedule),
        objectives=() if schedule is None else search.levels(),
        unmet=() if schedule is None else _unmet(search, schedule),
        conflict=_conflict(search) if outcome is Outcome.IMPOSSIBLE else (),
    )


def _unmet(search: Search, schedule: Fixed) -> tuple[Unmet, ...]:
    def stops() -> bool:
        return not search.clock.allows(0.0)

    return explained(search.problem, schedule, _effort(search), should_stop=stops).unmet


def _effort(search: Search) -> Effort:
    """Say how far reasons may go: without solving again for large instances, and where the time is short."""
    large = len(search.problem.ends) > MOST_REQUESTS
    return BRIEF if large or not search.clock.allows(SECONDS_TO_TRY) else WITHIN_A_SOLVE


def _meetings(search: Search, schedule: Fixed) -> tuple[Meeting, ...]:
    requests = search.problem.instance.requests
    tables = numbered_tables(search.problem, schedule)
    order = sorted(schedule, key=lambda request: (schedule[request], request))
    return tuple(Meeting(requests[each].id, schedule[each], tables.get(each)) for each in order)


def _conflict(search: Search) -> tuple[str, ...]:
    from scheduler.exact.conflict import smallest_conflict  # CP-SAT takes a second to import

    problem = search.problem
    crowd = too_many_required(problem)
    if crowd:
        problem = _with_requests(problem, crowd)
    elif sum(mask.bit_count() for mask in problem.allowed) > MOST_LITERALS:
        return (f"{len(problem.required)} meetings are required, and all slots together don't hold as many",)
    return smallest_conflict(problem, search.clock, search.config)


def _with_requests(problem: Problem, requests: list[int]) -> Problem:
    """Return the problem of these requests alone: what contradicts itself there does so among all."""
    instance = problem.instance
    chosen = tuple(instance.requests[request] for request in requests)
    names = {request.id for request in chosen}
    pins = tuple(pin for pin in instance.pins if pin.request in names)
    return Problem(replace(instance, requests=chosen, pins=pins, precedences=(), previous=()), problem.policy)


def _versions() -> dict[str, str]:
    versions = {}
    for name in ("openmap", "ortools"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unknown"
    return versions
