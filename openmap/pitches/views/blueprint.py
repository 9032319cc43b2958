"""The blueprint that all sides share, and how plain text is shown."""

from flask import Blueprint

from openmap.pitches.reading import blocks, sheet_lines

blueprint = Blueprint("pitches", __name__)
blueprint.add_app_template_filter(blocks)
blueprint.add_app_template_filter(sheet_lines)
