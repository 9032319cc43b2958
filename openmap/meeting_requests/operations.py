"""Asking, ranking and withdrawing; answering. Whoever acts for someone else leaves a trace of it.

`groups` and `invitations` hold what structures do together and what a desk does first.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.meeting_requests import emails, queries
from openmap.meeting_requests.enums import ANSWERS, RECEIVED, DeclineCause, MemberState, RequestState
from openmap.meeting_requests.models import MeetingRequest, RequestMember
from openmap.meeting_requests.refusals import (
    AlreadyRequested,
    AlreadyTogether,
    AnswersClosed,
    AskedTheOtherWay,
    DeskDeclined,
    DeskNotAvailable,
    GroupsNotAllowed,
    GroupTooLarge,
    ListChanged,
    MayNotAsk,
    MotiveMissing,
    NoSuchPartner,
    NotApproved,
    PeersNotAllowed,
    QuotaReached,
    ReasonInWordsMissing,
    ReasonMissing,
    RequestsClosed,
    RequestWithdrawn,
)
from openmap.meeting_requests.rules import Rules, rules_of
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.models import Desk, Registration
from openmap.roadmaps.models import Need

_ASIDE = 1000  # no quota comes near: ranks wait there while they change places


def submit_request(
    requester: Registration,
    *,
    desk: Desk,
    motive: str,
    partners: Sequence[Registration] = (),
    need: Need | None = None,
    by: Person | None,
    at: datetime,
) -> MeetingRequest:
    """Ask for a meeting with `desk`, at the end of the list; one that was withdrawn is the same row again.

    With `partners` it is proposed to them first, and sent when all have accepted. Raises RequestsClosed, NotApproved,
    DeskNotAvailable, AlreadyRequested, DeskDeclined, QuotaReached, and what the organiser's rules forbid.
    """
    event = requester.event
    if not event.requests_open(at):
        raise RequestsClosed
    lock(requester)  # from here on nobody else adds to this list
    if not requester.is_approved or requester.kind is not OrganisationKind.STRUCTURE:
        raise NotApproved
    if desk.event_id != event.id or not desk.registration.is_approved or desk.registration_id == requester.id:
        raise DeskNotAvailable
    rules = rules_of(event)
    check_may_ask(rules, requester, desk)
    _check_partners(rules, requester, desk, partners)
    if rules.settings.motive_required and not motive:
        raise MotiveMissing
    request = _row_to_send(requester, desk)
    check_quota(rules, requester)
    request.rank, request.motive = len(queries.requests_of(requester)) + 1, motive
    request.state = RequestState.PROPOSED if partners else RequestState.SENT
    request.sent_at, request.withdrawn_at, request.is_outside_quota = at, None, False
    request.need_id = need.id if need else None
    request.members = [RequestMember(registration=each, state=MemberState.INVITED, invited_at=at) for each in partners]
    session.add(request)
    action = "request.proposed" if partners else "request.sent"
    audit.record(by, action, request, at=at, event_id=event.id, **on_behalf(requester, by))
    mails = [emails.group_proposed(member) for member in request.members] or [emails.request_received(request)]
    outbox.enqueue_all(mails, at=at)
    return request


def meeting_place_of(registration: Registration, *, at: datetime) -> Desk:
    """Where a participant is asked: its desk, or a place of its own that a structure gets when first asked."""
    place = registration.desk or queries.own_place(registration)
    if place is not None:
        return place
    if not registration.event.requests_open(at) or registration.kind is not OrganisationKind.STRUCTURE:
        raise DeskNotAvailable
    place = Desk(
        event_id=registration.event_id,
        organisation_id=registration.organisation_id,
        registration_id=registration.id,
        name="",
    )
    try:
        with session.begin_nested():
            session.add(place)
    except IntegrityError:  # someone else asked at the same moment
        place = queries.own_place(registration)
    if place is None:
        raise DeskNotAvailable
    return place


def check_may_ask(rules: Rules, requester: Registration, desk: Desk) -> None:
    """Raise what the organiser's rules, or an earlier request the other way, say against it."""
    asked = desk.registration
    if asked.kind is OrganisationKind.STRUCTURE:
        if not rules.settings.peers_allowed:
            raise PeersNotAllowed
        if queries.is_asked_by(requester, asked):
            raise AskedTheOtherWay(structure=asked.title)
    if (ban := rules.ban_on(requester, asked)) is not None:
        raise MayNotAsk(who=ban.who, whom=ban.whom)
    if queries.comes_along(requester, desk):
        raise AlreadyTogether(structure=requester.title, desk=desk.title)


def check_quota(rules: Rules, requester: Registration) -> None:
    """Raise QuotaReached when every place of the structure's list is taken; call it with the structure held."""
    quota = rules.quota_for(requester)
    if queries.places_taken(requester, rules) >= quota:
        raise QuotaReached(quota=quota)


def _check_partners(rules: Rules, requester: Registration, desk: Desk, partners: Sequence[Registration]) -> None:
    if not partners:
        return
    if not rules.settings.groups_allowed:
        raise GroupsNotAllowed
    if len(partners) >= rules.settings.group_size:
        raise GroupTooLarge(size=rules.settings.group_size)
    for place, partner in enumerate(partners):
        known = {requester.id, desk.registration_id, *(each.id for each in partners[:place])}
        is_other = partner.event_id == requester.event_id and partner.id not in known
        if not is_other or not partner.is_approved or partner.kind is not OrganisationKind.STRUCTURE:
            raise NoSuchPartner(name=partner.title)
        check_may_ask(rules, partner, desk)


def withdraw_request(request: MeetingRequest, *, by: Person | None, at: datetime) -> None:
    """Take a request off the list; those after it move up. Raises RequestsClosed, ListChanged."""
    requester = _open_list(request.requester, at)
    _check_listed(request)
    if request.state is not RequestState.DECLINED:
        request.answered_at = request.answered_by_id = None  # a declined one remembers it: see `_row_to_send`
    request.state, request.rank, request.withdrawn_at = RequestState.WITHDRAWN, None, at
    outbox.enqueue_all(emails.group_withdrawn(request), at=at)
    audit.record(by, "request.withdrawn", request, at=at, event_id=request.event_id, **on_behalf(requester, by))
    _rank(queries.requests_of(requester))


def edit_motive(request: MeetingRequest, *, motive: str, by: Person | None, at: datetime) -> None:
    """Say better why. Raises RequestsClosed, ListChanged, MotiveMissing."""
    requester = _open_list(request.requester, at)
    _check_listed(request)
    if not motive and rules_of(requester.event).settings.motive_required:
        raise MotiveMissing
    if request.motive == motive:
        return
    request.motive = motive
    audit.record(by, "request.motive_edited", request, at=at, event_id=request.event_id, **on_behalf(requester, by))


def reorder_requests(requester: Registration, *, order: Sequence[int], by: Person | None, at: datetime) -> None:
    """Rank the whole list as `order`, ids of its requests, says. Raises RequestsClosed, ListChanged."""
    _open_list(requester, at)
    listed = {request.id: request for request in queries.requests_of(requester)}
    if len(order) != len(listed) or set(order) != set(listed):
        raise ListChanged
    if list(order) == list(listed):
        return
    _rank([listed[request_id] for request_id in order])
    refs = [listed[request_id].desk.registration.ref for request_id in order]
    audit.record(
        by, "requests.ranked", requester, at=at, event_id=requester.event_id, order=refs, **on_behalf(requester, by)
    )


def move_request(request: MeetingRequest, *, places: int, by: Person | None, at: datetime) -> None:
    """Move a request `places` down its list (up when negative), not beyond its ends.

    Raises RequestsClosed, ListChanged.
    """
    requester = _open_list(request.requester, at)
    order = [listed.id for listed in queries.requests_of(requester)]
    if request.id not in order:
        raise ListChanged
    place = order.index(request.id)
    order.insert(max(0, min(len(order) - 1, place + places)), order.pop(place))
    reorder_requests(requester, order=order, by=by, at=at)


def answer_request(
    request: MeetingRequest,
    *,
    answer: RequestState,
    cause: DeclineCause | None = None,
    reason: str = "",
    by: Person | None,
    at: datetime,
) -> None:
    """Prefer, accept or decline, which needs a cause; a later answer replaces the earlier one.

    The structure gets a mail about one thing only: a refusal while it can still ask another desk instead. Any other
    answer changes nothing it could act upon, may still change, and is shown in its space; what came of everything
    comes with the published programme. Raises AnswersClosed, RequestWithdrawn, ReasonMissing, ReasonInWordsMissing.
    """
    if answer not in ANSWERS:
        raise ValueError(f"{answer!r} is no answer")
    _open_answers(request, at)
    if answer is not RequestState.DECLINED:
        cause, reason = None, ""
    elif cause is None:
        raise ReasonMissing
    elif cause is DeclineCause.OTHER and not reason:
        raise ReasonInWordsMissing
    if (request.state, request.decline_cause, request.decline_reason) == (answer, cause, reason):
        return
    request.state, request.decline_cause, request.decline_reason = answer, cause, reason
    request.answered_at, request.answered_by_id = at, by.id if by else None
    desk = request.desk.registration
    audit.record(by, f"request.{answer}", request, at=at, event_id=request.event_id, **on_behalf(desk, by))
    if answer is RequestState.DECLINED and request.event.requests_open(at):
        outbox.enqueue_all(emails.request_declined(request), at=at)


def undo_answer(request: MeetingRequest, *, by: Person | None, at: datetime) -> None:
    """Take an answer back: the request waits again. Raises AnswersClosed, RequestWithdrawn."""
    _open_answers(request, at)
    if request.state is RequestState.SENT:
        return
    request.state, request.decline_cause, request.decline_reason = RequestState.SENT, None, ""
    request.answered_at = request.answered_by_id = None
    desk = request.desk.registration
    audit.record(by, "request.answer_undone", request, at=at, event_id=request.event_id, **on_behalf(desk, by))


def _row_to_send(requester: Registration, desk: Desk) -> MeetingRequest:
    """The row of a new request; raises AlreadyRequested, DeskDeclined."""
    request = queries.find_request(requester, desk)
    if request is None:
        return MeetingRequest(event_id=requester.event_id, requester=requester, desk=desk)
    if request.state is not RequestState.WITHDRAWN:
        raise AlreadyRequested(desk=desk.title)
    if request.answered_at is not None:
        raise DeskDeclined(desk=desk.title)
    request.members.clear()
    session.flush()  # the same partners may be asked again
    return request


def _open_list(requester: Registration, at: datetime) -> Registration:
    """Hold a structure's list, if it may still change."""
    if not requester.event.requests_open(at):
        raise RequestsClosed
    return lock(requester)


def _check_listed(request: MeetingRequest) -> None:
    """Look again, now that the list is held: another window may have withdrawn it."""
    lock(request)
    if request.rank is None:
        raise ListChanged


def _open_answers(request: MeetingRequest, at: datetime) -> None:
    """Hold a request, if it may still be answered."""
    if not request.event.answers_open(at):
        raise AnswersClosed
    lock(request)
    if request.state not in RECEIVED:
        raise RequestWithdrawn(structure=request.requester.title)


def _rank(requests: Sequence[MeetingRequest]) -> None:
    """Give these requests the ranks 1, 2, 3…; first aside, since no two may share a rank at any moment."""
    for place, request in enumerate(requests, start=1):
        request.rank = _ASIDE + place
    session.flush()
    for place, request in enumerate(requests, start=1):
        request.rank = place
    session.flush()


def on_behalf(registration: Registration, by: Person | None) -> dict[str, object]:
    """What the trace says of someone who acts for another."""
    own = by is None or by.id == registration.contact.person_id
    return {} if own else {"on_behalf_of": registration.ref}
