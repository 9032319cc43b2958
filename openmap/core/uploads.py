"""A form that takes files: its field checks them, its view takes more bytes than the others.

@blueprint.post("/logo")
@person_required
@accepts_files                      # without it, a request over 2 MB is answered 413
def logo(...): ...

class LogoForm(Form):
    logo = UploadField(_l("Logo"), kinds=(FileType.IMAGE,))     # then `form.logo.checked`
"""

from collections.abc import Callable, Collection
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation

from openmap.core.files import LARGEST_FILE, MEGABYTE, SHARPEST_SIDE, CheckedFile, FileRefused, FileType, checked_upload
from openmap.core.forms import told

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
_LIMIT = "__openmap_body_limit__"
ENDINGS = {
    FileType.PDF: ".pdf,application/pdf",
    FileType.IMAGE: ".png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp",
}


def accepts_files(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Let requests to `view` weigh one file and its form; goes under the decorators that let people in."""
    setattr(view, _LIMIT, LARGEST_FILE + MEGABYTE)
    return view


def init_uploads(app: Flask) -> None:
    """Set the size of a request before anything reads it; comes before the check of its token."""
    app.before_request(_set_limit)


def _set_limit() -> None:
    limit = getattr(current_app.view_functions.get(request.endpoint or ""), _LIMIT, None)
    if limit:
        request.max_content_length = limit


class UploadField(FileField):
    """One file of the given kinds; `checked` is what came, or None when nothing did."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = (),
        *,
        kinds: Collection[FileType],
        sharpest_side: int = SHARPEST_SIDE,
        **options: Any,
    ) -> None:
        accepted = {"accept": ",".join(ENDINGS[kind] for kind in kinds)}
        super().__init__(label, validators, render_kw=accepted | (options.pop("render_kw", None) or {}), **options)
        self.kinds, self.sharpest_side = kinds, sharpest_side
        self.checked: CheckedFile | None = None

    def pre_validate(self, form: PlainForm) -> None:
        """Look into the file; what is wrong with it is said at the field."""
        if not isinstance(self.data, FileStorage) or not self.data.filename:
            return
        try:
            self.checked = checked_upload(self.data, kinds=self.kinds, sharpest_side=self.sharpest_side)
        except FileRefused as refused:
            raise StopValidation(_explained(refused, self.kinds)) from None


def _explained(refused: FileRefused, kinds: Collection[FileType]) -> str:
    accepted = ", ".join(_(kind.label) for kind in kinds)
    return str(_("%(sentence)s Accepté : %(kinds)s.", sentence=told(refused), kinds=accepted))
