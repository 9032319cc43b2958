"""What a call lacks before it opens, and what a file lacks before it is sent."""

from collections.abc import Sequence
from datetime import datetime

from openmap.core.models import LabelledEnum
from openmap.core.text import mark
from openmap.pitches.models import Criterion, PitchApplication, PitchCall
from openmap.questions.enums import QuestionPurpose
from openmap.questions.models import Question
from openmap.questions.queries import answers_on, questions_for

NEEDED = ("title", "summary", "speaker")


class Lack(LabelledEnum):
    """One thing without which a call would be silly."""

    CRITERIA = "criteria", mark("aucun critère ne dit comment le jury juge")
    NOTHING_ASKED = "nothing-asked", mark("ni consigne ni question ne disent quoi écrire")
    DEADLINE = "deadline", mark("la date de fin est déjà passée")


def call_lacks(
    call: PitchCall, criteria: Sequence[Criterion], questions: Sequence[Question], *, at: datetime
) -> list[Lack]:
    """What keeps a call from being opened."""
    found = {
        Lack.CRITERIA: not criteria,
        Lack.NOTHING_ASKED: not call.guidance and not questions,
        Lack.DEADLINE: call.closes_at <= at,
    }
    return [lack for lack, is_lacking in found.items() if is_lacking]


def file_lacks(application: PitchApplication) -> tuple[str, ...]:
    """The fields that the jury needs and that are empty, in the order of the form."""
    empty = [name for name in NEEDED if not getattr(application, name)]
    sheet, registration = application.answer_sheet_id, application.registration
    answered = {answer.question_id for answer in answers_on([sheet]).get(sheet, [])} if sheet else set()
    questions = questions_for(registration.event, QuestionPurpose.PITCH, registration.kind)
    unanswered = (one.field_name for one in questions if one.is_required and one.id not in answered)
    return (*empty, *unanswered)
