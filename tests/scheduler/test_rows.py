"""Long lists are read and written row by row, and nobody can tell."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scheduler import (
    InvalidInput,
    SolverConfig,
    dump_instance,
    dump_solution,
    instance_document,
    instance_sha256,
    read_instance,
    read_solution,
    solution_document,
    solve,
)
from scheduler.checking.fingerprint import fingerprint
from scheduler.checks import violations
from scheduler.formats.json_text import LONG, document
from scheduler.formats.json_values import ListOf, read_whole
from scheduler.generate import Recipe, generate

LARGE = generate(Recipe(60, 400, 2 * LONG + 1, 12))


def test_the_text_of_a_large_instance_is_its_document() -> None:
    text = dump_instance(replace(LARGE, name='},{"id":"S1"'))
    assert json.loads(text) == instance_document(replace(LARGE, name='},{"id":"S1"'))
    assert text.count("\n") > len(LARGE.requests)


def test_a_large_solution_survives_its_text_and_the_checker_reads_it_row_by_row() -> None:
    solution = solve(LARGE, SolverConfig(time_limit_s=20))
    text = dump_solution(solution)
    assert json.loads(text) == solution_document(solution)
    assert solution_document(read_solution(text)) == solution_document(solution)
    assert violations(document(dump_instance(LARGE)), document(text)) == []


def test_a_long_list_of_a_text_can_be_gone_through_twice() -> None:
    rows = document(dump_instance(LARGE))["requests"]
    assert list(rows) == list(rows) == instance_document(LARGE)["requests"]


def test_a_large_instance_has_the_same_fingerprint_from_values_text_and_document() -> None:
    known = instance_sha256(LARGE)
    assert fingerprint(document(dump_instance(LARGE))) == fingerprint(instance_document(LARGE)) == known
    assert instance_sha256(read_instance(dump_instance(LARGE))) == known


def test_a_list_stops_being_read_beyond_its_limit() -> None:
    endless = iter(int, 1)
    with pytest.raises(InvalidInput, match="at most 5 are accepted"):
        ListOf(read_whole, most=5).all_of(endless)
