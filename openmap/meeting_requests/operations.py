"""Asking, ranking and withdrawing; answering. Whoever acts for someone else leaves a trace of it."""

from collections.abc import Sequence
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.meeting_requests import emails, queries
from openmap.meeting_requests.enums import ANSWERS, RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.models import Desk, Registration

_ASIDE = 1000  # no quota comes near: ranks wait there while they change places


class RequestsClosed(RuleBroken):
    """The deadline for sending, ranking and withdrawing has passed."""

    message = mark(
        "Le délai est passé : les demandes de rendez-vous sont closes. Votre liste reste telle qu’elle est. "
        "En cas de problème, écrivez à l’équipe de la matinale."
    )


class NotApproved(RuleBroken):
    """The organiser has not let this participant in, or it is not one that asks."""

    message = mark(
        "Votre inscription n’est pas encore validée : vous pourrez demander des rendez-vous dès qu’elle le sera. "
        "Nous vous écrirons."
    )


class QuotaReached(RuleBroken):
    """All places of the structure's list are taken."""

    message = mark(
        "Vous avez déjà %(quota)s demandes, le maximum pour cette matinale. "
        "Pour en ajouter une, retirez d’abord une demande de votre liste."
    )


class AlreadyRequested(Conflict):
    """This desk is in the structure's list, perhaps through another window."""

    message = mark("Vous avez déjà demandé un rendez-vous avec %(desk)s. La demande est dans votre liste.")


class DeskNotAvailable(RuleBroken):
    """The desk takes no part in this morning, or not yet."""

    message = mark("Cet acheteur ne prend pas de rendez-vous à cette matinale. Choisissez-en un autre.")


class DeskDeclined(RuleBroken):
    """Asked again after the desk declined: a no stays a no."""

    message = mark("%(desk)s a décliné votre demande. Demandez plutôt un autre acheteur.")


class ListChanged(Conflict):
    """The list that was ordered is not the list there is."""

    message = mark(
        "Votre liste a changé entre-temps, dans une autre fenêtre. La voici à jour : rien d’autre n’a changé."
    )


class AnswersClosed(RuleBroken):
    """The deadline for answering has passed."""

    message = mark(
        "Le délai est passé : les réponses sont closes. Les demandes restées sans réponse comptent comme acceptées. "
        "En cas de problème, écrivez à l’équipe de la matinale."
    )


class RequestWithdrawn(Conflict):
    """The structure withdrew the request meanwhile."""

    message = mark("%(structure)s a retiré sa demande entre-temps. Il n’y a plus rien à répondre.")


def submit_request(
    requester: Registration, *, desk: Desk, motive: str, by: Person | None, at: datetime
) -> MeetingRequest:
    """Ask for a meeting with `desk`, at the end of the list; one that was withdrawn is the same row again.

    Raises RequestsClosed, NotApproved, DeskNotAvailable, AlreadyRequested, DeskDeclined, QuotaReached.
    """
    event = requester.event
    if not event.requests_open(at):
        raise RequestsClosed
    lock(requester)  # from here on nobody else adds to this list
    if not requester.is_approved or requester.kind is not OrganisationKind.STRUCTURE:
        raise NotApproved
    if desk.event_id != event.id or not desk.registration.is_approved:
        raise DeskNotAvailable
    request = _row_to_send(requester, desk)
    rank = len(queries.requests_of(requester)) + 1
    if rank > event.request_quota:
        raise QuotaReached(quota=event.request_quota)
    request.rank, request.motive, request.state = rank, motive, RequestState.SENT
    request.sent_at, request.withdrawn_at = at, None
    session.add(request)
    audit.record(by, "request.sent", request, at=at, event_id=event.id, **_on_behalf(requester, by))
    outbox.enqueue(emails.request_received(request), at=at)
    return request


def withdraw_request(request: MeetingRequest, *, by: Person | None, at: datetime) -> None:
    """Take a request off the list; those after it move up. Raises RequestsClosed, ListChanged."""
    requester = _open_list(request.requester, at)
    _check_listed(request)
    if request.state is not RequestState.DECLINED:
        request.answered_at = request.answered_by_id = None  # a declined one remembers it: see `_row_to_send`
    request.state, request.rank, request.withdrawn_at = RequestState.WITHDRAWN, None, at
    audit.record(by, "request.withdrawn", request, at=at, event_id=request.event_id, **_on_behalf(requester, by))
    _rank(queries.requests_of(requester))


def edit_motive(request: MeetingRequest, *, motive: str, by: Person | None, at: datetime) -> None:
    """Say better why. Raises RequestsClosed, ListChanged."""
    requester = _open_list(request.requester, at)
    _check_listed(request)
    if request.motive == motive:
        return
    request.motive = motive
    audit.record(by, "request.motive_edited", request, at=at, event_id=request.event_id, **_on_behalf(requester, by))


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
        by, "requests.ranked", requester, at=at, event_id=requester.event_id, order=refs, **_on_behalf(requester, by)
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
    request: MeetingRequest, *, answer: RequestState, reason: str = "", by: Person | None, at: datetime
) -> None:
    """Prefer, accept or decline; a later answer replaces the earlier one.

    The structure gets a mail about one thing only: a refusal while it can still ask another desk instead. Any other
    answer changes nothing it could act upon, may still change, and is shown in its space; what came of everything
    comes with the published programme. Raises AnswersClosed, RequestWithdrawn.
    """
    if answer not in ANSWERS:
        raise ValueError(f"{answer!r} is no answer")
    _open_answers(request, at)
    reason = reason if answer is RequestState.DECLINED else ""
    if (request.state, request.decline_reason) == (answer, reason):
        return
    request.state, request.decline_reason = answer, reason
    request.answered_at, request.answered_by_id = at, by.id if by else None
    desk = request.desk.registration
    audit.record(by, f"request.{answer}", request, at=at, event_id=request.event_id, **_on_behalf(desk, by))
    if answer is RequestState.DECLINED and request.event.requests_open(at):
        outbox.enqueue(emails.request_declined(request), at=at)


def undo_answer(request: MeetingRequest, *, by: Person | None, at: datetime) -> None:
    """Take an answer back: the request waits again. Raises AnswersClosed, RequestWithdrawn."""
    _open_answers(request, at)
    if request.state is RequestState.SENT:
        return
    request.state, request.decline_reason = RequestState.SENT, ""
    request.answered_at = request.answered_by_id = None
    desk = request.desk.registration
    audit.record(by, "request.answer_undone", request, at=at, event_id=request.event_id, **_on_behalf(desk, by))


def _row_to_send(requester: Registration, desk: Desk) -> MeetingRequest:
    """The row of a new request; raises AlreadyRequested, DeskDeclined."""
    request = queries.find_request(requester, desk)
    if request is None:
        return MeetingRequest(event_id=requester.event_id, requester=requester, desk=desk)
    if request.state is not RequestState.WITHDRAWN:
        raise AlreadyRequested(desk=desk.title)
    if request.answered_at is not None:
        raise DeskDeclined(desk=desk.title)
    return request


def _open_list(requester: Registration, at: datetime) -> Registration:
    """Hold a structure's list, if it may still change."""
    if not requester.event.requests_open(at):
        raise RequestsClosed
    return lock(requester)


def _check_listed(request: MeetingRequest) -> None:
    """Look again, now that the list is held: another window may have withdrawn it."""
    session.refresh(request)
    if request.rank is None:
        raise ListChanged


def _open_answers(request: MeetingRequest, at: datetime) -> None:
    """Hold a request, if it may still be answered."""
    if not request.event.answers_open(at):
        raise AnswersClosed
    lock(request)
    if request.state is RequestState.WITHDRAWN:
        raise RequestWithdrawn(structure=request.requester.title)


def _rank(requests: Sequence[MeetingRequest]) -> None:
    """Give these requests the ranks 1, 2, 3…; first aside, since no two may share a rank at any moment."""
    for place, request in enumerate(requests, start=1):
        request.rank = _ASIDE + place
    session.flush()
    for place, request in enumerate(requests, start=1):
        request.rank = place
    session.flush()


def _on_behalf(registration: Registration, by: Person | None) -> dict[str, object]:
    own = by is None or by.id == registration.contact.person_id
    return {} if own else {"on_behalf_of": registration.ref}
