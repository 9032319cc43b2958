"""A structure chooses whom to meet; a desk reads who asks for it and answers; the organiser writes the rules."""

from openmap.meeting_requests.views import asking, choosing, inviting, receiving, together
from openmap.meeting_requests.views.blueprint import blueprint
from openmap.meeting_requests.views.ruling import blueprint as rules_blueprint

__all__ = ["asking", "blueprint", "choosing", "inviting", "receiving", "rules_blueprint", "together"]
