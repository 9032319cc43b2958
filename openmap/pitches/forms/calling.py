"""What an organiser types of a call and its criteria; shape only, the operations hold the rules."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import DataRequired, ValidationError

from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.models import Event
from openmap.pitches.forms.fields import CountField, MomentField
from openmap.pitches.models import Criterion, PitchCall
from openmap.pitches.operations import CallDetails, CriterionDetails


class MomentsForm(Form):
    """A form with days and times of one morning."""

    def __init__(self, event: Event, **options: Any) -> None:
        super().__init__(**options)
        for field in self:
            if isinstance(field, MomentField):
                field.zone = event.zone


class CallForm(MomentsForm):
    """When, how many, for how long, and in which words."""

    opens_at = MomentField(_l("Ouverture"), [DataRequired(_l("Choisissez quand l’appel ouvre."))])
    closes_at = MomentField(_l("Fin des candidatures"), [DataRequired(_l("Choisissez jusqu’à quand on candidate."))])
    jury_closes_at = MomentField(
        _l("Fin des notes du jury"), [DataRequired(_l("Choisissez jusqu’à quand le jury note."))]
    )
    places = CountField(_l("Pitchs retenus"), smallest=1, largest=50, default="6")
    reserve_places = CountField(_l("Places de réserve"), smallest=0, largest=50, default="2")
    pitch_minutes = CountField(_l("Minutes par pitch"), smallest=1, largest=60, default="5")
    guidance = LongTextField(
        _l("Consignes (facultatif)"),
        maximum=5000,
        description=_l("Ce que vous attendez d’un bon dossier. Une ligne vide sépare, un tiret commence une liste."),
        render_kw={"rows": 8},
    )
    is_blind = BooleanField(
        _l("Le jury lit les dossiers sans savoir qui les envoie"),
        description=_l("Nom, SIRET, contact et département sont cachés ; le type et le secteur restent."),
    )

    @classmethod
    def of(cls, event: Event, call: PitchCall) -> "CallForm":
        """The form filled with a call as it is."""
        numbers = {name: str(getattr(call, name)) for name in ("places", "reserve_places", "pitch_minutes")}
        form = cls(event, data=numbers | {"guidance": call.guidance, "is_blind": call.is_blind})
        for field in (form.opens_at, form.closes_at, form.jury_closes_at):
            field.show_instant(getattr(call, field.name))
        return form

    def details(self, call: PitchCall | None) -> CallDetails:
        """What was typed, as the operation takes it; a date left as `call` has it is the very instant it was."""
        return CallDetails(
            opens_at=self.opens_at.meant_after(call.opens_at if call else None),
            closes_at=self.closes_at.meant_after(call.closes_at if call else None),
            jury_closes_at=self.jury_closes_at.meant_after(call.jury_closes_at if call else None),
            places=self.places.number,
            reserve_places=self.reserve_places.number,
            pitch_minutes=self.pitch_minutes.number,
            guidance=self.guidance.data or "",
            is_blind=bool(self.is_blind.data),
        )


class ReopeningForm(MomentsForm):
    """Until when a closed call takes files again, and why."""

    until = MomentField(_l("Nouvelle fin des candidatures"), [DataRequired(_l("Choisissez une date."))])
    reason = TextField(
        _l("Raison"),
        [DataRequired(_l("Écrivez la raison : elle reste dans le journal."))],
        maximum=500,
        description=_l("Elle reste dans le journal de la matinale."),
    )


class CriterionForm(Form):
    """What the jury judges, how much it counts, on which scale."""

    label = TextField(_l("Ce que le jury juge"), [DataRequired(_l("Écrivez ce que le jury juge."))], maximum=120)
    help_text = TextField(
        _l("Aide sous le critère (facultatif)"),
        maximum=500,
        description=_l("Ce que vaut une note basse, ce que vaut une note haute."),
    )
    weight = CountField(
        _l("Poids"),
        smallest=1,
        largest=20,
        default="1",
        description=_l("Un critère de poids 2 compte deux fois plus qu’un critère de poids 1."),
    )
    lowest = CountField(_l("Note la plus basse"), smallest=0, largest=99, default="1")
    highest = CountField(_l("Note la plus haute"), smallest=1, largest=100, default="5")
    confirms = BooleanField(_l("Oui, recalculer tous les totaux avec ce poids"))

    @classmethod
    def of(cls, criterion: Criterion) -> "CriterionForm":
        """The form filled with a criterion as it is."""
        numbers = {name: str(getattr(criterion, name)) for name in ("weight", "lowest", "highest")}
        return cls(data=numbers | {"label": criterion.label, "help_text": criterion.help_text})

    def validate_highest(self, field: Field) -> None:
        """Above the lowest, and few enough steps to choose from."""
        steps = self.highest.number - self.lowest.number
        if self.lowest.number >= 0 and not 1 <= steps <= 20:
            raise ValidationError(_("Choisissez une note plus haute que la plus basse, de vingt points au plus."))

    def details(self) -> CriterionDetails:
        """What was typed, as the operation takes it."""
        return CriterionDetails(
            label=self.label.data or "",
            help_text=self.help_text.data or "",
            weight=self.weight.number,
            lowest=self.lowest.number,
            highest=self.highest.number,
        )
