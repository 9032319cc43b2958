"""Everything that is typed into a profile."""

from openmap.profiles.forms.extras import DeskForm, DocumentForm, LogoForm
from openmap.profiles.forms.parts import PART_FORMS, PartForm

__all__ = ["PART_FORMS", "DeskForm", "DocumentForm", "LogoForm", "PartForm"]
