"""Everything one person has at hand: their registrations morning by morning."""

from dataclasses import dataclass

from openmap.accounts.models import Person
from openmap.agendas.queries import Agenda, Appointment, active_feed, agenda_of
from openmap.allocation.models import UnmetRequest
from openmap.allocation.queries import published_unmet_requests
from openmap.coaching.queries import Own, coaching_of
from openmap.events.models import Event
from openmap.exhibition.models import Stand
from openmap.exhibition.queries import EXHIBITING, stand_of
from openmap.meeting_requests.enums import MemberState, RequestState
from openmap.meeting_requests.models import MeetingInvitation, MeetingRequest, RequestMember
from openmap.meeting_requests.queries import answer_counts, invitations_to, memberships_of, requests_of
from openmap.organisations.enums import OrganisationKind
from openmap.pitches.queries import STANDING, OwnPitch, own_pitch
from openmap.registrations.models import Registration
from openmap.registrations.queries import registrations_of


@dataclass(frozen=True, slots=True)
class Wish:
    """One request of a structure and what came of it in the published schedule."""

    request: MeetingRequest
    appointment: Appointment | None
    unmet: UnmetRequest | None


@dataclass(frozen=True, slots=True)
class Part:
    """One registration: its day, and either its wishes (structure) or its answers (desk)."""

    registration: Registration
    agenda: Agenda
    wishes: tuple[Wish, ...]
    answered: int
    received: int
    has_feed: bool
    memberships: tuple[RequestMember, ...]
    invitations: tuple[MeetingInvitation, ...]
    pitch: OwnPitch | None
    coaching: Own | None
    stand: Stand | None

    @property
    def declined(self) -> int:
        """How many of its requests were declined."""
        return sum(wish.request.state is RequestState.DECLINED for wish in self.wishes)

    @property
    def unanswered_groups(self) -> list[RequestMember]:
        """The requests of others that it is asked to join."""
        return [each for each in self.memberships if each.state is MemberState.INVITED]


@dataclass(frozen=True, slots=True)
class Morning:
    """One morning with every part the person plays in it."""

    event: Event
    parts: tuple[Part, ...]


def mornings_of(person: Person) -> list[Morning]:
    """The mornings a person takes part in, the latest first."""
    parts: dict[int, list[Part]] = {}
    for registration in registrations_of(person):
        parts.setdefault(registration.event_id, []).append(_part(registration))
    return [Morning(theirs[0].registration.event, tuple(theirs)) for theirs in parts.values()]


def _part(registration: Registration) -> Part:
    desk = registration.desk
    answered, received = answer_counts(desk) if desk else (0, 0)
    agenda = agenda_of(registration)
    is_structure = registration.kind is OrganisationKind.STRUCTURE
    return Part(
        registration=registration,
        agenda=agenda,
        wishes=_wishes(registration, agenda) if is_structure else (),
        answered=answered,
        received=received,
        has_feed=active_feed(registration) is not None,
        memberships=tuple(memberships_of(registration)) if is_structure else (),
        invitations=tuple(invitations_to(registration)) if is_structure else (),
        pitch=own_pitch(registration) if registration.state in STANDING else None,
        coaching=coaching_of(registration) if is_structure else None,
        stand=stand_of(registration) if registration.kind in EXHIBITING else None,
    )


def _wishes(registration: Registration, agenda: Agenda) -> tuple[Wish, ...]:
    met = {one.meeting.request_id: one for one in agenda.appointments}
    unmet = {each.request_id: each for each in published_unmet_requests(registration)}
    return tuple(
        Wish(request, met.get(request.id), unmet.get(request.id) if request.id not in met else None)
        for request in requests_of(registration)
    )
