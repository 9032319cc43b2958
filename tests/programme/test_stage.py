"""Whoever is on stage cannot meet anybody then: the rows follow every change of the programme."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from openmap.allocation.problem import build_instance
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.enums import ProgrammeKind
from openmap.events.models import ProgrammeItem
from openmap.meeting_requests.demand import demand_of_desks
from openmap.programme import queries
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance
from openmap.programme.operations import (
    AlreadyOnStage,
    LineDetails,
    NobodyOnStageThen,
    NotTakingPart,
    Part,
    ProgrammeChanged,
    add_appearance,
    add_item,
    edit_item,
    move_appearance,
    order_appearances,
    put_on_stage,
    refresh,
    remove_appearance,
    remove_item,
    take_off_stage,
)
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Unavailability
from tests.programme.conftest import Day, minutes

PITCH = AppearanceRole.PITCH


def on_stage(day: Day, number: int = 0):
    with unit_of_work():
        return put_on_stage(
            day.event, day.structures[number], role=PITCH, minutes=7, title="Recycler", by=None, at=now()
        )


def test_a_pitch_takes_the_slots_that_its_line_overlaps(day):
    on_stage(day)
    assert day.stage_positions(day.structures[0]) == [0, 1]
    busy = {each.id: each.unavailable for each in build_instance(day.event).participants}
    assert busy[day.structures[0].ref] == {0, 1}


def test_a_second_time_on_stage_changes_the_pitch_and_adds_none(day):
    first = on_stage(day)
    on_stage(day, 1)
    with unit_of_work():
        again = put_on_stage(day.event, day.structures[0], role=PITCH, minutes=5, title="Réparer", by=None, at=now())
    assert again is not None
    assert (again, again.position, again.minutes, again.title) == (first, 1, 5, "Réparer")


def test_off_the_stage_one_can_meet_again_and_the_others_close_up(day):
    for number in range(3):
        on_stage(day, number)
    with unit_of_work():
        take_off_stage(day.structures[1], role=PITCH, by=None, at=now())
    assert day.stage_positions(day.structures[1]) == []
    assert [each.position for each in queries.appearances_in(day.pitches)] == [1, 2]


def test_a_morning_without_pitches_has_no_place_for_one(day):
    with unit_of_work():
        remove_item(day.pitches, by=None, at=now())
        assert put_on_stage(day.event, day.structures[0], role=PITCH, minutes=7, title="", by=None, at=now()) is None


def test_what_a_participant_said_stays_whatever_the_programme_does(day):
    on_stage(day, 2)
    said = select(Unavailability).filter_by(registration_id=day.structures[2].id, item_id=None)
    assert day.stage_positions(day.structures[2]) == [0, 1]
    with unit_of_work():
        remove_item(day.pitches, by=None, at=now())
    assert [row.slot.position for row in session.scalars(said)] == [1]


def test_a_slot_that_was_said_and_is_on_stage_counts_once(day):
    with unit_of_work():
        slot = day.event.slots[1]
        session.add(Unavailability(registration_id=day.desk.registration_id, slot_id=slot.id))
        add_appearance(day.pitches, Part(AppearanceRole.MODERATOR, day.desk.registration), by=None, at=now())
    assert [each.place_count for each in demand_of_desks(day.event)] == [2]


def test_a_line_that_moves_takes_its_people_with_it(day):
    on_stage(day)
    start = day.start
    later = LineDetails(ProgrammeKind.PITCHES, "Pitchs", start + minutes(45), start + minutes(60))
    with unit_of_work():
        edit_item(day.pitches, later, by=None, at=now())
    assert day.stage_positions(day.structures[0]) == [3]


def test_nobody_is_on_stage_while_all_meet(day):
    meetings = next(item for item in queries.items_of(day.event) if item.kind is ProgrammeKind.MEETINGS)
    with pytest.raises(NobodyOnStageThen), unit_of_work():
        add_appearance(meetings, Part(PITCH, day.structures[0]), by=None, at=now())
    on_stage(day)
    details = LineDetails(ProgrammeKind.MEETINGS, "Rendez-vous", day.start, day.start + minutes(15))
    with pytest.raises(NobodyOnStageThen), unit_of_work():
        edit_item(day.pitches, details, by=None, at=now())
    assert day.stage_positions(day.structures[0]) == [0, 1]


def test_one_appears_once_in_a_line_and_only_who_was_let_in(day):
    on_stage(day)
    with pytest.raises(AlreadyOnStage), unit_of_work():
        add_appearance(day.pitches, Part(PITCH, day.structures[0]), by=None, at=now())
    with unit_of_work():
        day.structures[1].state = RegistrationState.PENDING
    with pytest.raises(NotTakingPart), unit_of_work():
        add_appearance(day.pitches, Part(PITCH, day.structures[1]), by=None, at=now())


def test_a_decision_on_an_older_line_is_refused(day):
    seen = day.pitches.sequence
    on_stage(day)
    with pytest.raises(ProgrammeChanged), unit_of_work():
        remove_item(day.pitches, by=None, at=now(), seen=seen)
    with pytest.raises(ProgrammeChanged), unit_of_work():
        order_appearances(day.pitches, [], by=None, at=now())


def test_each_pitch_has_its_own_time_in_its_order(day):
    appearances = [on_stage(day, number) for number in range(2)]
    with unit_of_work():
        move_appearance(appearances[1], places=-1, by=None, at=now())
    line = next(each for each in queries.programme_of(day.event) if each.item.id == day.pitches.id)
    begin = day.start - minutes(15)
    assert [(one.appearance.id, one.starts_at) for one in line.on_stage] == [
        (appearances[1].id, begin),
        (appearances[0].id, begin + minutes(7)),
    ]


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["line", "edit", "remove", "appear", "leave", "move", "pitch", "off"]),
        st.integers(0, 3),
        st.integers(-30, 80),
        st.integers(1, 60),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_after_any_changes_the_rows_are_those_of_a_fresh_count(day, changes):
    for change, number, begin, length in changes:
        with unit_of_work():
            _change(day, change, number, begin, length)
    session.rollback()
    found = _rows()
    assert found == queries.stage_slots(day.event, queries.items_of(day.event))
    with unit_of_work():
        refresh(day.event)
    assert _rows() == found


def _rows() -> set[tuple[int, int, int | None]]:
    rows = session.scalars(select(Unavailability).where(Unavailability.item_id.is_not(None)))
    return {(row.registration_id, row.slot_id, row.item_id) for row in rows}


def _change(day: Day, change: str, number: int, begin: int, length: int) -> None:
    at, who = now(), day.structures[number % 3]
    start = day.event.slots[0].starts_at + minutes(begin)
    details = LineDetails(ProgrammeKind.PITCHES, "Pitchs", start, start + minutes(length))
    if change == "line":
        add_item(day.event, details, by=None, at=at)
    elif change == "pitch":
        put_on_stage(day.event, who, role=PITCH, minutes=length, title="", by=None, at=at)
    elif change == "off":
        take_off_stage(who, role=PITCH, by=None, at=at)
    items = [item for item in queries.items_of(day.event) if item.kind is not ProgrammeKind.MEETINGS]
    if items and change in {"edit", "remove", "appear"}:
        _change_line(items[number % len(items)], change, details, Part(AppearanceRole.SPEAKER, who))
    appearance = session.scalars(select(Appearance).order_by(Appearance.id).offset(number)).first()
    if appearance is not None and change == "leave":
        remove_appearance(appearance, by=None, at=at)
    elif appearance is not None and change == "move":
        move_appearance(appearance, places=length % 5 - 2, by=None, at=at)


def _change_line(item: ProgrammeItem, change: str, details: LineDetails, part: Part) -> None:
    if change == "edit":
        edit_item(item, details, by=None, at=now())
    elif change == "remove":
        remove_item(item, by=None, at=now())
    elif part.registration not in [each.registration for each in queries.appearances_in(item)]:
        add_appearance(item, part, by=None, at=now())
