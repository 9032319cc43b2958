"""The plan of the stands for everybody, and its table for organisers."""

from openmap.exhibition.views import organising, showing  # noqa: F401 - their routes
from openmap.exhibition.views.blueprint import blueprint

__all__ = ["blueprint"]
