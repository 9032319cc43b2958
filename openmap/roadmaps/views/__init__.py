"""The pages of roadmaps: reading and taking away, writing, importing, following."""

from openmap.roadmaps.views import editing, exporting, following, importing, reading
from openmap.roadmaps.views.blueprint import blueprint

__all__ = ["blueprint", "editing", "exporting", "following", "importing", "reading"]
