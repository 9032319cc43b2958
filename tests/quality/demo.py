"""Does `make demo` work for a newcomer? `python -m tests.quality.demo`.

Clones the last commit into an empty folder, installs what the demo needs, then runs the README's command there twice:
each time the site must answer within the promised time and the printed sign-in links must work.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.servers import LOCALHOST, free_port

ROOT = Path(__file__).parents[2]
DATA = "var"
READY_LIMIT_S = 60.0
PREPARING_LIMIT_S = 300.0  # of the copies that browser tests share: nothing is promised on a busy machine
MORNINGS = ("numeriques-2015-04-17", "ess-2017-11-16")
SIGN_IN_LINKS = 8  # an organiser, a buyer, a structure and a reviewer of each morning


@contextmanager
def demo(checkout: Path, log: Path, *, command: Sequence[str] = ("make", "demo"), **settings: str) -> Iterator[str]:
    """The demo, ready on a port of its own, with what it printed so far; stopped at the end as Ctrl-C would.

    `settings` are OPENMAP_* variables of its environment.
    """
    address = f"http://{LOCALHOST}:{free_port()}"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=checkout,
            env={**os.environ, **settings, "OPENMAP_PUBLIC_URL": address, "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield wait_until_ready(process, log, address)
        finally:
            stop(process)


def of_this_code(folder: Path) -> AbstractContextManager[str]:
    """The demo of the code at hand, with its data in `folder` / DATA."""
    command = (sys.executable, "-m", "openmap", "demo")
    return demo(ROOT, folder / "log", command=command, OPENMAP_DATA_DIR=str(folder / DATA))


def prepared_data(folder: Path) -> Path:
    """The data of a demo of the code at hand, without its site, in `folder` / DATA."""
    data = folder / DATA
    command = (sys.executable, "-m", "openmap", "demo", "--no-serve")
    environment = os.environ | {"OPENMAP_DATA_DIR": str(data)}
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, timeout=PREPARING_LIMIT_S, check=True)
    return data


def wait_until_ready(process: subprocess.Popen[bytes], log: Path, address: str) -> str:
    """What the demo printed, once all links are there and the site answers; else a RuntimeError."""
    deadline = time.monotonic() + READY_LIMIT_S
    while process.poll() is None and time.monotonic() < deadline:
        printed = log.read_text()
        if len(links(printed)) >= SIGN_IN_LINKS and answers(address):
            return printed
        time.sleep(0.2)
    raise RuntimeError(f"the demo ended or was not ready after {READY_LIMIT_S:.0f} s:\n{log.read_text()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the demo and its children, politely at first."""
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                continue


def answers(address: str) -> bool:
    """Whether the site gives its first page."""
    try:
        return bool(page(address))
    except OSError:
        return False


def page(address: str) -> str:
    """The page at `address`; an error status raises."""
    with urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def links(printed: str) -> list[str]:
    """The sign-in links among what the demo printed."""
    return re.findall(rf"http://{re.escape(LOCALHOST)}:\d+/accounts/link/[\w-]+", printed)


def links_by_role(printed: str) -> dict[tuple[str, str], str]:
    """The paths of the sign-in links among what the demo printed, by morning and role."""
    found: dict[tuple[str, str], str] = {}
    morning = ""
    for line in printed.splitlines():
        if "/events/" in line:
            morning = line.rsplit("/events/", 1)[1].strip()
        link = re.match(r"\s+(organiser|buyer|structure|jury)\s+http://[^/]+(/accounts/link/[\w-]+)", line)
        if link:
            found[morning, link.group(1)] = link.group(2)
    return found


def main() -> int:
    """Run the demo twice; an exception names what failed."""
    with tempfile.TemporaryDirectory(prefix="openmap-demo-") as folder:
        checkout = Path(folder, "openmap")
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
        started_at = time.monotonic()
        subprocess.run(["make", "--silent", ".venv/.can-run"], cwd=checkout, check=True)
        sys.stdout.write(f"installed in {time.monotonic() - started_at:.0f} s\n")
        for turn in ("first", "second"):
            started_at = time.monotonic()
            with demo(checkout, Path(folder, "log")) as printed:
                sys.stdout.write(f"{turn} demo ready in {time.monotonic() - started_at:.0f} s\n")
                look_around(links(printed))
    return 0


def look_around(addresses: list[str]) -> None:
    """Visit the first page and each sign-in link; raises when something is missing."""
    first_page = page(addresses[0].split("/accounts/")[0])
    absent = [morning for morning in MORNINGS if morning not in first_page]
    if absent:
        raise RuntimeError(f"the first page does not show {absent}")
    for address in addresses:
        page(address)


if __name__ == "__main__":
    sys.exit(main())
