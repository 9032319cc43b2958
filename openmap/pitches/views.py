"""The call for pitches in public, a structure's own file, and the organiser's side of both."""

from flask import Blueprint

from openmap.pitches import models  # noqa: F401 - its tables

blueprint = Blueprint("pitches", __name__)
