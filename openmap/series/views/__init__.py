"""A series for everybody, its wishes, and the next edition for organisers."""

from openmap.series.views import archiving, describing, preparing, reading, settings, telling, wishing
from openmap.series.views.blueprint import blueprint
from openmap.series.views.wishing import end

__all__ = ["archiving", "blueprint", "describing", "end", "preparing", "reading", "settings", "telling", "wishing"]
