"""The blueprint of the jury."""

from flask import Blueprint, current_app

blueprint = Blueprint("juries", __name__)


def secret_key() -> str:
    """The key from which the links of reviewers are drawn."""
    return str(current_app.config["SECRET_KEY"])
