"""Two windows at once, on both databases: the quota holds, and nobody sees a server error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest, RequestMember
from openmap.meeting_requests.queries import memberships_of, places_taken, received_count, requests_of
from openmap.meeting_requests.rules import plain_rules, rules_of
from tests.factories import build_desk, build_event, build_person, build_request, build_structure
from tests.people import Visitor, the_form

WINDOWS = 4


def at_once(forms) -> list[int]:
    """Send every form at the same moment, each from a window of its own; returns the statuses."""
    barrier = Barrier(len(forms))

    def send(form) -> int:
        barrier.wait(timeout=20)
        return int(form.submit(expect_errors=True).status_int)

    with ThreadPoolExecutor(len(forms)) as threads:
        return sorted(threads.map(send, forms))


def windows_on(app, quota: int):
    """One structure with as many windows as there are desks, each window with its own sign-in."""
    at = now()
    with unit_of_work():
        amina = build_person("Amina Diallo", email="amina@exemple.fr", at=at)
        event = build_event(at=at, quota=quota)
        desks = [build_desk(event, f"Service {number}", at=at) for number in range(WINDOWS)]
        structure = build_structure(event, at=at, contact=amina)
    path = f"/events/{event.slug}/requests/{structure.ref}"
    pages = [Visitor(app, "amina@exemple.fr").signs_in().sees(path) for _ in range(WINDOWS)]
    return structure, desks, pages


def form_for(page, desk):
    form = the_form(page, f"#acheteur-{desk.registration.ref}")
    form["motive"] = "Vous présenter notre collecte"
    return form


def test_the_quota_holds_when_windows_send_at_once(any_app):
    structure, desks, pages = windows_on(any_app, quota=2)
    statuses = at_once([form_for(page, desk) for page, desk in zip(pages, desks, strict=True)])
    assert statuses == [302, 302, 422, 422]
    session.rollback()
    assert [request.rank for request in requests_of(structure)] == [1, 2]


def test_the_same_desk_asked_at_once_is_asked_once(any_app):
    structure, desks, pages = windows_on(any_app, quota=5)
    statuses = at_once([form_for(page, desks[0]) for page in pages])
    assert statuses == [302, 409, 409, 409]
    session.rollback()
    assert len(requests_of(structure)) == 1


def test_a_double_click_sent_at_once_is_answered_once(any_app):
    structure, desks, pages = windows_on(any_app, quota=5)
    form = form_for(pages[0], desks[0])
    assert at_once([form, form]) == [302, 302]
    session.rollback()
    assert len(requests_of(structure)) == 1


def proposals_to(app, quota: int):
    """As many proposals as there are windows, each of another structure to the same partner, whose list is short."""
    at = now()
    with unit_of_work():
        chloe = build_person("Chloé Roy", email="chloe@exemple.fr", at=at)
        event = build_event(at=at, quota=quota)
        rules = plain_rules(event)
        rules.groups_allowed = True
        session.add(rules)
        partner = build_structure(event, "Fourmis Vertes", at=at, contact=chloe)
        for number in range(WINDOWS):
            leader = build_structure(event, f"Meneuse {number}", at=at)
            desk = build_desk(event, f"Service {number}", at=at)
            request = build_request(leader, desk, state=RequestState.PROPOSED, at=at)
            session.add(RequestMember(request=request, registration=partner, invited_at=at))
    path = f"/events/{event.slug}/requests/{partner.ref}"
    return partner, [Visitor(app, "chloe@exemple.fr").signs_in().sees(path) for _ in range(WINDOWS)]


def test_the_quota_holds_when_proposals_are_accepted_at_once(any_app):
    partner, pages = proposals_to(any_app, quota=2)
    members = memberships_of(partner)
    forms = []
    for page, member in zip(pages, members, strict=True):
        found = [form for form in page.forms.values() if form.action.endswith(f"/groups/{member.id}")]
        forms.append(next(form for form in found if form["answer"].value == "accept"))
    assert at_once(forms) == [302, 302, 302, 302]  # two of them with a sentence about the full list
    session.rollback()
    states = sorted(member.state for member in memberships_of(partner))
    assert states == ["accepted", "accepted", "invited", "invited"]
    assert places_taken(partner, rules_of(partner.event)) == 2


def test_a_structure_asked_by_several_at_once_gets_one_place(any_app):
    at = now()
    with unit_of_work():
        event = build_event(at=at)
        rules = plain_rules(event)
        rules.peers_allowed = True
        session.add(rules)
        asked = build_structure(event, "Fourmis Vertes", at=at)
        names = [f"asker{number}@exemple.fr" for number in range(WINDOWS)]
        people = [build_person(email=name, at=at) for name in names]
        askers = [build_structure(event, person.email, at=at, contact=person) for person in people]
    forms = []
    for name, asker in zip(names, askers, strict=True):
        page = Visitor(any_app, name).signs_in().sees(f"/events/{event.slug}/requests/{asker.ref}/ask/{asked.ref}")
        form = the_form(page, "/ask/")
        form[next(key for key in form.fields if key and key.startswith("motive"))] = "Répondre ensemble"
        forms.append(form)
    assert at_once(forms) == [302] * WINDOWS
    session.rollback()
    assert received_count(asked) == WINDOWS


def test_a_partner_who_accepts_while_the_request_is_withdrawn_leaves_no_half_of_it(any_app):
    partner, pages = proposals_to(any_app, quota=5)
    member = memberships_of(partner)[0]
    leader = member.request.requester
    accept = next(form for form in pages[0].forms.values() if form.action.endswith(f"/groups/{member.id}"))
    email = leader.contact.person.email
    own = Visitor(any_app, email).signs_in().sees(f"/events/{leader.event.slug}/requests/{leader.ref}")
    withdraw = the_form(own, "/withdraw")
    assert at_once([accept, withdraw]) == [302, 302]
    session.rollback()
    request = session.get_one(MeetingRequest, member.request_id)
    assert (request.state, request.rank) == (RequestState.WITHDRAWN, None)
