"""The programme as a page, a calendar and the screen of the room."""

from flask import Blueprint

from openmap.programme import models  # noqa: F401 - its tables

blueprint = Blueprint("programme", __name__)
