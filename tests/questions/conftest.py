"""A morning, its organiser, and what a structure types."""

from tests.registrations.conftest import amina, event, organiser, structure_form

__all__ = ["amina", "event", "organiser", "structure_form"]
