"""What the board, the release and an applicant's page read; each list in a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.juries.models import Assignment, PitchReview, Reviewer
from openmap.juries.queries import ranking_value, verdicts
from openmap.juries.verdicts import NO_VERDICT, Verdict
from openmap.organisations.models import Contact, Organisation
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.registrations.models import Registration
from openmap.selections.board import Board
from openmap.selections.enums import Outcome
from openmap.selections.models import BoardChange, Decision, FeedbackLine, SelectionConstraint, SelectionProposal

ON_STAGE = (Confirmation.ASKED, Confirmation.CONFIRMED)
SENT = (
    ApplicationState.SUBMITTED,
    ApplicationState.SELECTED,
    ApplicationState.RESERVE,
    ApplicationState.REJECTED,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file with what the jury says; `place` counts from 1 by `value` (0–100), then by the time of sending."""

    application: PitchApplication
    verdict: Verdict
    value: float | None
    place: int

    @property
    def registration(self) -> Registration:
        """Who sent it."""
        return self.application.registration


def sent_files(call: PitchCall) -> list[PitchApplication]:
    """Every file that was sent and not withdrawn, in the order of sending, with its structure."""
    rows = (
        select(PitchApplication)
        .filter_by(call_id=call.id)
        .where(PitchApplication.state.in_(SENT))
        .order_by(PitchApplication.submitted_at, PitchApplication.id)
        .options(joinedload(PitchApplication.registration).joinedload(Registration.organisation))
    )
    return list(session.scalars(rows))


def files_with_contacts(call: PitchCall) -> list[PitchApplication]:
    """Every sent file with whoever is written to."""
    people = joinedload(PitchApplication.registration).joinedload(Registration.contact).joinedload(Contact.person)
    rows = select(PitchApplication).filter_by(call_id=call.id).where(PitchApplication.state.in_(SENT)).options(people)
    return list(session.scalars(rows))


def organisers() -> Sequence[Person]:
    """Everyone who organises, to be told."""
    return session.scalars(select(Person).filter_by(is_organiser=True).order_by(Person.id)).all()


def find_file(call: PitchCall, application_id: int) -> PitchApplication | None:
    """The file of this key, in whatever state."""
    return session.scalars(select(PitchApplication).filter_by(call_id=call.id, id=application_id)).one_or_none()


def candidates(call: PitchCall) -> list[Candidate]:
    """Every sent file, the best first."""
    said = verdicts(call)
    found = []
    for order, application in enumerate(sent_files(call)):
        verdict = said.get(application.id, NO_VERDICT)
        value = ranking_value(call, verdict)
        found.append((-1.0 if value is None else value, order, application, verdict, value))
    found.sort(key=lambda row: (-row[0], row[1]))
    return [
        Candidate(application, verdict, value, place)
        for place, (_by, _order, application, verdict, value) in enumerate(found, start=1)
    ]


def decisions_of(call: PitchCall) -> list[Decision]:
    """What was decided, released or not, with the feedback."""
    rows = select(Decision).filter_by(call_id=call.id).options(selectinload(Decision.feedback)).order_by(Decision.id)
    return list(session.scalars(rows))


def decision_on(application: PitchApplication) -> Decision | None:
    """What was decided of one file."""
    return session.scalars(select(Decision).filter_by(application_id=application.id)).one_or_none()


def released_decision(application: PitchApplication) -> Decision | None:
    """What the applicant was told; nothing before the release."""
    decision = decision_on(application)
    return decision if decision and decision.released_at else None


def board_of(call: PitchCall, files: Iterable[PitchApplication] | None = None) -> Board:
    """The board as it is: pending decisions before the release, afterwards where the files stand.

    A withdrawn file stands nowhere, whatever was decided of it.
    """
    known = sent_files(call) if files is None else files
    if call.released_at:
        return live_board(known)
    open_files = {each.id for each in known if each.state is ApplicationState.SUBMITTED}
    decisions = [each for each in decisions_of(call) if each.application_id in open_files]
    reserve = sorted(
        (each for each in decisions if each.outcome is Outcome.RESERVE), key=lambda each: each.reserve_rank or 0
    )
    return Board.of(
        selected=(each.application_id for each in decisions if each.outcome is Outcome.SELECTED),
        reserve=(each.application_id for each in reserve),
        rejected=(each.application_id for each in decisions if each.outcome is Outcome.REJECTED),
    )


def live_board(files: Iterable[PitchApplication]) -> Board:
    """Where released files stand; who gave up its pitch stands nowhere."""
    known = list(files)
    reserve = sorted(
        (each for each in known if each.state is ApplicationState.RESERVE), key=lambda each: each.reserve_rank or 0
    )
    return Board.of(
        selected=(each.id for each in known if each.confirmation in ON_STAGE),
        reserve=(each.id for each in reserve),
        rejected=(each.id for each in known if each.state is ApplicationState.REJECTED),
    )


def changes_since(call: PitchCall, version: int) -> list[BoardChange]:
    """What changed the board after it was at `version`, in that order, with who did it."""
    rows = (
        select(BoardChange)
        .filter_by(call_id=call.id)
        .where(BoardChange.version > version)
        .options(joinedload(BoardChange.by))
        .order_by(BoardChange.version)
    )
    return list(session.scalars(rows))


def latest_changes(call: PitchCall, count: int) -> list[BoardChange]:
    """The last changes of the board, the latest first."""
    rows = (
        select(BoardChange)
        .filter_by(call_id=call.id)
        .options(joinedload(BoardChange.by))
        .order_by(BoardChange.version.desc())
        .limit(count)
    )
    return list(session.scalars(rows))


def titles_of(call: PitchCall) -> Mapping[int, str]:
    """The names of the structures by file, of withdrawn ones too."""
    rows = (
        select(PitchApplication)
        .filter_by(call_id=call.id)
        .options(joinedload(PitchApplication.registration).joinedload(Registration.organisation))
    )
    return {each.id: each.registration.title for each in session.scalars(rows)}


def constraints_of(call: PitchCall) -> list[SelectionConstraint]:
    """What a balanced selection keeps to."""
    rows = select(SelectionConstraint).filter_by(call_id=call.id).order_by(SelectionConstraint.position)
    return list(session.scalars(rows))


def proposals_of(call: PitchCall) -> list[SelectionProposal]:
    """Every proposal, the latest first."""
    rows = select(SelectionProposal).filter_by(call_id=call.id).options(joinedload(SelectionProposal.created_by))
    return list(session.scalars(rows.order_by(SelectionProposal.number.desc())))


def find_proposal(call: PitchCall, number: int) -> SelectionProposal | None:
    """The proposal of this number."""
    return session.scalars(select(SelectionProposal).filter_by(call_id=call.id, number=number)).one_or_none()


def latest_proposal_number(call: PitchCall) -> int:
    """The number of the last proposal, 0 before the first."""
    numbers = select(func.max(SelectionProposal.number)).filter_by(call_id=call.id)
    return session.scalars(numbers).one() or 0


def comments_on(application: PitchApplication) -> Sequence[PitchReview]:
    """What the jury wrote of one file: reviews given with a comment."""
    rows = (
        select(PitchReview)
        .join(PitchReview.assignment)
        .where(
            Assignment.application_id == application.id,
            PitchReview.submitted_at.is_not(None),
            PitchReview.comment != "",
            Assignment.conflict_at.is_(None),
        )
        .order_by(PitchReview.id)
    )
    return session.scalars(rows).all()


def reviewer_names(call: PitchCall) -> list[str]:
    """Names that no mail may tell."""
    return [name for name in session.scalars(select(Reviewer.name).filter_by(call_id=call.id)) if name]


def feedback_for(application: PitchApplication) -> list[str]:
    """The words chosen for the applicant."""
    rows = (
        select(FeedbackLine.words)
        .join(FeedbackLine.decision)
        .where(Decision.application_id == application.id)
        .order_by(FeedbackLine.id)
    )
    return list(session.scalars(rows))


def confirmed_pitches(call: PitchCall) -> Sequence[PitchApplication]:
    """What anybody may read of a selection that was told: the pitches whose structures said yes, by their names."""
    rows = (
        select(PitchApplication)
        .join(PitchApplication.registration)
        .join(Registration.organisation)
        .where(PitchApplication.call_id == call.id, PitchApplication.confirmation == Confirmation.CONFIRMED)
        .options(contains_eager(PitchApplication.registration).contains_eager(Registration.organisation))
        .order_by(Organisation.name, PitchApplication.id)
    )
    return session.scalars(rows).all() if call.released_at else ()


def awaiting_answers() -> list[PitchApplication]:
    """Every chosen file whose structure has not said whether it comes, of any morning; with call, event and contact."""
    people = joinedload(PitchApplication.registration).joinedload(Registration.contact).joinedload(Contact.person)
    rows = (
        select(PitchApplication)
        .where(PitchApplication.confirmation == Confirmation.ASKED)
        .options(joinedload(PitchApplication.call).joinedload(PitchCall.event), people)
        .order_by(PitchApplication.id)
    )
    return list(session.scalars(rows))
