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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.servers import LOCALHOST, free_port

ROOT = Path(__file__).parents[2]
READY_LIMIT_S = 60.0
MORNINGS = ("numeriques-2015-04-17", "ess-2017-11-16")
SIGN_IN_LINKS = 6  # an organiser, a buyer and a structure of each morning


@contextmanager
def demo(checkout: Path, log: Path) -> Iterator[tuple[str, float]]:
    """`make demo`, stopped at the end; gives what it printed until the last sign-in link, and the seconds it took."""
    environment = os.environ | {"OPENMAP_PUBLIC_URL": f"http://{LOCALHOST}:{free_port()}", "PYTHONUNBUFFERED": "1"}
    started_at = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "demo"],
            cwd=checkout,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            printed = wait_until_ready(process, log, deadline=started_at + READY_LIMIT_S)
            yield printed, time.monotonic() - started_at
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=30)


def wait_until_ready(process: subprocess.Popen[bytes], log: Path, *, deadline: float) -> str:
    """What the demo printed, once all links are there; a RuntimeError when it ends or takes too long."""
    while True:
        printed = log.read_text()
        if len(links(printed)) >= SIGN_IN_LINKS:
            return printed
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the demo was not ready after {READY_LIMIT_S:.0f} s:\n{printed}")
        time.sleep(0.2)


def links(printed: str) -> list[str]:
    """The sign-in links among what the demo printed."""
    return re.findall(rf"http://{re.escape(LOCALHOST)}:\d+/\S*sign-in/\S+", printed)


def get(address: str) -> str:
    """The page at `address`; an error status raises."""
    with urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def main() -> int:
    """Run the demo twice; an exception names what failed."""
    with tempfile.TemporaryDirectory(prefix="openmap-demo-") as folder:
        checkout = Path(folder, "openmap")
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
        started_at = time.monotonic()
        subprocess.run(["make", "--silent", ".venv/.can-run"], cwd=checkout, check=True)
        sys.stdout.write(f"installed in {time.monotonic() - started_at:.0f} s\n")
        for time_word in ("first", "second"):
            with demo(checkout, Path(folder, "log")) as (printed, seconds):
                home = get(re.match(r"http://[^/]+/", links(printed)[0]).group())  # type: ignore[union-attr]
                absent = [morning for morning in MORNINGS if morning not in home]
                if absent:
                    raise RuntimeError(f"the first page does not show {absent}")
                for link in links(printed):
                    get(link)
                sys.stdout.write(f"{time_word} demo ready in {seconds:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
