"""What the worker does for a run: solve in a child process, then keep the checked answer."""

import logging

from openmap.allocation import child, queries
from openmap.allocation.operations import JOB_KIND, store_solution
from openmap.allocation.problem import SolutionRefused
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.text import mark
from openmap.core.worker import Handler, JobCancelled, JobContext, JobFailed

SOLVED, INVALID_INPUT, INFEASIBLE = 0, 2, 3

TOO_LONG = mark("Le calcul n’a rien rendu dans le temps donné. Relancez-le avec plus de temps.")
KILLED = mark(
    "Le calcul a été arrêté par le système, sans doute faute de mémoire. Rien n’a changé ; relancez-le, et "
    "prévenez-nous si cela se répète."
)
NOT_ACCEPTED = mark(
    "Les données de la matinale n’ont pas été acceptées par le calcul. Rien n’a changé ; prévenez-nous."
)
STOPPED = mark(
    "Le calcul s’est arrêté sur une erreur. Rien n’a changé ; relancez-le, et prévenez-nous si cela se répète."
)
NOTHING_FOUND = mark("Aucun planning n’a été trouvé dans le temps donné. Relancez le calcul avec plus de temps.")
REFUSED = mark(
    "La réponse du calcul n’a pas passé la vérification et n’a pas été gardée. Rien n’a changé ; prévenez-nous."
)

log = logging.getLogger(__name__)


def solve_run(context: JobContext) -> None:
    """Solve the run `context.subject_id`; raises JobCancelled, JobFailed with a sentence for the organiser.

    No transaction is open while the child works.
    """
    run = queries.run_by_id(context.subject_id)
    if run.status is not None:  # a worker that died after storing the solution
        return
    instance, limit, seed, policy = run.instance, run.time_limit_s, run.seed, run.policy
    session.rollback()
    watch = child.Watch(beat=context.beat, cancelled=context.cancel_requested)
    result = child.solve(instance, time_limit_s=limit, seed=seed, policy=policy, watch=watch)
    if result.was_cancelled:
        raise JobCancelled
    if result.code not in {SOLVED, INFEASIBLE}:
        log.error("run %s: the solver ended with %s: %s", context.subject_id, result.code, result.complaint)
        raise JobFailed(_sentence(result))
    _keep(context.subject_id, result.output)


def _sentence(result: child.Result) -> str:
    if result.was_overdue:
        return TOO_LONG
    if result.code < 0 or "memory" in result.complaint:
        return KILLED
    if result.code == INVALID_INPUT:
        return NOT_ACCEPTED
    return NOTHING_FOUND if "no schedule was found" in result.complaint else STOPPED


def _keep(run_id: int, output: str) -> None:
    try:
        with unit_of_work():
            store_solution(queries.run_by_id(run_id), output, at=now())
    except SolutionRefused as wrong:
        log.exception("run %s: the answer was refused", run_id)
        raise JobFailed(REFUSED) from wrong


HANDLERS: dict[str, Handler] = {JOB_KIND: solve_run}
