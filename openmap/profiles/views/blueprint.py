"""What the pages of a profile share."""

from flask import Blueprint, url_for

from openmap.accounts.access import the_person
from openmap.core.web import get_or_404
from openmap.organisations.access import own_organisation_or_404
from openmap.organisations.delegating import may_act_by_delegation
from openmap.organisations.enums import ContactRole, PartnerKind
from openmap.organisations.models import Organisation
from openmap.organisations.queries import find_organisation, may_act, organisations_of
from openmap.profiles.completeness import parts_of
from openmap.profiles.enums import Part

blueprint = Blueprint("profiles", __name__, url_prefix="/organisations/<int:organisation_id>/profile")


def organisation_or_404(organisation_id: int, part: Part | None = None) -> Organisation:
    """The organisation whose profile the person signed in may fill, if its kind has `part`.

    A facilitator fills that of a structure that lets it act.
    """
    if may_act_by_delegation(the_person(), organisation_id):
        organisation = get_or_404(find_organisation(organisation_id))
    else:
        organisation = own_organisation_or_404(organisation_id, ContactRole.PROFILE)
    parts = parts_of(organisation.kind)
    return get_or_404(organisation if parts and (part is None or part in parts) else None)


def profile_path(organisation: Organisation, part: Part | None = None) -> str:
    """The page of the whole profile, at one of its parts."""
    return url_for("profiles.show", organisation_id=organisation.id, _anchor=str(part) if part else None)


@blueprint.app_template_global("profile_way_back")
def way_back(organisation: Organisation) -> str:
    """Where someone who fills the profile of a body that is not theirs came from; "" for its own people."""
    person = the_person()
    if may_act(person, organisation.id):
        return ""
    bodies = organisations_of(person, ContactRole.MEETINGS)
    own = next((each for each in bodies if each.partner_kind is PartnerKind.FACILITATOR), None)
    if own is not None and may_act_by_delegation(person, organisation.id):
        return url_for("facilitation.index", organisation_id=own.id)
    return url_for("organisations.directory", q=organisation.name)
