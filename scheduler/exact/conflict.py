"""When the hard rules contradict each other: a set of them, in words, that becomes possible if any one is given up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from ortools.sat.python.cp_model import INFEASIBLE, CpSolver

from scheduler.config import SolverConfig
from scheduler.exact.constraints import HARD_RULES
from scheduler.exact.variables import Choices
from scheduler.exact.ways import Way, set_up
from scheduler.instance import MAX_CAPACITY, Instance, Participant, Request
from scheduler.phases.clock import Clock
from scheduler.problem import Problem

Without = Callable[[Instance], Instance]
LEAST_S = 0.5  # the words are worth a moment even when the time is up
MOST_S = 3.0  # and not much more than that otherwise: the answer is known
MOST_SENTENCES = 12  # of a kind
NAMED = 5  # where one sentence speaks of more than those


class Kind(Enum):
    """What kind of rule, and how many of a kind are spoken of at once."""

    FAIR = "limits of breaks"
    TABLES = "limits of tables"
    UNAVAILABLE = "participants are unavailable at times"
    MOST = "participants want only so many meetings"
    IN_A_ROW = "participants want only so many meetings in a row"
    AT_ONCE = "participants can hold only so many meetings at once"
    ORDER = "pairs of meetings have an order"
    SLOTS = "meetings may only be in some slots"
    FIXED = "meetings are fixed at a slot"
    REQUIRED = "meetings are required"


class Rule(NamedTuple):
    """A hard rule that can be given up: its kind, whom it is of, what it says, and an instance without it."""

    kind: Kind
    of: str
    sentence: str
    without: Without


def smallest_conflict(problem: Problem, clock: Clock, config: SolverConfig) -> tuple[str, ...]:
    """Return sentences naming hard rules that can't all be kept, each needed for the contradiction.

    CP-SAT tells which required requests its proof needs. Then the rules about those are given up one after the other:
    what stays impossible without one doesn't need it. When time runs out the set is still a contradiction, only
    perhaps not a smallest one.
    """
    was_stopped = clock.stopped()
    deadline = clock.spent() + max(LEAST_S, min(MOST_S, clock.left() * 0.5))

    def is_late() -> bool:
        return clock.spent() > deadline or (clock.stopped() and not was_stopped)

    instance = _narrowed(_only_required(problem.instance), is_late, config)
    needed = _needed(instance, list(rules(instance)), is_late, config)
    return tuple(shortened(needed))


def shortened(needed: list[Rule]) -> Iterator[str]:
    """Yield a sentence a rule, or one that names a few and counts the others of a kind where these are too many."""
    for kind in Kind:
        alike = [rule for rule in needed if rule.kind is kind]
        if len(alike) > MOST_SENTENCES:
            some = ", ".join(rule.of for rule in alike[:NAMED])
            yield f"{len(alike)} {kind.value}: {some} and {len(alike) - NAMED} others"
        else:
            yield from (rule.sentence for rule in alike)


def _narrowed(instance: Instance, is_late: Callable[[], bool], config: SolverConfig) -> Instance:
    """Leave out the requests that the proof does without, as long as that leaves fewer."""
    while not is_late():
        needed = _in_proof(instance, config)
        if needed is None or len(needed) == len(instance.requests):
            break
        instance = _only_required(_without_wish(instance, needed))
    return instance


def _in_proof(instance: Instance, config: SolverConfig) -> set[str] | None:
    """Return the requests that a proof of the contradiction uses, None if none is found quickly."""
    loose = Problem(_without_wish(replace(instance, pins=()), set()), instance.policy)
    choices = Choices(loose, Problem(instance, instance.policy).allowed)
    for rule in HARD_RULES:
        rule(choices)
    wished = [choices.model.new_bool_var(request.id) for request in instance.requests]
    for literal, slots in zip(wished, choices.meets_at, strict=True):
        choices.model.add_bool_or([~literal, *slots.values()])
    choices.model.add_assumptions(wished)
    solver = _quick(config)
    if solver.solve(choices.model) != INFEASIBLE:
        return None
    used = set(solver.sufficient_assumptions_for_infeasibility())
    return {request.id for request, literal in zip(instance.requests, wished, strict=True) if literal.index in used}


def _needed(instance: Instance, rules: list[Rule], is_late: Callable[[], bool], config: SolverConfig) -> list[Rule]:
    """Give up kinds of rules, then ever smaller groups, as long as the rest stays impossible; return what is needed."""
    needed = rules
    for kind in Kind:
        alike = [rule for rule in needed if rule.kind is kind]
        lighter = _without(instance, alike)
        if 0 < len(alike) < len(needed) and not is_late() and _is_impossible(lighter, config):
            instance, needed = lighter, [rule for rule in needed if rule.kind is not kind]
    size = max(1, len(needed) // 2)
    while True:
        position = 0
        while position < len(needed) and not is_late():
            group, rest = needed[position : position + size], needed[:position] + needed[position + size :]
            lighter = _without(instance, group)
            if _is_impossible(lighter, config):
                instance, needed = lighter, rest
            else:
                position += size
        if size == 1 or is_late():
            return needed
        size = max(1, size // 2)


def _without(instance: Instance, group: Iterable[Rule]) -> Instance:
    for rule in group:
        instance = rule.without(instance)
    return _only_required(instance)


def _is_impossible(instance: Instance, config: SolverConfig) -> bool:
    choices = Choices(Problem(instance, instance.policy))
    for rule in HARD_RULES:
        rule(choices)
    return bool(_quick(config).solve(choices.model) == INFEASIBLE)


def _quick(config: SolverConfig) -> CpSolver:
    """Return a solver that gives up after a second: what isn't proven by then is taken for possible."""
    solver = CpSolver()
    solver.parameters.max_time_in_seconds = 1.0
    set_up(solver.parameters, Way.SIMPLE, config)
    return solver


def _without_wish(instance: Instance, kept: set[str]) -> Instance:
    """Return the instance in which nobody insists on other requests than the `kept` ones, by a pin or otherwise."""
    return replace(
        instance,
        requests=tuple(each if each.id in kept else replace(each, required=False) for each in instance.requests),
        pins=tuple(pin for pin in instance.pins if pin.request in kept),
    )


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
        yield Rule(Kind.FAIR, "all", sentence, lambda given: replace(given, max_break_difference=None))
    if instance.tables is not None:
        sentence = f"there are only so many tables per slot: {instance.tables}"
        yield Rule(Kind.TABLES, "all", sentence, lambda given: replace(given, tables=None))
    for participant in instance.participants:
        yield from _rules_of_participant(participant, instance.slots)
    for first, second in instance.precedences:
        sentence = f"{first} comes before {second}"
        yield Rule(Kind.ORDER, f"{first} and {second}", sentence, _without_precedence((first, second)))
    pins = {pin.request: pin.slot for pin in instance.pins}
    for request in instance.requests:
        yield from _rules_of_request(request, pins.get(request.id))


def _rules_of_request(request: Request, pin: int | None) -> Iterator[Rule]:
    name = request.id
    if request.slots is not None:
        sentence = f"{name} may only be in slots {sorted(request.slots)}"
        yield Rule(Kind.SLOTS, name, sentence, _changing_request(name, slots=None))
    if pin is not None:
        yield Rule(Kind.FIXED, name, f"{name} is fixed at slot {pin}", _without_pin(name))
    if request.required:
        sentence = f"{name} ({' with '.join(request.between)}) is required"
        yield Rule(Kind.REQUIRED, name, sentence, _changing_request(name, required=False))


def _rules_of_participant(participant: Participant, slots: int) -> Iterator[Rule]:
    name = participant.id
    if participant.unavailable:
        missed = ", ".join(map(str, sorted(participant.unavailable)))
        sentence = f"{name} is unavailable in slots {missed}"
        yield Rule(Kind.UNAVAILABLE, name, sentence, _changing_participant(name, unavailable=frozenset()))
    if participant.max_meetings is not None:
        sentence = f"{name} wants at most {participant.max_meetings} meetings"
        yield Rule(Kind.MOST, name, sentence, _changing_participant(name, max_meetings=None))
    if participant.max_consecutive is not None:
        sentence = f"{name} wants at most {participant.max_consecutive} meetings in a row"
        yield Rule(Kind.IN_A_ROW, name, sentence, _changing_participant(name, max_consecutive=None))
    sentence = f"{name} can hold {participant.capacity} at once, in {slots} slots"
    yield Rule(Kind.AT_ONCE, name, sentence, _changing_participant(name, capacity=MAX_CAPACITY))


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
