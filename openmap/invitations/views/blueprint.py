"""The blueprint of invitations."""

from flask import Blueprint, current_app

blueprint = Blueprint("invitations", __name__)


def secret_key() -> str:
    """The key from which the links of guests are drawn."""
    return str(current_app.config["SECRET_KEY"])
