"""What people type about contacts; shape only, the operations hold the rules."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_from, choices_of
from openmap.core.forms import Form, TextField
from openmap.core.text import clean_text
from openmap.core.web import LARGEST_KEY
from openmap.organisations.enums import ContactRole, OrganisationKind
from openmap.organisations.models import Contact, Organisation
from openmap.organisations.queries import organisation_with_siret, organisations_named
from openmap.organisations.siret import read_siret

PHONE_SHAPE = r"^$|^\+?[0-9][0-9 .()\-]{7,28}$"
NOBODY = ""


class RolesForm(Form):
    """What a contact may do for the whole organisation."""

    roles = SelectMultipleField(
        _l("Ses rôles"),
        choices=lambda: choices_of(ContactRole),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Cochez ce que cette personne peut faire pour tout l’organisme."),
    )

    def chosen_roles(self) -> set[ContactRole]:
        """The boxes that are ticked."""
        return {role for role in ContactRole if role in (self.roles.data or ())}


class ColleagueForm(RolesForm):
    """Whom to ask to become a contact."""

    def validate_roles(self, field: SelectMultipleField) -> None:
        """A contact without any role could open nothing."""
        if not field.data:
            raise ValidationError(_("Cochez au moins un rôle."))

    email = TextField(
        _l("Son adresse électronique"),
        [
            DataRequired(_l("Écrivez son adresse électronique.")),
            Email(_l("Vérifiez l’adresse : elle ressemble à nom@organisme.fr.")),
        ],
        maximum=254,
        render_kw={"type": "email", "inputmode": "email"},
    )
    name = TextField(_l("Son prénom et son nom (facultatif)"), maximum=120)
    phone = TextField(
        _l("Téléphone (facultatif)"),
        [Regexp(PHONE_SHAPE, message=_l("Écrivez un numéro comme 01 23 45 67 89, ou laissez vide."))],
        maximum=30,
        render_kw={"type": "tel"},
    )
    at_once = BooleanField(
        _l("L’ajouter tout de suite, sans attendre sa réponse"),
        description=_l("Réservé à l’organisateur, par exemple après un appel. Votre nom est noté."),
    )


class JoinForm(Form):
    """The name of someone the service does not know yet."""

    name = TextField(_l("Votre prénom et votre nom"), [DataRequired(_l("Écrivez votre nom."))], maximum=120)


class LeaveForm(Form):
    """Who takes over, and where someone goes."""

    successor = SelectField(_l("Qui reprend ce que cette personne suivait ?"), choices=(), default=NOBODY)
    destination = TextField(
        _l("Nouvel organisme (facultatif)"),
        [Optional()],
        maximum=200,
        description=_l("Son SIRET, ou son nom exact. La personne y devient contact, sans rôle pour commencer."),
    )

    def __init__(self, others: Iterable[Contact], *, by_organiser: bool) -> None:
        super().__init__()
        self.others = {str(contact.id): contact for contact in others}
        named = [(key, contact.person.display_name) for key, contact in self.others.items()]
        self.successor.choices = choices_from([(NOBODY, _("Personne : il n’y a rien à reprendre")), *named])
        self.found: Organisation | None = None
        if not by_organiser:
            del self.destination

    def validate_destination(self, field: StringField) -> None:
        """A known number or a name that only one organisation has."""
        said = field.data or ""
        siret = read_siret(said)
        known = [organisation_with_siret(siret)] if siret else list(organisations_named(said))
        if len(known) != 1 or known[0] is None:
            raise ValidationError(
                _("Aucun organisme ne s’appelle ainsi. Cherchez son nom exact dans la liste des organismes.")
                if not any(known)
                else _("Plusieurs organismes s’appellent ainsi : écrivez plutôt le SIRET.")
            )
        self.found = known[0]

    def chosen_successor(self) -> Contact | None:
        """The contact who takes over, if one was chosen."""
        return self.others.get(self.successor.data or NOBODY)


class DirectoryForm(PlainForm):
    """Search and filters of the directory; they live in the address, so nothing is posted."""

    q = StringField(_l("Chercher"), [Length(max=100)])
    kind = SelectField(_l("Qui"))
    show = SelectField(_l("Montrer"))

    def __init__(self, args: MultiDict[str, str]) -> None:
        super().__init__(args)
        self.kind.choices = choices_of(OrganisationKind, first=_("Tout le monde"))
        self.show.choices = choices_from(
            [
                ("", _("Tous les organismes")),
                ("no-main", _("Sans contact principal")),
                ("no-contact", _("Sans aucun contact")),
            ]
        )

    def words(self) -> str:
        """What is looked for."""
        return clean_text(self.q.data or "")[:100]

    def chosen_kind(self) -> OrganisationKind | None:
        """The kind asked for; a word that is none is no filter."""
        return next((kind for kind in OrganisationKind if kind == self.kind.data), None)

    def kept(self) -> dict[str, str]:
        """The filters for the address of another page of the list."""
        return {name: value for name, value in self.data.items() if value}


class MergeForm(Form):
    """Only what the organiser saw travels: a preview that is no longer true is shown again."""

    seen = HiddenField(validators=[Length(max=64)])


def many(contacts: Sequence[Contact], *, without: Contact) -> list[Contact]:
    """The present contacts other than one."""
    return [contact for contact in contacts if contact.left_at is None and contact.id != without.id]


def key_in(text: str) -> int:
    """The row's key that an address or a hidden field carries, 0 for anything else."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_KEY))
    return int(text) if is_key and int(text) <= LARGEST_KEY else 0
