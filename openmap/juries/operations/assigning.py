"""Which reviewer judges which file: by hand, evenly, and never one's own."""

from collections import Counter
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.juries import emails, queries
from openmap.juries.applicants import own_files
from openmap.juries.enums import Obstacle
from openmap.juries.evenly import Pair, Sharing, share_evenly
from openmap.juries.models import Assignment, PitchReview, Reviewer
from openmap.juries.obstacles import forbids, obstacles
from openmap.juries.refusals import ConflictDeclared, FileGone, NoReviewer, NotInTheJury, ReviewerIsApplicant
from openmap.juries.standings import standings, that_count
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import submitted_applications

OWN_FILE = mark("Parle pour la structure candidate")


class ReviewStarted(Conflict):
    """Nobody's work is thrown away."""

    message = mark("%(name)s a déjà commencé ce dossier : il lui reste. Confiez-le aussi à quelqu’un d’autre.")


def assign_files(
    call: PitchCall, *, added: AbstractSet[Pair], removed: AbstractSet[Pair] = frozenset(), by: Person, at: datetime
) -> None:
    """Give files to reviewers and take files away, all or nothing; each reviewer gets one mail about the new ones.

    Raises ReviewerIsApplicant, ConflictDeclared, NotInTheJury, FileGone, ReviewStarted.
    """
    lock(call)
    reviewers = {reviewer.id: reviewer for reviewer in queries.reviewers_of(call)}
    known = _assignments(call)
    in_the_way = obstacles(call)
    judged = {application.id for application in submitted_applications(call)}
    new = sorted(pair for pair in added if pair not in known)
    for pair in new:
        _check(pair, reviewers, judged, in_the_way.get(pair))
    for pair in sorted(removed & known.keys()):
        _take(known[pair], reviewers[pair[0]])
    _give(new, at=at)
    if new or removed & known.keys():
        audit.record(
            by,
            "jury.assigned",
            call,
            at=at,
            event_id=call.event_id,
            added=len(new),
            removed=len(removed & known.keys()),
        )
    _tell(new, reviewers, at=at)


def share_files(call: PitchCall, *, per_file: int, draw: int, by: Person, at: datetime) -> Sharing:
    """Complete each file to `per_file` reviewers, loads as alike as can be, nobody against an obstacle.

    What was given to somebody stays. Returns what was shared, with the files that still lack somebody.
    Raises NoReviewer.
    """
    lock(call)
    reviewers = {one.id: one for one in queries.reviewers_of(call) if one.is_active}
    if not reviewers:
        raise NoReviewer
    sharing = _share(call, list(reviewers), per_file=per_file, draw=draw)
    _give(sharing.pairs, at=at)
    audit.record(
        by,
        "jury.shared",
        call,
        at=at,
        event_id=call.event_id,
        per_file=per_file,
        draw=draw,
        pairs=len(sharing.pairs),
        missing=sum(sharing.missing.values()),
    )
    _tell(sharing.pairs, reviewers, at=at)
    return sharing


def pass_on(call: PitchCall, application_id: int, *, instead_of: Reviewer, at: datetime) -> Reviewer | None:
    """Give one file to whoever has the fewest and may judge it, in place of `instead_of`; None when nobody may."""
    reviewers = {one.id: one for one in queries.reviewers_of(call) if one.is_active and one.judges_at(at)}
    counted = that_count(call, standings(call), list(reviewers.values()))
    has = sum(one.application_id == application_id and one.reviewer_id != instead_of.id for one in counted)
    sharing = _share(call, list(reviewers), per_file=has + 1, draw=1, only=application_id)
    _give(sharing.pairs, at=at)
    _tell(sharing.pairs, reviewers, at=at)
    return reviewers[sharing.pairs[0][0]] if sharing.pairs else None


def set_aside_own_files(reviewer: Reviewer, *, at: datetime) -> int:
    """Note the conflict of a reviewer who speaks for an applicant by now, and pass the files on; returns how many."""
    call = lock(reviewer.call)
    own = own_files(call, reviewer=reviewer)
    found = [
        assignment for pair, assignment in _assignments(call).items() if pair in own and assignment.conflict_at is None
    ]
    for assignment in found:
        assignment.conflict_at, assignment.conflict_reason = at, OWN_FILE
        audit.record(None, "jury.own_file", assignment, at=at, event_id=call.event_id)
        session.flush()
        if reviewer.judges_at(at):
            pass_on(call, assignment.application_id, instead_of=reviewer, at=at)
    return len(found)


def note_refusal(call: PitchCall, broken: RuleBroken, *, by: Person, at: datetime) -> None:
    """Keep on record that somebody tried to give an applicant their own file."""
    audit.record(
        by, "jury.assignment_refused", call, at=at, event_id=call.event_id, why=type(broken).__name__, **broken.facts
    )


def _share(
    call: PitchCall, reviewers: Collection[int], *, per_file: int, draw: int, only: int | None = None
) -> Sharing:
    people = queries.reviewers_of(call)
    counted = that_count(call, standings(call), people)
    files = [application.id for application in submitted_applications(call)]
    taken = set(_assignments(call))
    kept = {(one.reviewer_id, one.application_id) for one in counted}
    return share_evenly(
        [file for file in files if only in {None, file}],
        reviewers,
        per_file=per_file,
        barred=obstacles(call).keys() | (taken - kept),
        kept=kept,
        draw=draw,
    )


def _check(pair: Pair, reviewers: Mapping[int, Reviewer], judged: AbstractSet[int], obstacle: Obstacle | None) -> None:
    reviewer = reviewers.get(pair[0])
    if pair[1] not in judged:
        raise FileGone
    if reviewer is None or not reviewer.is_active:
        raise NotInTheJury(name=reviewer.title if reviewer else "?")
    if forbids(obstacle):
        refused = ReviewerIsApplicant if obstacle is Obstacle.APPLICANT else ConflictDeclared
        raise refused(name=reviewer.title)


def _take(assignment: Assignment, reviewer: Reviewer) -> None:
    if session.scalar(select(PitchReview.id).filter_by(assignment_id=assignment.id)) or assignment.conflict_at:
        raise ReviewStarted(name=reviewer.title)
    session.delete(assignment)


def _give(pairs: Collection[Pair], *, at: datetime) -> None:
    session.add_all(
        Assignment(reviewer_id=reviewer_id, application_id=application_id, assigned_at=at)
        for reviewer_id, application_id in pairs
    )
    session.flush()


def _tell(pairs: Collection[Pair], reviewers: Mapping[int, Reviewer], *, at: datetime) -> None:
    counts = Counter(reviewer_id for reviewer_id, _application_id in pairs)
    mails = [emails.jury_files(reviewers[key], file_count=count, at=at) for key, count in sorted(counts.items())]
    outbox.enqueue_all(mails, at=at)


def _assignments(call: PitchCall) -> Mapping[Pair, Assignment]:
    rows = select(Assignment).join(Assignment.reviewer).where(Reviewer.call_id == call.id)
    return {(one.reviewer_id, one.application_id): one for one in session.scalars(rows)}
