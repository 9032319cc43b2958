"""A structure's file: nothing is needed to keep it, and what the jury needs is said at its field."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from openmap.core.files import FileType
from openmap.core.forms import LongTextField, TextField
from openmap.core.uploads import UploadField
from openmap.pitches.models import PitchApplication
from openmap.pitches.operations import Content
from openmap.questions.enums import QuestionKind
from openmap.questions.forms import AnswerForm, Needed, answer_form, unanswered
from openmap.questions.models import Answer, Question

KEY = re.compile(r"\d{1,9}", re.ASCII)


class ApplicationForm(AnswerForm):
    """The fields of every call, then the organiser's questions; made by `application_form`."""

    title = TextField(
        _l("Le titre de votre pitch"),
        [Needed()],
        maximum=120,
        description=_l("Une promesse en une ligne, celle que vous diriez en entrant en scène."),
    )
    summary = LongTextField(
        _l("Ce que vous présenterez"),
        [Needed()],
        maximum=3000,
        description=_l("Pour qui, quel besoin, ce que vous avez déjà fait. Une dizaine de lignes suffit."),
        render_kw={"rows": 10},
    )
    speaker = TextField(_l("Qui parlera"), [Needed()], maximum=120, description=_l("Prénom, nom et fonction."))
    is_first_time = BooleanField(_l("Ce sera notre premier pitch dans une matinale OpenMap"))
    document = UploadField(
        _l("Ajouter un document (facultatif)"),
        kinds=(FileType.PDF, FileType.IMAGE),
    )
    questions: ClassVar[Sequence[Question]] = ()

    def content(self) -> Content:
        """What was typed, as the operation takes it."""
        return Content(
            title=self.title.data or "",
            summary=self.summary.data or "",
            speaker=self.speaker.data or "",
            is_first_time=bool(self.is_first_time.data),
            words=self.words(),
            uploads=self.uploads(),
            removed_uploads=_keys("remove_file"),
            document=self.document.checked,
            removed_documents=_keys("remove_document"),
        )

    def ask_files_again(self) -> None:
        """A browser forgets a file that was chosen: say so at each that came beside something wrong."""
        for field in self:
            if isinstance(field, UploadField) and field.checked:
                again = _("« %(name)s » n’est pas gardé : choisissez-le de nouveau.", name=field.checked.name)
                field.errors = [*field.errors, again]

    def show_missing(self, names: Iterable[str]) -> None:
        """Say at each of these fields what is needed there."""
        kinds = {question.field_name: question.kind for question in self.questions}
        own = {
            "title": _("Donnez un titre à votre pitch."),
            "summary": _("Écrivez ce que vous présenterez."),
            "speaker": _("Dites qui parlera."),
        }
        for name in names:
            if name in self:
                self[name].errors = [own.get(name) or unanswered(kinds[name])]


def application_form(
    questions: Sequence[Question], application: PitchApplication | None, answers: Sequence[Answer]
) -> ApplicationForm:
    """The form of a file, filled with what is kept unless something was sent."""
    files = [answer.question_id for answer in answers if answer.file_id]
    made: type[Any] = answer_form(questions, kept_files=files, is_draft=True, base=ApplicationForm)
    names = ("title", "summary", "speaker", "is_first_time")
    kept: dict[str, Any] = {name: getattr(application, name) for name in names} if application else {}
    form: ApplicationForm = made(data=kept | _answered(questions, answers))
    return form


def _answered(questions: Sequence[Question], answers: Collection[Answer]) -> dict[str, object]:
    given = {answer.question_id: answer.value for answer in answers if not answer.file_id}
    return {
        question.field_name: given[question.id].split("\n")
        if question.kind is QuestionKind.CHOICES
        else given[question.id]
        for question in questions
        if question.id in given
    }


def _keys(name: str) -> frozenset[int]:
    return frozenset(int(key) for key in request.form.getlist(name) if KEY.fullmatch(key))
