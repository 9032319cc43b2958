"""Giving a consent and taking it back, each with its time and its very words."""

from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.text import mark
from openmap.registrations.consent_texts import NEEDED
from openmap.registrations.enums import ConsentPurpose
from openmap.registrations.models import Consent, Registration
from openmap.registrations.operations.wording import on_behalf


class ConsentIsNeeded(RuleBroken):
    """Nobody takes part without it: whoever wants it back leaves the morning."""

    message = mark("Sans cet accord, la participation n’est pas possible. Pour le retirer, annulez votre inscription.")


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """What was agreed to, in the words that were shown."""

    purpose: ConsentPurpose
    version: str
    text: str


def give_consent(registration: Registration, given: GivenConsent, *, by: Person | None, at: datetime) -> Consent:
    """Note a consent; one that stands already is kept as it is."""
    lock(registration)
    session.expire(registration, ["consents"])
    standing = registration.consent_to(given.purpose)
    if standing is not None:
        return standing
    own = by is None or by.id == registration.contact.person_id
    consent = Consent(
        registration=registration,
        purpose=given.purpose,
        text_version=given.version,
        text=given.text,
        given_at=at,
        noted_by_id=None if own or by is None else by.id,
    )
    session.add(consent)
    _note(registration, "consent.given", given.purpose, by=by, at=at)
    return consent


def withdraw_consent(registration: Registration, purpose: ConsentPurpose, *, by: Person | None, at: datetime) -> None:
    """Take a consent back; one that does not stand stays so. Raises ConsentIsNeeded."""
    if purpose is NEEDED:
        raise ConsentIsNeeded
    lock(registration)
    session.expire(registration, ["consents"])
    standing = registration.consent_to(purpose)
    if standing is not None:
        standing.withdrawn_at = at
        _note(registration, "consent.withdrawn", purpose, by=by, at=at)


def _note(registration: Registration, action: str, purpose: ConsentPurpose, *, by: Person | None, at: datetime) -> None:
    extra = on_behalf(registration, by)
    audit.record(by, action, registration, at=at, event_id=registration.event_id, consent=str(purpose), **extra)
