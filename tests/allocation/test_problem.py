"""Rows become an instance: everything that matters, nothing else, always the same."""

from openmap.allocation import problem
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.enums import RequestState
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Unavailability
from tests.allocation.conftest import Morning
from tests.factories import build_structure


def test_the_instance_holds_what_was_asked_and_may_be_scheduled(morning: Morning) -> None:
    instance = problem.build_instance(morning.event)
    ref = {name: morning.participant(name).ref for name in ("amina", "bruno", "chloe", "dsi", "achats")}
    assert {participant.id: participant.group for participant in instance.participants} == {
        ref["dsi"]: "buyer",
        ref["achats"]: "buyer",
        ref["amina"]: "structure",
        ref["bruno"]: "structure",
        ref["chloe"]: "structure",
    }
    assert {request.id: request.weight for request in instance.requests} == {
        f"{ref['amina']}-{ref['dsi']}": 5,
        f"{ref['amina']}-{ref['achats']}": 8,  # a second choice, which the desk prefers
        f"{ref['bruno']}-{ref['dsi']}": 5,
        f"{ref['chloe']}-{ref['dsi']}": 5,
    }
    assert (instance.slots, instance.sessions, instance.tables) == (2, ((0, 2),), 2)


def test_weights_fall_with_the_rank_and_double_with_the_desk_s_preference() -> None:
    assert [problem.request_weight(rank, RequestState.SENT) for rank in range(1, 8)] == [5, 4, 3, 2, 1, 1, 1]
    assert problem.request_weight(3, RequestState.ACCEPTED) == 3
    assert problem.request_weight(3, RequestState.PREFERRED) == 6


def test_who_is_no_longer_approved_is_not_in_it(morning: Morning) -> None:
    with unit_of_work():
        chloe = morning.participant("chloe")
        chloe.state, chloe.cancelled_at = RegistrationState.CANCELLED, now()
    instance = problem.build_instance(morning.event)
    assert morning.participant("chloe").ref not in {participant.id for participant in instance.participants}
    assert len(instance.requests) == 3


def test_the_same_rows_give_the_same_fingerprint(morning: Morning) -> None:
    first = problem.frozen(problem.build_instance(morning.event))
    session.rollback()
    assert problem.frozen(problem.build_instance(morning.event)) == first


def test_a_late_registration_without_request_makes_no_difference(morning: Morning) -> None:
    text, _ = problem.frozen(problem.build_instance(morning.event))
    with unit_of_work():
        build_structure(morning.event, "Tard venue", at=now())
    assert not problem.difference(text, morning.event, slot_of={})


def test_a_withdrawal_an_answer_and_an_absence_are_each_a_difference(morning: Morning) -> None:
    text, _ = problem.frozen(problem.build_instance(morning.event))
    with unit_of_work():
        withdrawn = morning.request("amina", "dsi")
        withdrawn.state, withdrawn.rank = RequestState.WITHDRAWN, None
        preferred = morning.request("bruno", "dsi")
        preferred.state, preferred.answered_at = RequestState.PREFERRED, now()
        chloe, slot = morning.participant("chloe"), morning.event.slots[0]
        session.add(Unavailability(registration_id=chloe.id, slot_id=slot.id))
    assert problem.difference(text, morning.event, slot_of={}) == problem.Difference(
        added=0, removed=1, changed=1, others=1
    )


def test_places_are_counted_by_tables_and_availability() -> None:
    frame = problem.Frame(
        slots=3, tables=2, unavailable={"B01": frozenset({0, 1}), "B02": frozenset(), "B03": frozenset()}
    )
    assert frame.place_count(["B01", "B02", "B03"]) == 6
    assert frame.place_count(["B01", "B02"]) == 4
