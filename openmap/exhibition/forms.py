"""The hall, a stand, rows of stands and their table as forms; shape only."""

from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, HiddenField, SelectField, TimeField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Email, InputRequired, Optional, ValidationError

from openmap.core.choices import choices_from
from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.models import Event
from openmap.exhibition import queries
from openmap.exhibition.models import Exhibition, Stand
from openmap.exhibition.operations import HallDetails, StandDetails
from openmap.exhibition.reading import LONGEST_SIDE, MOST_STANDS
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.forms.fields import PhoneField


class MetresField(TextField):
    """A whole number of metres, or a count; `number` is what a valid one says."""

    def __init__(self, label: Any, *, smallest: int = 1, largest: int = LONGEST_SIDE, **options: Any) -> None:
        super().__init__(
            label,
            [DataRequired(_l("Écrivez un nombre."))],
            maximum=4,
            render_kw={"inputmode": "numeric"},
            **options,
        )
        self.smallest, self.largest = smallest, largest

    def pre_validate(self, form: BaseForm) -> None:
        """Only plain digits within bounds are a number."""
        text = self.data or ""
        if not (text.isascii() and text.isdigit() and self.smallest <= int(text) <= self.largest):
            raise ValidationError(
                _("Écrivez un nombre entier de %(least)d à %(most)d.", least=self.smallest, most=self.largest)
            )

    @property
    def number(self) -> int:
        """The number of a valid form."""
        return int(self.data or 0)


class SeenForm(Form):
    """A form that says which state of the plan it was shown with."""

    seen = HiddenField(default="")


class HallForm(SeenForm):
    """The hall and its hours."""

    opens = TimeField(_l("Ouverture"), [InputRequired(_l("Écrivez une heure, comme 09:00."))])
    closes = TimeField(_l("Fermeture"), [InputRequired(_l("Écrivez une heure, comme 13:00."))])
    room = TextField(_l("Salle (facultatif)"), maximum=120)
    width = MetresField(_l("Largeur de la salle, en mètres"), default="20")
    depth = MetresField(_l("Profondeur, en mètres"), default="12")
    introduction = LongTextField(
        _l("Présentation (facultatif)"),
        description=_l("Une ou deux phrases pour les visiteurs : ce qu’on y trouve, comment y aller."),
        render_kw={"rows": 3},
    )
    is_public = BooleanField(_l("Montrer le plan à tout le monde"))

    @classmethod
    def of(cls, exhibition: Exhibition | None, event: Event) -> "HallForm":
        """The form as the hall is, or as a morning usually needs it."""
        if exhibition is None:
            return cls(data={"opens": time(9), "closes": time(13)}, formdata=None)
        hours = (moment.astimezone(event.zone).time() for moment in (exhibition.opens_at, exhibition.closes_at))
        shown: dict[str, object] = dict(zip(("opens", "closes"), hours, strict=True))
        shown |= {name: str(getattr(exhibition, name)) for name in ("width", "depth")}
        shown |= {name: getattr(exhibition, name) for name in ("room", "introduction", "is_public")}
        return cls(data=shown, formdata=None)

    def validate_closes(self, field: Field) -> None:
        """The end comes last."""
        if field.data and self.opens.data and field.data <= self.opens.data:
            raise ValidationError(_("La fermeture doit venir après l’ouverture."))

    def details(self, event: Event) -> HallDetails:
        """What a valid form says, on the morning's day in its own time zone."""
        opens, closes = self.opens.data, self.closes.data
        if opens is None or closes is None:
            raise ValueError("the form is not valid")
        return HallDetails(
            opens_at=datetime.combine(event.held_on, opens, event.zone),
            closes_at=datetime.combine(event.held_on, closes, event.zone),
            width=self.width.number,
            depth=self.depth.number,
            room=self.room.data or "",
            introduction=self.introduction.data or "",
            is_public=self.is_public.data,
        )


class AlignForm(SeenForm):
    """So many stands, in rows."""

    count = MetresField(_l("Nombre de stands"), largest=MOST_STANDS, default="8")
    stand_width = MetresField(_l("Largeur d’un stand, en mètres"), default="3")
    stand_depth = MetresField(_l("Profondeur d’un stand, en mètres"), default="2")
    aisle = MetresField(_l("Allée entre les rangées, en mètres"), smallest=0, default="2")


class ContactForm(Form):
    """What is shown of a stand: everybody reads it."""

    description = LongTextField(
        _l("Ce qu’on trouve à ce stand (facultatif)"),
        description=_l("Quelques phrases simples. Tout le monde peut les lire."),
        render_kw={"rows": 4},
    )
    contact_name = TextField(
        _l("Contact (facultatif)"),
        maximum=120,
        description=_l("Le nom, l’adresse et le téléphone écrits ici sont publiés sur la page de l’exposition."),
    )
    contact_email = TextField(
        _l("Son adresse de courriel (facultatif)"),
        [Optional(), Email(_l("Écrivez une adresse comme nom@exemple.fr, ou laissez vide."))],
        maximum=254,
        render_kw={"type": "email", "inputmode": "email"},
    )
    contact_phone = PhoneField(_l("Son téléphone (facultatif)"), maximum=30, render_kw={"inputmode": "tel"})

    @property
    def contact(self) -> tuple[str, str, str]:
        """Name, address and telephone of a valid form."""
        return self.contact_name.data or "", self.contact_email.data or "", self.contact_phone.data or ""


class StandForm(ContactForm, SeenForm):
    """One stand: its name, its holder, its place."""

    label = TextField(
        _l("Nom du stand"),
        [DataRequired(_l("Écrivez un nom court, comme A1."))],
        maximum=10,
        description=_l("Court, comme A1 : il est écrit sur le plan."),
    )
    registration = SelectField(_l("Qui expose ?"), default="", validate_choice=True)
    exhibitor = TextField(
        _l("Ou quelqu’un qui n’est pas inscrit"),
        maximum=200,
        description=_l("Laissez vide si vous avez choisi ci-dessus."),
    )
    x = MetresField(_l("À combien de mètres du mur de gauche"), smallest=0, default="0")
    y = MetresField(_l("À combien de mètres du mur du haut"), smallest=0, default="0")
    width = MetresField(_l("Largeur, en mètres"), default="3")
    depth = MetresField(_l("Profondeur, en mètres"), default="2")

    def offer(self, event: Event) -> None:
        """Fill the list of who may hold a stand, partners first."""
        offered = choices_from([("", _("Personne pour l’instant"))])
        titles = {OrganisationKind.PARTNER: _("Partenaires"), OrganisationKind.STRUCTURE: _("Structures")}
        possible = queries.possible_exhibitors(event)
        for kind, title in titles.items():
            offered += choices_from(((str(each.id), each.title) for each in possible if each.kind is kind), group=title)
        self.registration.choices = offered

    @classmethod
    def of(cls, stand: Stand) -> "StandForm":
        """The form filled with a stand as it is."""
        names = ("label", "exhibitor", "description", "contact_name", "contact_email", "contact_phone")
        shown: dict[str, object] = {name: getattr(stand, name) for name in names}
        shown |= {name: str(getattr(stand, name)) for name in ("x", "y", "width", "depth")}
        holder = queries.holder_of(stand)
        shown["registration"] = str(holder.id) if holder else ""
        return cls(data=shown, formdata=None)

    def details(self, event: Event) -> StandDetails:
        """What a valid form says; a registered holder counts before a name."""
        chosen = self.registration.data or ""
        holder = queries.find_exhibitor(event, int(chosen)) if chosen else None
        name, email, phone = self.contact
        return StandDetails(
            label=self.label.data or "",
            x=self.x.number,
            y=self.y.number,
            width=self.width.number,
            depth=self.depth.number,
            registration=holder,
            exhibitor="" if holder else self.exhibitor.data or "",
            description=self.description.data or "",
            contact_name=name,
            contact_email=email,
            contact_phone=phone,
        )


class TableForm(SeenForm):
    """A table of stands to send."""

    file = FileField(
        _l("Votre tableau, .xlsx ou .csv"),
        [FileRequired(_l("Choisissez un fichier."))],
        render_kw={"accept": ".xlsx,.csv"},
    )
