"""What organisers type to invite, and guests to say no; shape only, the operations hold the rules."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import BooleanField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Email, Length, ValidationError

from openmap.core.choices import choices_from, choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.core.spreadsheets import Sheet
from openmap.core.text import clean_text
from openmap.invitations.enums import InvitationState
from openmap.invitations.queries import Filters
from openmap.invitations.reading import FIELDS, MOST_GUESTS, guessed_mapping, sheet_of_lines
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.siret import read_siret

LONGEST_PASTE = 400_000
NEVER = "0"
DAYS = (2, 3, 5, 7, 10, 14, 21)
HEADING_SHOWN = 40


class FileForm(Form):
    """A list from a spreadsheet."""

    file = FileField(
        _l("Votre fichier"),
        description=_l(
            "Un tableau .xlsx ou .csv, avec une ligne de titres. Seule l’adresse électronique est nécessaire."
        ),
        render_kw={"accept": ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )

    @property
    def upload(self) -> FileStorage | None:
        """The file, if one came."""
        sent = self.file.data
        return sent if isinstance(sent, FileStorage) and sent.filename else None

    def validate_file(self, _field: FileField) -> None:
        """Something was chosen."""
        if self.upload is None:
            raise ValidationError(_("Choisissez un fichier .xlsx ou .csv."))


class PasteForm(Form):
    """A list from the clipboard."""

    lines = LongTextField(
        _l("Une personne par ligne"),
        [DataRequired(_l("Collez au moins une ligne."))],
        maximum=LONGEST_PASTE,
        description=_l(
            "Par exemple : amina@soleil.fr ; Amina Diallo ; Atelier Soleil. Ou : Amina Diallo <amina@soleil.fr>."
        ),
    )

    def sheet(self) -> Sheet:
        """The lines as a table."""
        return sheet_of_lines(self.lines.data or "")

    def validate_lines(self, field: LongTextField) -> None:
        """Not more lines than can be invited at once."""
        if sum(bool(line.strip()) for line in (field.data or "").splitlines()) > MOST_GUESTS:
            raise ValidationError(_("%(limit)s lignes au plus : collez-les en plusieurs fois.", limit=MOST_GUESTS))


class GuestForm(Form):
    """One person."""

    email = TextField(
        _l("Adresse électronique"),
        [
            DataRequired(_l("Écrivez son adresse électronique.")),
            Email(_l("Vérifiez l’adresse : elle ressemble à nom@organisme.fr.")),
        ],
        maximum=254,
        render_kw={"type": "email", "inputmode": "email"},
    )
    name = TextField(_l("Prénom et nom (facultatif)"), maximum=80)
    body = TextField(_l("Organisme (facultatif)"), maximum=200)
    siret = TextField(_l("SIRET (facultatif)"), maximum=40, render_kw={"inputmode": "numeric"})

    def validate_siret(self, field: StringField) -> None:
        """14 digits with their key, or nothing."""
        if field.data and read_siret(field.data) is None:
            raise ValidationError(_("Ce n’est pas un SIRET : il faut 14 chiffres, et le dernier les contrôle."))

    def sheet(self) -> Sheet:
        """The person as a table of one line."""
        fields = ("email", "name", "body", "siret")
        return Sheet([FIELDS[name] for name in fields], [[self[name].data or "" for name in fields]], [1])


class MappingForm(PlainForm):
    """Which column says what; it lives in the address until the list is confirmed."""

    email = SelectField(_l("Adresse électronique"))
    body = SelectField(_l("Organisme"))
    siret = SelectField(_l("SIRET"))
    first_name = SelectField(_l("Prénom"))
    name = SelectField(_l("Nom, ou prénom et nom"))
    phone = SelectField(_l("Téléphone"))
    departement = SelectField(_l("Département"))
    kind = SelectField(_l("Type de participant"))
    usual_kind = SelectField(
        _l("Inviter comme"), choices=lambda: choices_of(OrganisationKind), default=str(OrganisationKind.STRUCTURE)
    )

    def __init__(self, sheet: Sheet, args: MultiDict[str, str]) -> None:
        guessed = {field: str(column) for field, column in guessed_mapping(sheet).items()}
        super().__init__(args if args.keys() & FIELDS.keys() else None, data=guessed)
        columns = [(str(number), _heading(sheet, number)) for number in range(len(sheet.headers))]
        for field in FIELDS:
            select: SelectField = getattr(self, field)
            select.choices = choices_from([("", _("– pas dans la liste –")), *columns])
        self.columns = {value for value, _label in columns}

    @property
    def mapping(self) -> dict[str, int]:
        """The column of each field that has one; anything else that the address says is no column."""
        return {field: int(self[field].data) for field in FIELDS if self[field].data in self.columns}

    @property
    def chosen_kind(self) -> OrganisationKind:
        """As what to invite those whose line does not tell."""
        chosen = next((kind for kind in OrganisationKind if kind == self.usual_kind.data), None)
        return chosen or OrganisationKind.STRUCTURE

    def kept(self) -> dict[str, str]:
        """What the confirmation carries along."""
        return {field: str(column) for field, column in self.mapping.items()} | {"usual_kind": str(self.chosen_kind)}


class ConfirmForm(Form):
    """The organiser's own word to the guests; which column says what travels beside it."""

    message = LongTextField(
        _l("Votre mot (facultatif)"),
        maximum=2000,
        description=_l("Il ouvre le courriel, avant la présentation de la matinale."),
    )


class FilterForm(PlainForm):
    """Search and filter of the list; they live in the address, so nothing is posted."""

    q = StringField(_l("Chercher"), [Length(max=100)])
    state = SelectField(_l("Réponse"))

    def __init__(self, args: MultiDict[str, str]) -> None:
        super().__init__(args)
        self.state.choices = choices_of(InvitationState, first=_("Toutes"))

    def filters(self) -> Filters:
        """What the address asks for; words it cannot mean are no filter."""
        state = next((state for state in InvitationState if state == self.state.data), None)
        return Filters(words=clean_text(self.q.data or "")[:100], state=state)

    def kept(self) -> dict[str, str]:
        """The filters for the address of another page of the list."""
        return {name: value for name, value in self.data.items() if value}


class ReminderRuleForm(Form):
    """When the automatic reminder leaves."""

    days_before = SelectField(_l("Rappel automatique"))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data=data)
        days = [(str(count), _("%(count)s jours avant la clôture", count=count)) for count in DAYS]
        self.days_before.choices = choices_from([(NEVER, _("Jamais")), *days])

    def chosen_days(self) -> int | None:
        """How many days, None for never."""
        return int(self.days_before.data) or None


class DeclineForm(Form):
    """A guest says no."""

    for_good = BooleanField(_l("Ne plus m’envoyer d’invitation, à aucune matinale"))


def _heading(sheet: Sheet, column: int) -> str:
    """« E-mail (amina@soleil.fr) »: the heading with what stands first under it."""
    first = next((row[column] for row in sheet.rows if row[column]), "")
    heading = sheet.headers[column] or _("Colonne %(number)s", number=column + 1)
    return f"{heading[:HEADING_SHOWN]} ({first[:HEADING_SHOWN]})" if first else heading[:HEADING_SHOWN]
