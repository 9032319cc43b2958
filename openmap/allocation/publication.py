"""A proposal becomes the published schedule: drafted, shown, then stored with its mails in one unit of work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from openmap.accounts.models import Person
from openmap.agendas.emails import programme_mail
from openmap.agendas.queries import Surroundings, surroundings_of
from openmap.allocation import problem, queries
from openmap.allocation.models import Allocation, Run, UnmetRequest
from openmap.allocation.wording import sentences_for
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict
from openmap.core.jobs import JobState
from openmap.core.outbox import Mail
from openmap.core.text import mark
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.meetings.queries import current_version
from openmap.registrations.models import Registration
from scheduler import Status

PUBLISHABLE = {str(Status.OPTIMAL), str(Status.FEASIBLE)}


class ProposalNotReady(Conflict):
    """The run did not end with a schedule."""

    message = mark("Cette proposition n’a pas de planning à publier. Relancez un calcul.")


class AlreadyPublished(Conflict):
    """The proposal is a published version already."""

    message = mark("Cette proposition est déjà publiée : c’est la version %(number)s.")


class PublicationOutdated(Conflict):
    """What was asked changed since the run froze it."""

    message = mark(
        "Depuis ce calcul, des données ont changé (demandes ajoutées : %(added)s, retirées : %(removed)s, "
        "modifiées : %(changed)s ; participants, créneaux ou rendez-vous figés : %(others)s). "
        "Relancez un calcul, puis publiez-le."
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version means for one participant; `before` and `after` are theirs, in the order of the slots."""

    registration: Registration
    before: tuple[Meeting, ...]
    after: tuple[Meeting, ...]

    @property
    def dropped(self) -> tuple[Meeting, ...]:
        """Meetings that no longer take place."""
        kept = {meeting.uid for meeting in self.after}
        return tuple(meeting for meeting in self.before if meeting.uid not in kept)

    def place_before(self, meeting: Meeting) -> Meeting | None:
        """The same meeting in the version before, wherever it was."""
        return next((old for old in self.before if old.uid == meeting.uid), None)

    @property
    def kept(self) -> tuple[Meeting, ...]:
        """Meetings that stay where they were."""
        places = _places(self.before)
        return tuple(meeting for meeting in self.after if _place(meeting) in places)


@dataclass(frozen=True)
class Draft:
    """A version about to be published, not yet in the database, and whom it concerns."""

    run: Run
    version: ScheduleVersion
    meetings: tuple[Meeting, ...]
    previous: ScheduleVersion | None
    before: tuple[Meeting, ...]
    changes: tuple[Change, ...]
    left_out: tuple[UnmetRequest, ...]

    @cached_property
    def unmet(self) -> Mapping[int, list[str]]:
        """The sentences about requests that were not met, by participant: written when a mail needs them only."""
        return sentences_for(self.left_out, [change.registration for change in self.changes])

    @cached_property
    def around(self) -> Surroundings:
        """What stands around the meetings of those whom it concerns, read once for all mails."""
        return surroundings_of(self.run.event, [change.registration.id for change in self.changes])

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Everything the mails depend on."""
        places = ((each.uid, each.sequence, each.slot_id, each.table_id) for each in self.meetings)
        around = self.around.programme_changed_at, tuple(sorted(self.around.coaching_changed_at.items()))
        return self.version.number, self.run.id, around, *sorted(places)


@dataclass(frozen=True, slots=True)
class PreparedMails:
    """The mails of a draft, rendered before the write lock is taken."""

    fingerprint: tuple[object, ...]
    mails: tuple[Mail, ...]


def outdated(run: Run) -> PublicationOutdated | None:
    """Return what forbids publishing `run` because its question changed meanwhile, or None."""
    refs = queries.refs_by_request(run.event)
    slot_of = {refs[each.request_id]: each.slot.position for each in queries.allocations_of(run)}
    found = problem.difference(run.instance, run.event, slot_of=slot_of)
    if not found:
        return None
    return PublicationOutdated(added=found.added, removed=found.removed, changed=found.changed, others=found.others)


def draft_publication(run: Run, *, by: Person | None, at: datetime) -> Draft:
    """Return the version that publishing `run` would make; nothing is stored.

    A meeting keeps its uid in every version; its sequence grows when its slot or table changes, and by two when it
    comes back after a version without it, whose cancellation used the number between.
    """
    event = run.event
    people = queries.participants_of(event)
    previous = current_version(event)
    before = tuple(each for each in queries.meetings_in(previous) if not each.cancelled_at) if previous else ()
    version = ScheduleVersion(
        event=event,
        event_id=event.id,
        number=queries.latest_version_number(event) + 1,
        instance_sha256=run.instance_sha256,
        published_at=at,
        published_by_id=by.id if by else None,
    )
    latest = queries.latest_meetings(event)
    meetings = [
        _meeting(version, proposed, latest.get(proposed.request_id)) for proposed in queries.allocations_of(run)
    ]
    unmet = queries.unmet_requests_of(run)
    asked = {each.request for each in unmet} | {each.request for each in meetings}
    changes = _changes(people, before, meetings, first_for=_concerned(asked) if previous is None else set())
    return Draft(
        run=run,
        version=version,
        meetings=tuple(meetings),
        previous=previous,
        before=before,
        changes=changes,
        left_out=tuple(unmet),
    )


def _meeting(version: ScheduleVersion, proposed: Allocation, last: Meeting | None) -> Meeting:
    request = proposed.request
    meeting = Meeting(
        version=version,
        slot=proposed.slot,
        slot_id=proposed.slot_id,
        table=proposed.table,
        table_id=proposed.table_id,
        desk=request.desk,
        desk_id=request.desk_id,
        request=request,
        request_id=request.id,
        uid=last.uid if last else f"{version.event.slug}-{request.ref}@openmap",
        sequence=_sequence(proposed, last),
        outcome=MeetingOutcome.PLANNED,
    )
    meeting.participants = [
        MeetingParticipant(registration=side, registration_id=side.id, slot_id=proposed.slot_id)
        for side in request.parties
    ]
    return meeting


def _sequence(proposed: Allocation, last: Meeting | None) -> int:
    if last is None:
        return 0
    if last.cancelled_at or not last.version.is_current:
        return last.sequence + 2
    moved = (last.slot_id, last.table_id) != (proposed.slot_id, proposed.table_id)
    return last.sequence + moved


def _concerned(requests: Iterable[MeetingRequest]) -> set[int]:
    return {side.id for each in requests for side in each.parties}


def _changes(
    people: Mapping[int, Registration], before: Sequence[Meeting], after: Sequence[Meeting], *, first_for: set[int]
) -> tuple[Change, ...]:
    """Whom the version concerns: `first_for` in any case, others when a meeting of theirs is new, moved or gone."""
    old, new = _by_participant(before), _by_participant(after)
    changes = (Change(person, tuple(old.get(key, ())), tuple(new.get(key, ()))) for key, person in people.items())
    return tuple(
        change
        for change in changes
        if change.registration.id in first_for or _places(change.before) != _places(change.after)
    )


def _by_participant(meetings: Sequence[Meeting]) -> dict[int, list[Meeting]]:
    theirs: dict[int, list[Meeting]] = {}
    for meeting in sorted(meetings, key=lambda each: each.slot.position):
        for seat in meeting.participants:
            theirs.setdefault(seat.registration_id, []).append(meeting)
    return theirs


def _places(meetings: Sequence[Meeting]) -> set[tuple[str, int, int]]:
    return {_place(meeting) for meeting in meetings}


def _place(meeting: Meeting) -> tuple[str, int, int]:
    return meeting.uid, meeting.slot_id, meeting.table_id


def mail_for(draft: Draft, change: Change) -> Mail:
    """The mail that tells one participant their new programme."""
    return programme_mail(
        change.registration,
        version=draft.version,
        meetings=change.after,
        unmet=draft.unmet.get(change.registration.id, ()),
        dropped=change.dropped,
        around=draft.around,
    )


def prepared_mails(run: Run, *, by: Person | None, at: datetime) -> PreparedMails | None:
    """Render every mail of a publication before its unit of work: a hundred take a second, too long for a lock.

    None when it would be refused.
    """
    return _rendered(draft_publication(run, by=by, at=at)) if obstacle(run) is None else None


def _rendered(draft: Draft) -> PreparedMails:
    return PreparedMails(draft.fingerprint, tuple(mail_for(draft, change) for change in draft.changes))


def obstacle(run: Run) -> Conflict | None:
    """Return what forbids publishing `run` now, or None."""
    if run.version is not None:
        return AlreadyPublished(number=run.version.number)
    if run.job.state is not JobState.DONE or run.status not in PUBLISHABLE:
        return ProposalNotReady()
    return outdated(run)


def publish_run(run: Run, *, by: Person | None, at: datetime, prepared: PreparedMails | None = None) -> ScheduleVersion:
    """Make a proposal the schedule that people live by, with a mail to each participant whose programme changes.

    `prepared` are mails rendered before, used if they tell this very version.
    Raises ProposalNotReady, AlreadyPublished, PublicationOutdated.
    """
    event = lock(run.event)
    if (broken := obstacle(run)) is not None:
        raise broken
    draft = draft_publication(run, by=by, at=at)
    if draft.previous is not None:
        draft.previous.is_current = False
        session.flush()  # never two current versions, not even for a moment
    draft.version.is_current = True
    session.add(draft.version)
    session.flush()
    run.version = draft.version
    if prepared is None or prepared.fingerprint != draft.fingerprint:
        prepared = _rendered(draft)
    outbox.enqueue_all(prepared.mails, at=at)
    audit.record(
        by,
        "schedule.published",
        draft.version,
        at=at,
        event_id=event.id,
        number=draft.version.number,
        run=run.number,
        meetings=len(draft.meetings),
        mails=len(prepared.mails),
    )
    return draft.version
