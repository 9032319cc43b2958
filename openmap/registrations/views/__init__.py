"""Registering for a morning without an account, the organiser's decisions, and one's own registration."""

from openmap.registrations.views import own, registering, reviewing, stepping
from openmap.registrations.views.blueprint import blueprint

__all__ = ["blueprint", "own", "registering", "reviewing", "stepping"]
