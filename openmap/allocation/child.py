"""The solver as a child process: watched, bounded in time and memory, stopped when asked."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import scheduler

MEMORY_LIMIT = 4 * 2**30  # of address space: CP-SAT reserves far more than it uses
LOOK_S = 0.25
GRACE_S = 5.0  # between the polite signal and the other one
COMPLAINT_SIZE = 4000


@dataclass(frozen=True, slots=True)
class Result:
    """How the solver ended: its exit code (negative for a signal), what it wrote, what it complained of."""

    code: int
    output: str
    complaint: str
    was_cancelled: bool
    was_overdue: bool


@dataclass
class Watch:
    """Who hears of the progress, and says whether to stop."""

    beat: Callable[[float, str], None]
    cancelled: Callable[[], bool]


def solve(instance: str, *, time_limit_s: float, seed: int, policy: str, watch: Watch) -> Result:
    """Run `python -m scheduler solve -` on an instance and wait for its end.

    The wall stands at 1.2 times the limit and 5 s: then, or once cancelled, it is asked to stop, and killed if it
    does not.
    """
    options = ["--progress", "json", "--time-limit", str(time_limit_s), "--seed", str(seed), "--policy", policy]
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(instance.encode())
        question.seek(0)
        with _started(["solve", "-", *options], question, answer) as process:
            run = _Running(process, deadline=time.monotonic() + 1.2 * time_limit_s + 5)
            run.follow(watch)
        answer.seek(0)
        output = answer.read().decode(errors="replace")
    return Result(process.returncode, output, run.complaint.strip(), run.was_cancelled, run.was_overdue)


@contextmanager
def _started(arguments: list[str], question: BinaryIO, answer: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    """Start the confined solver in its own session; whatever happens here, it is gone at the end."""
    confined = [sys.executable, "-m", "openmap.allocation.confined", str(os.getpid()), str(MEMORY_LIMIT)]
    process = subprocess.Popen(  # noqa: S603 - our own program, no argument of a stranger
        [*confined, *arguments],
        stdin=question,
        stdout=answer,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=Path(scheduler.__file__).resolve().parent.parent,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stderr:
            process.stderr.close()


@dataclass
class _Running:
    process: subprocess.Popen[bytes]
    deadline: float
    complaint: str = ""
    was_cancelled: bool = False
    was_overdue: bool = False
    _kill_at: float = field(default=float("inf"))
    _partial: bytes = b""

    def follow(self, watch: Watch) -> None:
        """Hand on the progress until the process has ended."""
        while self._hear(watch):
            if not self._asked_to_stop and watch.cancelled():
                self.was_cancelled = True
                self._ask_to_stop()
            if not self._asked_to_stop and time.monotonic() > self.deadline:
                self.was_overdue = True
                self._ask_to_stop()
            if time.monotonic() > self._kill_at:
                self.process.kill()
        self.process.wait()

    @property
    def _asked_to_stop(self) -> bool:
        return self.was_cancelled or self.was_overdue

    def _ask_to_stop(self) -> None:
        self._kill_at = time.monotonic() + GRACE_S
        self.process.terminate()

    def _hear(self, watch: Watch) -> bool:
        """Read what was said meanwhile; false once nothing more can come."""
        assert self.process.stderr
        stream = self.process.stderr.fileno()
        if not select.select([stream], [], [], LOOK_S)[0]:
            return True
        heard = os.read(stream, 65536)
        *lines, self._partial = (self._partial + heard).split(b"\n")
        for line in lines:
            self._take(line, watch)
        return bool(heard)

    def _take(self, line: bytes, watch: Watch) -> None:
        try:
            said = json.loads(line)
            progress, phase = float(said["fraction"]), str(said["phase"])
        except (ValueError, TypeError, KeyError):
            self.complaint = (self.complaint + line.decode(errors="replace") + "\n")[-COMPLAINT_SIZE:]
        else:
            watch.beat(progress, phase)
