"""What somebody does in a line of the programme."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class AppearanceRole(LabelledEnum):
    """How somebody takes part on stage."""

    SPEAKER = "speaker", mark("Intervention")
    MODERATOR = "moderator", mark("Animation")
    PANELLIST = "panellist", mark("Table ronde")
    PITCH = "pitch", mark("Pitch")
