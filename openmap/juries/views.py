"""The organiser's page of the jury, and the reviewers' own pages."""

from flask import Blueprint

from openmap.juries import models  # noqa: F401 - its tables

blueprint = Blueprint("juries", __name__)
