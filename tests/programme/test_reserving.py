"""Two at once for the last place of a line: one has it, the other waits, on both engines."""

from dataclasses import replace

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.programme import queries
from openmap.programme.operations import edit_item
from openmap.programme.places import reservations_in
from tests.meeting_requests.test_concurrency import at_once
from tests.people import Visitor, the_form
from tests.programme.conftest import Day


def test_two_at_once_for_the_last_place_are_one_in_and_one_waiting(any_app, day: Day):
    with unit_of_work():
        details = replace(queries.details_of(day.round_table), capacity=1, is_reserved=True)
        edit_item(day.round_table, details, by=None, at=now())
    item_id = day.round_table.id
    windows = [Visitor(any_app, "olga@exemple.fr").signs_in() for _structure in day.structures]
    pages = [f"{day.path}/places/{structure.ref}" for structure in day.structures]
    forms = [the_form(window.sees(page), f"/{item_id}") for window, page in zip(windows, pages, strict=True)]
    assert at_once(forms) == [302] * 3
    session.rollback()
    assert [each.given_at is not None for each in reservations_in(day.round_table)] == [True, False, False]
