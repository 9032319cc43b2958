"""Tables: a desk keeps its own, others keep one as long as they can."""

from openmap.allocation.seating import seat

NUMBERS = (11, 12, 13)


def test_a_desk_keeps_its_own_table() -> None:
    seated = seat([(0, 1), (0, 2), (1, 2)], tables=NUMBERS, own={2: 13}, before={})
    assert seated == {(0, 1): 11, (0, 2): 13, (1, 2): 13}


def test_a_desk_without_a_table_stays_where_it_sat_in_the_version_before() -> None:
    seated = seat([(0, 1), (0, 2), (1, 1)], tables=NUMBERS, own={}, before={1: 12})
    assert seated == {(0, 1): 12, (0, 2): 11, (1, 1): 12}


def test_more_desks_than_tables_never_share_one_in_the_same_slot() -> None:
    places = [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (1, 1), (2, 2), (2, 4), (2, 5)]
    seated = seat(places, tables=NUMBERS, own={5: 11}, before={})
    assert set(seated) == set(places)
    for slot in range(3):
        tables = [table for (at, _), table in seated.items() if at == slot]
        assert len(set(tables)) == len(tables) == 3
    assert {table for (_, desk), table in seated.items() if desk == 5} == {11}


def test_a_table_that_is_gone_is_not_given_again() -> None:
    assert seat([(0, 1)], tables=NUMBERS, own={}, before={1: 99}) == {(0, 1): 11}
