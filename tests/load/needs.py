"""How fast is a list of 5 000 needs searched and filtered?

    python -m tests.load.needs --requests 200

Starts the real service on a fresh demonstration, gives its open morning 5 000 needs, and asks for the list under one
filter after the other, one request at a time. Loopback only; exits with 1 when the 95th percentile is over the limit.
"""

import argparse
import http.client
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from sqlalchemy import insert

from openmap.app import create_app
from openmap.core.db import session, unit_of_work
from openmap.events.access import event_or_404
from openmap.organisations.enums import Sector, Service
from openmap.roadmaps.details import NeedDetails, details_of
from openmap.roadmaps.models import Need
from openmap.roadmaps.queries import published_at_morning
from tests.quality import demo

OPEN = "ess-2017-11-16"
NEEDS = 5_000
LIMIT_S = 0.150
LIST = f"/events/{OPEN}/roadmaps"
QUERIES = (
    "", "q=collecte", "sector=waste", "departement=94", "sector=waste&departement=93&clause=reserved", "quarter=8073",
    "amount=large&cocontracting=yes", "q=reemploi+mobilier&service=provision", "buyer=ville-de-paris", "page=240",
)  # fmt: skip


def main() -> int:
    """Measure, and say the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200)
    requests = min(parser.parse_args().requests, 2000)
    with tempfile.TemporaryDirectory(prefix="openmap-load-") as folder, demo.of_this_code(Path(folder)) as printed:
        fill(Path(folder, "var"))
        host = urlsplit(demo.links(printed)[0]).netloc
        seconds = sorted(answer_times(host, requests))
    p95 = seconds[int(len(seconds) * 0.95)]
    sys.stdout.write(
        f"{len(seconds)} lists of {NEEDS} needs: median {statistics.median(seconds) * 1000:.0f} ms, "
        f"p95 {p95 * 1000:.0f} ms, slowest {seconds[-1] * 1000:.0f} ms\n"
    )
    return 1 if p95 > LIMIT_S else 0


def fill(data: Path) -> None:
    """Copy the needs of the demonstration, each time under another reference, sector and service."""
    with patch.dict(os.environ, OPENMAP_DATA_DIR=str(data)):
        app = create_app()
    with app.app_context():
        known = session.scalars(published_at_morning(event_or_404(OPEN))).all()
        rows = list(islice(copies(known), NEEDS - len(known)))
        with unit_of_work():
            session.execute(insert(Need), rows)
        session.remove()


def copies(known: Sequence[Need]) -> Iterator[dict[str, object]]:
    """Rows alike, for ever."""
    names = [column.name for column in Need.__table__.columns if column.name != "id"]
    values = [({name: getattr(need, name) for name in names}, details_of(need)) for need in known]
    sectors, services = cycle(Sector), cycle(Service)
    for number, (row, details) in enumerate(cycle(values)):
        said = {"reference": f"L{number}", "sector": next(sectors), "service": next(services)}
        changed = {name: said.get(name, getattr(details, name)) for name in NeedDetails.__dataclass_fields__}
        yield row | NeedDetails(**changed).columns


def answer_times(host: str, requests: int) -> Iterator[float]:
    """Seconds for each answer; one that is no page ends the measure."""
    for query in islice(cycle(QUERIES), requests):
        connection = http.client.HTTPConnection(host, timeout=30)
        started = time.monotonic()
        connection.request("GET", f"{LIST}?{query}")
        answer = connection.getresponse()
        answer.read()
        yield time.monotonic() - started
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{LIST}?{query}: {answer.status}")


if __name__ == "__main__":
    sys.exit(main())
