"""What an organiser sees first: what needs a decision, then how the morning goes."""

from datetime import timedelta

import pytest

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.manage.queries import registrations_over_time
from openmap.meeting_requests.enums import RequestState
from openmap.registrations.enums import RegistrationState
from tests.counting import queries_of
from tests.factories import build_desk, build_person, build_request, build_structure, build_visitor
from tests.people import Visitor

DASHBOARD = "/manage/matinale-dechets"
PARTICIPANTS = f"{DASHBOARD}/participants"


def words(page, selector):
    return [" ".join(found.get_text(" ").split()) for found in page.html.select(f"main {selector}")]


def test_an_empty_service_says_how_to_begin(claire):
    page = claire.sees("/manage")
    assert page.html.select_one(".empty-state a[href='/manage/new']") is not None


def test_each_morning_shows_what_waits_there(claire, event):
    with unit_of_work():
        build_structure(event, at=now(), state=RegistrationState.PENDING)
        build_request(build_structure(event, at=now()), build_desk(event, at=now()), at=now())
        build_structure(event, "Atelier Lune", at=now())
    assert words(claire.sees("/manage"), ".badge")[1:] == [
        "1 inscription à décider",
        "1 demande sans réponse",
        "1 structure sans demande",
    ]


def test_the_dashboard_lists_decisions_with_a_door_to_each(claire, event):
    with unit_of_work():
        build_structure(event, at=now(), state=RegistrationState.PENDING)
        desk = build_desk(event, at=now())
        build_request(build_structure(event, at=now()), desk, at=now())
        build_request(build_structure(event, at=now()), desk, state=RequestState.ACCEPTED, at=now())
        build_request(build_structure(event, at=now()), desk, state=RequestState.WITHDRAWN, at=now())
    page = claire.sees(DASHBOARD)
    assert words(page, ".todo__title") == [
        "1 inscription à décider",
        "1 demande sans réponse d’acheteur",
        "1 structure n’a rien demandé",
    ]
    doors = [link["href"] for link in page.html.select("main .todo a")]
    assert doors[0] == "/events/matinale-dechets/registrations/review?state=pending"
    assert words(page, ".stat__figure") == ["1", "3", "2", "–"]


def test_only_structures_are_counted_as_such(claire, event):
    with unit_of_work():
        build_structure(event, at=now())
        build_visitor(event, at=now())
    assert words(claire.sees(DASHBOARD), ".stat__figure")[1] == "1"


def test_who_asks_for_nothing_is_read_and_asked_nothing(claire, event):
    with unit_of_work():
        build_visitor(event, at=now())
    [door] = claire.sees(PARTICIPANTS).html.select("main .doors a")
    assert "Vera Blanc" in claire.sees(door["href"]).text


def test_declined_requests_are_counted_and_named(claire, event):
    with unit_of_work():
        desk = build_desk(event, at=now())
        for state in (RequestState.DECLINED, RequestState.ACCEPTED, RequestState.WITHDRAWN):
            build_request(build_structure(event, at=now()), desk, state=state, at=now())
    assert "2 demandes, dont 1 déclinée ·" in words(claire.sees("/manage"), ".card p")[1]
    assert words(claire.sees(DASHBOARD), ".stat__label")[2] == (
        "demandes de rendez-vous dont 1 déclinée · toutes ont une réponse"
    )


def test_when_nothing_waits_the_dashboard_says_so(claire, event):
    assert "Rien n’attend." in claire.sees(DASHBOARD).text


def test_requests_closed_and_nothing_computed_is_a_thing_to_do(claire, event):
    with unit_of_work():
        build_request(build_structure(event, at=now()), build_desk(event, at=now()), at=now())
        event.registration_closes_at = event.requests_close_at = event.answers_close_at = now()
    assert words(claire.sees(DASHBOARD), ".todo__title") == ["Le planning reste à calculer"]


def test_demand_stands_beside_the_places_of_each_desk(claire, event):
    with unit_of_work():
        busy = build_desk(event, "DSI", at=now(), unavailable=(0, 1, 2))
        build_desk(event, "Achats", body="Ville de Vitry", at=now())
        for _ in range(2):
            build_request(build_structure(event, at=now()), busy, at=now())
    page = claire.sees(DASHBOARD)
    assert words(page, ".chart--bars tbody tr") == ["Ville de Paris – DSI 2 1", "Ville de Vitry – Achats 0 4"]
    assert "1 délégation a plus de demandes que de places" in page.text


def test_registrations_over_time_are_counted_up_day_by_day(event):
    with unit_of_work():
        for days in (0, 2, 2):
            build_structure(event, at=now() + timedelta(days=days))
    first = now().astimezone(event.zone).date()
    assert registrations_over_time(event) == [
        (first + timedelta(days=days), count) for days, count in enumerate((1, 1, 3))
    ]


def test_a_long_time_is_told_in_at_most_nine_days_ending_with_all(event):
    with unit_of_work():
        for days in (0, 50, 100):
            build_structure(event, at=now() + timedelta(days=days))
    told = registrations_over_time(event)
    assert (len(told) <= 9, told[-1][1], told[-1][0] - told[0][0] <= timedelta(days=100)) == (True, 3, True)


def test_the_organiser_finds_a_participant_and_acts_in_its_name(claire, event):
    with unit_of_work():
        amina = build_person("Amina Diallo", email="amina@exemple.fr", at=now())
        structure = build_structure(event, at=now(), contact=amina)
        desk = build_desk(event, at=now())
    page = claire.sees(f"{PARTICIPANTS}?q=diallo")
    assert words(page, "tbody th") == [f"Atelier Soleil {structure.ref} · Structure · Seine-Saint-Denis (93)"]
    assert f"/events/matinale-dechets/requests/{structure.ref}" in page
    assert f"/events/matinale-dechets/desks/{desk.registration.ref}/requests" in claire.sees(
        f"{PARTICIPANTS}?kind=buyer"
    )


@pytest.mark.parametrize("path", ["/manage", DASHBOARD, PARTICIPANTS])
def test_lists_ask_as_many_queries_for_three_rows_as_for_one(claire, event, path):
    def one_more(number):
        with unit_of_work():
            desk = build_desk(event, body=f"Ville {number}", at=now(), table_number=number)
            build_request(build_structure(event, at=now()), desk, at=now())

    one_more(1)
    one = queries_of(claire, path)
    one_more(2)
    one_more(3)
    assert queries_of(claire, path) == one


@pytest.mark.parametrize("path", ["/manage", DASHBOARD, PARTICIPANTS])
def test_the_organisers_pages_do_not_exist_for_participants(app, event, path):
    with unit_of_work():
        amina = build_person("Amina", email="amina@exemple.fr", at=now())
        build_structure(event, at=now(), contact=amina)
    Visitor(app, "amina@exemple.fr").signs_in().sees(path, status=404)


def test_a_visitor_is_asked_to_sign_in_first(app, event):
    assert "/accounts/sign-in" in Visitor(app).sees(DASHBOARD).request.url
