"""Pending decisions: who stands where on the board until it is told."""

from collections.abc import Collection
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.selections import queries
from openmap.selections.board import Board
from openmap.selections.enums import ChangeKind, Outcome
from openmap.selections.models import BoardChange, Decision
from openmap.selections.operations.changing import hold, note_change
from openmap.selections.refusals import AlreadyReleased, BoardChanged, FileNotThere, NoPlaceLeft, NothingToUndo

_ASIDE = 100_000  # no reserve is as long: ranks wait there while they change places


def decide(
    application: PitchApplication,
    outcome: Outcome | None,
    *,
    rank: int | None = None,
    seen: int,
    by: Person | None,
    at: datetime,
) -> None:
    """Put one file elsewhere on the board, in the reserve at `rank` or at its end; None makes it undecided again.

    What stands so already stays, whoever did it. Raises AlreadyReleased, FileNotThere, BoardChanged, NoPlaceLeft.
    """
    call = hold(application.call)
    _check_pending(call)
    session.refresh(application)
    if application.state is not ApplicationState.SUBMITTED:
        raise FileNotThere(structure=application.registration.title)
    before = queries.board_of(call)
    after = before.placed(application.id, outcome, rank)
    if rank is None and before.place_of(application.id).outcome is outcome:
        return
    if after == before:
        return
    if call.board_version != seen:
        raise BoardChanged
    set_board(call, after, ChangeKind.DECIDED, by=by, at=at)


def reject_rest(call: PitchCall, *, seen: int, by: Person | None, at: datetime) -> int:
    """Reject every file without a decision; returns how many. Raises AlreadyReleased, BoardChanged."""
    _check_pending(hold(call, seen=seen))
    files = queries.sent_files(call)
    board = queries.board_of(call, files)
    rest = {each.id for each in files if each.state is ApplicationState.SUBMITTED} - set(board)
    if rest:
        after = Board.of(board.selected, board.reserve, {*board.rejected, *rest})
        set_board(call, after, ChangeKind.REST, by=by, at=at)
    return len(rest)


def undo(call: PitchCall, *, seen: int, by: Person | None, at: datetime) -> BoardChange:
    """Take the last change of the board back; taking that back again does it anew.

    Raises AlreadyReleased, BoardChanged, NothingToUndo.
    """
    _check_pending(hold(call, seen=seen))
    last = next(iter(queries.latest_changes(call, 1)), None)
    if last is None:
        raise NothingToUndo
    files = queries.sent_files(call)
    known = {each.id for each in files if each.state is ApplicationState.SUBMITTED}
    after = Board.from_json(last.before).keeping(known)
    if after == queries.board_of(call, files):
        raise NothingToUndo
    return set_board(call, after, ChangeKind.UNDONE, by=by, at=at)


def drop_withdrawn(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    """Forget the pending decision on a file that its structure withdraws; the board's history tells the organiser."""
    call = hold(application.call)
    decision = queries.decision_on(application)
    if decision is None or call.released_at:
        return
    stored = _stored_board(call)
    set_board(
        call,
        stored.without({application.id}),
        ChangeKind.WITHDRAWN,
        by=by,
        at=at,
        before=stored,
        note=application.registration.title,
    )


def set_board(
    call: PitchCall,
    after: Board,
    kind: ChangeKind,
    *,
    by: Person | None,
    at: datetime,
    before: Board | None = None,
    note: str = "",
) -> BoardChange:
    """Store a held call's whole board. Raises NoPlaceLeft."""
    known = queries.board_of(call) if before is None else before
    if len(after.selected) > max(call.places, len(known.selected)):
        raise NoPlaceLeft(places=call.places)
    if len(after.selected) > call.places and set(after.selected) - set(known.selected):
        raise NoPlaceLeft(places=call.places)
    _store(call, after, changed={move.application_id for move in known.moves_to(after)}, by=by, at=at)
    return note_change(call, kind, before=known, after=after, by=by, at=at, note=note)


def _store(call: PitchCall, board: Board, *, changed: Collection[int], by: Person | None, at: datetime) -> None:
    """Write every row; ranks first aside, since no two may share a rank at any moment."""
    rows = {each.application_id: each for each in queries.decisions_of(call)}
    for application_id in rows.keys() - set(board):
        session.delete(rows.pop(application_id))
    for place, application_id in enumerate(board.reserve, start=1):
        if application_id in rows and rows[application_id].outcome is Outcome.RESERVE:
            rows[application_id].reserve_rank = _ASIDE + place
    for application_id in (*board.selected, *board.rejected):
        place_now = board.place_of(application_id).outcome
        row = rows.get(application_id) or _new(call, application_id, rows)
        row.outcome, row.reserve_rank = place_now or Outcome.REJECTED, None
    _sign(rows, changed, by, at)
    session.flush()
    for place, application_id in enumerate(board.reserve, start=1):
        row = rows.get(application_id) or _new(call, application_id, rows)
        row.outcome, row.reserve_rank = Outcome.RESERVE, place
    _sign(rows, changed, by, at)
    session.flush()


def _new(call: PitchCall, application_id: int, rows: dict[int, Decision]) -> Decision:
    row = Decision(call_id=call.id, application_id=application_id)
    session.add(row)
    rows[application_id] = row
    return row


def _sign(rows: dict[int, Decision], changed: Collection[int], by: Person | None, at: datetime) -> None:
    for application_id, row in rows.items():
        if application_id in changed or row.decided_at is None:
            row.decided_at, row.decided_by_id = at, by.id if by else None


def _stored_board(call: PitchCall) -> Board:
    """The board as its rows say, with a file that was withdrawn just now."""
    decisions = queries.decisions_of(call)
    reserve = sorted((each for each in decisions if each.reserve_rank), key=lambda each: each.reserve_rank or 0)
    return Board.of(
        (each.application_id for each in decisions if each.outcome is Outcome.SELECTED),
        (each.application_id for each in reserve),
        (each.application_id for each in decisions if each.outcome is Outcome.REJECTED),
    )


def _check_pending(call: PitchCall) -> None:
    if call.released_at:
        raise AlreadyReleased
