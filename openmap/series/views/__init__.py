"""A series for everybody, its wishes, and the next edition for organisers."""

from openmap.series.views import preparing, reading, settings, telling, wishing
from openmap.series.views.blueprint import blueprint

__all__ = ["blueprint", "preparing", "reading", "settings", "telling", "wishing"]
