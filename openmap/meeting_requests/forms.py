"""What people type to ask for a meeting and to answer; shape only, the operations hold the rules."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import AnyOf, DataRequired, Optional

from openmap.core.choices import choices_from
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form, LongTextField, TextField, told
from openmap.core.models import LabelledEnum
from openmap.meeting_requests.enums import ANSWERS, DeclineCause, RequestState
from openmap.meeting_requests.filters import AnswerFilter, DeskFilter
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.registrations.models import Registration
from openmap.roadmaps.models import Need

Word = TypeVar("Word", bound=LabelledEnum)
DIRECTIONS = {"up": -1, "down": 1}
DEPARTEMENTS = ILE_DE_FRANCE | ELSEWHERE


def member_of(kind: type[Word], value: object) -> Word | None:
    """The member of an enumeration that was chosen, None for « tous »."""
    return next((member for member in kind if member == value), None)


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
        maximum=600,
        description=_l("Une ou deux phrases : ce que vous proposez, et pour quel besoin. L’acheteur les lira."),
        render_kw={"rows": 3, "data-length": "600"},
    )

    @classmethod
    def for_request(cls, wish: MeetingRequest) -> "MotiveForm":
        """The form that edits the motive of `wish`."""
        return cls(suffix=wish.id, formdata=None, data={"motive": wish.motive})


class AskForm(MotiveForm):
    """A request with everything it may hold: a need, and up to two structures that come along."""

    need = SelectField(_l("Pour quel besoin ?"), default="")
    first_partner = TextField(
        _l("Une structure qui vient avec vous (facultatif)"),
        description=_l(
            "Commencez à taper son nom. Elle recevra un courriel, et la demande partira quand elle aura accepté."
        ),
        render_kw={"list": "structures", "autocomplete": "off"},
    )
    second_partner = TextField(
        _l("Une autre structure (facultatif)"), render_kw={"list": "structures", "autocomplete": "off"}
    )

    def offer(self, needs: Sequence[Need]) -> None:
        """Let people choose among the needs of whoever is asked."""
        own = [(str(need.id), need.title) for need in needs]
        self.need.choices = choices_from([("", _("Aucun en particulier")), *own])

    def show(self, broken: RuleBroken) -> Form:
        """Put what is said of partners at the first of their fields."""
        if broken.field != "partners":
            return super().show(broken)
        self.first_partner.errors = [*self.first_partner.errors, told(broken)]
        return self


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
    cause = RadioField(
        _l("Pourquoi déclinez-vous ?"),
        choices=choices_from((str(cause), _l(cause.label)) for cause in DeclineCause),
        default="",
        validators=[Optional()],
        description=_l("La structure le lira : cela l’aide à mieux choisir."),
    )
    reason = LongTextField(_l("Un mot de plus (facultatif)"), maximum=300, render_kw={"rows": 2})

    @classmethod
    def for_request(cls, wish: MeetingRequest) -> "AnswerForm":
        """The form that answers `wish`."""
        cause = str(wish.decline_cause) if wish.decline_cause else ""
        return cls(suffix=wish.id, formdata=None, data={"cause": cause, "reason": wish.decline_reason})

    def given_cause(self) -> DeclineCause | None:
        """The reason chosen from the list."""
        return member_of(DeclineCause, self.cause.data)


class JoinForm(Form):
    """A structure's answer to another one's proposal, or to a desk's invitation."""

    answer = HiddenField(validators=[AnyOf(["accept", "decline"])])


class InvitationForm(Form):
    """A structure to invite, by its ref, and why."""

    structure = HiddenField(validators=[DataRequired()])
    motive = LongTextField(
        _l("Votre message à la structure"),
        maximum=600,
        description=_l("Une phrase suffit : le besoin dont vous voulez parler avec elle."),
        render_kw={"rows": 3, "data-length": "600"},
    )


class DeskFilterForm(PlainForm):
    """Which desks to show; it lives in the address, so nothing is posted."""

    q = TextField(_l("Chercher"), maximum=100)
    sector = SelectField(_l("Secteur"), validate_choice=False, default="")
    departement = SelectField(_l("Département"), validate_choice=False, default="")

    def offer(self, desks: Sequence[Registration]) -> None:
        """Let people choose among what is there."""
        sectors = {str(desk.sector): _(desk.sector.label) for desk in desks}
        codes = sorted({desk.organisation.departement for desk in desks})
        self.sector.choices = choices_from([("", _("Tous")), *sorted(sectors.items(), key=lambda item: item[1])])
        named = [(code, f"{code} – {DEPARTEMENTS.get(code, '')}") for code in codes]
        self.departement.choices = choices_from([("", _("Tous")), *named])

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
