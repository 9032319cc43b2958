"""Coaching for organisers, for the structures that book, and for the coaches."""

from openmap.coaching.views import booking, coached, organising  # noqa: F401 - their routes
from openmap.coaching.views.blueprint import blueprint

__all__ = ["blueprint"]
