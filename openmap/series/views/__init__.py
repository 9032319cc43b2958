"""A series for everybody, its wishes, and the next edition for organisers."""

from openmap.series.views import reading, telling, wishing
from openmap.series.views.blueprint import blueprint

__all__ = ["blueprint", "reading", "telling", "wishing"]
