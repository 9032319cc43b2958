"""partners.csv: who stands beside buyers and structures, and who of them has a stand.

The file holds no address: until the organiser writes one, a partner's contact is a mailbox that no mail reaches.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.models import Event
from openmap.exhibition.layout import in_rows
from openmap.exhibition.models import Exhibition, Stand
from openmap.mornings.lines import BadCell, Line, Trouble, read_each
from openmap.organisations.contacts import vouch_for
from openmap.organisations.enums import OrganisationKind, PartnerKind
from openmap.organisations.models import Organisation
from openmap.organisations.operations import ContactDetails, find_or_add_contact
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.registrations.queries import body_named, refs

PARTNERS = "partners.csv"
COLUMNS = ("name", "kind", "exhibits")
SEAT = "75"  # the file names no département; most have their seat in Paris
HALL_WIDTH, HALL_DEPTH, STAND_WIDTH, STAND_DEPTH, AISLE = 20, 12, 3, 2, 2


class Exhibits(StrEnum):
    """Whether a partner has a stand."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One line of partners.csv; `email` is no column of the file."""

    name: str
    kind: PartnerKind
    exhibits: bool
    email: str = ""


def read_partners(folder: Path) -> tuple[list[PartnerLine], list[Trouble]]:
    """The lines of the file, if there is one."""
    path, names = folder / PARTNERS, set[str]()

    def partner(line: Line) -> PartnerLine:
        name = line.text("name")
        if name.casefold() in names:
            raise BadCell("name", f"{name!r} came already")
        names.add(name.casefold())
        return PartnerLine(name, line.word("kind", PartnerKind), line.word("exhibits", Exhibits) is Exhibits.YES)

    return read_each(path, COLUMNS, partner) if path.exists() else ([], [])


def add_partners(event: Event, lines: Sequence[PartnerLine], *, by: Person | None, at: datetime) -> None:
    """Register the partners of a morning, approved, and lay the stands of those who exhibit in rows."""
    entered_at = min(at, event.registration_closes_at - timedelta(minutes=1))
    taken = set(refs(event))
    exhibiting = []
    for line in lines:
        registration = _register(event, line, _free_ref(taken), by=by, at=entered_at)
        taken.add(registration.ref)
        if line.exhibits:
            exhibiting.append(registration)
    if exhibiting:
        _add_stands(event, exhibiting)


def _free_ref(taken: Collection[str]) -> str:
    return next(ref for number in range(1, len(taken) + 2) if (ref := f"P{number:02d}") not in taken)


def _register(event: Event, line: PartnerLine, ref: str, *, by: Person | None, at: datetime) -> Registration:
    kind = OrganisationKind.PARTNER
    body = body_named(kind, line.name)
    if body is None:
        body = Organisation(kind=kind, name=line.name, departement=SEAT, partner_kind=line.kind, created_at=at)
        session.add(body)
        session.flush()
    email = line.email or f"{ref.lower()}.{event.slug}@sans-adresse.invalid"
    contact = find_or_add_contact(body, ContactDetails(name="", email=email), at=at)
    registration = Registration(
        event_id=event.id,
        organisation_id=body.id,
        contact_id=contact.id,
        kind=kind,
        ref=ref,
        state=RegistrationState.APPROVED,
        sector=event.sector,
        created_at=at,
        decided_at=at,
        decided_by_id=by.id if by else None,
    )
    session.add(registration)
    session.flush()
    vouch_for(contact)
    return registration


def _add_stands(event: Event, holders: Sequence[Registration]) -> None:
    """A public hall that is open as long as the morning lasts, deep enough for every stand."""
    a_row = HALL_WIDTH // STAND_WIDTH
    rows = -(-len(holders) // a_row)
    depth = max(HALL_DEPTH, rows * (STAND_DEPTH + AISLE))
    moments = [moment for each in event.programme for moment in (each.starts_at, each.ends_at)]
    moments += [moment for slot in event.slots for moment in (slot.starts_at, slot.ends_at)]
    exhibition = Exhibition(
        event_id=event.id, opens_at=min(moments), closes_at=max(moments), width=HALL_WIDTH, depth=depth, is_public=True
    )
    session.add(exhibition)
    labels = [f"{chr(65 + number // a_row % 26)}{number % a_row + 1}" for number in range(len(holders))]
    size = {"stand_width": STAND_WIDTH, "stand_depth": STAND_DEPTH, "aisle": AISLE}
    for holder, box in zip(holders, in_rows(labels, width=HALL_WIDTH, depth=depth, **size), strict=True):
        stand = Stand(label=box.label, x=box.x, y=box.y, width=box.width, depth=box.depth, registration=holder)
        exhibition.stands.append(stand)
    session.flush()
