"""The call for pitches in public, a structure's own file, and the organiser's side of both."""

from openmap.pitches.views import applying, calling, judging, listing, public
from openmap.pitches.views.blueprint import blueprint

__all__ = ["applying", "blueprint", "calling", "judging", "listing", "public"]
