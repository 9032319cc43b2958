"""After the release: confirmations, places that get free, the reserve that moves up, and late changes on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import outbox
from openmap.core.db import session
from openmap.core.text import mark
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.holding import follows_withdrawals
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.programme.enums import AppearanceRole
from openmap.programme.operations import take_off_stage
from openmap.selections import emails, queries
from openmap.selections.board import Board
from openmap.selections.emails import Words, moment
from openmap.selections.enums import ChangeKind, Outcome
from openmap.selections.models import Decision
from openmap.selections.operations.changing import hold, note_change
from openmap.selections.operations.deciding import drop_withdrawn
from openmap.selections.operations.releasing import STATES, check_anonymous, to_stage
from openmap.selections.refusals import (
    BreaksARule,
    FileNotThere,
    NoPlaceLeft,
    NothingToAnswer,
    NotReleased,
    NotTakingPart,
    StillTime,
)
from openmap.selections.traits import Rule, rules_from, worsened

NO_ANSWER = mark("Sans réponse avant l’échéance.")
_ASIDE = 100_000


@dataclass(frozen=True, slots=True)
class Succession:
    """Who takes a free place; `skipped` were passed over, for a rule or, without one, for not taking part."""

    heir: PitchApplication | None
    skipped: tuple[tuple[PitchApplication, Rule | None], ...] = ()


def confirm_pitch(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    """Say yes; twice is once, and late is welcome as long as the place was not given away. Raises NothingToAnswer."""
    call = hold(application.call)
    _check_selected(application)
    if application.confirmation is Confirmation.CONFIRMED:
        return
    application.confirmation, application.confirmed_at = Confirmation.CONFIRMED, at
    board = queries.board_of(call)
    note_change(call, ChangeKind.CONFIRMED, before=board, after=board, by=by, at=at, note=_title(application))


def decline_pitch(application: PitchApplication, *, reason: str, by: Person | None, at: datetime) -> Succession:
    """Say no, or no more: the first of the reserve that keeps the rules moves up. Raises NothingToAnswer."""
    call = hold(application.call)
    _check_selected(application)
    return _leave(call, application, ChangeKind.DECLINED, reason=reason, by=by, at=at)


def free_unanswered(application: PitchApplication, *, by: Person | None, at: datetime) -> Succession:
    """Give the place of a structure that did not answer in time to the reserve. Raises NothingToAnswer, StillTime."""
    call = hold(application.call)
    _check_selected(application)
    if application.confirmation is not Confirmation.ASKED:
        raise NothingToAnswer
    if call.confirm_before and at < call.confirm_before:
        raise StillTime(moment=f"{call.confirm_before.astimezone(call.event.zone):%d/%m/%Y %H:%M}")
    outbox.enqueue(emails.freed(application, key=f"pitch:{application.id}:{moment(at)}"), at=at)
    return _leave(call, application, ChangeKind.UNANSWERED, reason=NO_ANSWER, by=by, at=at)


def follow_withdrawal(
    application: PitchApplication, *, was: ApplicationState, by: Person | None, at: datetime
) -> Succession | None:
    """Do what goes with the withdrawal of a file that stood in the state `was`."""
    call = hold(application.call)
    if not call.released_at:
        drop_withdrawn(application, by=by, at=at)
        return None
    session.flush()
    after = queries.board_of(call)
    key = application.id
    if was is ApplicationState.SELECTED and not application.decline_reason:  # who gave its place up had left it
        before = after.placed(key, Outcome.SELECTED)
        return _hand_on(call, application, ChangeKind.WITHDRAWN, before=before, by=by, at=at)
    _close_ranks(queries.sent_files(call))
    note_change(call, ChangeKind.WITHDRAWN, before=after, after=after, by=by, at=at, note=_title(application))
    return None


@follows_withdrawals
def _withdrawn(application: PitchApplication, was: ApplicationState, by: Person | None, at: datetime) -> None:
    follow_withdrawal(application, was=was, by=by, at=at)


def promote(application: PitchApplication, *, overrules: bool, seen: int, by: Person | None, at: datetime) -> None:
    """Choose a file of the reserve for a free place.

    Raises BoardChanged, FileNotThere, NoPlaceLeft, NotTakingPart, and BreaksARule unless `overrules`.
    """
    call = hold(application.call)
    session.refresh(application)
    if application.confirmation in queries.ON_STAGE:
        return
    hold(call, seen=seen)
    if application.state is not ApplicationState.RESERVE:
        raise FileNotThere(structure=_title(application))
    files = queries.sent_files(call)
    chosen = [each for each in files if each.confirmation in queries.ON_STAGE]
    if len(chosen) >= call.places:
        raise NoPlaceLeft(places=call.places)
    if not application.registration.is_approved:
        raise NotTakingPart(structure=_title(application))
    rules = rules_from(queries.constraints_of(call), files)
    if not overrules and worsened(rules, before=chosen, after=[*chosen, application]):
        raise BreaksARule(structure=_title(application))
    before = queries.live_board(files)
    _promote(call, application, files, by=by, at=at)
    after = queries.board_of(call)
    note_change(call, ChangeKind.PROMOTED, before=before, after=after, by=by, at=at, note=_title(application))


def change_released(
    application: PitchApplication, outcome: Outcome, *, message: str, seen: int, by: Person | None, at: datetime
) -> None:
    """Decide otherwise after the release, on record and with a mail of its own.

    Raises NotReleased, BoardChanged, FileNotThere, NoPlaceLeft, NotTakingPart, ReviewerNamed.
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
    was_selected = application.confirmation in queries.ON_STAGE
    _rewrite(call, application, outcome, message, by=by, at=at)
    if was_selected:
        take_off_stage(application.registration, role=AppearanceRole.PITCH, by=by, at=at)
    if outcome is Outcome.SELECTED:
        to_stage(application, call, by=by, at=at)
    key = f"pitch:{application.id}:{moment(at)}"
    words = Words(message, rank=application.reserve_rank)
    outbox.enqueue(emails.decision_mail(application, outcome, words, key=key), at=at)
    note_change(
        call,
        ChangeKind.LATE,
        before=before,
        after=queries.board_of(call),
        by=by,
        at=at,
        note=_title(application),
    )


def _check_place(call: PitchCall, application: PitchApplication, board: Board) -> None:
    if len(board.selected) >= call.places:
        raise NoPlaceLeft(places=call.places)
    if not application.registration.is_approved:
        raise NotTakingPart(structure=_title(application))


def _rewrite(
    call: PitchCall, application: PitchApplication, outcome: Outcome, message: str, *, by: Person | None, at: datetime
) -> None:
    """Store another decision on one released file."""
    others = [each for each in queries.sent_files(call) if each.id != application.id]
    last = max((each.reserve_rank or 0 for each in others), default=0)
    application.state, application.decided_at = STATES[outcome], at
    application.reserve_rank = last + 1 if outcome is Outcome.RESERVE else None
    application.confirmation = Confirmation.ASKED if outcome is Outcome.SELECTED else None
    application.confirmed_at, application.decline_reason = None, ""
    rows = queries.decisions_of(call)
    row = next((each for each in rows if each.application_id == application.id), None)
    if row is None:
        row = Decision(call_id=call.id, application_id=application.id)
        session.add(row)
    row.outcome, row.message, row.released_at = outcome, message, at
    told_last = max((each.reserve_rank or 0 for each in rows if each is not row), default=0)
    row.reserve_rank = told_last + 1 if outcome is Outcome.RESERVE else None
    row.decided_at, row.decided_by_id = at, by.id if by else None
    session.flush()
    _close_ranks(queries.sent_files(call))


def _leave(
    call: PitchCall,
    application: PitchApplication,
    kind: ChangeKind,
    *,
    reason: str,
    by: Person | None,
    at: datetime,
) -> Succession:
    before = queries.board_of(call)
    application.confirmation, application.confirmed_at = Confirmation.DECLINED, at
    application.decline_reason = reason
    session.flush()
    return _hand_on(call, application, kind, before=before, by=by, at=at)


def _hand_on(
    call: PitchCall,
    application: PitchApplication,
    kind: ChangeKind,
    *,
    before: Board,
    by: Person | None,
    at: datetime,
) -> Succession:
    """Take a structure off the stage and give its place to the reserve; organisers are told."""
    take_off_stage(application.registration, role=AppearanceRole.PITCH, by=by, at=at)
    left = before.without({application.id})
    note_change(call, kind, before=before, after=left, by=by, at=at, note=_title(application))
    succession = _successor(call, application)
    if succession.heir is not None:
        _promote(call, succession.heir, queries.sent_files(call), by=None, at=at)
        after = queries.board_of(call)
        heir = _title(succession.heir)
        note_change(call, ChangeKind.PROMOTED, before=left, after=after, by=None, at=at, note=heir)
    key = f"pitch:{application.id}:{moment(at)}"
    told = [
        emails.place_freed(application, one, heir=succession.heir, skipped=succession.skipped, key=key)
        for one in queries.organisers()
        if by is None or one.id != by.id
    ]
    outbox.enqueue_all(told, at=at)
    return succession


def _successor(call: PitchCall, gone: PitchApplication) -> Succession:
    """The first of the reserve who takes part and with whom no rule is broken more than it was before."""
    files = queries.sent_files(call)
    staying = [each for each in files if each.confirmation in queries.ON_STAGE and each.id != gone.id]
    if len(staying) >= call.places:
        return Succession(None)
    rules = rules_from(queries.constraints_of(call), [*files, gone])
    skipped: list[tuple[PitchApplication, Rule | None]] = []
    for application_id in queries.live_board(files).reserve:
        each = next(one for one in files if one.id == application_id)
        rule = worsened(rules, before=[*staying, gone], after=[*staying, each])
        if rule is None and each.registration.is_approved:
            return Succession(each, tuple(skipped))
        skipped.append((each, rule))
    return Succession(None, tuple(skipped))


def _promote(
    call: PitchCall,
    application: PitchApplication,
    files: Sequence[PitchApplication],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    application.state, application.reserve_rank = ApplicationState.SELECTED, None
    application.confirmation, application.decided_at = Confirmation.ASKED, at
    session.flush()
    _close_ranks(files)
    to_stage(application, call, by=by, at=at)
    is_late = call.confirm_before is None or call.confirm_before <= at
    mail = emails.promoted(application, key=f"pitch:{application.id}:{moment(at)}", is_late=is_late)
    outbox.enqueue(mail, at=at)


def _close_ranks(files: Sequence[PitchApplication]) -> None:
    """Give the reserve the ranks 1, 2, 3…; first aside, since no two may share a rank at any moment."""
    reserve = [each for each in files if each.state is ApplicationState.RESERVE]
    reserve.sort(key=lambda each: each.reserve_rank or 0)
    if [each.reserve_rank for each in reserve] == list(range(1, len(reserve) + 1)):
        return
    for start in (_ASIDE, 0):
        for place, each in enumerate(reserve, start=start + 1):
            each.reserve_rank = place
        session.flush()


def _check_selected(application: PitchApplication) -> None:
    session.refresh(application)
    if application.confirmation not in queries.ON_STAGE:
        raise NothingToAnswer


def _title(application: PitchApplication) -> str:
    return application.registration.title
