"""What is typed on the pages of roadmaps."""

from openmap.roadmaps.forms.choices import member
from openmap.roadmaps.forms.lists import NeedFilterForm, OwnNeedsForm
from openmap.roadmaps.forms.needs import NeedForm
from openmap.roadmaps.forms.roadmaps import (
    BuyerForm,
    FollowForm,
    MappingForm,
    PresentationForm,
    SheetForm,
    StateForm,
)

__all__ = [
    "BuyerForm",
    "FollowForm",
    "MappingForm",
    "NeedFilterForm",
    "NeedForm",
    "OwnNeedsForm",
    "PresentationForm",
    "SheetForm",
    "StateForm",
    "member",
]
