"""What is sent beside the parts: a logo, documents, the desks of a buyer."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_from
from openmap.core.files import FileType
from openmap.core.forms import Form, LongTextField, TextField
from openmap.core.uploads import UploadField
from openmap.organisations.enums import Sector
from openmap.organisations.models import Contact
from openmap.profiles.forms.fields import Several
from openmap.profiles.models import ProfileDesk

LOGO_SIDE = 480


class LogoForm(Form):
    """A picture, and what it shows in words."""

    logo = UploadField(
        _l("Votre logo"),
        kinds=(FileType.IMAGE,),
        sharpest_side=LOGO_SIDE,
        description=_l("Une image PNG, JPEG ou WebP de 5 Mo au plus. Nous la réduisons pour vous."),
    )
    alt = TextField(
        _l("Ce que montre le logo"),
        [DataRequired(_l("Décrivez le logo en quelques mots."))],
        maximum=200,
        description=_l("Lu aux personnes qui ne voient pas l’image. Par exemple : « Logo des Ateliers du Canal »."),
    )


class DocumentForm(Form):
    """One PDF, with the title that people click."""

    document = UploadField(
        _l("Le document"),
        [InputRequired(_l("Choisissez un fichier PDF."))],
        kinds=(FileType.PDF,),
        description=_l("Un PDF de 5 Mo et 60 pages au plus, sans mot de passe."),
    )
    title = TextField(
        _l("Son titre"),
        [DataRequired(_l("Donnez un titre au document."))],
        maximum=120,
        description=_l("Par exemple : « Plaquette 2026 », « Catalogue des produits »."),
    )


class DeskForm(Form):
    """One service of a buyer: what it buys, who sits there."""

    name = TextField(
        _l("Nom de la délégation"),
        [DataRequired(_l("Écrivez le nom de la délégation."))],
        maximum=120,
        description=_l("Le même que dans vos inscriptions, par exemple : DSI."),
    )
    about = LongTextField(_l("Ce qu’elle achète, en quelques mots"), maximum=600)
    sectors = Several(_l("Ses secteurs"), Sector)
    people = SelectMultipleField(
        _l("Qui reçoit les structures"),
        coerce=int,
        choices=(),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @classmethod
    def showing(cls, desk: ProfileDesk | None, contacts: Iterable[Contact]) -> "DeskForm":
        """The form with what is saved, and the people of the organisation to choose from."""
        data = {} if desk is None else {
            "name": desk.name,
            "about": desk.about,
            "sectors": sorted(desk.sectors),
            "people": [seat.contact_id for seat in desk.seats],
        }  # fmt: skip
        form = cls(data=data)
        form.people.choices = choices_from((contact.id, contact.person.display_name) for contact in contacts)
        return form
