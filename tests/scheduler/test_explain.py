"""Why a request has no meeting, and what would have given it one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter

from scheduler import (
    Change,
    ChangeKind,
    Instance,
    Obstacle,
    Participant,
    Reason,
    Request,
    SolverConfig,
    Unmet,
    bottleneck,
    explain,
    obstacles,
    read_instance,
    solve,
)
from scheduler.terminal.sentences import bottleneck_sentence

REAL = Path(__file__).parent / "instances" / "numeriques-2015-04-17.json"
QUICK = SolverConfig(time_limit_s=20)


def one_desk(*structures: Participant, slots: int = 1, weights: tuple[int, ...] = (2, 1), **more: object) -> Instance:
    """Structures that all ask for the desk B1."""
    requests = tuple(
        Request(f"{each.id}-B1", (each.id, "B1"), weight) for each, weight in zip(structures, weights, strict=True)
    )
    return Instance("one desk", slots, (Participant("B1", "buyer"), *structures), requests, **more)  # type: ignore[arg-type]  # by name


def reasons(instance: Instance) -> tuple[Unmet, ...]:
    return solve(instance, QUICK).unmet


AMINA, BRUNO = Participant("amina", "structure"), Participant("bruno", "structure")


def test_a_full_desk_would_have_met_her_with_one_more_slot() -> None:
    assert reasons(one_desk(BRUNO, AMINA)) == (
        Unmet("amina-B1", Reason.BUYER_FULL, ("B1",), (Change(ChangeKind.SLOT, "B1"),)),
    )


def test_one_more_slot_goes_to_the_first_in_line_only() -> None:
    chloe = Participant("chloe", "structure")
    unmet = reasons(one_desk(BRUNO, AMINA, chloe, weights=(3, 2, 1)))
    assert [(each.request, bool(each.unlock)) for each in unmet] == [("amina-B1", True), ("chloe-B1", False)]


def test_a_desk_that_wants_no_more_is_a_limit() -> None:
    instance = one_desk(BRUNO, AMINA, slots=3)
    limited = replace(instance, participants=(Participant("B1", "buyer", max_meetings=1), BRUNO, AMINA))
    assert reasons(limited) == (Unmet("amina-B1", Reason.LIMIT, ("B1",), (Change(ChangeKind.LIMIT, "B1"),)),)


def test_a_structure_without_slots_left_is_full() -> None:
    desks = (Participant("B1", "buyer"), Participant("B2", "buyer"))
    requests = (Request("amina-B1", ("amina", "B1"), 5), Request("amina-B2", ("amina", "B2"), 1))
    busy = replace(AMINA, unavailable=frozenset({1}))
    assert reasons(Instance("two desks", 2, (*desks, busy), requests)) == (
        Unmet("amina-B2", Reason.STRUCTURE_FULL, ("amina",), (Change(ChangeKind.SLOT, "amina"),)),
    )


def test_who_is_never_there_together_has_no_common_slot() -> None:
    late = replace(AMINA, unavailable=frozenset({0}))
    instance = one_desk(late, slots=2, weights=(1,))
    early_desk = replace(instance, participants=(Participant("B1", "buyer", frozenset({1})), late))
    (unmet,) = reasons(early_desk)
    assert (unmet.reason, unmet.with_) == (Reason.NO_COMMON_SLOT, ("amina", "B1"))


def test_without_a_table_left_nobody_is_to_blame() -> None:
    desks = (Participant("B1", "buyer"), Participant("B2", "buyer"))
    requests = (Request("amina-B1", ("amina", "B1"), 5), Request("bruno-B2", ("bruno", "B2"), 1))
    (unmet,) = reasons(Instance("one table", 1, (*desks, AMINA, BRUNO), requests, tables=1))
    assert (unmet.request, unmet.reason) == ("bruno-B2", Reason.TABLES_FULL)


def test_the_bottleneck_is_the_desk_everybody_wants() -> None:
    quiet = Participant("B2", "buyer")
    instance = one_desk(BRUNO, AMINA)
    assert bottleneck(replace(instance, participants=(*instance.participants, quiet))).full == ("B1",)


def test_the_bottleneck_is_said_in_words() -> None:
    assert bottleneck_sentence(bottleneck(one_desk(BRUNO, AMINA))) == (
        "Full in every best schedule: B1. One slot more for any one of these would give a better one: B1."
    )


def test_where_tables_lack_no_desk_is_blamed() -> None:
    desks = (Participant("B1", "buyer"), Participant("B2", "buyer"))
    requests = (Request("amina-B1", ("amina", "B1"), 5), Request("bruno-B2", ("bruno", "B2"), 1))
    cut = bottleneck(Instance("one table", 1, (*desks, AMINA, BRUNO), requests, tables=1))
    assert (cut.full, cut.tables) == ((), True)
    assert bottleneck_sentence(cut) == "One table more would give a better one."


def test_a_limit_in_a_row_is_a_limit_that_could_be_higher() -> None:
    rested = Participant("B1", "buyer", max_consecutive=1)
    instance = one_desk(BRUNO, AMINA, slots=2)
    (unmet,) = reasons(replace(instance, participants=(rested, *instance.participants[1:])))
    assert (unmet.request, unmet.reason, unmet.with_) == ("amina-B1", Reason.LIMIT, ("B1",))
    assert Change(ChangeKind.LIMIT, "B1") in unmet.unlock


def test_two_structures_and_groups_are_told_what_unlocks_them_too() -> None:
    people = (Participant("B1", "buyer"), AMINA, BRUNO)
    requests = (Request("pair", ("amina", "bruno"), 5), Request("three", ("amina", "bruno", "B1"), 1))
    (unmet,) = reasons(Instance("together", 1, people, requests))
    assert (unmet.request, unmet.reason) == ("three", Reason.STRUCTURE_FULL)
    assert Change(ChangeKind.CAPACITY, "amina") not in unmet.unlock, "bruno would still be taken"
    (other,) = reasons(Instance("together", 1, people, (requests[0], Request("amina-B1", ("amina", "B1")))))
    assert other.unlock == (Change(ChangeKind.SLOT, "amina"),)


def test_what_stands_in_each_slot_is_named() -> None:
    instance = one_desk(BRUNO, AMINA)
    assert obstacles(instance, solve(instance, QUICK), "amina-B1") == (Obstacle(0, ("bruno-B1",)),)


def test_the_morning_of_2015_is_explained_well_under_a_second() -> None:
    morning = read_instance(REAL.read_text(encoding="utf-8"))
    solution = solve(morning, QUICK)
    started = perf_counter()
    unmet = explain(morning, solution)
    assert perf_counter() - started < 3  # a fifth of a second on a machine of one's own
    assert sum(bool(each.unlock) for each in unmet) > 90
