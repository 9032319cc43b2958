"""The pages on which an organisation fills its profile."""

from openmap.profiles.views import desks, files, parts
from openmap.profiles.views.blueprint import blueprint

__all__ = ["blueprint", "desks", "files", "parts"]
