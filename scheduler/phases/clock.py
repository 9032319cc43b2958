"""Time left, the caller's wish to stop, and where the solve stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from threading import Event, Thread
from time import monotonic

from scheduler.solution import Level, Progress

POLL_S = 0.1
PROMISE, PROMISE_S = 1.2, 2.0  # over at the latest at so many times the limit, and so many seconds
SLACK_S = 0.3  # kept for what no estimate knows


class Clock:
    """The one place that knows when to stop; `time_limit_s` runs from `started` (monotonic), or from its creation.

    All is over at the `PROMISE`. Search ends at the limit, or earlier if putting the result into words and checking it
    would take longer than what is left until then.
    """

    def __init__(
        self,
        time_limit_s: float,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        *,
        started: float | None = None,
    ) -> None:
        self.started = monotonic() if started is None else started
        self.time_limit_s = time_limit_s
        self.pace = 1.0  # how many times longer than on an idle machine everything takes
        self.latest_s = PROMISE * time_limit_s + PROMISE_S
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._stopped = False
        self._fraction = 0.0
        self.phase = "reading"
        self.levels: tuple[Level, ...] = ()

    @property
    def search_s(self) -> float:
        """Seconds after the start at which the search ends."""
        return min(self.time_limit_s, self.latest_s)

    def reserve(self, seconds: float, *, pace: float) -> None:
        """Keep so many seconds of an idle machine for the report, on one that is `pace` times slower."""
        self.pace = pace
        self.latest_s = PROMISE * self.time_limit_s + PROMISE_S - seconds * pace - SLACK_S

    def spent(self) -> float:
        """Return the seconds since the start."""
        return monotonic() - self.started

    def left(self) -> float:
        """Return the seconds left to search, 0 once the caller wants to stop."""
        return 0.0 if self._stopped else max(0.0, self.search_s - self.spent())

    def allows(self, seconds: float) -> bool:
        """Say whether what takes so long on an idle machine, and can't be interrupted, still ends in time."""
        return not self.stopped(at=self.latest_s - seconds * self.pace)

    def stopped(self, *, at: float | None = None) -> bool:
        """Say whether time is up (that of the search, or the given one) or the caller wants to stop."""
        if not self._stopped and self._should_stop is not None and self._should_stop():
            self._stopped = True
        return self._stopped or self.spent() >= (self.search_s if at is None else at)

    def is_cancelled(self) -> bool:
        """Say whether the caller wants to stop, whatever the time."""
        return self.stopped(at=inf)

    def granting(self, seconds: float) -> Callable[[], bool]:
        """Return a `stopped` for what begins now and gets so many seconds of an idle machine, even after the limit."""
        end = max(self.search_s, min(self.latest_s, self.spent() + seconds * self.pace))
        return lambda: self.stopped(at=end)

    def report(self, phase: str | None = None, levels: tuple[Level, ...] | None = None) -> None:
        """Tell the caller where the solve stands."""
        self.phase = phase or self.phase
        self.levels = self.levels if levels is None else levels
        if self._on_progress is not None:
            share = 1.0 if self.phase == "done" else min(0.99, self.spent() / self.time_limit_s)
            self._fraction = max(self._fraction, share)  # two threads may report at once
            self._on_progress(Progress(self.phase, self._fraction, self.levels))

    @contextmanager
    def watching(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` as soon as time is up or the caller wants to stop, from another thread."""
        ended = Event()

        def watch() -> None:
            while not ended.wait(POLL_S):
                self.report()
                if self.stopped():
                    stop()

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()
