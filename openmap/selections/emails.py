"""What applicants are told of a decision and of what follows; what organisers are told when a place gets free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from openmap.accounts.models import Person
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.pitches.models import PitchApplication
from openmap.selections.enums import Outcome
from openmap.selections.traits import Rule

TEMPLATES = {
    Outcome.SELECTED: "pitch_selected",
    Outcome.RESERVE: "pitch_reserve",
    Outcome.REJECTED: "pitch_rejected",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail about a decision says beside its own text: `rank` in the reserve, `until` when to answer."""

    message: str = ""
    feedback: Sequence[str] = ()
    rank: int | None = None
    until: datetime | None = None


def decision_mail(application: PitchApplication, outcome: Outcome, words: Words, *, key: str) -> Mail:
    """Tell an applicant what was decided."""
    return _mail(TEMPLATES[outcome], application, key=key, words=words)


def promoted(application: PitchApplication, words: Words, *, key: str) -> Mail:
    """Tell a structure of the reserve that a place got free, and until when to answer."""
    return _mail("pitch_promoted", application, key=key, words=words)


def freed(application: PitchApplication, words: Words, *, key: str) -> Mail:
    """Tell a structure that gave no answer that its place went to another."""
    return _mail("pitch_freed", application, key=key, words=words)


def reminder(application: PitchApplication) -> Mail:
    """Remind a selected structure to confirm; once a deadline."""
    return _mail("pitch_reminder", application, key=f"{_of_deadline(application)}:confirm")


def extended(application: PitchApplication) -> Mail:
    """Tell a selected structure that it has more time; once a deadline."""
    return _mail("pitch_extended", application, key=f"{_of_deadline(application)}:extended")


def silent(application: PitchApplication, to: Person) -> Mail:
    """Tell an organiser that a selected structure let its deadline pass; once a deadline."""
    return render_mail(
        "pitch_silent",
        key=f"{_of_deadline(application)}:silent",
        recipient=to.email,
        locale=to.locale,
        application=application,
        event=application.call.event,
        person=to,
    )


def place_freed(
    application: PitchApplication,
    to: Person,
    *,
    heir: PitchApplication | None,
    skipped: Sequence[tuple[PitchApplication, Rule | None]],
    key: str,
) -> Mail:
    """Tell an organiser who gave up its pitch, who takes the place, and who was passed over for which rule."""
    return render_mail(
        "pitch_place_freed",
        key=key,
        recipient=to.email,
        locale=to.locale,
        application=application,
        event=application.call.event,
        person=to,
        heir=heir,
        skipped=skipped,
    )


def digest(mail: Mail) -> str:
    """What stays the same as long as a mail reads the same to the same person."""
    return sha256(f"{mail.kind}\n{mail.recipient}\n{mail.subject}\n{mail.text}".encode()).hexdigest()


def moment(at: datetime) -> str:
    """The part of a key that tells two mails of one kind apart."""
    return f"{at:%Y%m%dT%H%M%S%f}"


def _of_deadline(application: PitchApplication) -> str:
    """What tells the deadlines of one file apart."""
    return f"pitch:{application.id}:{application.confirm_before:%Y%m%dT%H%M%S}"


def _mail(name: str, application: PitchApplication, *, key: str, words: Words | None = None) -> Mail:
    person = application.registration.contact.person
    return render_mail(
        name,
        key=key,
        recipient=person.email,
        locale=person.locale,
        application=application,
        registration=application.registration,
        call=application.call,
        event=application.call.event,
        person=person,
        words=words,
    )
