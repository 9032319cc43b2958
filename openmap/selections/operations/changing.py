"""Every change of the board ends here: one version more, one line in its history, one entry in the trail."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.pitches.models import PitchCall
from openmap.selections.board import Board
from openmap.selections.enums import ChangeKind
from openmap.selections.models import BoardChange
from openmap.selections.refusals import BoardChanged


def hold(call: PitchCall, *, seen: int | None = None) -> PitchCall:
    """Hold the call until the unit of work ends; raises BoardChanged when its board is not at version `seen` any more.

    None is for whoever saw no board: a structure that confirms, or a worker.
    """
    lock(call)
    if seen is not None and call.board_version != seen:
        raise BoardChanged
    return call


def note_change(
    call: PitchCall,
    kind: ChangeKind,
    *,
    before: Board,
    after: Board,
    by: Person | None,
    at: datetime,
    note: str = "",
) -> BoardChange:
    """Write the next version of a held call's board into its history."""
    call.board_version += 1
    change = BoardChange(
        call_id=call.id,
        version=call.board_version,
        kind=kind,
        before=before.to_json(),
        after=after.to_json(),
        note=note,
        at=at,
        by_id=by.id if by else None,
    )
    session.add(change)
    moves = [
        [move.application_id, str(move.before.outcome or ""), str(move.after.outcome or "")]
        for move in before.moves_to(after)
    ]
    audit.record(by, f"selection.{kind}", call, at=at, event_id=call.event_id, version=call.board_version, moves=moves)
    return change
