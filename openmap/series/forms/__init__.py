"""What people type to hear of the next morning, and organisers to prepare it; shape only."""

from openmap.series.forms.describing import SeriesForm
from openmap.series.forms.editions import CopyForm, StartForm
from openmap.series.forms.settings import SettingsForm, SlotsForm
from openmap.series.forms.wishing import ButtonForm, WishForm

__all__ = ["ButtonForm", "CopyForm", "SeriesForm", "SettingsForm", "SlotsForm", "StartForm", "WishForm"]
