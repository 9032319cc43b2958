"""What organisers and applicants press and type; shape only, the operations hold the rules."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput

from openmap.core.choices import choices_from
from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.models import Event
from openmap.pitches.models import PitchApplication
from openmap.selections.enums import BalanceKind, Outcome
from openmap.selections.filters import FileFilter
from openmap.selections.traits import value_of
from openmap.selections.wording import value_words

LARGEST_VERSION = 2**31 - 1
MOST = 50  # pitches: far beyond what a morning holds


class NumberField(IntegerField):
    """A whole number; a row of digits that is no number anybody means never becomes one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata([text if len(text) < 11 else "x" for text in valuelist])
        except ValueError:
            raise ValueError(_("Écrivez un nombre entier.")) from None


class BoardForm(Form):
    """Anything that changes the board, with the version that was seen."""

    version = NumberField(validators=[InputRequired(), NumberRange(0, LARGEST_VERSION)], widget=HiddenInput())

    @property
    def seen(self) -> int:
        """The version of the board that was shown."""
        return self.version.data or 0


class DecideForm(BoardForm):
    """One file elsewhere; without an outcome it is undecided again."""

    application = NumberField(validators=[InputRequired(), NumberRange(1, LARGEST_VERSION)])
    outcome = HiddenField(validators=[AnyOf(["", *(str(each) for each in Outcome)])])
    rank = NumberField(validators=[Optional(), NumberRange(0, 10_000)])

    def chosen(self) -> Outcome | None:
        """What was pressed."""
        return next((each for each in Outcome if each == self.outcome.data), None)


class BoundsForm(Form):
    """How many at least and at most."""

    at_least = NumberField(
        _l("Au moins"),
        validators=[Optional(), NumberRange(1, MOST, _l("Écrivez un nombre entre 1 et 50."))],
        render_kw={"inputmode": "numeric"},
    )
    at_most = NumberField(
        _l("Au plus"),
        validators=[Optional(), NumberRange(0, MOST, _l("Écrivez un nombre entre 0 et 50."))],
        render_kw={"inputmode": "numeric"},
    )


class ConstraintForm(BoundsForm):
    """A new rule: what it counts, which values, how many."""

    kind = SelectField(
        _l("Ce que la règle compte"), choices=choices_from((str(each), _l(each.label)) for each in BalanceKind)
    )
    structure_kinds = SelectMultipleField(_l("Types"), option_widget=CheckboxInput())
    departements = SelectMultipleField(_l("Départements"), option_widget=CheckboxInput())
    sectors = SelectMultipleField(_l("Secteurs"), option_widget=CheckboxInput())

    def offer(self, files: Iterable[PitchApplication]) -> None:
        """Let people choose among what the files have."""
        known = list(files)
        lists = {
            BalanceKind.STRUCTURE_KIND: self.structure_kinds,
            BalanceKind.DEPARTEMENT: self.departements,
            BalanceKind.SECTOR: self.sectors,
        }
        for kind, field in lists.items():
            values = sorted({value_of(each, kind) for each in known} - {""})
            field.choices = choices_from((value, value_words(kind, value)) for value in values)

    def chosen_kind(self) -> BalanceKind:
        """What it counts."""
        return BalanceKind.of(self.kind.data)

    def chosen_values(self) -> Sequence[str]:
        """The values of that kind; none means each on its own."""
        lists = {
            BalanceKind.STRUCTURE_KIND: self.structure_kinds,
            BalanceKind.DEPARTEMENT: self.departements,
            BalanceKind.SECTOR: self.sectors,
        }
        field = lists.get(self.chosen_kind())
        return list(field.data or ()) if field is not None else ()


class ProposeForm(Form):
    """Ask for a proposal."""

    keeps = BooleanField(
        _l("Garder mes décisions"),
        description=_l("Ce que vous avez déjà retenu ou écarté reste tel quel ; la proposition complète le reste."),
    )


class DeadlineForm(Form):
    """Until when the selected confirm, in the local time of the morning."""

    confirm_before = DateTimeLocalField(
        _l("Confirmation attendue avant le"),
        validators=[InputRequired(_l("Choisissez un jour et une heure."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def moment(self, event: Event) -> datetime:
        """The instant that was meant."""
        typed = self.confirm_before.data
        if typed is None:
            raise ValueError("ask a form that was validated")
        return typed.replace(tzinfo=event.zone)


class ExtendForm(DeadlineForm):
    """More time for one structure."""

    confirm_before = DateTimeLocalField(
        _l("Nouvelle échéance"),
        validators=[InputRequired(_l("Choisissez un jour et une heure."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class LetterForm(Form):
    """The personal part of one mail; comments of the jury come as `use-<id>` and `words-<id>`."""

    message = LongTextField(
        _l("Votre mot personnel (facultatif)"),
        maximum=1500,
        description=_l("Il s’ajoute au courriel de cette structure, et d’elle seule."),
        render_kw={"rows": 4, "data-length": "1500"},
    )


class WordsForm(Form):
    """One comment of the jury, as the applicant will read it."""

    words = LongTextField(maximum=2000)


class ReadForm(Form):
    """This mail was read as it is."""

    sha256 = HiddenField(validators=[InputRequired()])


class DeclineForm(Form):
    """Why a structure gives its pitch up."""

    reason = TextField(
        _l("Pourquoi renoncez-vous ?"),
        maximum=300,
        description=_l("Une phrase suffit. L’organisateur la lira ; votre place ira à la liste de réserve."),
    )


class GiveUpForm(DeclineForm):
    """What a structure said when it called."""

    reason = TextField(_l("Sa raison"), maximum=300, description=_l("Ce que la structure vous a dit."))


class SendForm(Form):
    """What leaves with a mail of its own: a message in it, and the digest of the mail as the page showed it."""

    sha256 = HiddenField(validators=[Length(max=64)])
    message = LongTextField(
        _l("Votre mot à la structure (facultatif)"),
        maximum=1500,
        description=_l("Il s’ajoute au courriel ; vous le relirez avant qu’il parte."),
        render_kw={"rows": 3},
    )

    @property
    def words(self) -> str:
        """The message typed."""
        return self.message.data or ""


class ChangeForm(BoardForm, SendForm):
    """Another decision after the release."""

    outcome = HiddenField(validators=[AnyOf([str(each) for each in Outcome])])
    confirm_before = DateTimeLocalField(
        _l("Réponse attendue avant le"), validators=[Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )

    def chosen(self) -> Outcome:
        """What was pressed."""
        return Outcome.of(self.outcome.data or "")

    def until(self, event: Event) -> datetime | None:
        """Until when a structure that is chosen now answers."""
        typed = self.confirm_before.data
        return typed.replace(tzinfo=event.zone) if typed else None


class PromoteForm(ChangeForm):
    """Choose from the reserve, perhaps against a rule."""

    outcome = HiddenField()
    overrules = BooleanField(_l("Je le veux malgré la règle"))


class FileFilterForm(PlainForm):
    """Which files to show; it lives in the address, so nothing is posted."""

    q = TextField(_l("Chercher"), maximum=100)
    kind = SelectField(_l("Type"), validate_choice=False, default="")
    departement = SelectField(_l("Département"), validate_choice=False, default="")
    sector = SelectField(_l("Secteur"), validate_choice=False, default="")
    show = SelectField(_l("Montrer"), validate_choice=False, default="")

    def offer(self, files: Sequence[PitchApplication]) -> None:
        """Let people choose among what is there."""
        lists: dict[BalanceKind, Any] = {
            BalanceKind.STRUCTURE_KIND: self.kind,
            BalanceKind.DEPARTEMENT: self.departement,
            BalanceKind.SECTOR: self.sector,
        }
        for kind, field in lists.items():
            values = sorted({value_of(each, kind) for each in files} - {""})
            field.choices = choices_from([("", _("Tous")), *((value, value_words(kind, value)) for value in values)])
        self.show.choices = choices_from(
            [
                ("", _("Tous les dossiers")),
                ("first-time", _("Premiers pitchs")),
                ("disputed", _("Avis partagés du jury")),
            ]
        )

    def kept(self) -> FileFilter:
        """What was chosen."""
        return FileFilter(
            (self.q.data or "").strip(),
            self.kind.data or "",
            self.departement.data or "",
            self.sector.data or "",
            self.show.data or "",
        )
