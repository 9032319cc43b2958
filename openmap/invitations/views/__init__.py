"""The organiser's guests, and a guest's own page."""

from openmap.invitations.views import guest, inviting, listing
from openmap.invitations.views.blueprint import blueprint

__all__ = ["blueprint", "guest", "inviting", "listing"]
