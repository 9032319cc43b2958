"""The organiser arranges the programme, sees what each change costs in meetings, and holds the timer of the room."""

from openmap.programming.views import lines, people, places, stage
from openmap.programming.views.blueprint import blueprint

__all__ = ["blueprint", "lines", "people", "places", "stage"]
