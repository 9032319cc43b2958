"""What the buyers of the two mornings plan to buy, and who follows: made up, the same at each start."""

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, select

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind, Sector, Service
from openmap.organisations.models import Contact, Organisation
from openmap.registrations.models import Registration
from openmap.roadmaps import cells
from openmap.roadmaps.details import NeedDetails
from openmap.roadmaps.models import Need
from openmap.roadmaps.operations import add_need, begin_roadmap, follow_sectors, present_roadmap

DATA = Path(__file__).resolve().parent / "data" / "roadmaps"
FOLLOWERS = 3
PRESENTATION = (
    "Nous publions chaque année nos achats à venir pour que les structures puissent se préparer, seules ou à "
    "plusieurs. Les dates et les montants sont des prévisions."
)


def add_roadmaps(event: Event, *, by: Person, at: datetime) -> None:
    """Give each buyer of a morning the needs of its file, published two a day while people registered; once."""
    at = min(at, event.registration_closes_at)
    lines = list(_lines(event.slug))
    if session.scalar(select(Need.id).where(Need.reference == lines[0]["reference"]).limit(1)):
        return
    buyers = {buyer.name: buyer for buyer in session.scalars(_buyers(event)).unique()}
    for number, line in enumerate(lines):
        published_at = at - timedelta(hours=12) * (len(lines) - number)
        roadmap = begin_roadmap(buyers[line["buyer"]], by=by, at=published_at)
        if not roadmap.presentation:
            present_roadmap(roadmap, PRESENTATION, by=by, at=published_at)
        add_need(roadmap, _details(line), is_published=True, by=by, at=published_at)
    if at < event.registration_closes_at:
        _add_followers(event, at=at)


def _add_followers(event: Event, *, at: datetime) -> None:
    """Let the first structures of a morning follow its sector since three days ago: they have something to read."""
    people = (
        select(Person)
        .join(Contact, Contact.person_id == Person.id)
        .join(Registration, Registration.contact_id == Contact.id)
        .where(Registration.event_id == event.id, Registration.kind == OrganisationKind.STRUCTURE)
        .order_by(Registration.ref)
    )
    for person in session.scalars(people.limit(FOLLOWERS)):
        follow_sectors(person, {event.sector, Sector.RECYCLING}, by=person, at=at - timedelta(days=3))


def _lines(slug: str) -> Iterable[dict[str, str]]:
    text = (DATA / f"{slug}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines(), delimiter=";")


def _buyers(event: Event) -> Select[Organisation]:
    here = select(Registration.organisation_id).where(Registration.event_id == event.id)
    return select(Organisation).where(Organisation.id.in_(here), Organisation.kind == OrganisationKind.BUYER)


def _details(line: dict[str, str]) -> NeedDetails:
    low, high = cells.read_amounts(line["low"], line["high"])
    return NeedDetails(
        title=line["title"],
        sector=cells.read_word(line["sector"], Sector),
        service=cells.read_word(line["service"], Service),
        quarter=cells.read_quarter(line["quarter"]),
        clause=cells.read_clause(line["clause"]),
        reference=line["reference"],
        amount_low=low,
        amount_high=high,
        departement=cells.read_departement(line["departement"]),
        city=line["city"],
        lot_count=cells.read_lot_count(line["lots"]),
        is_open_to_cocontracting=cells.read_yes(line["cocontracting"]),
        notes=line["notes"],
    )
