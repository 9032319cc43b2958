"""What the pages of a profile share."""

from flask import Blueprint, url_for

from openmap.core.web import get_or_404
from openmap.organisations.access import own_organisation_or_404
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Organisation
from openmap.profiles.completeness import parts_of
from openmap.profiles.enums import Part

blueprint = Blueprint("profiles", __name__, url_prefix="/organisations/<int:organisation_id>/profile")


def organisation_or_404(organisation_id: int, part: Part | None = None) -> Organisation:
    """The organisation whose profile the person signed in may fill, if its kind has `part`."""
    organisation = own_organisation_or_404(organisation_id, ContactRole.PROFILE)
    parts = parts_of(organisation.kind)
    return get_or_404(organisation if parts and (part is None or part in parts) else None)


def profile_path(organisation: Organisation, part: Part | None = None) -> str:
    """The page of the whole profile, at one of its parts."""
    return url_for("profiles.show", organisation_id=organisation.id, _anchor=str(part) if part else None)
