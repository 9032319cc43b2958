"""What organisers and structures type."""

from openmap.pitches.forms.applying import ApplicationForm, application_form
from openmap.pitches.forms.calling import CallForm, CriterionForm, ReopeningForm
from openmap.pitches.forms.listing import ExtensionForm, FilterForm, SearchForm

__all__ = [
    "ApplicationForm",
    "CallForm",
    "CriterionForm",
    "ExtensionForm",
    "FilterForm",
    "ReopeningForm",
    "SearchForm",
    "application_form",
]
