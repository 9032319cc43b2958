"""The site and its worker: started together, ended together, and the worker is never missing for long."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.allocation.operations import RunSettings, start_run
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.jobs import Job, JobState
from openmap.core.outbox import Mail, MailState, OutboxMail, enqueue
from openmap.demo.mornings import DATA, OPEN
from openmap.mornings.files import read_morning
from openmap.mornings.operations import import_morning
from tests.cli.conftest import Command
from tests.processes import children_of, is_running, served, until
from tests.servers import LOCALHOST


@pytest.mark.parametrize("death", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_worker_ends_with_the_site_however_that_ends(data_dir: Path, death: signal.Signals) -> None:
    with served(data_dir) as site:
        worker = site.worker
        site.process.send_signal(death)
        code = site.process.wait(timeout=60)
        until(lambda: not is_running(worker), what="the worker's end")
    assert code == (-signal.SIGKILL if death == signal.SIGKILL else 0)
    said = [line for line in site.log.read_text().splitlines() if not line.startswith("{")]  # but for each request
    assert said == [f"Serving on http://127.0.0.1:{site.port}"]


def test_a_killed_worker_is_started_again_and_sends_what_waits(app: Flask, data_dir: Path) -> None:
    (data_dir / "demo").write_text("0")  # mails stay in the site
    with served(data_dir) as site:
        killed = site.worker
        os.kill(killed, signal.SIGKILL)
        until(lambda: not is_running(killed), what="its end")
        with unit_of_work():
            enqueue(Mail("programme", "version:1", "amina@exemple.fr", "Programme", "…", "<p>…</p>"), at=now())

        def is_sent() -> bool:
            session.rollback()
            return session.scalars(select(OutboxMail.state)).one() is MailState.SENT

        until(is_sent, what="the mail")
        assert site.worker != killed
    assert f"The worker ended ({-signal.SIGKILL})" in site.log.read_text()


def test_a_port_in_use_is_said_before_anything_starts(openmap: Command) -> None:
    with socket.socket() as other:
        other.bind((LOCALHOST, 0))
        other.listen()
        port = other.getsockname()[1]
        done = openmap("serve", "--port", str(port))
    assert done.code == 1
    assert done.sentences == [
        f"openmap: port {port} of 127.0.0.1 is in use: stop the program that uses it, or choose another with --port"
    ]


def test_a_worker_told_to_stop_leaves_its_run_to_the_next_one(app: Flask, data_dir: Path) -> None:
    with unit_of_work():
        event = import_morning(read_morning(DATA / OPEN), by=None, at=now())
        job_id = start_run(event, RunSettings(time_limit_s=600), by=None, at=now()).job_id

    def job() -> Job:
        session.rollback()
        return session.scalars(select(Job).filter_by(id=job_id)).one()

    with subprocess.Popen([sys.executable, "-m", "openmap", "worker"]) as worker:
        [solver] = until(lambda: children_of(worker.pid), what="the solver")
        assert job().state is JobState.RUNNING
        worker.terminate()
        assert worker.wait(timeout=60) == 0
    until(lambda: not is_running(solver), what="the solver's end")
    assert (job().state, job().tries) == (JobState.QUEUED, 0)
