"""The blueprint of the pages about organisations."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
