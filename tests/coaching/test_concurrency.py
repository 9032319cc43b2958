"""The last place, wanted by two at once, on both databases."""

from openmap.coaching.queries import offers
from openmap.core.db import session
from tests.coaching.conftest import build_coached
from tests.meeting_requests.test_concurrency import at_once
from tests.people import Visitor, the_form


def test_the_last_place_goes_to_one_and_the_other_is_told(any_app):
    coached = build_coached(places=1)
    first = coached.sessions[0].id
    forms = [
        the_form(Visitor(any_app, f"{name}@exemple.fr").signs_in().sees(coached.place_of(file)), f"/{first}")
        for name, file in (("amina", coached.amina), ("bruno", coached.bruno))
    ]
    assert at_once(forms) == [302, 409]
    session.rollback()
    assert [offer.taken for offer in offers(coached.call)] == [1, 0]


def test_two_windows_that_choose_two_sessions_leave_one_place(any_app):
    coached = build_coached()
    forms = [
        the_form(Visitor(any_app, "amina@exemple.fr").signs_in().sees(coached.place_of(coached.amina)), f"/{each.id}")
        for each in coached.sessions
    ]
    assert at_once(forms) == [302, 302]
    session.rollback()
    assert sum(offer.taken for offer in offers(coached.call)) == 1
