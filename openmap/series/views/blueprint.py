"""The blueprint of series, and what its pages share."""

from flask import Blueprint, current_app

from openmap.series import models  # noqa: F401 - its tables

blueprint = Blueprint("series", __name__)


def secret_key() -> str:
    """The key from which the secrets of mailed links are derived."""
    return str(current_app.config["SECRET_KEY"])
