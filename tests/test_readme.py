"""What the documents tell people to type works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openmap import config

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
CI_RUN = (ROOT / ".ci" / "run").read_text().splitlines()

# Too long or too nested to run from inside a test: .ci/run does, in these lines.
RUN_BY_CI = {
    "make demo": 'step "make demo" .venv/bin/python -m tests.quality.demo',
    "make test": 'step "make test" make test',
}


def commands(document: str) -> list[str]:
    """The lines of a document's shell blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", document, flags=re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def test_the_readme_is_short_and_names_its_commands() -> None:
    assert len(README.splitlines()) < 120
    assert set(RUN_BY_CI) <= set(commands(README))


@pytest.mark.parametrize("command", sorted(RUN_BY_CI))
def test_the_two_commands_are_run_before_each_merge(command: str) -> None:
    assert RUN_BY_CI[command] in CI_RUN


def test_the_other_commands_work_in_their_order_after_the_demo(tmp_path: Path) -> None:
    """In a folder of links to the checkout, so that nothing is written into it."""
    checkout = tmp_path / "openmap"
    checkout.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in {"var", ".git"}:
            (checkout / entry.name).symlink_to(entry)
    environment = os.environ | {
        "OPENMAP_DATA_DIR": str(tmp_path / "var"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    script = [command for command in commands(README) if command not in RUN_BY_CI]
    assert script
    done = subprocess.run(
        ["sh", "-eux", "-c", "\n".join(["openmap demo --no-serve", *script])],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "document", sorted(path.relative_to(ROOT) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=str
)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / document).read_text())
    assert [target for target in targets if not (ROOT / document.parent / target).exists()] == []


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    in_code = set(re.findall(r"\"(OPENMAP_[A-Z_]+)\"", Path(config.__file__).read_text()))
    assert set(re.findall(r"OPENMAP_[A-Z_]+", OPERATIONS)) == in_code


def test_make_targets_in_documents_exist() -> None:
    make = shutil.which("make")
    assert make
    named = {
        target
        for document in (README, OPERATIONS, (ROOT / "CONTRIBUTING.md").read_text())
        for target in re.findall(r"`make ([^`]+)`", document)
    }
    assert {"demo", "test", "check"} <= named
    for target in named:
        done = subprocess.run(
            [make, "--dry-run", *target.split()], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, f"{target}: {done.stderr}"
