"""Coaching for organisers, for the structures that book, and for the coaches."""

from flask import Blueprint

from openmap.coaching import models  # noqa: F401 - its tables

blueprint = Blueprint("coaching", __name__)
