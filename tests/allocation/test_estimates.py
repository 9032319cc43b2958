"""The chance of each request: a range that holds, the same for the same demand, computed anew when it changes."""

from collections import defaultdict
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from openmap.allocation.chances import DRAWS, MOST_REQUESTS, Demand, _met, _of_pairs, chances, interval
from openmap.allocation.estimates import refresh_estimates, refresh_event
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import DemandEstimate
from scheduler import Instance, Participant, Request
from tests.allocation.conftest import Morning
from tests.factories import build_structure


def demand(requests: dict[str, list[str]], *, slots: int = 2, answered: bool = True, silent=()) -> Demand:
    """Structures and whom they ask, the first first; all answers are yes, or none has come."""
    desks = sorted({desk for asked in requests.values() for desk in asked})
    people = [Participant(id=desk, group="buyer") for desk in desks]
    people += [Participant(id=name, group="structure") for name in (*requests, *silent)]
    asked = tuple(
        Request(id=f"{name}-{desk}", between=(name, desk), weight=5 - rank)
        for name, wanted in requests.items()
        for rank, desk in enumerate(wanted)
    )
    instance = Instance(name="t", slots=slots, participants=tuple(people), requests=asked, tables=10)
    unknown = frozenset() if answered else frozenset(request.id for request in asked)
    return Demand(instance, unknown, {"declined": 0, "preferred": 0, "accepted": 0}, tuple(silent))


def test_a_request_that_nobody_disputes_is_almost_sure() -> None:
    alone = chances(demand({"S1": ["B1"]}))["S1-B1"]
    assert (alone.low, alone.high, alone.ahead, alone.asking, alone.places) == (9, 10, 0, 1, 2)


def test_who_has_another_meeting_goes_after_those_who_have_none() -> None:
    found = chances(demand({"S1": ["B2", "B1"], "S2": ["B1"], "S3": ["B1"]}))
    assert (found["S1-B1"].high, found["S1-B1"].ahead) == (1, 2)
    assert found["S2-B1"].low >= 9


def test_equal_rivals_share_what_there_is() -> None:
    found = chances(demand({f"S{number}": ["B1"] for number in range(4)}))
    assert all(each.low <= 5 <= each.high for each in found.values())


def test_an_answer_still_to_come_and_newcomers_make_it_less_sure() -> None:
    sure = chances(demand({"S1": ["B1"], "S2": ["B1"]}))["S1-B1"]
    open_ = chances(demand({"S1": ["B1"], "S2": ["B1"]}, answered=False, silent=("S3", "S4", "S5")))["S1-B1"]
    assert sure.low > open_.low
    assert open_.high - open_.low > sure.high - sure.low


def test_the_same_demand_gives_the_same_ranges() -> None:
    asked = {f"S{number}": ["B1", "B2"] for number in range(6)}
    assert chances(demand(asked, answered=False)) == chances(demand(asked, answered=False))


def test_a_demand_too_large_is_left_alone() -> None:
    crowd = {f"S{number}": ["B1"] for number in range(MOST_REQUESTS + 1)}
    assert chances(demand(crowd)) == {}


@given(st.integers(0, DRAWS))
def test_a_range_holds_the_share_it_was_drawn_from(met: int) -> None:
    low, high = interval(met, DRAWS)
    assert 0 <= low <= 10 * met / DRAWS <= high <= 10
    assert high - low <= 5  # wider would say nothing


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1_000))
def test_ranges_hold_over_many_futures(seed: int) -> None:
    """Requests of one range are met as often as it says, when answers fall as those before did."""
    chance = Random(seed)
    asked = {f"S{number}": chance.sample(["B1", "B2", "B3"], 2) for number in range(12)}
    today = demand(asked, answered=False)
    met: dict[str, int] = defaultdict(int)
    futures = 30
    for future in range(futures):
        for request in _met(today, _of_pairs(today.instance), Random(f"{seed}-{future}")):
            met[request] += 1
    found = chances(today)
    inside = sum(each.low - 2 <= 10 * met[key] / futures <= each.high + 2 for key, each in found.items())
    assert inside >= 0.8 * len(found)


def estimates(morning: Morning) -> dict[int, DemandEstimate]:
    session.rollback()
    return {row.request_id: row for row in session.scalars(select(DemandEstimate))}


def test_the_worker_computes_them_and_again_only_when_the_demand_changed(morning: Morning) -> None:
    refresh_estimates(now())
    first = estimates(morning)
    assert set(first) == {morning.request(*pair).id for pair in _STANDING}
    assert not refresh_event(morning.event, at=now())
    with unit_of_work():
        request = morning.request("chloe", "dsi")
        request.state, request.rank, request.withdrawn_at = RequestState.WITHDRAWN, None, now()
    assert refresh_event(morning.event, at=now())
    assert request.id not in estimates(morning)


_STANDING = [("amina", "dsi"), ("bruno", "dsi"), ("chloe", "dsi"), ("amina", "achats")]


def test_a_silent_structure_more_is_another_demand(morning: Morning) -> None:
    refresh_estimates(now())
    with unit_of_work():
        build_structure(morning.event, "Fourmis Vertes", at=now())
    assert refresh_event(morning.event, at=now())


def test_once_answers_are_closed_nothing_is_estimated(morning: Morning) -> None:
    refresh_estimates(morning.event.answers_close_at)
    assert estimates(morning) == {}


def test_whoever_has_a_chance_elsewhere_is_told_what_weighs(morning: Morning) -> None:
    refresh_estimates(now())
    found = estimates(morning)
    amina = found[morning.request("amina", "dsi").id]
    chloe = found[morning.request("chloe", "dsi").id]
    assert (amina.asking, amina.places) == (3, 2)
    assert amina.high < chloe.high
    assert amina.raised_by == "wish"


def test_a_desk_without_a_slot_gives_no_hope() -> None:
    nobody = demand({"S1": ["B1"]}, slots=1)
    away = tuple(
        Participant(id=each.id, group=each.group, unavailable=frozenset({0}) if each.id == "B1" else frozenset())
        for each in nobody.instance.participants
    )
    found = chances(replace(nobody, instance=replace(nobody.instance, participants=away)))
    assert (found["S1-B1"].places, found["S1-B1"].low, found["S1-B1"].high) == (0, 0, 1)
