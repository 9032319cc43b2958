"""A green suite has really driven a browser and a database."""

from pathlib import Path

import pytest

MARKERS = """
[pytest]
markers =
    browser: drives a browser
    database: needs a server
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty suite with this project's watch on skipped tests."""
    monkeypatch.delenv("OPENMAP_ALLOW_SKIPS", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    pytester.makeini(MARKERS)
    return pytester


def run(suite: pytest.Pytester) -> pytest.RunResult:
    return suite.runpytest_subprocess("-p", "tests.skips", "-p", "no:playwright", timeout=60)


@pytest.mark.parametrize("marker", ["browser", "database"])
def test_a_skipped_browser_or_database_test_fails_the_session_by_name(suite: pytest.Pytester, marker: str) -> None:
    suite.makepyfile(
        test_page=f"""
        import pytest
        def test_rule(): pass
        @pytest.mark.{marker}
        def test_journey(): pytest.skip("not installed")
        """
    )
    result = run(suite)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*must run*", "test_page.py::test_journey"])


def test_a_file_skipped_as_a_whole_fails_the_session(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        test_page="""
        import pytest
        pytest.importorskip("a_browser_that_does_not_exist")
        """,
        test_rule="def test_rule(): pass",
    )
    assert run(suite).ret == pytest.ExitCode.TESTS_FAILED


def test_other_skips_and_expected_failures_pass(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        test_page="""
        import pytest
        def test_rule(): pass
        def test_windows(): pytest.skip("another system")
        @pytest.mark.browser
        @pytest.mark.xfail
        def test_journey(): assert False
        """
    )
    assert run(suite).ret == pytest.ExitCode.OK


def test_skips_can_be_permitted(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENMAP_ALLOW_SKIPS", "1")
    suite.makepyfile(
        test_page="""
        import pytest
        def test_rule(): pass
        @pytest.mark.browser
        def test_journey(): pytest.skip("not installed")
        """
    )
    assert run(suite).ret == pytest.ExitCode.OK
