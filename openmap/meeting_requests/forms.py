"""What people type to ask for a meeting and to answer; shape only, the operations hold the rules."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf, DataRequired

from openmap.core.forms import Form, LongTextField, TextField
from openmap.meeting_requests.enums import ANSWERS, RequestState
from openmap.meeting_requests.filters import AnswerFilter, DeskFilter
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.registrations.models import Registration

DIRECTIONS = {"up": -1, "down": 1}
DEPARTEMENTS = ILE_DE_FRANCE | ELSEWHERE


class ManyOnAPage(Form):
    """A form that stands several times on one page: `suffix` keeps the ids of its fields apart."""

    def __init__(self, *, suffix: object, **options: Any) -> None:
        super().__init__(**options)
        self.suffix = suffix
        for field in self:
            field.id = f"{field.name}-{suffix}"
            field.label.field_id = field.id


class MotiveForm(ManyOnAPage):
    """Why a structure wants to meet a desk."""

    motive = LongTextField(
        _l("Pourquoi voulez-vous les rencontrer ?"),
        [DataRequired(_l("Écrivez en une phrase pourquoi vous voulez les rencontrer."))],
        maximum=600,
        description=_l("Une ou deux phrases : ce que vous proposez, et pour quel besoin. L’acheteur les lira."),
        render_kw={"rows": 3},
    )

    @classmethod
    def for_request(cls, wish: MeetingRequest) -> "MotiveForm":
        """The form that edits the motive of `wish`."""
        return cls(suffix=wish.id, formdata=None, data={"motive": wish.motive})


class RequestForm(MotiveForm):
    """A new request; `desk` is the ref of the desk's registration."""

    desk = HiddenField(validators=[DataRequired()])

    @classmethod
    def for_desk(cls, ref: str) -> "RequestForm":
        """The form that asks for the desk `ref`."""
        return cls(suffix=ref, formdata=None, data={"desk": ref})


class MoveForm(Form):
    """One step up or down the list."""

    direction = HiddenField(validators=[AnyOf(DIRECTIONS)])


class AnswerForm(ManyOnAPage):
    """A desk's answer; `sent` takes it back."""

    answer = HiddenField(validators=[AnyOf([str(state) for state in (*ANSWERS, RequestState.SENT)])])
    reason = LongTextField(
        _l("Un mot à la structure, si vous déclinez (facultatif)"),
        maximum=300,
        description=_l("Elle le lira : cela l’aide à mieux choisir."),
        render_kw={"rows": 2},
    )

    @classmethod
    def for_request(cls, wish: MeetingRequest) -> "AnswerForm":
        """The form that answers `wish`."""
        return cls(suffix=wish.id, formdata=None, data={"reason": wish.decline_reason})


class DeskFilterForm(PlainForm):
    """Which desks to show; it lives in the address, so nothing is posted."""

    q = TextField(_l("Chercher"), maximum=100)
    sector = SelectField(_l("Secteur"), validate_choice=False, default="")
    departement = SelectField(_l("Département"), validate_choice=False, default="")

    def offer(self, desks: Sequence[Registration]) -> None:
        """Let people choose among what is there."""
        sectors = {str(desk.sector): _(desk.sector.label) for desk in desks}
        codes = sorted({desk.organisation.departement for desk in desks})
        self.sector.choices = [("", _("Tous")), *sorted(sectors.items(), key=lambda item: item[1])]
        self.departement.choices = [
            ("", _("Tous")),
            *((code, f"{code} – {DEPARTEMENTS.get(code, '')}") for code in codes),
        ]

    def kept(self) -> DeskFilter:
        """What was chosen."""
        return DeskFilter(self.q.data or "", self.sector.data or "", self.departement.data or "")


class AnswerFilterForm(PlainForm):
    """Which requests to show; it lives in the address, so nothing is posted."""

    q = TextField(_l("Chercher une structure"), maximum=100)
    show = HiddenField(default="")

    def kept(self) -> AnswerFilter:
        """What was chosen; an unknown state shows all."""
        show = self.show.data or ""
        return AnswerFilter(self.q.data or "", show if show in AnswerFilter.STATES else "")
