"""Programs that a story starts, watches and stops."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

from tests.servers import LOCALHOST, free_port

Value = TypeVar("Value")


def until(seen: Callable[[], Value], *, what: str, timeout_s: float = 60) -> Value:
    """Look until another process has done something; return what was seen, or raise TimeoutError naming it."""
    pause = threading.Event()
    for _ in range(int(timeout_s / 0.05)):
        if value := seen():
            return value
        pause.wait(0.05)
    raise TimeoutError(f"{what}: not within {timeout_s} s")


def children_of(pid: int) -> list[int]:
    """The processes that `pid` started and that still run (zombies don't)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(path.parent.name))
    return found


def is_running(pid: int) -> bool:
    """Whether a process still runs (a zombie doesn't)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Site:
    """A served site, with its worker."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    @property
    def worker(self) -> int:
        """The process of its worker."""
        return until(lambda: children_of(self.process.pid), what="a worker")[0]

    def get(self, path: str) -> str:
        """The page at `path`; an error status raises."""
        with urlopen(f"http://{LOCALHOST}:{self.port}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def answers(self) -> bool:
        """Whether the site serves already."""
        try:
            return bool(self.get("/livez"))
        except OSError:
            return False


@contextmanager
def served(data_dir: Path, command: str = "serve", **settings: str) -> Iterator[Site]:
    """`openmap serve` (or demo) on a free port, stopped at the end; `settings` are OPENMAP_* variables."""
    port, log = free_port(), data_dir / f"{command}.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENMAP_")}
    environment |= {"OPENMAP_DATA_DIR": str(data_dir), "OPENMAP_PUBLIC_URL": f"http://{LOCALHOST}:{port}"}
    environment |= settings
    arguments = [sys.executable, "-m", "openmap", command]
    with log.open("w") as output:
        process = subprocess.Popen(arguments, env=environment, stdout=output, stderr=output, text=True)
    site = Site(process, port, log)
    try:
        until(lambda: site.answers() or process.poll() is not None, what="the site")
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        yield site
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
