"""Requests at ease in the open morning: a request of two structures, one between structures, an invitation.

The morning of 2015 stays as its files tell it.
"""

from collections.abc import Sequence
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.demo.queries import busiest_structure
from openmap.events.models import Event
from openmap.meeting_requests import groups, ruling
from openmap.meeting_requests.enums import GroupQuota
from openmap.meeting_requests.invitations import invite_structure
from openmap.meeting_requests.offers import structures_of
from openmap.meeting_requests.operations import meeting_place_of, submit_request
from openmap.meeting_requests.queries import find_request, places_taken
from openmap.meeting_requests.rules import rules_of
from openmap.registrations.models import Desk, Registration
from openmap.registrations.queries import approved_desks

RULES = {
    "motive_required": True,
    "groups_allowed": True,
    "group_size": 3,
    "group_quota": GroupQuota.LEADER,
    "peers_allowed": True,
    "invitation_limit": 3,
    "invitations_count": False,
}
MOTIVES = (
    "Nous répondons ensemble à vos lots : l’une collecte, l’autre trie. Voyons comment les dimensionner.",
    "Nos ateliers sont voisins : parlons d’une réponse commune au marché de mobilier de réemploi.",
)
MESSAGE = "Votre atelier travaille déjà près de nos sites : nous aimerions vous parler d’un lot de collecte en 2018."


def add_requests_together(event: Event, *, by: Person | None, at: datetime) -> None:
    """What people do with each other, each in the name of its contact."""
    ruling.set_rules(event, RULES, by=by, at=at)
    rules = rules_of(event)
    shown = busiest_structure(event)  # the one whose link is printed: its page has something to answer
    others = [each for each in structures_of(event) if each.id != shown.id]
    few = sorted(others, key=lambda each: (places_taken(each, rules), each.ref))
    desks = approved_desks(event)
    if len(few) < 4 or not desks:
        return
    _ask_together(few[0], few[1], desks, comes=True, at=at)
    _ask_together(few[2], shown, desks, comes=False, at=at)
    asker, place = few[3], meeting_place_of(shown, at=at)
    submit_request(asker, desk=place, motive=MOTIVES[1], by=asker.contact.person, at=at)
    _invite(desks[::-1], shown, at=at)


def _ask_together(
    leader: Registration, partner: Registration, desks: Sequence[Desk], *, comes: bool, at: datetime
) -> None:
    for desk in desks:
        if find_request(leader, desk) is None and find_request(partner, desk) is None:
            person = leader.contact.person
            request = submit_request(leader, desk=desk, motive=MOTIVES[0], partners=[partner], by=person, at=at)
            session.flush()
            if comes:
                groups.accept_membership(request.members[0], by=partner.contact.person, at=at)
            return


def _invite(desks: Sequence[Desk], structure: Registration, *, at: datetime) -> None:
    for desk in desks:
        if find_request(structure, desk) is None:
            person = desk.registration.contact.person
            invite_structure(desk, structure=structure, message=MESSAGE, by=person, at=at)
            return
