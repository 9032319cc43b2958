"""What an organiser types to decide; shape only, the operations hold the rules."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from openmap.core.choices import choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.core.text import clean_text
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.enums import RegistrationState
from openmap.registrations.forms.fields import member, typed
from openmap.registrations.models import Capacity
from openmap.registrations.queries import Filters

MOST_PLACES = 10_000


class ApprovalForm(Form):
    """One tap: only the state on which the organiser decided travels."""

    seen = HiddenField()

    def seen_state(self) -> RegistrationState | None:
        """The state the organiser saw; None means that the page is not one of ours."""
        return member(RegistrationState, self.seen.data)


class RefusalForm(ApprovalForm):
    """The reason that the participant will read."""

    reason = LongTextField(
        _l("Raison du refus"),
        [DataRequired(_l("Écrivez la raison : la personne inscrite la lira dans son courriel."))],
        maximum=1000,
        description=_l("Elle est envoyée telle quelle à la personne inscrite."),
    )


class ReopeningForm(Form):
    """Why an approval is taken back."""

    reason = LongTextField(
        _l("Raison"),
        [DataRequired(_l("Écrivez la raison : la personne inscrite la lira dans son courriel."))],
        maximum=1000,
        description=_l("Elle est envoyée telle quelle à la personne inscrite."),
    )


class BatchForm(Form):
    """The registrations ticked on one page of the list."""

    refs = SelectMultipleField(validate_choice=False)

    def chosen(self) -> list[str]:
        """Their refs, each once; what is no ref names nobody."""
        return list(dict.fromkeys(clean_text(ref)[:20] for ref in self.refs.data or ()))[:100]


class CapacityForm(Form):
    """How many of each kind; empty means as many as come."""

    buyer = TextField(maximum=6, render_kw={"inputmode": "numeric"})
    structure = TextField(maximum=6, render_kw={"inputmode": "numeric"})
    partner = TextField(maximum=6, render_kw={"inputmode": "numeric"})
    visitor = TextField(maximum=6, render_kw={"inputmode": "numeric"})

    LABELS = (
        (OrganisationKind.BUYER, _l("Délégations d’acheteurs")),
        (OrganisationKind.STRUCTURE, _l("Structures")),
        (OrganisationKind.PARTNER, _l("Partenaires")),
        (OrganisationKind.VISITOR, _l("Visiteurs de la plénière")),
    )

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        for kind, label in self.LABELS:
            self[str(kind)].label.text = label

    @classmethod
    def of(cls, capacities: "list[Capacity]") -> "CapacityForm":
        """The form filled with what is set."""
        return cls(formdata=None, data={str(each.kind): str(each.places) for each in capacities})

    def _check(self, field: StringField) -> None:
        if field.data and (not field.data.isascii() or not field.data.isdecimal() or int(field.data) > MOST_PLACES):
            raise ValidationError(_("Écrivez un nombre de places, ou laissez vide."))

    validate_buyer = validate_structure = validate_partner = validate_visitor = _check

    def places(self) -> Mapping[OrganisationKind, int | None]:
        """What was typed, as the operation takes it."""
        return {kind: int(data) if (data := self[str(kind)].data) else None for kind in OrganisationKind}


class FilterForm(PlainForm):
    """Search and filters of a list; they live in the address, so nothing is posted."""

    q = StringField(_l("Chercher"), [Length(max=100)])
    state = SelectField(_l("Décision"))
    kind = SelectField(_l("Qui"))

    def __init__(self, args: MultiDict[str, str]) -> None:
        super().__init__(args)
        self.state.choices = choices_of(RegistrationState, first=_("Toutes"))
        self.kind.choices = choices_of(OrganisationKind, first=_("Tout le monde"))

    def filters(self) -> Filters:
        """What the address asks for; words it cannot mean are no filter."""
        return Filters(
            words=clean_text(typed(self.q))[:100],
            state=member(RegistrationState, self.state.data),
            kind=member(OrganisationKind, self.kind.data),
        )

    def kept(self) -> dict[str, str]:
        """The filters for the address of another page of the list."""
        return {name: value for name, value in self.data.items() if value}
