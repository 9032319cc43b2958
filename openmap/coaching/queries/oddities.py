"""What is not forbidden in coaching and yet looks wrong: an organiser should look at it again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from sqlalchemy import select

from openmap.coaching.queries.sessions import Offer
from openmap.core.db import session
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.organisations.models import Contact

TWO_AT_ONCE = mark("%(coach)s est annoncé à deux séances en même temps : le %(first)s et le %(second)s.")
AFTER_THE_MORNING = mark("La séance du %(first)s commence après le début de la matinale.")
OWN_STRUCTURE = mark("%(coach)s est aussi le contact de %(structure)s, qui a réservé la séance du %(first)s.")


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something an organiser should look at again: a marked sentence; instants among `facts` are told in words."""

    message: str
    facts: Mapping[str, object]


def oddities(found: Sequence[Offer], event: Event) -> Sequence[Oddity]:
    """What is not forbidden and yet looks wrong: told to the organiser beside the sessions."""
    return [*_two_at_once(found), *_after_the_morning(found, event), *_own_structures(found)]


def _two_at_once(found: Sequence[Offer]) -> Iterator[Oddity]:
    for one, other in combinations([offer.coaching_session for offer in found], 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            there = {coach.email for coach in other.coaches}
            for coach in one.coaches:
                if coach.email in there:
                    facts = {"coach": coach.name, "first": one.starts_at, "second": other.starts_at}
                    yield Oddity(TWO_AT_ONCE, MappingProxyType(facts))


def _after_the_morning(found: Sequence[Offer], event: Event) -> Iterator[Oddity]:
    begins = min((slot.starts_at for slot in event.slots), default=None)
    for offer in found:
        starts_at = offer.coaching_session.starts_at
        is_late = starts_at.astimezone(event.zone).date() > event.held_on or (begins and starts_at >= begins)
        if is_late:
            yield Oddity(AFTER_THE_MORNING, MappingProxyType({"first": starts_at}))


def _own_structures(found: Sequence[Offer]) -> Iterator[Oddity]:
    bodies = [each.application.registration.organisation_id for offer in found for each in offer.bookings]
    rows = select(Contact.person_id, Contact.organisation_id).where(
        Contact.organisation_id.in_(bodies), Contact.left_at.is_(None)
    )
    speaking = {(person_id, body) for person_id, body in session.execute(rows)} if bodies else set()
    for offer in found:
        for coach in offer.coaching_session.coaches:
            for booking in offer.bookings:
                registration = booking.application.registration
                if (coach.person_id, registration.organisation_id) in speaking:
                    facts = {
                        "coach": coach.name,
                        "structure": registration.title,
                        "first": offer.coaching_session.starts_at,
                    }
                    yield Oddity(OWN_STRUCTURE, MappingProxyType(facts))
