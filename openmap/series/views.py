"""A series for everybody, its wishes, and the next edition for organisers."""

from flask import Blueprint

from openmap.series import models  # noqa: F401 - its tables

blueprint = Blueprint("series", __name__)
