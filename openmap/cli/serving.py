"""Serving the site with a worker as a child process, which ends with its parent and is started again when it dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import click
from flask import Flask
from waitress import create_server

from openmap.cli.application import cannot_listen
from openmap.config import Config

DEFAULT_PORT = 5000
THREADS = 8
STABLE_S = 60.0  # a worker that lived that long starts again at once
LONGEST_PAUSE_S = 30.0
WORKER = [sys.executable, "-m", "openmap", "worker", "--stop-with-stdin"]


def default_port() -> int:
    """The port of OPENMAP_PUBLIC_URL when that is this machine, else 5000."""
    parts = urlsplit(os.environ.get("OPENMAP_PUBLIC_URL", ""))
    try:
        return parts.port or DEFAULT_PORT if parts.hostname in {"127.0.0.1", "localhost"} else DEFAULT_PORT
    except ValueError:  # the settings are read next and say it better
        return DEFAULT_PORT


def local_address(port: int) -> None:
    """Where nobody named a public address, people use this machine's; the worker inherits it."""
    os.environ.setdefault("OPENMAP_PUBLIC_URL", f"http://127.0.0.1:{port}")


def serve_until_stopped(app: Flask, *, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then end the worker too; `ready` is called once the port is ours."""
    settings: Config = app.extensions["openmap"]
    unheard = settings.forwarded_hops == 0  # else the application itself judges how many servers it believes
    try:
        server = create_server(
            app, host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=unheard
        )
    except OSError as error:
        raise cannot_listen(error, host, port) from error
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)  # a shell that starts us in the background would have it ignored
    child = WorkerProcess()
    child.start()
    try:
        ready()
        server.run()  # ends by itself at KeyboardInterrupt and SystemExit
    finally:
        server.close()
        child.stop()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


class WorkerProcess:
    """A worker for as long as the site is served.

    It has a session of its own: Ctrl-C reaches only the site, which then ends it. Its standard input is a pipe, so it
    notices even a parent that was killed.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name="worker", daemon=True)

    def start(self) -> None:
        """Start the worker and watch over it."""
        self._thread.start()

    def stop(self) -> None:
        """End the worker; its job, if any, waits for the next one."""
        self._stopping.set()
        self._thread.join(timeout=30)

    def _keep_running(self) -> None:
        pause_s = 1.0
        while not self._stopping.is_set():
            started_at = time.monotonic()
            code = self._run_once()
            if self._stopping.is_set():
                return
            pause_s = 1.0 if time.monotonic() - started_at > STABLE_S else min(pause_s * 2, LONGEST_PAUSE_S)
            click.echo(f"The worker ended ({code}); it starts again in {pause_s:.0f} s.", err=True)
            self._stopping.wait(pause_s)

    def _run_once(self) -> int:
        with subprocess.Popen(WORKER, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603 - our own program
            while process.poll() is None and not self._stopping.wait(0.2):
                pass
            if process.poll() is None:
                process.terminate()
            try:
                return process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()
