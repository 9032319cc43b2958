"""A structure chooses whom to meet; a desk reads who asks for it and answers."""

from openmap.meeting_requests.views import choosing, receiving
from openmap.meeting_requests.views.blueprint import blueprint

__all__ = ["blueprint", "choosing", "receiving"]
