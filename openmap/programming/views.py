"""The organiser arranges the programme and sees what a change costs."""

from flask import Blueprint

blueprint = Blueprint("programming", __name__)
