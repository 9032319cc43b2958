"""What may be done with roadmaps and needs."""

from openmap.roadmaps.operations.following import follow_sectors, tell_of_new_needs, unfollow
from openmap.roadmaps.operations.needs import (
    NeedChangedMeanwhile,
    add_need,
    change_state,
    duplicate_need,
    edit_need,
    move_need,
)
from openmap.roadmaps.operations.roadmaps import begin_roadmap, present_roadmap, show_roadmap
from openmap.roadmaps.operations.sheets import (
    SheetChanged,
    SheetStored,
    import_needs,
    keep_sheet,
    preview_of,
    purge_sheets,
)

__all__ = [
    "NeedChangedMeanwhile",
    "SheetChanged",
    "SheetStored",
    "add_need",
    "begin_roadmap",
    "change_state",
    "duplicate_need",
    "edit_need",
    "follow_sectors",
    "import_needs",
    "keep_sheet",
    "move_need",
    "present_roadmap",
    "preview_of",
    "purge_sheets",
    "show_roadmap",
    "tell_of_new_needs",
    "unfollow",
]
