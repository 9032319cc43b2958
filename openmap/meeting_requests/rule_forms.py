"""The organiser's rules as a form; shape only, `ruling` holds what follows."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from openmap.core.choices import choices_from, choices_of
from openmap.core.forms import Form
from openmap.core.models import LabelledEnum
from openmap.meeting_requests.enums import GroupQuota
from openmap.meeting_requests.forms import member_of
from openmap.meeting_requests.rules import RequestRules
from openmap.organisations.enums import OrganisationKind, Sector, StructureKind

MOST = 50  # requests or invitations: far beyond what a morning holds


class CountField(IntegerField):
    """A number from 0 to MOST; a row of digits that is no number anybody means never becomes one."""

    def __init__(self, label: Any, **options: Any) -> None:
        told = _l("Écrivez un nombre entre 0 et 50.")
        checks = [InputRequired(told), NumberRange(0, MOST, told)]
        super().__init__(label, checks, render_kw={"inputmode": "numeric"}, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata([text if len(text) < 10 else "" for text in valuelist])
        except ValueError:
            raise ValueError(_("Écrivez un nombre entre 0 et 50.")) from None


class RulesForm(Form):
    """What the morning allows."""

    motive_required = BooleanField(_l("Chaque demande dit pourquoi"))
    groups_allowed = BooleanField(_l("Plusieurs structures peuvent demander un acheteur ensemble"))
    group_size = RadioField(
        _l("Combien de structures au plus à la même table"),
        choices=choices_from([("2", _l("Deux")), ("3", _l("Trois"))]),
    )
    group_quota = RadioField(
        _l("Une demande commune prend une place dans la liste de"),
        choices=choices_from(
            [
                (str(GroupQuota.EVERYONE), _l("chaque structure qui vient")),
                (str(GroupQuota.LEADER), _l("la structure qui propose, seulement")),
            ]
        ),
    )
    peers_allowed = BooleanField(
        _l("Une structure peut demander une autre structure"),
        description=_l(
            "Un rendez-vous entre structures compte comme un rendez-vous dans la règle d’attribution, "
            "et prend une table."
        ),
    )
    invitation_limit = CountField(
        _l("Invitations que chaque acheteur peut envoyer"),
        description=_l("0 s’il n’y en a pas. L’invitation acceptée compte comme souhaitée par l’acheteur."),
    )
    invitations_count = BooleanField(_l("Une invitation acceptée prend une place dans la liste de la structure"))

    @classmethod
    def for_rules(cls, rules: RequestRules) -> "RulesForm":
        """The form as the rules are now."""
        return cls(formdata=None, obj=rules, group_size=str(rules.group_size), group_quota=str(rules.group_quota))

    def chosen(self) -> dict[str, object]:
        """What to store, by the names of the columns."""
        return {
            "motive_required": self.motive_required.data,
            "groups_allowed": self.groups_allowed.data,
            "group_size": int(self.group_size.data),
            "group_quota": member_of(GroupQuota, self.group_quota.data),
            "peers_allowed": self.peers_allowed.data,
            "invitation_limit": self.invitation_limit.data,
            "invitations_count": self.invitations_count.data,
        }


class BanForm(Form):
    """One line: who may not ask whom."""

    structure_kind = SelectField(_l("Une structure de type"), default="")
    sector = SelectField(_l("du secteur"), default="")
    asked_kind = SelectField(_l("ne demande pas"), default="")
    asked_sector = SelectField(_l("du secteur"), default="")

    def offer(self) -> None:
        """Fill the lists, « tous » first."""
        self.structure_kind.choices = choices_of(StructureKind, first=_("tout type"))
        self.sector.choices = choices_of(Sector, first=_("tout secteur"))
        kinds = (OrganisationKind.BUYER, OrganisationKind.PARTNER, OrganisationKind.STRUCTURE)
        self.asked_kind.choices = choices_of(kinds, first=_("tout participant"))
        self.asked_sector.choices = choices_of(Sector, first=_("tout secteur"))

    def chosen(self) -> dict[str, LabelledEnum | None]:
        """What to store, by the names of the columns; « tous » is None."""
        return {
            "structure_kind": member_of(StructureKind, self.structure_kind.data),
            "sector": member_of(Sector, self.sector.data),
            "asked_kind": member_of(OrganisationKind, self.asked_kind.data),
            "asked_sector": member_of(Sector, self.asked_sector.data),
        }


class QuotaForm(Form):
    """How many requests structures of one kind may send."""

    structure_kind = SelectField(_l("Les structures de type"), id="quota-kind")
    quota = CountField(_l("peuvent envoyer au plus"))

    def offer(self) -> None:
        """Fill the list of kinds."""
        self.structure_kind.choices = choices_of(StructureKind)


class ReminderForm(Form):
    """Nothing but the button."""
