"""The blueprint of coaching."""

from flask import Blueprint

from openmap.coaching import models  # noqa: F401 - its tables

blueprint = Blueprint("coaching", __name__)
