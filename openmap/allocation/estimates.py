"""The chances of a morning's requests, computed anew by the worker when the demand changed, read by their pages."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from openmap.allocation import problem, queries
from openmap.allocation.chances import Chance, Demand, chances
from openmap.core.db import session, unit_of_work
from openmap.core.recurring import recurring
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import DemandEstimate, MeetingRequest
from openmap.meeting_requests.reminders import silent_structures
from openmap.meeting_requests.wording import OTHER_DESK, RANK, SLOTS, WISH
from scheduler import Instance, InvalidInput

GOOD, POOR = 8, 3  # chances out of ten from which nothing need be raised, and up to which another desk is the advice


@recurring("allocation.estimates", every=timedelta(minutes=2))
def refresh_estimates(at: datetime) -> None:
    """Compute the estimates of every morning whose demand changed and may still change."""
    for event in session.scalars(select(Event).where(Event.answers_close_at > at).order_by(Event.id)).all():
        refresh_event(event, at=at)


def refresh_event(event: Event, *, at: datetime) -> bool:
    """Compute the estimates of one morning unless they stand; no transaction is open meanwhile."""
    event_id = event.id
    try:
        instance = problem.build_instance(event)
    except InvalidInput:
        return False
    requests = _requests_by_ref(event)
    silent = tuple(each.ref for each in silent_structures(event)) if event.requests_open(at) else ()
    fingerprint = problem.frozen(instance)[1][:48] + f"{len(silent):x}:{_answers(requests)['declined']:x}"
    if not instance.requests or _is_known(event, fingerprint):
        return False
    demand = Demand(
        instance=instance,
        open_requests=frozenset(ref for ref, each in requests.items() if each.state is RequestState.SENT),
        answers=_answers(requests),
        silent=silent,
    )
    raisers = _Raisers(instance, requests)
    keys = {ref: each.id for ref, each in requests.items()}
    session.rollback()
    rows = [
        {
            "event_id": event_id,
            "request_id": keys[ref],
            "low": chance.low,
            "high": chance.high,
            "places": chance.places,
            "asking": chance.asking,
            "ahead": chance.ahead,
            "raised_by": raisers.of(ref, chance),
            "fingerprint": fingerprint,
            "computed_at": at,
        }
        for ref, chance in chances(demand).items()
    ]
    with unit_of_work():
        session.execute(delete(DemandEstimate).where(DemandEstimate.event_id == event_id))
        if rows:
            session.execute(insert(DemandEstimate), rows)
    return True


class _Raisers:
    """What would help one request, from facts that hold whatever the others do."""

    def __init__(self, instance: Instance, requests: dict[str, MeetingRequest]) -> None:
        self._away = {each.id for each in instance.participants if each.unavailable}
        self._ranks = {ref: each.rank or 0 for ref, each in requests.items()}
        self._states = {ref: each.state for ref, each in requests.items()}
        asking = Counter(each.between[-1] for each in instance.requests)
        free = (each for each in instance.participants if each.group != instance.coverage_group)
        quiet = {each.id for each in free if asking[each.id] < instance.slots - len(each.unavailable)}
        settled = {each.between[0] for each in instance.requests if each.between[-1] in quiet}
        self._may_go_elsewhere = {each.between[0] for each in instance.requests} - settled if quiet else set()

    def of(self, ref: str, chance: Chance) -> str:
        """The first thing that applies; nothing for a request that stands well."""
        if chance.low >= GOOD:
            return ""
        if self._ranks[ref] > 1:
            return RANK
        if chance.high <= POOR and ref.partition("-")[0] in self._may_go_elsewhere:
            return OTHER_DESK
        if self._states[ref] is RequestState.SENT:
            return WISH
        return SLOTS if ref.partition("-")[0] in self._away else ""


def _requests_by_ref(event: Event) -> dict[str, MeetingRequest]:
    refs = queries.refs_by_request(event)
    return {refs[each.id]: each for each in queries.requests_of(event)}


def _answers(requests: dict[str, MeetingRequest]) -> Counter[str]:
    return Counter(str(each.state) for each in requests.values())


def _is_known(event: Event, fingerprint: str) -> bool:
    known = select(DemandEstimate.id).filter_by(event_id=event.id, fingerprint=fingerprint)
    return session.scalar(known.limit(1)) is not None
