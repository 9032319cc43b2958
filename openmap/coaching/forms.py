"""What organisers and coaches fill in; shape only."""

from collections.abc import Mapping
from datetime import datetime, time
from types import MappingProxyType
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, HiddenField, RadioField, TimeField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from openmap.coaching.enums import HalfDay
from openmap.coaching.models import CoachingSession
from openmap.coaching.operations import CoachDetails, SessionDetails
from openmap.core.choices import choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.models import Event

MOST_PLACES = 200
COACHES = (1, 2, 3)
USUAL_HOURS: Mapping[HalfDay, tuple[time, time]] = MappingProxyType(
    {HalfDay.MORNING: (time(9), time(12, 30)), HalfDay.AFTERNOON: (time(14), time(17, 30))}
)


class SessionForm(Form):
    """One session: when, where, how many, with whom."""

    held_on = DateField(_l("Quel jour ?"), [InputRequired(_l("Choisissez un jour."))])
    half = RadioField(_l("À quel moment ?"), default=str(HalfDay.MORNING))
    starts = TimeField(_l("Début, à d’autres heures"), [Optional()])
    ends = TimeField(_l("Fin, à d’autres heures"), [Optional()])
    place = TextField(
        _l("Lieu"), maximum=300, description=_l("L’adresse et la salle. Laissez vide pour une visioconférence.")
    )
    link = TextField(
        _l("Lien de la visioconférence (facultatif)"),
        maximum=500,
        description=_l("Il commence par https://. Seuls les inscrits et les coachs le voient."),
        render_kw={"inputmode": "url"},
    )
    places = TextField(
        _l("Nombre de structures"),
        [DataRequired(_l("Écrivez combien de structures peuvent venir."))],
        maximum=4,
        default="4",
        render_kw={"inputmode": "numeric"},
    )
    instructions = LongTextField(
        _l("À savoir avant de venir (facultatif)"),
        maximum=2000,
        description=_l("Ce qu’il faut apporter ou préparer : un plan, trois phrases, un minuteur…"),
        render_kw={"rows": 4},
    )
    coach_name_1 = TextField(_l("Nom du premier coach"), maximum=120)
    coach_email_1 = TextField(_l("Son adresse"), maximum=254, render_kw={"type": "email", "inputmode": "email"})
    coach_name_2 = TextField(_l("Nom du deuxième coach"), maximum=120)
    coach_email_2 = TextField(_l("Son adresse"), maximum=254, render_kw={"type": "email", "inputmode": "email"})
    coach_name_3 = TextField(_l("Nom du troisième coach"), maximum=120)
    coach_email_3 = TextField(_l("Son adresse"), maximum=254, render_kw={"type": "email", "inputmode": "email"})
    seen = HiddenField(default="0")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.half.choices = choices_of(HalfDay)

    @classmethod
    def of(cls, coaching_session: CoachingSession, event: Event) -> "SessionForm":
        """The form filled with a session as it is."""
        starts, ends = (
            moment.astimezone(event.zone) for moment in (coaching_session.starts_at, coaching_session.ends_at)
        )
        hours = (starts.time(), ends.time())
        half = next((half for half, usual in USUAL_HOURS.items() if usual == hours), HalfDay.OTHER)
        shown: dict[str, object] = {
            "held_on": starts.date(),
            "half": str(half),
            "starts": hours[0] if half is HalfDay.OTHER else None,
            "ends": hours[1] if half is HalfDay.OTHER else None,
            "places": str(coaching_session.places),
            "seen": str(coaching_session.sequence),
        }
        for name in ("place", "link", "instructions"):
            shown[name] = getattr(coaching_session, name)
        for number, coach in zip(COACHES, coaching_session.coaches, strict=False):
            shown |= {f"coach_name_{number}": coach.name, f"coach_email_{number}": coach.email}
        return cls(data=shown)

    @property
    def pairs(self) -> list[tuple[Field, Field]]:
        """The name and the address of each coach, as fields."""
        return [(self[f"coach_name_{number}"], self[f"coach_email_{number}"]) for number in COACHES]

    def validate_half(self, field: Field) -> None:
        """Other hours are two hours, the first one first."""
        if field.data != str(HalfDay.OTHER):
            return
        if self.starts.data is None or self.ends.data is None:
            raise ValidationError(_("Écrivez l’heure de début et l’heure de fin, comme 10:00 et 12:30."))
        if self.starts.data >= self.ends.data:
            raise ValidationError(_("La fin doit venir après le début."))

    def validate_held_on(self, field: Field) -> None:
        """A year that calendars know."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Choisissez un jour."))

    def validate_place(self, field: Field) -> None:
        """People need to know where to go."""
        if not field.data and not self.link.data:
            raise ValidationError(_("Écrivez un lieu, ou le lien de la visioconférence."))

    def validate_link(self, field: Field) -> None:
        """Only an address of the web is a link."""
        if field.data and (not field.data.startswith(("https://", "http://")) or " " in field.data):
            raise ValidationError(_("Écrivez une adresse complète, qui commence par https://."))

    def validate_places(self, field: Field) -> None:
        """A number that a room holds."""
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_PLACES):
            raise ValidationError(_("Écrivez un nombre de 1 à %(most)d.", most=MOST_PLACES))

    def validate_coach_email_1(self, field: Field) -> None:
        """Each coach is told by mail, once."""
        self._check_coach(1, field)

    def validate_coach_email_2(self, field: Field) -> None:
        """As the first one."""
        self._check_coach(2, field)

    def validate_coach_email_3(self, field: Field) -> None:
        """As the first one."""
        self._check_coach(3, field)

    def _check_coach(self, number: int, field: Field) -> None:
        name = self[f"coach_name_{number}"].data
        if not field.data and not name:
            return
        if not name:
            raise ValidationError(_("Écrivez aussi son nom."))
        try:
            field.data = validate_email(field.data or "", check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            raise ValidationError(_("Écrivez une adresse comme nom@exemple.fr : l’invitation y part.")) from None
        if any(self[f"coach_email_{other}"].data == field.data for other in range(1, number)):
            raise ValidationError(_("Ce coach est déjà noté au-dessus."))

    def details(self, event: Event) -> SessionDetails:
        """What a valid form says, in the morning's own time zone."""
        half = HalfDay.of(self.half.data)
        starts, ends = USUAL_HOURS.get(half) or (self.starts.data, self.ends.data)
        day = self.held_on.data
        if day is None or starts is None or ends is None:
            raise ValueError("the form is not valid")
        return SessionDetails(
            starts_at=datetime.combine(day, starts, event.zone),
            ends_at=datetime.combine(day, ends, event.zone),
            places=int(self.places.data or 0),
            place=self.place.data or "",
            link=self.link.data or "",
            instructions=self.instructions.data or "",
            coaches=tuple(CoachDetails(name.data, email.data) for name, email in self.pairs if name.data),
        )

    @property
    def seen_sequence(self) -> int:
        """Which state of the session the page showed; one that is no number was never shown."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


class CancelForm(Form):
    """Why a session is called off."""

    reason = LongTextField(
        _l("Un mot pour celles et ceux qui devaient venir (facultatif)"),
        maximum=1000,
        description=_l("Il est dans le courriel : la raison, ou ce que vous proposez à la place."),
        render_kw={"rows": 3},
    )


class NoteForm(Form):
    """One note on one structure's coaching."""

    words = LongTextField(_l("Votre note"), [DataRequired(_l("Écrivez quelques mots."))], render_kw={"rows": 3})
    is_shared = BooleanField(_l("La structure peut la lire"))
