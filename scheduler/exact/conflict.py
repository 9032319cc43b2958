"""When the hard rules contradict each other: a set of them, in words, that becomes possible if any one is given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from ortools.sat.python.cp_model import INFEASIBLE, CpSolver

from scheduler.config import SolverConfig
from scheduler.exact.constraints import HARD_RULES
from scheduler.exact.variables import Choices
from scheduler.instance import MAX_CAPACITY, Instance, Participant, Request
from scheduler.phases.clock import Clock
from scheduler.problem import Problem

Without = Callable[[Instance], Instance]
LEAST_S = 0.5  # the words are worth a moment even when the time is up


class Rule(NamedTuple):
    """A hard rule that can be given up: what it says, and how an instance looks without it."""

    sentence: str
    without: Without


def smallest_conflict(problem: Problem, clock: Clock, config: SolverConfig) -> tuple[str, ...]:
    """Return sentences naming hard rules that can't all be kept, each needed for the contradiction.

    Rules are given up one after the other: what stays impossible without one doesn't need it. When time runs out the
    set is still a contradiction, only perhaps not a smallest one.
    """
    instance = _only_required(problem.instance)
    deadline = clock.spent() + max(LEAST_S, clock.left() * 0.5)
    needed = _in_halves(instance, list(rules(instance)), lambda: clock.spent() > deadline, config)
    return tuple(rule.sentence for rule in needed)


def _in_halves(instance: Instance, rules: list[Rule], is_late: Callable[[], bool], config: SolverConfig) -> list[Rule]:
    """Give up ever smaller groups of rules as long as the rest stays impossible; return those that are needed."""
    needed = rules
    size = max(1, len(rules) // 2)
    while True:
        position = 0
        while position < len(needed) and not is_late():
            group, rest = needed[position : position + size], needed[:position] + needed[position + size :]
            lighter = instance
            for rule in group:
                lighter = rule.without(lighter)
            if _is_impossible(lighter, config):
                instance, needed = lighter, rest
            else:
                position += size
        if size == 1 or is_late():
            return needed
        size = max(1, size // 2)


def _is_impossible(instance: Instance, config: SolverConfig) -> bool:
    choices = Choices(Problem(instance, instance.policy))
    for rule in HARD_RULES:
        rule(choices)
    solver = CpSolver()
    solver.parameters.max_time_in_seconds = 1.0
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = config.seed
    solver.parameters.catch_sigint_signal = False  # signals are the caller's business
    return bool(solver.solve(choices.model) == INFEASIBLE)


def _only_required(instance: Instance) -> Instance:
    """Leave out the requests that nobody insists on: without them no contradiction goes away."""
    pinned = {pin.request for pin in instance.pins}
    needed = tuple(request for request in instance.requests if request.required or request.id in pinned)
    names = {request.id for request in needed}
    involved = {name for request in needed for name in request.between}
    everybody = instance.max_break_difference is not None
    return replace(
        instance,
        requests=needed,
        participants=tuple(each for each in instance.participants if everybody or each.id in involved),
        precedences=tuple(pair for pair in instance.precedences if names.issuperset(pair)),
        previous=(),
    )


def rules(instance: Instance) -> Iterator[Rule]:
    """Yield each hard rule that can be given up: its sentence, and the instance without it."""
    if instance.max_break_difference is not None:
        sentence = f"nobody may have over {instance.max_break_difference} breaks more than somebody else"
        yield Rule(sentence, lambda given: replace(given, max_break_difference=None))
    if instance.tables is not None:
        sentence = f"there are only so many tables per slot: {instance.tables}"
        yield Rule(sentence, lambda given: replace(given, tables=None))
    for participant in instance.participants:
        yield from _rules_of_participant(participant, instance.slots)
    for first, second in instance.precedences:
        yield Rule(f"{first} comes before {second}", _without_precedence((first, second)))
    pins = {pin.request: pin.slot for pin in instance.pins}
    for request in instance.requests:
        yield from _rules_of_request(request, pins.get(request.id))


def _rules_of_request(request: Request, pin: int | None) -> Iterator[Rule]:
    name = request.id
    if request.slots is not None:
        yield Rule(f"{name} may only be in slots {sorted(request.slots)}", _changing_request(name, slots=None))
    if pin is not None:
        yield Rule(f"{name} is fixed at slot {pin}", _without_pin(name))
    if request.required:
        yield Rule(f"{name} ({' with '.join(request.between)}) is required", _changing_request(name, required=False))


def _rules_of_participant(participant: Participant, slots: int) -> Iterator[Rule]:
    name = participant.id
    if participant.unavailable:
        missed = ", ".join(map(str, sorted(participant.unavailable)))
        yield Rule(f"{name} is unavailable in slots {missed}", _changing_participant(name, unavailable=frozenset()))
    if participant.max_meetings is not None:
        sentence = f"{name} wants at most {participant.max_meetings} meetings"
        yield Rule(sentence, _changing_participant(name, max_meetings=None))
    if participant.max_consecutive is not None:
        sentence = f"{name} wants at most {participant.max_consecutive} meetings in a row"
        yield Rule(sentence, _changing_participant(name, max_consecutive=None))
    sentence = f"{name} can hold {participant.capacity} at once, in {slots} slots"
    yield Rule(sentence, _changing_participant(name, capacity=MAX_CAPACITY))


def _without_precedence(pair: tuple[str, str]) -> Without:
    return lambda given: replace(given, precedences=tuple(each for each in given.precedences if each != pair))


def _without_pin(request: str) -> Without:
    return lambda given: replace(given, pins=tuple(pin for pin in given.pins if pin.request != request))


def _changing_request(name: str, **values: object) -> Without:
    def changed(request: Request) -> Request:
        return replace(request, **values) if request.id == name else request  # type: ignore[arg-type]  # by name

    return lambda given: replace(given, requests=tuple(changed(request) for request in given.requests))


def _changing_participant(name: str, **values: object) -> Without:
    def changed(given: Participant) -> Participant:
        return replace(given, **values) if given.id == name else given  # type: ignore[arg-type]  # by name

    return lambda given: replace(given, participants=tuple(changed(each) for each in given.participants))
