"""`openmap demo`: everything to look around in, without a mail leaving the machine."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask, url_for

from openmap.accounts.models import Person
from openmap.accounts.operations import issue_link
from openmap.allocation.operations import RunSettings
from openmap.cli.application import known_event, opened_application
from openmap.cli.processes import port_option
from openmap.cli.progress import Steps, shown_steps
from openmap.cli.schedules import publish_here, solve_here
from openmap.cli.serving import default_port, local_address, serve_until_stopped
from openmap.config import BadSetting, read_config
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.logs import start_logging
from openmap.demo import queries
from openmap.demo.mornings import OPEN, PUBLISHED, open_morning, published_morning
from openmap.demo.operations import add_morning, add_newcomers, add_organiser
from openmap.events.queries import find_event
from openmap.meetings.queries import current_version

HOST = "127.0.0.1"
BEGINNING = datetime(2017, 11, 2, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
LENGTH = timedelta(days=6)  # then registration for the open morning closes, and the clock starts again
LINK_LIFETIME = timedelta(days=7)
# Where each person's link leads, by morning: what there is to see or to do.
FIRST_PAGES = {
    PUBLISHED: {"buyer": "agendas.show", "structure": "agendas.show"},
    OPEN: {"buyer": "meeting_requests.received", "structure": "meeting_requests.choose"},
}


@click.command()
@port_option
@click.option("--no-serve", is_flag=True, help="Prepare everything, print the links and end.")
def demo(port: int | None, *, no_serve: bool) -> None:
    """Show OpenMap on two real mornings; running it again is harmless.

    It is 2 November 2017: the morning of 2015 is published, that of 16 November is open for requests.
    """
    start_logging(shows_requests=False)
    port = port or default_port()
    local_address(port)
    set_clock(_own_data_dir())
    with ExitStack() as stack:
        with shown_steps() as steps:
            with steps.step("Preparing the database"):
                app = stack.enter_context(opened_application(migrates=True))
            _prepare(steps)

        def say_hello() -> None:
            click.echo("\n".join(_guide(app)))

        if no_serve:
            say_hello()
        else:
            serve_until_stopped(app, host=HOST, port=port, ready=say_hello)


def _own_data_dir() -> Path:
    """The data folder; raises BadSetting when it is somebody's real one."""
    config = read_config()
    if config.production:
        raise BadSetting("OPENMAP_ENV is 'production': a demonstration lives on another day; unset it")
    if (config.data_dir / "openmap.sqlite").exists() and not (config.data_dir / "demo").exists():
        raise BadSetting(
            f"{config.data_dir} holds data that is no demonstration's: name another folder with OPENMAP_DATA_DIR"
        )
    return config.data_dir


def set_clock(data_dir: Path) -> None:
    """Keep the demonstration's offset from real time beside its data, where every command finds it.

    A demonstration started again goes on where its clock is, until its six days are over: then it begins again.
    """
    real = datetime.now(UTC)
    marker = data_dir / "demo"
    if marker.exists() and timedelta() <= real + read_config().clock_offset - BEGINNING < LENGTH:
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    marker.write_text(f"{(BEGINNING - real).total_seconds():.0f}\n", encoding="ascii")


def _prepare(steps: Steps) -> None:
    """Everything that is not there yet, each part in one unit of work: an interrupted start goes on the next time."""
    for slug, read in ((PUBLISHED, published_morning), (OPEN, open_morning)):
        if find_event(slug) is None:
            with steps.step(f"Importing {slug}"):
                morning = read()
                with unit_of_work():
                    event = add_morning(morning, by=add_organiser(at=now()), at=now())
                    if slug == OPEN:
                        add_newcomers(event, at=now())
    if current_version(known_event(PUBLISHED)) is None:
        with steps.step(f"Solving {PUBLISHED}") as tick:
            run = solve_here(PUBLISHED, RunSettings(), watch=lambda done, _phase: tick(done))
        with steps.step(f"Publishing {PUBLISHED}"):
            publish_here(run)


def _guide(app: Flask) -> Iterator[str]:
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
        yield f"OpenMap is ready: {url_for('events.index', _external=True)}"
        yield f"It is {now():%d %B %Y} here. No mail leaves this machine: {url_for('core.mailbox', _external=True)}"
        yield "Each link signs in once; the next `openmap demo` prints new ones."
        for slug, state in ((PUBLISHED, "solved and published"), (OPEN, "open for requests")):
            yield ""
            yield f"{slug}, {state}: {url_for('events.show', slug=slug, _external=True)}"
            yield from _sign_in_links(app, slug)


def _sign_in_links(app: Flask, slug: str) -> Iterator[str]:
    event = known_event(slug)
    people = {"buyer": queries.busiest_desk(event), "structure": queries.busiest_structure(event)}
    with unit_of_work():
        organiser = add_organiser(at=now())
        yield f"  organiser  {_link(app, organiser, url_for('manage.event', slug=slug))}  {organiser.name}"
        for role, registration in people.items():
            person = registration.contact.person
            path = url_for(FIRST_PAGES[slug][role], slug=slug, ref=registration.ref)
            yield f"  {role:<9}  {_link(app, person, path)}  {person.name}, {registration.title}"
        judge = queries.busiest_reviewer(event)
        if judge is not None:
            yield f"  jury       {_link(app, judge, url_for('juries.mine', slug=slug))}  {judge.name}"


def _link(app: Flask, person: Person, next_path: str) -> str:
    token = issue_link(
        person, lifetime=LINK_LIFETIME, secret_key=app.config["SECRET_KEY"], at=now(), next_path=next_path
    )
    return url_for("accounts.open_link", token=token, _external=True)
