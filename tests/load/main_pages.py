"""How fast are the main pages while a proposal is being computed?

    python -m tests.load.main_pages --seconds 60 --rate 20

Starts the real service on a fresh demonstration, signs an organiser, a buyer and a structure in, keeps a solve
running, and asks for ten pages in turn at a fixed rate. A request's time counts from the moment it was due, so a
slow answer is not hidden by the requests that waited behind it. Loopback only, bounded by --seconds.
"""

import argparse
import http.client
import re
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.quality import demo

SOLVED, OPEN = "numeriques-2015-04-17", "ess-2017-11-16"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: the page, the HTTP status, and seconds from the moment it was due."""

    page: str
    status: int
    seconds: float


class Browser:
    """One signed-in person; a connection is opened for each request, as a first visit does."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send one request; returns the status, the text and where it leads."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, text, answer.headers.get("Location", "")
        finally:
            connection.close()

    def presses(self, page: str, action: str, **fields: str) -> int:
        """Load `page` and send its token and `fields` to `action`: a button."""
        _, text, _ = self.ask("GET", page)
        token = TOKEN.search(text)
        if token is None:
            raise SystemExit(f"{page} has no form")
        return self.ask("POST", action, {"csrf_token": token.group(1), **fields})[0]


def main_pages() -> list[tuple[str, str]]:
    """Ten pages and who opens each."""
    return [
        ("organiser", "/"),
        ("structure", f"/events/{OPEN}"),
        ("structure", f"/events/{OPEN}/requests/S006"),
        ("buyer", f"/events/{OPEN}/desks/B03/requests"),
        ("structure", "/my-space"),
        ("organiser", f"/manage/{OPEN}"),
        ("organiser", f"/events/{OPEN}/registrations/review"),
        ("organiser", f"/events/{SOLVED}/allocation/1"),
        ("organiser", f"/events/{SOLVED}/agendas/B01"),
        ("organiser", f"/events/{OPEN}/allocation"),
    ]


def keep_solving(organiser: Browser, stop: threading.Event) -> int:
    """Ask for a new proposal as soon as none is running, until `stop`; returns how many were started."""
    page, started = f"/events/{OPEN}/allocation", 0
    while not stop.wait(0.5):
        started += organiser.presses(page, page, time_limit_s="10", seed="0") in {302, 303}
    return started


def measure(browsers: dict[str, Browser], *, rate: float, seconds: float) -> list[Answer]:
    """Ask for the pages in turn, `rate` a second for `seconds`."""
    pages = main_pages()
    start = time.monotonic() + 0.5

    def one(number: int) -> Answer:
        due = start + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        who, page = pages[number % len(pages)]
        status, _, _ = browsers[who].ask("GET", page)
        return Answer(page, status, time.monotonic() - due)

    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(one, range(int(rate * seconds))))


def report(answers: list[Answer]) -> bool:
    """Print median and 95th percentile a page; returns whether every answer was 200."""
    sys.stdout.write(f"{'page':58} {'median ms':>9} {'p95 ms':>7}\n")
    for page in dict.fromkeys(answer.page for answer in answers):
        times = [answer.seconds * 1000 for answer in answers if answer.page == page]
        sys.stdout.write(f"{page:58} {statistics.median(times):9.0f} {percentile(times, 95):7.0f}\n")
    times = [answer.seconds * 1000 for answer in answers]
    failed = [answer for answer in answers if answer.status != 200]
    sys.stdout.write(f"{'all':58} {statistics.median(times):9.0f} {percentile(times, 95):7.0f}\n")
    sys.stdout.write(f"{len(answers)} requests, {len(failed)} not answered with 200\n")
    return not failed


def percentile(values: list[float], share: int) -> float:
    """The smallest value that `share` percent of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def main() -> int:
    """Measure on a service of our own; 1 when a page failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=20, help="requests a second (20)")
    parser.add_argument("--seconds", type=float, default=30, help="how long (30)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openmap-load-") as folder, demo.of_this_code(Path(folder)) as printed:
        answers = with_a_solve_running(printed, rate=options.rate, seconds=options.seconds)
    return 0 if report(answers) else 1


def with_a_solve_running(printed: str, *, rate: float, seconds: float) -> list[Answer]:
    """Sign three people in with the links that the demonstration printed, then measure while proposals are computed."""
    address = urlsplit(demo.links(printed)[0])
    browsers = {}
    for (morning, who), link in demo.links_by_role(printed).items():
        if morning == OPEN:
            browsers[who] = Browser(str(address.hostname), int(address.port or 80))
            browsers[who].presses(link, link)
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        solving = pool.submit(keep_solving, browsers["organiser"], stop)
        answers = measure(browsers, rate=rate, seconds=seconds)
        stop.set()
        sys.stdout.write(f"{solving.result()} proposals computed meanwhile\n")
    return answers


if __name__ == "__main__":
    sys.exit(main())
