"""The long-running processes: the site, and the worker beside it."""

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

import click

from openmap.allocation.estimates import refresh_estimates
from openmap.allocation.jobs import HANDLERS
from openmap.cli.application import opened_application
from openmap.cli.serving import default_port, local_address, serve_until_stopped
from openmap.coaching import recurring as coaching
from openmap.core.logs import start_logging
from openmap.core.recurring import Recurring
from openmap.core.worker import run_worker
from openmap.facilitation import recurring as facilitation
from openmap.invitations import recurring as invitations
from openmap.meeting_requests import reminders
from openmap.personal_data import recurring as personal_data
from openmap.pitches import recurring as pitches
from openmap.registrations import recurring as registrations
from openmap.roadmaps import recurring as roadmaps
from openmap.selections import recurring as selections
from openmap.series import recurring as series

# What the worker does every so often.
RECURRING: tuple[Recurring, ...] = (
    *reminders.RECURRING,
    *roadmaps.RECURRING,
    *registrations.RECURRING,
    *pitches.RECURRING,
    *selections.RECURRING,
    *invitations.RECURRING,
    *facilitation.RECURRING,
    *personal_data.RECURRING,
    *coaching.RECURRING,
    *series.RECURRING,
    refresh_estimates,
)

port_option = click.option(
    "--port", type=click.IntRange(1, 65535), help="The port; 5000 unless the settings say another."
)


@click.command()
def migrate() -> None:
    """Bring the database in step with this version."""
    with opened_application(migrates=True):
        click.echo("The database is in step with this version.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@port_option
def serve(host: str, port: int | None) -> None:
    """Migrate the database, serve the site and run a worker beside it."""
    start_logging(shows_requests=True)
    port = port or default_port()
    local_address(port)
    with opened_application(migrates=True) as app:
        serve_until_stopped(app, host=host, port=port, ready=lambda: click.echo(f"Serving on http://{host}:{port}"))


@click.command()
@click.option("--stop-with-stdin", is_flag=True, hidden=True, help="End when the standard input does: with the parent.")
def worker(*, stop_with_stdin: bool) -> None:
    """Send mails and compute proposals until stopped; several may run."""
    start_logging(shows_requests=False)
    stop = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop.set()
        sys.exit(0)  # also out of a job, which waits for the next worker

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    if stop_with_stdin:
        threading.Thread(target=_follow_stdin, daemon=True, name="parent").start()
    with opened_application():
        run_worker(HANDLERS, RECURRING, stop=stop)


def _follow_stdin() -> None:
    """The parent holds the other end of the pipe: however it dies, the system closes it."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
