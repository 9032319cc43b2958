"""A solution that comes back becomes proposals, and a reason for each request it leaves out."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert

from openmap.allocation import problem, queries
from openmap.allocation.models import Allocation, Run, UnmetRequest
from openmap.allocation.seating import seat
from openmap.core import audit
from openmap.core.db import session
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.queries import current_version
from openmap.registrations.queries import approved_desks
from scheduler import Reason, Solution, Status, Unmet


def store_solution(run: Run, text: str, *, at: datetime) -> Solution:
    """Keep a solution of the run's instance as proposals and reasons; raises problem.SolutionRefused.

    It is stored once: a second call, by a worker that took the job over, changes nothing.
    """
    solution = problem.checked_solution(run.instance, text)
    if run.status is not None:
        return solution
    run.solution = text
    run.status, run.all_tried = str(solution.status), solution.all_tried
    run.objectives = [
        {"name": str(level.name), "value": level.value, "bound": level.bound, "proven": level.proven}
        for level in solution.objectives
    ]
    if solution.status in {Status.OPTIMAL, Status.FEASIBLE}:
        _store_schedule(run, solution)
    audit.record(None, "run.solved", run, at=at, event_id=run.event_id, status=run.status)
    return solution


def _store_schedule(run: Run, solution: Solution) -> None:
    people = queries.participants_of(run.event)
    refs = queries.refs_by_request(run.event)
    by_ref = {refs[each.id]: each for each in queries.requests_of(run.event)}
    met = [(by_ref[meeting.request], meeting.slot) for meeting in solution.meetings]
    _store_meetings(run, met)
    desk_counts = Counter(request.desk_id for request, _ in met)
    counts = Counter(side.id for request, _ in met for side in request.parties)
    only_counts = Counter(
        request.desk_id for request, _ in met if any(counts[asker.id] == 1 for asker in request.askers)
    )
    left_out = [(by_ref[unmet.request], unmet) for unmet in solution.unmet]
    left_out += [
        (each, Unmet(request=ref, reason=Reason.DECLINED))
        for ref, each in by_ref.items()
        if each.state is RequestState.DECLINED and people[each.requester_id].is_approved
    ]
    rows = [
        {
            "run_id": run.id,
            "request_id": request.id,
            "reason": str(unmet.reason),
            "involved": list(unmet.with_),
            "unlock": [{"change": str(change.change), "participant": change.participant} for change in unmet.unlock],
            "desk_meetings": desk_counts[request.desk_id],
            "desk_only_meetings": only_counts[request.desk_id],
        }
        for request, unmet in left_out
    ]
    if rows:
        session.execute(insert(UnmetRequest), rows)


def _store_meetings(run: Run, met: list[tuple[MeetingRequest, int]]) -> None:
    slots = {slot.position: slot.id for slot in run.event.slots}
    tables = seat(
        [(slot, request.desk_id) for request, slot in met],
        tables=[table.id for table in run.event.tables],
        own={desk.id: desk.table_id for desk in approved_desks(run.event) if desk.table_id is not None},
        before=_tables_before(run.event),
    )
    rows = [
        {
            "run_id": run.id,
            "request_id": request.id,
            "slot_id": slots[slot],
            "table_id": tables[slot, request.desk_id],
        }
        for request, slot in met
    ]
    if rows:
        session.execute(insert(Allocation), rows)


def _tables_before(event: Event) -> Mapping[int, int]:
    version = current_version(event)
    return {meeting.desk_id: meeting.table_id for meeting in queries.meetings_in(version)} if version else {}
