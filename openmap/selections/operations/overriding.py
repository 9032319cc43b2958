"""What an organiser does after the release: choose from the reserve, leave more time, decide otherwise, on record."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import session
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.programme.enums import AppearanceRole
from openmap.programme.operations import take_off_stage
from openmap.selections import emails, queries
from openmap.selections.board import Board
from openmap.selections.deadlines import morning_starts
from openmap.selections.emails import Words, moment
from openmap.selections.enums import ChangeKind, Outcome
from openmap.selections.models import Decision
from openmap.selections.operations.changing import hold, note_change
from openmap.selections.operations.following import check_asked
from openmap.selections.operations.releasing import STATES, check_anonymous, to_stage
from openmap.selections.operations.succession import close_ranks, give_place
from openmap.selections.refusals import (
    BreaksARule,
    DeadlineIsPast,
    FileNotThere,
    NoPlaceLeft,
    NothingToAnswer,
    NotReleased,
    NotTakingPart,
)
from openmap.selections.traits import rules_from, worsened


def promote(
    application: PitchApplication,
    *,
    until: datetime,
    message: str = "",
    overrules: bool,
    seen: int,
    by: Person | None,
    at: datetime,
) -> None:
    """Choose a file of the reserve for a free place; its structure answers before `until`.

    Raises BoardChanged, FileNotThere, NoPlaceLeft, NotTakingPart, DeadlineIsPast, ReviewerNamed, and BreaksARule
    unless `overrules`.
    """
    call = hold(application.call)
    session.refresh(application)
    if application.confirmation in queries.ON_STAGE:
        return
    hold(call, seen=seen)
    if application.state is not ApplicationState.RESERVE:
        raise FileNotThere(structure=_title(application))
    files = queries.sent_files(call)
    before = queries.live_board(files)
    _check_place(call, application, before)
    check_deadline(call, until, at=at)
    check_anonymous(call, message)
    chosen = [each for each in files if each.confirmation in queries.ON_STAGE]
    rules = rules_from(queries.constraints_of(call), files)
    if not overrules and worsened(rules, before=chosen, after=[*chosen, application]):
        raise BreaksARule(structure=_title(application))
    give_place(call, application, files, Words(message, until=until), by=by, at=at)
    after = queries.board_of(call)
    note_change(call, ChangeKind.PROMOTED, before=before, after=after, by=by, at=at, note=_title(application))


def extend_answer(application: PitchApplication, until: datetime, *, by: Person | None, at: datetime) -> None:
    """Let one chosen structure answer until `until`; a mail tells it. The same moment twice is once.

    Raises NothingToAnswer, DeadlineIsPast.
    """
    call = hold(application.call)
    check_asked(application)
    if application.confirmation is not Confirmation.ASKED:
        raise NothingToAnswer
    check_deadline(call, until, at=at)
    if application.confirm_before == until:
        return
    application.confirm_before = until
    said = until.isoformat()
    audit.record(by, "selection.answer_extended", application, at=at, event_id=call.event_id, until=said)
    outbox.enqueue(emails.extended(application), at=at)


def change_released(
    application: PitchApplication,
    outcome: Outcome,
    *,
    message: str,
    until: datetime | None = None,
    seen: int,
    by: Person | None,
    at: datetime,
) -> None:
    """Decide otherwise after the release, on record and with a mail of its own; a chosen one answers before `until`.

    Raises NotReleased, BoardChanged, FileNotThere, NoPlaceLeft, NotTakingPart, DeadlineIsPast, ReviewerNamed.
    """
    call = hold(application.call)
    if not call.released_at:
        raise NotReleased
    session.refresh(application)
    if application.state not in queries.SENT:
        raise FileNotThere(structure=_title(application))
    check_anonymous(call, message)
    before = queries.board_of(call)
    if before.place_of(application.id).outcome is outcome:
        return
    hold(call, seen=seen)
    if outcome is Outcome.SELECTED:
        _check_place(call, application, before)
        check_deadline(call, until, at=at)
    was_selected = application.confirmation in queries.ON_STAGE
    words = Words(message, until=until if outcome is Outcome.SELECTED else None)
    _rewrite(call, application, outcome, words, by=by, at=at)
    if was_selected:
        take_off_stage(application.registration, role=AppearanceRole.PITCH, by=by, at=at)
    if outcome is Outcome.SELECTED:
        to_stage(application, call, by=by, at=at)
    key = f"pitch:{application.id}:{moment(at)}"
    said = Words(message, rank=application.reserve_rank, until=words.until)
    outbox.enqueue(emails.decision_mail(application, outcome, said, key=key), at=at)
    after = queries.board_of(call)
    note_change(call, ChangeKind.LATE, before=before, after=after, by=by, at=at, note=_title(application))


def check_deadline(call: PitchCall, until: datetime | None, *, at: datetime) -> None:
    """Raise DeadlineIsPast unless somebody can answer before `until`, and before the morning."""
    if until is None or not at < until < morning_starts(call.event):
        raise DeadlineIsPast


def _check_place(call: PitchCall, application: PitchApplication, board: Board) -> None:
    if len(board.selected) >= call.places:
        raise NoPlaceLeft(places=call.places)
    if not application.registration.is_approved:
        raise NotTakingPart(structure=_title(application))


def _rewrite(
    call: PitchCall, application: PitchApplication, outcome: Outcome, words: Words, *, by: Person | None, at: datetime
) -> None:
    """Store another decision on one released file."""
    others = [each for each in queries.sent_files(call) if each.id != application.id]
    last = max((each.reserve_rank or 0 for each in others), default=0)
    application.state, application.decided_at = STATES[outcome], at
    application.reserve_rank = last + 1 if outcome is Outcome.RESERVE else None
    application.confirmation = Confirmation.ASKED if outcome is Outcome.SELECTED else None
    application.confirm_before = words.until
    application.confirmed_at, application.decline_reason = None, ""
    _retell(call, application, outcome, words.message, by=by, at=at)
    session.flush()
    close_ranks(queries.sent_files(call))


def _retell(
    call: PitchCall, application: PitchApplication, outcome: Outcome, message: str, *, by: Person | None, at: datetime
) -> None:
    """Keep what was told last."""
    rows = queries.decisions_of(call)
    row = next((each for each in rows if each.application_id == application.id), None)
    if row is None:
        row = Decision(call_id=call.id, application_id=application.id)
        session.add(row)
    row.outcome, row.message, row.released_at = outcome, message, at
    told_last = max((each.reserve_rank or 0 for each in rows if each is not row), default=0)
    row.reserve_rank = told_last + 1 if outcome is Outcome.RESERVE else None
    row.decided_at, row.decided_by_id = at, by.id if by else None


def _title(application: PitchApplication) -> str:
    return application.registration.title
