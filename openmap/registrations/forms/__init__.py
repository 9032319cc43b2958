"""What people type to register, step by step, and what an organiser types to decide."""

from openmap.registrations.forms.fields import typed
from openmap.registrations.forms.reviewing import (
    ApprovalForm,
    BatchForm,
    CapacityForm,
    FilterForm,
    RefusalForm,
    ReopeningForm,
)
from openmap.registrations.forms.stepping import SendForm, Step, Steps, first_form, prefilled, prefilled_for

__all__ = [
    "ApprovalForm",
    "BatchForm",
    "CapacityForm",
    "FilterForm",
    "RefusalForm",
    "ReopeningForm",
    "SendForm",
    "Step",
    "Steps",
    "first_form",
    "prefilled",
    "prefilled_for",
    "typed",
]
