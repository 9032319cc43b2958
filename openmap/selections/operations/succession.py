"""A place that gets free: who takes it, until when they answer, and who is passed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import outbox
from openmap.core.db import session
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.programme.enums import AppearanceRole
from openmap.programme.operations import take_off_stage
from openmap.selections import emails, queries
from openmap.selections.board import Board
from openmap.selections.deadlines import deadline_for, morning_starts
from openmap.selections.emails import Words, moment
from openmap.selections.enums import ChangeKind
from openmap.selections.operations.changing import note_change
from openmap.selections.operations.releasing import to_stage
from openmap.selections.traits import Rule, rules_from, worsened

_ASIDE = 100_000


@dataclass(frozen=True, slots=True)
class Succession:
    """Who takes a free place; `skipped` were passed over, for a rule or, without one, for not taking part."""

    heir: PitchApplication | None
    skipped: tuple[tuple[PitchApplication, Rule | None], ...] = ()


def hand_on(
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
    note_change(call, kind, before=before, after=left, by=by, at=at, note=application.registration.title)
    succession = _successor(call, application, at=at)
    if succession.heir is not None:
        until = deadline_for(call, at=at)
        give_place(call, succession.heir, queries.sent_files(call), Words(until=until), by=None, at=at)
        after, heir = queries.board_of(call), succession.heir.registration.title
        note_change(call, ChangeKind.PROMOTED, before=left, after=after, by=None, at=at, note=heir)
    key = f"pitch:{application.id}:{moment(at)}"
    told = [
        emails.place_freed(application, one, heir=succession.heir, skipped=succession.skipped, key=key)
        for one in queries.organisers()
        if by is None or one.id != by.id
    ]
    outbox.enqueue_all(told, at=at)
    return succession


def _successor(call: PitchCall, gone: PitchApplication, *, at: datetime) -> Succession:
    """The first of the reserve who takes part and with whom no rule is broken more than it was before.

    Nobody is promoted once the morning has begun.
    """
    files = queries.sent_files(call)
    staying = [each for each in files if each.confirmation in queries.ON_STAGE and each.id != gone.id]
    if len(staying) >= call.places or at >= morning_starts(call.event):
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


def give_place(
    call: PitchCall,
    application: PitchApplication,
    files: Sequence[PitchApplication],
    words: Words,
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Choose a file of the reserve: its structure reads until when it answers, and what the organiser adds."""
    application.state, application.reserve_rank = ApplicationState.SELECTED, None
    application.confirmation, application.decided_at = Confirmation.ASKED, at
    application.confirm_before = words.until
    session.flush()
    close_ranks(files)
    to_stage(application, call, by=by, at=at)
    outbox.enqueue(emails.promoted(application, words, key=f"pitch:{application.id}:{moment(at)}"), at=at)


def close_ranks(files: Sequence[PitchApplication]) -> None:
    """Give the reserve the ranks 1, 2, 3…; first aside, since no two may share a rank at any moment."""
    reserve = [each for each in files if each.state is ApplicationState.RESERVE]
    reserve.sort(key=lambda each: each.reserve_rank or 0)
    if [each.reserve_rank for each in reserve] == list(range(1, len(reserve) + 1)):
        return
    for start in (_ASIDE, 0):
        for place, each in enumerate(reserve, start=start + 1):
            each.reserve_rank = place
        session.flush()
