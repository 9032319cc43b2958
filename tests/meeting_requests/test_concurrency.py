"""Two windows at once, on both databases: the quota holds, and nobody sees a server error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.queries import requests_of
from tests.factories import build_desk, build_event, build_person, build_structure
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
