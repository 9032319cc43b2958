"""The files of one reviewer, as they may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from openmap.core.wording import say as _
from openmap.juries.enums import FileState
from openmap.juries.models import Reviewer
from openmap.juries.standings import standings
from openmap.pitches.masking import hidden
from openmap.pitches.models import PitchApplication
from openmap.pitches.queries import submitted_applications


@dataclass(frozen=True, slots=True)
class FileToJudge:
    """One file in a reviewer's list: its title without the structure's name in a blind jury; `who` is then ""."""

    application_id: int
    title: str
    who: str
    state: FileState


def files_to_judge(reviewer: Reviewer) -> Sequence[FileToJudge]:
    """The files given to `reviewer`, in the order given; withdrawn ones are gone."""
    states = {one.application_id: one.state for one in standings(reviewer.call, reviewer=reviewer)}
    files = {file.id: file for file in submitted_applications(reviewer.call)}
    blind = reviewer.call.is_blind
    return [
        FileToJudge(key, _title(files[key], blind=blind), "" if blind else files[key].registration.title, state)
        for key, state in states.items()
        if key in files
    ]


def _title(file: PitchApplication, *, blind: bool) -> str:
    title = hidden(file.title, file) if blind else file.title
    return title or _("Dossier sans titre")
