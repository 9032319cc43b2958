"""Telling every decision at once: each mail was read as it leaves, and all of them leave, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.outbox import Mail
from openmap.core.text import plain
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.programme.enums import AppearanceRole
from openmap.programme.operations import put_on_stage
from openmap.selections import emails, queries
from openmap.selections.deadlines import morning_starts
from openmap.selections.emails import Words
from openmap.selections.enums import ChangeKind, Outcome
from openmap.selections.models import Decision, FeedbackLine
from openmap.selections.operations.changing import hold, note_change
from openmap.selections.refusals import (
    AlreadyReleased,
    CallStillOpen,
    DeadlineIsPast,
    DeadlineMissing,
    FilesUndecided,
    MailsNotRead,
    NobodySelected,
    NotTakingPart,
    ReviewerNamed,
)

STATES = {
    Outcome.SELECTED: ApplicationState.SELECTED,
    Outcome.RESERVE: ApplicationState.RESERVE,
    Outcome.REJECTED: ApplicationState.REJECTED,
}
SHORTEST_NAME = 3  # letters; a shorter word is rather a word than a name


@dataclass(frozen=True, slots=True)
class Letter:
    """One decision with the mail that tells it, as it would leave now."""

    decision: Decision
    application: PitchApplication
    mail: Mail

    @property
    def is_read(self) -> bool:
        """Whether somebody read this mail as it is."""
        return self.decision.mail_sha256 == emails.digest(self.mail)


@dataclass(frozen=True, slots=True)
class Pending:
    """One decision that is not told yet."""

    decision: Decision
    application: PitchApplication

    @property
    def was_read(self) -> bool:
        """Whether somebody read a mail of it, perhaps one that reads otherwise now."""
        return bool(self.decision.mail_sha256)


@dataclass(frozen=True)
class Release:
    """Every decision to tell, for the board of one version; mails are rendered when they are first asked for."""

    version: int
    rows: tuple[Pending, ...]
    undecided: int

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        """Every mail as it would leave; ask before the write lock is taken."""
        return tuple(letter_for(row.decision, row.application) for row in self.rows)

    @cached_property
    def unread(self) -> list[Pending]:
        """Those that nobody ever read; when there are none, those that changed since."""
        never = [row for row in self.rows if not row.was_read]
        return never or [row for row, letter in zip(self.rows, self.letters, strict=True) if not letter.is_read]


def prepare_release(call: PitchCall) -> Release:
    """Return what would leave: the selected first, then the reserve in its order, then the others."""
    files = {each.id: each for each in queries.files_with_contacts(call)}
    rows = [each for each in queries.decisions_of(call) if _is_pending(files.get(each.application_id))]
    places = list(Outcome)
    rows.sort(key=lambda each: (places.index(each.outcome), each.reserve_rank or 0, each.application_id))
    waiting = sum(each.state is ApplicationState.SUBMITTED for each in files.values())
    pending = tuple(Pending(each, files[each.application_id]) for each in rows)
    return Release(call.board_version, pending, waiting - len(rows))


def letter_for(decision: Decision, application: PitchApplication) -> Letter:
    """The mail of one decision."""
    feedback = [line.words for line in decision.feedback] if decision.outcome is not Outcome.SELECTED else []
    until = application.call.confirm_before if decision.outcome is Outcome.SELECTED else None
    words = Words(decision.message, feedback, decision.reserve_rank, until)
    mail = emails.decision_mail(application, decision.outcome, words, key=f"pitch:{application.id}")
    return Letter(decision, application, mail)


def write_letter(
    decision: Decision,
    call: PitchCall,
    *,
    message: str,
    feedback: Mapping[int, str],
    by: Person | None,
    at: datetime,
) -> None:
    """Write the personal part of a mail: the organiser's message, and words of the jury by review.

    Raises AlreadyReleased, ReviewerNamed.
    """
    lock(call)
    if call.released_at:
        raise AlreadyReleased
    for words in (message, *feedback.values()):
        check_anonymous(call, words)
    decision.message = message
    kept = {line.review_id: line for line in decision.feedback}
    for review_id in kept.keys() - feedback.keys():
        decision.feedback.remove(kept[review_id])
    for review_id, words in feedback.items():
        if review_id in kept:
            kept[review_id].words = words
        else:
            decision.feedback.append(FeedbackLine(review_id=review_id, words=words))
    audit.record(by, "selection.letter_written", decision, at=at, event_id=call.event_id, feedback=len(feedback))


def check_anonymous(call: PitchCall, words: str) -> None:
    """Raise ReviewerNamed when `words` name somebody of the jury, whole or by one part of the name."""
    said = f" {plain(words)} "
    for name in queries.reviewer_names(call):
        parts = [part for part in plain(name).split() if len(part) >= SHORTEST_NAME]
        if f" {plain(name)} " in said or (parts and f" {parts[-1]} " in said):
            raise ReviewerNamed(name=name)


def mark_read(decision: Decision, sha256: str, *, by: Person, at: datetime) -> None:
    """Note that `by` read the mail that has this digest."""
    decision.mail_sha256, decision.mail_read_at, decision.mail_read_by_id = sha256, at, by.id


def set_deadline(call: PitchCall, confirm_before: datetime, *, by: Person | None, at: datetime) -> None:
    """Say until when the selected confirm. Raises AlreadyReleased, DeadlineIsPast."""
    lock(call)
    if call.released_at:
        raise AlreadyReleased
    if not at < confirm_before < morning_starts(call.event):
        raise DeadlineIsPast
    if call.confirm_before != confirm_before:
        call.confirm_before = confirm_before
        deadline = confirm_before.isoformat()
        audit.record(by, "selection.deadline_set", call, at=at, event_id=call.event_id, until=deadline)


def release_decisions(call: PitchCall, release: Release, *, by: Person | None, at: datetime) -> None:
    """Tell every decision: states, ranks, stage and mails change together.

    Raises BoardChanged, AlreadyReleased, CallStillOpen, FilesUndecided, NobodySelected, DeadlineMissing,
    DeadlineIsPast, MailsNotRead, NotTakingPart.
    """
    lock(call)
    if call.released_at:
        raise AlreadyReleased
    hold(call, seen=release.version)
    check_release(call, release, at=at)
    before = queries.board_of(call)
    for letter in release.letters:
        _tell(letter.decision, call, by=by, at=at)
    call.released_at = at
    session.flush()
    outbox.enqueue_all([letter.mail for letter in release.letters], at=at)
    note_change(call, ChangeKind.RELEASED, before=before, after=before, by=by, at=at)


def check_release(call: PitchCall, release: Release, *, at: datetime) -> None:
    """Raise what still stands in the way."""
    if at < call.closes_at:
        raise CallStillOpen
    if release.undecided:
        raise FilesUndecided(count=release.undecided)
    _check_selected([each.decision for each in release.rows if each.decision.outcome is Outcome.SELECTED])
    if call.confirm_before is None:
        raise DeadlineMissing
    if call.confirm_before <= at:
        raise DeadlineIsPast
    if release.unread:
        raise MailsNotRead(count=len(release.unread))


def _check_selected(selected: Sequence[Decision]) -> None:
    if not selected:
        raise NobodySelected
    for decision in selected:
        if not decision.application.registration.is_approved:
            raise NotTakingPart(structure=decision.application.registration.title)


def _tell(decision: Decision, call: PitchCall, *, by: Person | None, at: datetime) -> None:
    application = decision.application
    application.state, application.decided_at = STATES[decision.outcome], at
    application.reserve_rank = decision.reserve_rank
    decision.released_at = at
    if decision.outcome is Outcome.SELECTED:
        application.confirmation, application.confirm_before = Confirmation.ASKED, call.confirm_before
        to_stage(application, call, by=by, at=at)


def to_stage(application: PitchApplication, call: PitchCall, *, by: Person | None, at: datetime) -> None:
    """Give a selected file its minutes on stage, and its structure the unavailability that goes with it."""
    put_on_stage(
        call.event,
        application.registration,
        role=AppearanceRole.PITCH,
        minutes=call.pitch_minutes,
        title=application.title,
        by=by,
        at=at,
    )


def _is_pending(application: PitchApplication | None) -> bool:
    return application is not None and application.state is ApplicationState.SUBMITTED
