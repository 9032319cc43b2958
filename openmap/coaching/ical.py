"""One coaching session as a calendar invitation (RFC 5546): a change moves the entry, a cancellation takes it away.

A structure has one entry, whichever session it books, so that changing sessions moves it; each coach has one a session.
"""

from datetime import datetime
from email.utils import parseaddr

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from openmap.accounts.models import Person
from openmap.coaching.models import CoachingBooking, CoachingSession
from openmap.coaching.queries import entry_sequence
from openmap.core.text import clean_text


def booking_entry(booking: CoachingBooking, *, stamp: datetime, is_off: bool = False) -> Entry:
    """A structure's coaching, in the language of the moment; `stamp` is when it last changed."""
    application = booking.application
    entry = _entry(booking.coaching_session, uid=f"coaching-{application.id}@openmap", stamp=stamp, is_off=is_off)
    entry.add("sequence", entry_sequence(application))
    entry.add("url", address_of("coaching.book", application.registration.event.slug, ref=application.registration.ref))
    return entry


def booking_invitation(booking: CoachingBooking, *, stamp: datetime, is_off: bool = False) -> str:
    """The invitation that goes with a mail to the structure's contact."""
    person = booking.application.registration.contact.person
    with force_locale(person.locale):
        return _invitation(booking_entry(booking, stamp=stamp, is_off=is_off), person, is_off=is_off)


def coach_invitation(
    coaching_session: CoachingSession, person: Person, *, stamp: datetime, is_off: bool = False
) -> str:
    """The invitation that goes with a mail to a coach."""
    with force_locale(person.locale):
        uid = f"coaching-session-{coaching_session.id}@openmap"
        entry = _entry(coaching_session, uid=uid, stamp=stamp, is_off=is_off)
        entry.add("sequence", coaching_session.sequence)
        slug = coaching_session.call.event.slug
        entry.add("url", address_of("coaching.session", slug, session_id=coaching_session.id))
        return _invitation(entry, person, is_off=is_off)


def address_of(endpoint: str, slug: str, **values: object) -> str:
    """The full address of a page, on the service's own host."""
    path = current_app.url_map.bind("").build(endpoint, {"slug": slug, **values})
    return f"{current_app.config['PUBLIC_URL']}{path}"


def _entry(coaching_session: CoachingSession, *, uid: str, stamp: datetime, is_off: bool) -> Entry:
    title = _("Coaching de pitch : %(event)s", event=coaching_session.call.event.title)
    entry = Entry()
    entry.add("uid", uid)
    entry.add("summary", clean_text(_("Annulé : %(title)s", title=title) if is_off else title))
    entry.add("dtstamp", stamp)
    entry.add("dtstart", coaching_session.starts_at)
    entry.add("dtend", coaching_session.ends_at)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("location", clean_text(coaching_session.place or coaching_session.link))
    coaches = ", ".join(coach.name for coach in coaching_session.coaches)
    lines = [_("Avec %(coaches)s", coaches=coaches) if coaches else "", coaching_session.link]
    entry.add("description", clean_text("\n\n".join(line for line in [*lines, coaching_session.instructions] if line)))
    return entry


def _invitation(entry: Entry, person: Person, *, is_off: bool) -> str:
    name, mailbox = parseaddr(current_app.extensions["openmap"].mail_sender)
    organiser = vCalAddress(f"mailto:{mailbox}")
    organiser.params["CN"] = vText(name or "OpenMap")
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params["CN"] = vText(clean_text(person.display_name))
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    entry.add("organizer", organiser)
    entry.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//OpenMap//Coaching//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    calendar.add_component(entry)
    return str(calendar.to_ical().decode("utf-8"))
