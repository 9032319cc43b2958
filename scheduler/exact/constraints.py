"""The hard rules as constraints, one function each; `checks` is their specification."""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python.cp_model import LinearExpr

from scheduler.exact.variables import Choices


def require_each_request_at_most_once(choices: Choices) -> None:
    """Give each request one slot or none; unavailable slots and pins are already out of the choice."""
    for slots in choices.meets_at:
        if len(slots) > 1:
            choices.model.add_at_most_one(slots.values())


def require_one_meeting_at_a_time(choices: Choices) -> None:
    """Keep everybody to their capacity in each slot."""
    for (participant, _slot), literals in choices.places.items():
        capacity = choices.problem.capacity[participant]
        if capacity == 1 and len(literals) > 1:
            choices.model.add_at_most_one(literals)
        elif len(literals) > capacity:
            choices.model.add(LinearExpr.sum(literals) <= capacity)


def require_a_table_for_each_meeting(choices: Choices) -> None:
    """Hold no more meetings in a slot than there are tables."""
    if choices.problem.tables is None:
        return
    for slot, tables in enumerate(choices.problem.tables):
        literals = [slots[slot] for slots in choices.meets_at if slot in slots]
        if len(literals) > tables:
            choices.model.add(LinearExpr.sum(literals) <= tables)


def require_at_most_max_meetings(choices: Choices) -> None:
    """Give nobody more meetings than they want."""
    for index, participant in enumerate(choices.problem.instance.participants):
        if participant.max_meetings is not None:
            choices.model.add(choices.meetings_of(index) <= participant.max_meetings)


def require_at_most_max_consecutive(choices: Choices) -> None:
    """Give nobody more meetings in a row, within a session, than they want."""
    for index, participant in enumerate(choices.problem.instance.participants):
        longest = participant.max_consecutive
        if longest is None:
            continue
        for start, end in choices.problem.instance.sessions:
            for first in range(start, end - longest):
                row = [choices.busy(index, slot) for slot in range(first, first + longest + 1)]
                choices.model.add(LinearExpr.sum(row) <= longest)


def require_what_is_required(choices: Choices) -> None:
    """Hold each required and each pinned request."""
    for request in sorted(choices.problem.required):
        choices.model.add(choices.meets(request) == 1)


def require_precedences(choices: Choices) -> None:
    """Hold the first before the second when both take place."""
    for first, second in choices.problem.precedences:
        for slot, literal in choices.meets_at[second].items():
            too_late = [other for at, other in choices.meets_at[first].items() if at >= slot]
            if too_late:
                choices.model.add(LinearExpr.sum(too_late) == 0).only_enforce_if(literal)


def require_fair_breaks(choices: Choices) -> None:
    """Let no two participants differ by more than `max_break_difference` breaks."""
    difference = choices.problem.instance.max_break_difference
    if difference is None:
        return
    if len(choices.problem.instance.sessions) == 1:
        _require_fair_ranks(choices, difference)
        return
    fewest = choices.model.new_int_var(0, choices.problem.slots, "")
    for participant in range(len(choices.problem.instance.participants)):
        choices.model.add(choices.breaks_of(participant) >= fewest)
        choices.model.add(choices.breaks_of(participant) <= fewest + difference)


def _require_fair_ranks(choices: Choices, difference: int) -> None:
    """Say the same by ordered literals: a break too many for somebody needs a break more for everybody."""
    breaks = [choices.breaks(participant, 0) for participant in range(len(choices.problem.capacity))]
    everybody = [choices.model.new_bool_var("") for _ in range(max(map(len, breaks), default=0))]
    for rank, literal in enumerate(everybody):
        for each in breaks:
            choices.model.add_implication(literal, each[rank] if rank < len(each) else ~literal)
            if rank + difference < len(each):
                choices.model.add_implication(each[rank + difference], literal)


HARD_RULES: tuple[Callable[[Choices], None], ...] = (
    require_each_request_at_most_once,
    require_one_meeting_at_a_time,
    require_a_table_for_each_meeting,
    require_at_most_max_meetings,
    require_at_most_max_consecutive,
    require_what_is_required,
    require_precedences,
    require_fair_breaks,
)
