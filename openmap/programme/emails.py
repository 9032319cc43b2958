"""The mail about one's place in a line of the programme."""

import enum
from datetime import datetime

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.programme.models import LineReservation


class PlaceNews(enum.StrEnum):
    """What happened to a place."""

    GIVEN = "given"
    FREED = "freed"  # somebody else gave it back
    MOVED = "moved"
    OFF = "off"


def place_news(reservation: LineReservation, news: PlaceNews, *, at: datetime) -> Mail:
    """Say to a participant what became of its place; a change of a line is told once an instant."""
    registration = reservation.registration
    person = registration.contact.person
    return render_mail(
        "programme_place",
        key=f"place:{reservation.item_id}:{registration.id}:{news}:{at:%Y%m%dT%H%M%S%f}",
        recipient=person.email,
        locale=person.locale,
        registration=registration,
        event=registration.event,
        item=reservation.item,
        news=news.value,
    )
