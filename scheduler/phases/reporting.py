"""The result of a search in words and numbers, judged by the independent check before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scheduler.checks import Question, violations_of
from scheduler.errors import WrongResult
from scheduler.explain import Explanation, explained
from scheduler.formats.serialization import instance_rows, instance_sha256, solution_rows
from scheduler.phases.search import Outcome, Search
from scheduler.placing.rooms import too_many_required
from scheduler.placing.seating import numbered_tables
from scheduler.problem import Fixed, Problem
from scheduler.solution import Meeting, Solution, Status
from scheduler.supposing.effort import BRIEF, WITHIN_A_SOLVE, Effort
from scheduler.versions import versions

MOST_REQUESTS = 15_000  # beyond, changes are not tried by solving again: `explain` does that when asked
MOST_LITERALS = 400_000  # requests times slots, beyond which a contradiction is not looked for in the whole
SECONDS_OF_EXCHANGES = 3e-6  # per request, of the exchange graph
SECONDS_TO_TRY = 1.5  # that takes up to a second: not where less is left, or where the caller wants to stop

STATUS = {
    Outcome.PROVEN: Status.OPTIMAL,
    Outcome.FOUND: Status.FEASIBLE,
    Outcome.IMPOSSIBLE: Status.INFEASIBLE,
    Outcome.NOTHING: Status.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the report needs to know of the instance, whatever the schedule: got ready while nobody waits for it."""

    sha256: str
    question: Question


def prepared(search: Search) -> Prepared | None:
    """Take the fingerprint of an instance, and let the independent checker read it and take its own.

    Returns None where the search is given up meanwhile.
    """
    instance = search.problem.instance
    sha256 = instance_sha256(instance)
    if search.is_given_up():
        return None
    question = Question(instance_rows(instance))
    return None if search.is_given_up() else Prepared(sha256, question.read_fully())


def unknown(search: Search) -> Solution:
    """Return that nothing is known: there was no time even to begin."""
    return _solution(search, Outcome.NOTHING, instance_sha256(search.problem.instance))


def reported(search: Search, outcome: Outcome, known: Prepared) -> Solution:
    """Return the checked solution; raises WrongResult if the check refuses it, which is a bug."""
    solution = _solution(search, outcome, known.sha256)
    found = violations_of(known.question, solution_rows(solution))
    if found:
        raise WrongResult("; ".join(map(str, found[:5])))
    return solution


def _solution(search: Search, outcome: Outcome, sha256: str) -> Solution:
    status = STATUS[outcome]
    schedule = (search.best or {}) if status in {Status.OPTIMAL, Status.FEASIBLE} else None
    why_not = Explanation((), all_tried=True) if schedule is None else _why_not(search, schedule)
    return Solution(
        instance_sha256=sha256,
        status=status,
        seconds=search.clock.spent(),
        seed=search.config.seed,
        versions=versions(),
        meetings=() if schedule is None else _meetings(search, schedule),
        objectives=() if schedule is None else search.levels(),
        unmet=why_not.unmet,
        all_tried=why_not.all_tried,
        conflict=_conflict(search) if outcome is Outcome.IMPOSSIBLE else (),
    )


def _why_not(search: Search, schedule: Fixed) -> Explanation:
    def stops() -> bool:
        return not search.clock.allows(0.0)

    return explained(search.problem, schedule, _effort(search), should_stop=stops)


def _effort(search: Search) -> Effort | None:
    """Say how far reasons may go: without solving again for large instances and where the time is short.

    Who has stopped the search waits for its schedule: no change is tried at all.
    """
    requests = len(search.problem.ends)
    if not search.clock.allows(SECONDS_OF_EXCHANGES * requests):
        return None
    return BRIEF if requests > MOST_REQUESTS or not search.clock.allows(SECONDS_TO_TRY) else WITHIN_A_SOLVE


def _meetings(search: Search, schedule: Fixed) -> tuple[Meeting, ...]:
    requests = search.problem.instance.requests
    tables = numbered_tables(search.problem, schedule)
    order = sorted(schedule, key=lambda request: (schedule[request], request))
    return tuple([Meeting(requests[each].id, schedule[each], tables.get(each)) for each in order])


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
