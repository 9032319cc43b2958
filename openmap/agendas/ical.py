"""One participant's day as an iCalendar text (RFC 5545, 7986): the same file for download, feed and mail.

Times are UTC, so no client needs a time zone table. A meeting keeps its UID in every version and its SEQUENCE
grows with each change, so calendars move it instead of showing it twice.
"""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Event as Entry

from openmap.agendas.queries import Agenda, Appointment
from openmap.coaching.ical import booking_entry
from openmap.core.text import clean_text
from openmap.organisations.enums import OrganisationKind
from openmap.programme.ical import line_entry, new_calendar, new_entry, stage_entry
from openmap.registrations.models import Registration


def calendar_text(agenda: Agenda) -> str:
    """Return the day of one participant, in their own language; the same day gives the same text."""
    event = agenda.registration.event
    with force_locale(agenda.registration.contact.person.locale):
        calendar = new_calendar(f"{event.title} – {agenda.registration.title}")
        for item in agenda.programme:
            calendar.add_component(line_entry(item, event, stamp=event_stamp(agenda)))
        for own in agenda.on_stage:
            calendar.add_component(stage_entry(own.item, own.one, event, stamp=event_stamp(agenda)))
        if agenda.coaching is not None:
            calendar.add_component(booking_entry(agenda.coaching, stamp=event_stamp(agenda)))
        for appointment in agenda.appointments:
            calendar.add_component(_meeting_entry(appointment, agenda, is_dropped=False))
        for appointment in agenda.dropped:
            calendar.add_component(_meeting_entry(appointment, agenda, is_dropped=True))
    return str(calendar.to_ical().decode("utf-8"))


def event_stamp(agenda: Agenda) -> datetime:
    """When this day was last changed: its publication, a later cancellation, the programme, or the registration."""
    published = agenda.version.published_at if agenda.version else agenda.registration.created_at
    cancelled = (one.meeting.cancelled_at for one in agenda.appointments if one.meeting.cancelled_at)
    return max([published, agenda.surroundings_changed_at, *cancelled])


def file_name(registration: Registration) -> str:
    """`matinale-…-S001.ics`."""
    return f"{registration.event.slug}-{registration.ref}.ics"


def _meeting_entry(appointment: Appointment, agenda: Agenda, *, is_dropped: bool) -> Entry:
    meeting, event = appointment.meeting, agenda.registration.event
    is_off = is_dropped or appointment.is_cancelled
    title = _("Rendez-vous : %(whom)s", whom=appointment.title)
    entry = new_entry(meeting.uid, title if not is_off else _("Annulé : %(title)s", title=title))
    entry.add("dtstamp", event_stamp(agenda))
    entry.add("dtstart", meeting.slot.starts_at)
    entry.add("dtend", meeting.slot.ends_at)
    entry.add("sequence", meeting.sequence + is_dropped)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    place = _("table %(number)s", number=meeting.table.number)
    entry.add("location", clean_text(f"{event.venue}, {event.address} – {place}"))
    entry.add("description", _description(appointment, agenda.registration))
    entry.add("url", agenda_address(agenda.registration))
    return entry


def _description(appointment: Appointment, registration: Registration) -> str:
    lines = [other.offer for other in appointment.others if other.offer]
    motive = appointment.meeting.request.motive
    if motive:
        own = registration.kind is OrganisationKind.STRUCTURE
        lines.append(_("Votre motif : %(motive)s", motive=motive) if own else _("Motif : %(motive)s", motive=motive))
    lines.append(agenda_address(registration))
    return clean_text("\n\n".join(lines))


def agenda_address(registration: Registration) -> str:
    """The full address of a participant's agenda page, on the service's own host."""
    path = current_app.url_map.bind("").build(
        "agendas.show", {"slug": registration.event.slug, "ref": registration.ref}
    )
    return f"{current_app.config['PUBLIC_URL']}{path}"
