"""The blueprint of exhibitions, and what their templates ask of a stand."""

from flask import Blueprint

from openmap.exhibition import (
    models,  # noqa: F401 - its tables
    queries,
)

blueprint = Blueprint("exhibition", __name__)
blueprint.add_app_template_filter(queries.name_of, "exhibitor_name")
