"""The mail that brings a published programme."""

from collections.abc import Sequence

from openmap.agendas.ical import calendar_text
from openmap.agendas.queries import Surroundings, agenda_in
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.meetings.models import Meeting, ScheduleVersion
from openmap.registrations.models import Registration


def programme_mail(
    registration: Registration,
    *,
    version: ScheduleVersion,
    meetings: Sequence[Meeting],
    unmet: Sequence[str] = (),
    dropped: Sequence[Meeting] = (),
    around: Surroundings,
) -> Mail:
    """Tell a participant their programme in `version`, with the calendar file.

    `meetings` are theirs, in the order of the slots; `unmet` are whole sentences, one a request that was not met;
    `dropped` are meetings of the version before that no longer take place; `around` is what stands beside them.
    """
    agenda = agenda_in(registration, version=version, meetings=meetings, dropped=dropped, around=around)
    person = registration.contact.person
    return render_mail(
        "programme",
        key=f"event:{version.event_id}:version:{version.number}:registration:{registration.id}",
        recipient=person.email,
        locale=person.locale,
        calendar=calendar_text(agenda),
        agenda=agenda,
        registration=registration,
        event=registration.event,
        version=version,
        unmet=unmet,
    )
