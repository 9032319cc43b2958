"""Proposals are kept with their question, numbered, and become pending decisions in one step that one click undoes."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchCall
from openmap.selections import problem, queries
from openmap.selections.board import Board
from openmap.selections.enums import ChangeKind
from openmap.selections.models import SelectionProposal
from openmap.selections.operations.changing import hold
from openmap.selections.operations.deciding import set_board
from openmap.selections.problem import Answer, Asked
from openmap.selections.refusals import AlreadyReleased, ProposalImpossible, ProposalOutdated


def store_proposal(call: PitchCall, asked: Asked, *, by: Person | None, at: datetime) -> SelectionProposal:
    """Keep a question with its checked answer, under the next number."""
    lock(call)
    proposal = SelectionProposal(
        call_id=call.id,
        number=queries.latest_proposal_number(call) + 1,
        question=asked.question,
        question_sha256=asked.sha256,
        answer=asked.answer,
        created_at=at,
        created_by_id=by.id if by else None,
    )
    session.add(proposal)
    audit.record(by, "selection.proposed", proposal, at=at, event_id=call.event_id, number=proposal.number)
    return proposal


def adopt_proposal(proposal: SelectionProposal, call: PitchCall, *, seen: int, by: Person | None, at: datetime) -> None:
    """Put the board as the proposal says; what it leaves out and was selected or in reserve is undecided again.

    Raises AlreadyReleased, BoardChanged, ProposalImpossible, ProposalOutdated.
    """
    hold(call, seen=seen)
    if call.released_at:
        raise AlreadyReleased
    files = queries.sent_files(call)
    before = queries.board_of(call, files)
    known = {each.registration.ref: each.id for each in files if each.state is ApplicationState.SUBMITTED}
    after = proposed_board(problem.read_answer(proposal.answer), known, before)
    if after != before:
        set_board(call, after, ChangeKind.ADOPTED, by=by, at=at, note=str(proposal.number))


def proposed_board(answer: Answer, known: dict[str, int], board: Board) -> Board:
    """The board that `answer` makes of `board`, with the open files by ref.

    Raises ProposalImpossible, ProposalOutdated.
    """
    if not answer.chosen:
        raise ProposalImpossible
    reserve = [each.candidate for each in answer.reserve]
    gone = [ref for ref in (*answer.chosen, *reserve) if ref not in known]
    if gone:
        raise ProposalOutdated(count=len(gone))
    selected, waiting = [known[ref] for ref in answer.chosen], [known[ref] for ref in reserve]
    return Board.of(selected, waiting, set(board.rejected) - {*selected, *waiting})
