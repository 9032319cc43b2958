"""The organiser's board of the selection, and the page on which a selected structure confirms."""

from flask import Blueprint

from openmap.selections import models  # noqa: F401 - its tables

blueprint = Blueprint("selections", __name__)
