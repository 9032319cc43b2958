"""Stands on the floor: whatever is laid in rows fits, and what overlaps is named."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmap.exhibition.layout import Box, OutsideTheHall, StandsOverlap, TooManyForTheHall, check_plan, in_rows

sides = st.integers(1, 12)


@given(st.integers(1, 60), sides, sides, st.integers(0, 4), st.integers(1, 40), st.integers(1, 40))
def test_stands_in_rows_stand_in_the_hall_apart_and_with_an_aisle(count, wide, deep, aisle, width, depth):
    labels = [str(number) for number in range(count)]
    size = {"stand_width": wide, "stand_depth": deep, "aisle": aisle}
    try:
        boxes = in_rows(labels, width=width, depth=depth, **size)
    except TooManyForTheHall as refused:
        fitting = int(str(refused.facts["fitting"]))
        assert fitting < count
        boxes = in_rows(labels[:fitting], width=width, depth=depth, **size)
    check_plan(boxes, width=width, depth=depth)
    rows = sorted({box.y for box in boxes})
    assert all(after - before == deep + aisle for before, after in pairwise(rows))


def test_side_by_side_is_no_overlap_and_one_metre_more_is():
    check_plan([Box("A1", 0, 0, 3, 2), Box("A2", 3, 0, 3, 2), Box("B1", 0, 2, 3, 2)], width=6, depth=4)
    with pytest.raises(StandsOverlap) as refused:
        check_plan([Box("A1", 0, 0, 3, 2), Box("A2", 2, 1, 3, 2)], width=6, depth=4)
    assert refused.value.facts == {"first": "A1", "second": "A2"}


def test_a_stand_in_a_wall_is_named_with_where_it_would_end():
    with pytest.raises(OutsideTheHall) as refused:
        check_plan([Box("A1", 4, 0, 3, 2)], width=6, depth=4)
    assert refused.value.facts == {"label": "A1", "right": 7, "bottom": 2, "width": 6, "depth": 4}
