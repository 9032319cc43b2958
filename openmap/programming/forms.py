"""What an organiser types about a line, somebody on stage, and the timer; shape only."""

from datetime import UTC, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, TimeField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from openmap.core.choices import choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.programme.details import LineDetails
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance
from openmap.programme.operations import Part
from openmap.registrations.models import Registration

MOST_PLACES = 20_000
LONGEST_PITCH = 240  # minutes
SECRET_LENGTH = 64


class ConfirmedForm(Form):
    """A change that may cost meetings: `confirmed` names the cost that was shown, `seen` the state of the line."""

    confirmed = HiddenField(default="")
    seen = HiddenField(default="")

    @property
    def seen_sequence(self) -> int | None:
        """The line's sequence when the page was shown; what is no number is none that the line ever had."""
        text = str(self.seen.data or "")
        if not text:
            return None
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class LineForm(ConfirmedForm):
    """One line of the programme."""

    kind = SelectField(_l("Quoi ?"))
    title = TextField(_l("Titre"), [DataRequired(_l("Écrivez un titre."))], maximum=200)
    starts = TimeField(_l("Début"), [InputRequired(_l("Écrivez l’heure du début."))])
    ends = TimeField(_l("Fin"), [InputRequired(_l("Écrivez l’heure de fin."))])
    room = TextField(
        _l("Salle (facultatif)"),
        maximum=120,
        description=_l("Le nom écrit sur la porte. Deux lignes au même moment n’y tiennent pas."),
    )
    capacity = IntegerField(
        _l("Nombre de places (facultatif)"),
        [Optional(), NumberRange(1, MOST_PLACES, message=_l("Écrivez un nombre entre 1 et 20 000."))],
    )
    is_reserved = BooleanField(
        _l("Les participants réservent leur place"),
        description=_l(
            "Une place par participant. Quand c’est plein, les suivants attendent ; une place rendue va au premier."
        ),
    )
    description = LongTextField(
        _l("Quelques mots (facultatif)"),
        maximum=1000,
        description=_l("Ce que l’on y apprend, pour qui."),
        render_kw={"rows": 3},
    )

    def __init__(self, event: Event, **options: Any) -> None:
        super().__init__(**options)
        self._event = event
        self.kind.choices = choices_of(ProgrammeKind)

    @classmethod
    def of(cls, item: ProgrammeItem, event: Event) -> "LineForm":
        """The form filled with a line as it is."""
        starts, ends = (instant.astimezone(event.zone).time() for instant in (item.starts_at, item.ends_at))
        data = {name: getattr(item, name) for name in ("title", "room", "capacity", "is_reserved", "description")}
        return cls(event, data=data | {"kind": item.kind.value, "starts": starts, "ends": ends, "seen": item.sequence})

    def validate_starts(self, field: TimeField) -> None:
        """Once a year an hour does not exist."""
        self._check_exists(field)

    def validate_ends(self, field: TimeField) -> None:
        """Once a year an hour does not exist."""
        self._check_exists(field)

    def details(self) -> LineDetails:
        """What was typed, as a value; times in the morning's own time zone."""
        return LineDetails(
            kind=ProgrammeKind.of(self.kind.data),
            title=self.title.data or "",
            starts_at=self._instant(self.starts.data),
            ends_at=self._instant(self.ends.data),
            room=self.room.data or "",
            description=self.description.data or "",
            capacity=self.capacity.data,
            is_reserved=self.is_reserved.data,
        )

    def _instant(self, clock: time | None) -> datetime:
        assert clock is not None  # both fields are required, and this is a valid form
        return datetime.combine(self._event.held_on, clock, self._event.zone).astimezone(UTC)

    def _check_exists(self, field: TimeField) -> None:
        if field.data is not None and self._instant(field.data).astimezone(self._event.zone).time() != field.data:
            raise ValidationError(_("Cette heure n’existe pas ce jour-là : on change d’heure cette nuit."))


class PartForm(ConfirmedForm):
    """Somebody on stage; `who` is the ref of a participant, "" for somebody who is not registered."""

    who = HiddenField(default="")
    role = RadioField(_l("À quel titre ?"), default=str(AppearanceRole.SPEAKER))
    person_name = TextField(_l("Nom de la personne"), maximum=120)
    function = TextField(_l("Fonction (facultatif)"), maximum=200)
    title = TextField(_l("Titre de l’intervention (facultatif)"), maximum=200)
    minutes = IntegerField(
        _l("Durée en minutes (facultatif)"),
        [Optional(), NumberRange(1, LONGEST_PITCH, message=_l("Écrivez un nombre de minutes entre 1 et 240."))],
        description=_l("Pour un pitch : l’heure de passage et le minuteur en dépendent."),
    )

    def __init__(self, registration: Registration | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._registration = registration
        if registration is not None:
            self.person_name.label.text = _("Nom de la personne (facultatif)")
        self.role.choices = choices_of(AppearanceRole)

    @classmethod
    def of(cls, appearance: Appearance) -> "PartForm":
        """The form filled with an appearance as it is."""
        names = ("person_name", "function", "title", "minutes")
        data = {name: getattr(appearance, name) for name in names}
        data |= {"role": appearance.role.value, "seen": appearance.item.sequence}
        return cls(appearance.registration, data=data)

    def validate_person_name(self, field: TextField) -> None:
        """Somebody appears: a participant, or a person with a name."""
        if self._registration is None and not field.data:
            raise ValidationError(_("Écrivez le nom de la personne, ou choisissez un participant."))

    def part(self) -> Part:
        """What was typed, as a value."""
        return Part(
            role=AppearanceRole.of(self.role.data),
            registration=self._registration,
            person_name=self.person_name.data or "",
            function=self.function.data or "",
            title=self.title.data or "",
            minutes=self.minutes.data,
        )


class RemoteForm(Form):
    """A button of the remote: `seen` is the timer's state that the organiser looked at."""

    act = HiddenField(default="")
    step = HiddenField(default="")
    seen = HiddenField(default="")
