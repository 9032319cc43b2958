"""Solve and publish a morning from the command line, as the organiser's buttons do."""

import json
from collections.abc import Callable
from typing import Any

import click
from flask_babel import force_locale, gettext

from openmap.allocation import queries
from openmap.allocation.jobs import HANDLERS
from openmap.allocation.models import Run
from openmap.allocation.operations import RunSettings, cancel_run, publish_run, start_run
from openmap.allocation.publication import PUBLISHABLE, prepared_mails
from openmap.cli.application import known_event, opened_application
from openmap.cli.progress import shown_steps
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.jobs import JobState
from openmap.core.worker import claim, run_claimed, worker_name
from openmap.meetings.models import ScheduleVersion


@click.command()
@click.argument("slug", metavar="EVENT")
@click.option("--time-limit", type=click.IntRange(1, 3600), default=20, show_default=True, help="Seconds of search.")
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="The same, the same result."
)
def solve(slug: str, time_limit: int, seed: int) -> None:
    """Compute a proposal for a morning here and now, and say how good it is."""
    with opened_application():
        known_event(slug)
        with shown_steps() as steps, steps.step(f"Solving {slug}") as tick:
            run = solve_here(slug, RunSettings(time_limit_s=time_limit, seed=seed), watch=lambda done, _: tick(done))
        for line in headline(run):
            click.echo(line)


@click.command()
@click.argument("slug", metavar="EVENT")
@click.option("--run", "number", type=click.IntRange(1), help="The number of the proposal; the latest one by default.")
def publish(slug: str, number: int | None) -> None:
    """Make a proposal the published schedule, and queue a mail to everyone whose programme changes."""
    with opened_application():
        version = publish_here(_chosen_run(slug, number))
        meetings = len(queries.meetings_in(version))
        click.echo(f"{slug}: version {version.number} published, {meetings} meetings")


def solve_here(slug: str, settings: RunSettings, *, watch: Callable[[float, str], None]) -> Run:
    """Start a run and do its job in this process; raises ClickException when it ends without a schedule."""
    worker = worker_name()
    with unit_of_work():
        run = start_run(known_event(slug), settings, by=None, at=now())
        claim(run.job_id, worker=worker)  # before any other worker sees it
        run_id, job_id = run.id, run.job_id
    try:
        run_claimed(job_id, HANDLERS, worker=worker, watch=watch)
    except KeyboardInterrupt:
        with unit_of_work():
            cancel_run(queries.run_by_id(run_id), by=None, at=now())
        raise
    run = queries.run_by_id(run_id)
    if run.job.state is not JobState.DONE:
        with force_locale("en"):
            raise click.ClickException(gettext(run.job.error) if run.job.error else f"the run was {run.job.state}")
    if run.status not in PUBLISHABLE:
        raise click.ClickException(f"no schedule keeps every rule ({run.status}): look at the pinned meetings")
    return run


def publish_here(run: Run) -> ScheduleVersion:
    """Publish a run, its mails rendered before the write lock is taken."""
    at = now()
    prepared = prepared_mails(run, by=None, at=at)
    with unit_of_work():
        return publish_run(run, by=None, at=at, prepared=prepared)


def _chosen_run(slug: str, number: int | None) -> Run:
    event = known_event(slug)
    if number is not None:
        run = queries.find_run(event, number)
        if run is None:
            raise click.BadParameter(f"{slug} has no proposal {number}", param_hint="--run")
        return run
    solved = (run for run in queries.runs_of(event) if run.status in PUBLISHABLE)
    run = next(solved, None)
    if run is None:
        raise click.ClickException(f"{slug} has no proposal yet: run `openmap solve {slug}` first")
    return run


def headline(run: Run) -> list[str]:
    """How good a proposal is: each figure with its bound, and whether it is proven."""
    meetings = len(queries.allocations_of(run))
    lines = [f"{run.event.slug}, proposal {run.number}: {meetings} meetings of {_places(run)} places ({run.status})"]
    lines += [f"  {level['name']:<13}{_figure(level)}" for level in run.objectives or []]
    return lines


def _places(run: Run) -> int:
    """How many meetings the desks could hold if everyone asked them."""
    instance = json.loads(run.instance)
    desks = (each for each in instance["participants"] if each.get("group") == "buyer")
    return sum(instance["slots"] - len(each.get("unavailable", ())) for each in desks)


def _figure(level: dict[str, Any]) -> str:
    value, bound = level["value"], level["bound"]
    if isinstance(value, list):
        value, bound = (
            ", ".join(f"{count} with {rank}+" for rank, count in enumerate(part, 1)) for part in (value, bound)
        )
    return f"{value} (proven)" if level["proven"] else f"{value} (not proven; bound {bound})"
