"""One method on one instance in this process alone, so that its memory is its own: prints one JSON object."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic

from scheduler.benchmarks.answer import Answer
from scheduler.formats.serialization import read_instance
from scheduler.instance import Instance
from scheduler.problem import Fixed, Problem
from scheduler.solution import Progress, Status


def answered(method: str, instance: Instance, time_limit_s: float, workers: int) -> dict[str, object]:
    """Return what `method` (openmap, plain or highs) answers within the time, as JSON."""
    problem = Problem(instance, instance.policy)
    answer = Answer()
    if method == "openmap":
        _solve_by_openmap(problem, answer, time_limit_s, workers)
    elif method == "plain":
        from scheduler.benchmarks.plain import solve_plainly

        solve_plainly(problem, answer, time_limit_s, workers)
    else:
        from scheduler.benchmarks.highs import solve_with_highs

        solve_with_highs(problem, answer, time_limit_s)
    return answer.document(problem)


def _solve_by_openmap(problem: Problem, answer: Answer, time_limit_s: float, workers: int) -> None:
    from scheduler.config import SolverConfig
    from scheduler.solver import solve

    seen: list[object] = [()]

    def watch(progress: Progress) -> None:
        values = [(level.name, level.value) for level in progress.levels]
        if values and values != seen[0]:
            seen[0] = values
            answer.note(monotonic())

    solution = solve(problem.instance, SolverConfig(time_limit_s=time_limit_s, workers=workers), on_progress=watch)
    answer.impossible = solution.status is Status.INFEASIBLE
    answer.proven = solution.status in {Status.OPTIMAL, Status.INFEASIBLE}
    answer.bounds = {str(level.name): level.bound for level in solution.objectives}
    if solution.status in {Status.OPTIMAL, Status.FEASIBLE}:
        schedule: Fixed = {problem.request_index[each.request]: each.slot for each in solution.meetings}
        answer.schedule = schedule


def main(arguments: list[str]) -> int:
    """Answer for METHOD INSTANCE SECONDS WORKERS."""
    method, path, seconds, workers = arguments
    instance = read_instance(Path(path).read_bytes())
    sys.stdout.write(json.dumps(answered(method, instance, float(seconds), int(workers))) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
