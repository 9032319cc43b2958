"""A pytest plugin: browser and database tests that were skipped fail the session.

A suite that skips them on a machine without Chromium looks green and proves nothing. OPENMAP_ALLOW_SKIPS=1 permits it.
"""

import os

import pytest

NEVER_SKIPPED = ("browser", "database")


class SkipWatch:
    """Collects what was skipped although it must run."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file skipped as a whole hides its markers, so it counts."""
        if report.skipped:
            self.skipped.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """An expected failure is reported as skipped too, but has run."""
        if (
            report.skipped
            and not hasattr(report, "wasxfail")
            and any(name in report.keywords for name in NEVER_SKIPPED)
        ):
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn success into failure."""
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why the session failed."""
        if self.skipped:
            terminalreporter.section("skipped, but must run (OPENMAP_ALLOW_SKIPS=1 permits it)", red=True, bold=True)
            for test in self.skipped:
                terminalreporter.line(test)


def pytest_configure(config: pytest.Config) -> None:
    """Watch in the process that prints the summary, not in xdist's workers."""
    if os.environ.get("OPENMAP_ALLOW_SKIPS") != "1" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipWatch(), "openmap-skip-watch")
