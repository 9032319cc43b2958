"""The plan of the stands for everybody, and its table for organisers."""

from flask import Blueprint

from openmap.exhibition import models  # noqa: F401 - its tables

blueprint = Blueprint("exhibition", __name__)
