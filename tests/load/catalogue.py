"""How fast is a large catalogue searched?

    python -m tests.load.catalogue --rounds 20 [--postgres]

Fills a morning with 2 000 structures, 100 desks and 5 000 needs, serves it with `openmap serve` (waitress), and asks
for searches and filters one after the other, as a structure and as a buyer, over loopback. Prints median and 95th
percentile of each in milliseconds, and what the site used of the processor; 1 when a 95th percentile passes 150 ms.
"""

import argparse
import http.client
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from openmap.accounts.operations import open_session
from openmap.app import create_app
from openmap.core.clock import now
from openmap.core.db import db, session, unit_of_work
from openmap.core.text import plain
from openmap.organisations.departements import ILE_DE_FRANCE
from openmap.organisations.enums import Sector, Service
from openmap.profiles.enums import AreaKind
from openmap.profiles.operations import save_sheet
from openmap.profiles.sheets import Sheet
from openmap.registrations.models import Registration
from openmap.roadmaps.enums import NeedState, SocialClause
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.quarters import quarter_of
from tests.applications import settings_for
from tests.factories import build_desk, build_event, build_structure
from tests.load.main_pages import Answer, percentile, report
from tests.processes import served
from tests.servers import LOCALHOST, PostgresServer

STRUCTURES, DESKS, NEEDS = 2000, 100, 5000
TARGET_MS = 150
PATH = "/events/grande/catalogue"
PAGES = (
    "",
    "?q=reemploi",
    "?q=mobilier+ecole",
    "?q=collecte&sector=waste",
    "?sector=it&departement=93",
    "?who=structure&service=goods&family=structure-ESAT",
    "?who=buyer&q=dechets",
    "?mine=1&order=recents",
    "?need=77&departement=75",
    "?page=60",
)
WORDS = (
    "réemploi", "mobilier", "collecte", "déchets", "atelier", "insertion", "propreté", "bureaux", "écoles", "numérique",
    "accessible", "œuvre", "données", "formation", "conseil", "été", "livraison", "vélo", "restauration", "traiteur",
    "menuiserie", "couture", "imprimerie", "espaces", "verts",
)  # fmt: skip


def prepared(app: Flask) -> dict[str, str]:
    """Fill the database; returns the cookies of a structure and of a buyer."""
    chance, at = random.Random(0), now()
    with unit_of_work():
        event = build_event(at=at, slug="grande", table_count=DESKS)
        structures = [build_structure(event, _some(chance, 3).title(), at=at) for _number in range(STRUCTURES)]
        desks = [build_desk(event, "Achats", body=f"Ville {number}", at=at) for number in range(DESKS)]
    for start in range(0, STRUCTURES, 200):
        with unit_of_work():
            for registration in structures[start : start + 200]:
                save_sheet(registration.organisation, _sheet(chance), by=None, at=at)
    with unit_of_work():
        _add_needs(chance, [desk.registration for desk in desks], quarter_of(event.held_on) + 1)
        people = {"structure": structures[7], "buyer": desks[7].registration}
        return {who: _cookie(app, registration) for who, registration in people.items()}


def _some(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _sheet(chance: random.Random) -> Sheet:
    area = chance.choice((AreaKind.DEPARTEMENTS, AreaKind.DEPARTEMENTS, AreaKind.REGION, AreaKind.COUNTRY))
    return Sheet(
        summary=_some(chance, 60),
        services=tuple(chance.sample(list(Service), chance.choice((1, 2)))),
        sectors=tuple(chance.sample(list(Sector), chance.choice((1, 2, 3, 4)))),
        area=area,
        departements=tuple(chance.sample(sorted(ILE_DE_FRANCE), 3)) if area is AreaKind.DEPARTEMENTS else (),
        references="\n".join(_some(chance, 8) for _line in range(4)),
        staff_count=chance.randrange(5, 200),
    )


def _add_needs(chance: random.Random, buyers: list[Registration], first_quarter: int) -> None:
    at = now() - timedelta(days=1)
    roadmaps = [
        Roadmap(organisation_id=buyer.organisation_id, slug=f"ville-{number}", created_at=at)
        for number, buyer in enumerate(buyers)
    ]
    session.add_all(roadmaps)
    session.flush()
    for number in range(NEEDS):
        title = _some(chance, 5)
        session.add(
            Need(
                roadmap_id=roadmaps[number % DESKS].id,
                reference=f"N{number}",
                position=number,
                state=NeedState.PUBLISHED,
                title=title,
                sector=chance.choice(list(Sector)),
                service=chance.choice(list(Service)),
                quarter=first_quarter + number % 4,
                departement=chance.choice(["", *ILE_DE_FRANCE]),
                clause=chance.choice(list(SocialClause)),
                words=plain(f"{title} {_some(chance, 30)}"),
                created_at=at,
                updated_at=at,
                published_at=at,
            )
        )


def _cookie(app: Flask, registration: Registration) -> str:
    key = open_session(registration.contact.person, secret_key=app.config["SECRET_KEY"], at=now())
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined] # Flask's own cookies
    return f"openmap_session={signer.dumps({'_user_id': key, '_fresh': True})}"


@contextmanager
def database(*, postgres: bool) -> Iterator[dict[str, str]]:
    """The setting that names the database: the folder's own SQLite, or a PostgreSQL started for this."""
    if not postgres:
        yield {}
        return
    with PostgresServer() as server:
        yield {"OPENMAP_DATABASE_URL": server.new_database("catalogue")}


def processor_s(pid: int) -> float:
    """What a process has used of the processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asked(port: int, cookies: dict[str, str], rounds: int) -> list[Answer]:
    """Ask for each page in turn, as each reader; the first round warms the site up and is not counted."""
    connection, answers = http.client.HTTPConnection(LOCALHOST, port, timeout=30), []
    for number in range(rounds + 1):
        for who, cookie in cookies.items():
            for page in PAGES:
                began = time.monotonic()
                connection.request("GET", PATH + page, headers={"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                if number:
                    answers.append(Answer(f"{who} {page}", answer.status, time.monotonic() - began))
    connection.close()
    return answers


def main() -> int:
    """Measure; 1 when a page failed or passed its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for (20)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="openmap-catalogue-")))
        settings = stack.enter_context(database(postgres=options.postgres))
        app = create_app(settings_for(folder, **settings))
        with app.app_context():
            upgrade()
            cookies = prepared(app)
            db.session.remove()
            db.engine.dispose()
        site = stack.enter_context(served(folder, **settings))
        began = processor_s(site.process.pid)
        answers = asked(site.port, cookies, options.rounds)
        spent = (processor_s(site.process.pid) - began) / (options.rounds + 1) / len(PAGES) / len(cookies)
    pages = {answer.page for answer in answers}
    slow = {page for page in pages if _p95_ms(answers, page) > TARGET_MS}
    done = report(answers)
    sys.stdout.write(f"{spent * 1000:.0f} ms of processor for each request, whatever else the machine does\n")
    sys.stdout.write("".join(f"SLOW: {page}\n" for page in sorted(slow)))
    return 0 if done and not slow else 1


def _p95_ms(answers: list[Answer], page: str) -> float:
    times = [answer.seconds * 1000 for answer in answers if answer.page == page]
    return percentile(times, 95)


if __name__ == "__main__":
    sys.exit(main())
