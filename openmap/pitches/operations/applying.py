"""A structure's file: kept as it is typed, sent when it is complete, withdrawn and taken up again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.files import CheckedFile, StoredFile, keep_file
from openmap.organisations.delegating import on_behalf_of
from openmap.pitches import emails, queries
from openmap.pitches.enums import ApplicationState
from openmap.pitches.holding import tell_withdrawn
from openmap.pitches.lacking import file_lacks
from openmap.pitches.models import ApplicationDocument, PitchApplication, PitchCall
from openmap.pitches.moments import spelled
from openmap.pitches.refusals import (
    CallIsReleased,
    CallNotOpen,
    DateIsPast,
    ExtensionTooShort,
    Incomplete,
    JuryEndsBefore,
    NothingToWithdraw,
    NotOpenYet,
    NotTakingPart,
    TooLate,
    TooManyDocuments,
    WithdrawnMeanwhile,
)
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.operations import keep_answers
from openmap.registrations.models import Registration

DOCUMENT_LIMIT = 5


@dataclass(frozen=True, slots=True)
class Content:
    """What was typed: answers by question, files that came, files to be taken out by their keys."""

    title: str = ""
    summary: str = ""
    speaker: str = ""
    is_first_time: bool = False
    words: Mapping[int, str] = field(default_factory=dict)
    uploads: Mapping[int, CheckedFile] = field(default_factory=dict)
    removed_uploads: frozenset[int] = frozenset()
    document: CheckedFile | None = None
    removed_documents: frozenset[int] = frozenset()


def save_application(
    call: PitchCall, registration: Registration, content: Content, *, by: Person | None, at: datetime
) -> PitchApplication:
    """Keep what was typed, as a draft until it is sent; a file that was sent stays complete and in time.

    A draft is kept even after the deadline, and a withdrawn file stays withdrawn, so that nothing is lost.
    Raises NotOpenYet, NotTakingPart, CallIsReleased, TooManyDocuments, and of a file that was sent TooLate, Incomplete.
    """
    lock(call)
    application = queries.application_of(call, registration)
    _check_applies(call, registration, at=at)
    if application is None:
        application = _begin(call, registration, at=at)
    session.refresh(application)
    is_sent = application.state in queries.SENT
    if is_sent:
        _check_in_time(application, at=at)
    _write(application, content, at=at)
    if is_sent:
        _check_complete(application)
    _record(application, "pitch.saved", by=by, at=at)
    return application


def submit_application(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    """Send a complete file to the jury; twice is once.

    Raises WithdrawnMeanwhile, NotTakingPart, CallIsReleased, TooLate, Incomplete.
    """
    lock(application.call)
    session.refresh(application)
    if application.state in queries.SENT:
        return
    if application.state is ApplicationState.WITHDRAWN:
        raise WithdrawnMeanwhile
    _check_applies(application.call, application.registration, at=at)
    _check_in_time(application, at=at)
    _check_complete(application)
    _send(application, by=by, at=at)


def withdraw_application(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    """Take a file back, at any time before it was rejected, with a mail; twice is once. Raises NothingToWithdraw."""
    if _take_back(application, by=by, at=at):
        outbox.enqueue(emails.application_withdrawn(application, at=at), at=at)


def _take_back(application: PitchApplication, *, by: Person | None, at: datetime) -> bool:
    """Withdraw a file; whether it was not withdrawn before."""
    lock(application.call)
    session.refresh(application)
    was = application.state
    if was is ApplicationState.WITHDRAWN:
        return False
    if was is ApplicationState.REJECTED:
        raise NothingToWithdraw
    application.state, application.withdrawn_at = ApplicationState.WITHDRAWN, at
    application.confirmation, application.confirm_before, application.reserve_rank = None, None, None
    _record(application, "pitch.withdrawn", by=by, at=at, was=was.value)
    tell_withdrawn(application, was, by=by, at=at)
    return True


def leave_with_registration(registration: Registration, *, by: Person | None, at: datetime) -> None:
    """Withdraw the file of a participant that leaves the morning, if there is one; the mail of its leaving says it."""
    application = queries.applications_of([registration.id]).get(registration.id)
    if application is not None and application.state is not ApplicationState.REJECTED:
        _take_back(application, by=by, at=at)


def resume_application(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    """Take a withdrawn file up again where it stood: sent if it was sent and lacks nothing, else a draft.

    Raises NotTakingPart, CallIsReleased, TooLate.
    """
    lock(application.call)
    session.refresh(application)
    if application.state is not ApplicationState.WITHDRAWN:
        return
    _check_applies(application.call, application.registration, at=at)
    _check_in_time(application, at=at)
    was_sent = application.submitted_at is not None
    application.state, application.withdrawn_at = ApplicationState.DRAFT, None
    application.submitted_at = None
    _record(application, "pitch.resumed", by=by, at=at)
    if was_sent and not file_lacks(application):
        _send(application, by=by, at=at)


def extend_deadline(
    call: PitchCall, registration: Registration, *, until: datetime, reason: str, by: Person | None, at: datetime
) -> PitchApplication:
    """Give one structure more time, on record and with a mail, though it has begun no file.

    Raises NotTakingPart, CallIsReleased, CallNotOpen, DateIsPast, ExtensionTooShort, JuryEndsBefore.
    """
    lock(call)
    _check_standing(call, registration)
    if call.published_at is None:
        raise CallNotOpen
    if until <= at:
        raise DateIsPast
    if until <= call.closes_at:
        raise ExtensionTooShort(closes=spelled(call.closes_at, call.event.zone))
    if until > call.jury_closes_at:
        raise JuryEndsBefore(jury=spelled(call.jury_closes_at, call.event.zone))
    application = queries.application_of(call, registration) or _begin(call, registration, at=at)
    application.extended_until, application.extension_reason = until, reason
    _record(application, "pitch.extended", by=by, at=at, until=until.isoformat(), reason=reason)
    outbox.enqueue(emails.application_extended(application, at=at), at=at)
    return application


def _begin(call: PitchCall, registration: Registration, *, at: datetime) -> PitchApplication:
    application = PitchApplication(call_id=call.id, registration_id=registration.id, created_at=at, edited_at=at)
    session.add(application)
    session.flush()
    return application


def _check_applies(call: PitchCall, registration: Registration, *, at: datetime) -> None:
    _check_standing(call, registration)
    if call.published_at is None or at < call.opens_at:
        raise NotOpenYet(opens=spelled(call.opens_at, call.event.zone))


def _check_standing(call: PitchCall, registration: Registration) -> None:
    session.refresh(registration)
    if registration.state not in queries.STANDING:
        raise NotTakingPart
    if call.released_at is not None:
        raise CallIsReleased


def _check_in_time(application: PitchApplication, *, at: datetime) -> None:
    deadline, zone = application.deadline(), application.call.event.zone
    if at >= deadline:
        raise TooLate(now=spelled(at, zone, seconds=True), deadline=spelled(deadline, zone, seconds=True))


def _send(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    application.state, application.submitted_at = ApplicationState.SUBMITTED, at
    _record(application, "pitch.sent", by=by, at=at)
    outbox.enqueue(emails.application_submitted(application), at=at)


def _check_complete(application: PitchApplication) -> None:
    missing = file_lacks(application)
    if missing:
        raise Incomplete(missing)


def _write(application: PitchApplication, content: Content, *, at: datetime) -> None:
    for name in ("title", "summary", "speaker", "is_first_time"):
        setattr(application, name, getattr(content, name))
    application.edited_at = at
    sheet = keep_answers(
        application.answer_sheet,
        event=application.call.event,
        purpose=QuestionPurpose.PITCH,
        given=_given(application, content, at=at),
        at=at,
    )
    application.answer_sheet_id = sheet.id
    _write_documents(application, content, at=at)
    session.flush()


def _given(application: PitchApplication, content: Content, *, at: datetime) -> dict[int, str | StoredFile]:
    """The answers of the form, with the files that stay though none came this time."""
    given: dict[int, str | StoredFile] = dict(content.words)
    kept = application.answer_sheet.answers if application.answer_sheet else []
    for answer in kept:
        is_file = answer.question.kind is QuestionKind.FILE and answer.file is not None
        if is_file and answer.file is not None and answer.question_id not in content.removed_uploads:
            given[answer.question_id] = answer.file
    return given | {key: keep_file(checked, at=at) for key, checked in content.uploads.items()}


def _write_documents(application: PitchApplication, content: Content, *, at: datetime) -> None:
    gone = [one for one in application.documents if one.id in content.removed_documents]
    for document in gone:
        file = document.file
        application.documents.remove(document)
        session.flush()
        session.delete(file)
    if content.document is None:
        return
    if len(application.documents) >= DOCUMENT_LIMIT:
        raise TooManyDocuments(limit=DOCUMENT_LIMIT)
    stored = keep_file(content.document, at=at)
    application.documents.append(ApplicationDocument(file_id=stored.id, added_at=at))


def _record(application: PitchApplication, action: str, *, by: Person | None, at: datetime, **facts: object) -> None:
    registration = application.registration
    whose = on_behalf_of(registration.organisation_id, by)
    audit.record(by, action, application, at=at, event_id=registration.event_id, ref=registration.ref, **whose, **facts)
