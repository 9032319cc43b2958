"""Enter what somebody says on the telephone, all of it or nothing; take it back."""

from collections.abc import Sequence
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.meeting_requests.enums import ANSWERS, DeclineCause, RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.operations import answer_request, submit_request, undo_answer, withdraw_request
from openmap.meeting_requests.queries import requests_for
from openmap.registrations.models import Desk, Registration
from openmap.registrations.queries import approved_desks
from openmap.telephone.line import read_line


def enter_requests(
    structure: Registration, line: str, *, motive: str, caller: str, by: Person, at: datetime
) -> list[MeetingRequest]:
    """Ask, for a structure, for each desk of the line in that order. Raises what the line or `submit_request` says."""
    desks = {desk.registration.ref: desk for desk in approved_desks(structure.event)}
    wanted = [desks[said.ref] for said in read_line(line, desks)]
    sent = [submit_request(structure, desk=desk, motive=motive, by=by, at=at) for desk in wanted]
    _note_call(structure, line, caller=caller, by=by, at=at)
    return sent


def enter_answers(
    desk: Desk, line: str, *, cause: DeclineCause | None, reason: str, caller: str, by: Person, at: datetime
) -> list[MeetingRequest]:
    """Answer, for a desk, each structure of the line; every refusal has the one cause given.

    Raises what the line or `answer_request` says.
    """
    received = {request.requester.ref: request for request in requests_for(desk)}
    answered = []
    for said in read_line(line, received):
        request = received[said.ref]
        answer_request(request, answer=said.answer, cause=cause, reason=reason, by=by, at=at)
        answered.append(request)
    _note_call(desk.registration, line, caller=caller, by=by, at=at)
    return answered


def take_back(requests: Sequence[MeetingRequest], *, of: Registration, by: Person, at: datetime) -> int:
    """Withdraw these requests of a structure, or undo these answers of a desk; returns how many still could be."""
    count = 0
    for request in requests:
        if of.desk and request.state in ANSWERS:
            undo_answer(request, by=by, at=at)
        elif not of.desk and request.state is not RequestState.WITHDRAWN:
            withdraw_request(request, by=by, at=at)
        else:
            continue
        count += 1
    return count


def _note_call(registration: Registration, line: str, *, caller: str, by: Person, at: datetime) -> None:
    details = {"on_behalf_of": registration.ref, "line": line[:200], "caller": caller}
    audit.record(by, "call.noted", registration, at=at, event_id=registration.event_id, **details)
