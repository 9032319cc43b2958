"""Time left, the caller's wish to stop, and where the solve stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from scheduler.solution import Level, Progress

POLL_S = 0.1


class Clock:
    """The one place that knows when to stop; `time_limit_s` runs from its creation.

    The search ends `reserve_s` earlier: its result has to be put into words and checked within the limit.
    """

    def __init__(
        self,
        time_limit_s: float,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        *,
        reserve_s: float = 0.0,
    ) -> None:
        self.started = monotonic()
        self.search_s = time_limit_s - reserve_s
        self.time_limit_s = time_limit_s
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._stopped = False
        self.phase = "reading"
        self.levels: tuple[Level, ...] = ()

    def spent(self) -> float:
        """Return the seconds since the start."""
        return monotonic() - self.started

    def left(self) -> float:
        """Return the seconds left to search, 0 once the caller wants to stop."""
        return 0.0 if self._stopped else max(0.0, self.search_s - self.spent())

    def stopped(self) -> bool:
        """Say whether time is up or the caller wants to stop."""
        if not self._stopped and self._should_stop is not None and self._should_stop():
            self._stopped = True
        return self._stopped or self.left() <= 0.0

    def report(self, phase: str | None = None, levels: tuple[Level, ...] | None = None) -> None:
        """Tell the caller where the solve stands."""
        self.phase = phase or self.phase
        self.levels = self.levels if levels is None else levels
        if self._on_progress is not None:
            fraction = 1.0 if self.phase == "done" else min(0.99, self.spent() / self.time_limit_s)
            self._on_progress(Progress(self.phase, fraction, self.levels))

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
