"""What an organiser should ask a participant for before deciding."""

import enum
from collections.abc import Iterable, Sequence

from openmap.questions.models import Answer, Question
from openmap.registrations.consent_texts import NEEDED
from openmap.registrations.models import Registration


class Lack(enum.StrEnum):
    """One thing that is not there."""

    OFFER = "offer"
    PHONE = "phone"
    CONSENT = "consent"
    ANSWERS = "answers"


def lacking(registration: Registration, questions: Iterable[Question], answers: Sequence[Answer]) -> list[Lack]:
    """What a registration lacks, the most useful first; a morning that was imported has no consents."""
    answered = {answer.question_id for answer in answers}
    required = (question for question in questions if question.is_required and question.is_for(registration.kind))
    found = {
        Lack.OFFER: registration.kind != "visitor" and not registration.offer,
        Lack.ANSWERS: any(question.id not in answered for question in required),
        Lack.CONSENT: registration.consent_to(NEEDED) is None,
        Lack.PHONE: not registration.contact.phone,
    }
    return [lack for lack, is_lacking in found.items() if is_lacking]
