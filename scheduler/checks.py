"""Is this schedule right? The specification of every hard rule, and of every figure a solution reports.

Works on the parsed JSON documents of an instance and a solution whose shapes are valid, the lists of which are only
gone through; it knows neither the model builder nor its values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from scheduler.checking.fingerprint import Json
from scheduler.checking.honesty import HONESTY
from scheduler.checking.question import Question
from scheduler.checking.reading import Schedule, Violation
from scheduler.checking.selection_rules import selection_violations

__all__ = ["Question", "Violation", "selection_violations", "violations", "violations_of"]


Rule = Callable[[Schedule], Iterator[Violation]]


def violations(instance: Json, solution: Json) -> list[Violation]:
    """Return everything wrong with a solution of an instance, both as parsed JSON; an empty list means right."""
    return violations_of(Question(instance), solution)


def violations_of(question: Question, solution: Json) -> list[Violation]:
    """Return the same where the instance has already been read: many solutions, or little time."""
    schedule = Schedule(question, solution)
    rules = HARD_RULES + HONESTY if solution["status"] in {"optimal", "feasible"} else WITHOUT_SCHEDULE
    return [violation for rule in rules for violation in rule(schedule)]


def made_for_this_instance(schedule: Schedule) -> Iterator[Violation]:
    claimed, actual = schedule.solution["instance_sha256"], schedule.question.fingerprint
    if claimed != actual:
        yield Violation(
            "made_for_this_instance",
            f"the solution was made for another instance ({claimed[:12]}…, this one is {actual[:12]}…)",
            {"claimed": claimed, "actual": actual},
        )


def no_schedule_claimed(schedule: Schedule) -> Iterator[Violation]:
    if schedule.meetings:
        status = schedule.solution["status"]
        yield Violation(
            "no_schedule_claimed", f"status {status} goes with no meeting, {len(schedule.meetings)} are listed"
        )


def known_request(schedule: Schedule) -> Iterator[Violation]:
    if schedule.is_all_known:
        return
    for meeting in schedule.meetings:
        if meeting.request not in schedule.requests:
            yield Violation(
                "known_request", f"no request {meeting.request!r} in the instance", {"request": meeting.request}
            )


def known_slot(schedule: Schedule) -> Iterator[Violation]:
    if schedule.is_all_known:
        return
    for meeting in schedule.meetings:
        if not 0 <= meeting.slot < schedule.slot_count:
            yield Violation(
                "known_slot",
                f"{meeting.request} is in slot {meeting.slot}, slots go from 0 to {schedule.slot_count - 1}",
                {"request": meeting.request, "slot": meeting.slot},
            )


def each_request_at_most_once(schedule: Schedule) -> Iterator[Violation]:
    if len(schedule.slot_of) == len(schedule.meetings):
        return
    for request, count in Counter(meeting.request for meeting in schedule.meetings).items():
        if count > 1:
            yield Violation("each_request_at_most_once", f"{request} is met {count} times", {"request": request})


def one_meeting_at_a_time(schedule: Schedule) -> Iterator[Violation]:
    capacities = schedule.question.described("capacity")[schedule.places.participants]
    for place in np.flatnonzero(schedule.places.meetings > capacities).tolist():
        participant, slot, names = schedule.meetings_at(place)
        yield Violation(
            "one_meeting_at_a_time",
            f"{participant} has {len(names)} meetings in slot {slot}, room for {capacities[place]}: {', '.join(names)}",
            {"participant": participant, "slot": slot, "requests": names},
        )


def nobody_when_unavailable(schedule: Schedule) -> Iterator[Violation]:
    for place in np.flatnonzero(schedule.question.away[schedule.places.participants, schedule.places.slots]).tolist():
        participant, slot, names = schedule.meetings_at(place)
        yield Violation(
            "nobody_when_unavailable",
            f"{participant} is unavailable in slot {slot} but meets there ({names[0]})",
            {"participant": participant, "slot": slot, "requests": names},
        )


def enough_tables(schedule: Schedule) -> Iterator[Violation]:
    for slot, count in enumerate(np.bincount(schedule.slots, minlength=schedule.slot_count).tolist()):
        tables = schedule.tables_in(slot)
        if tables is not None and count > tables:
            yield Violation(
                "enough_tables", f"slot {slot} holds {count} meetings, there are {tables} tables", {"slot": slot}
            )


def one_meeting_per_table(schedule: Schedule) -> Iterator[Violation]:
    seated = [(slot, table) for _, slot, table in schedule.placed if table is not None]
    if len(set(seated)) == len(seated):
        return
    for (slot, table), count in Counter(seated).items():
        if count > 1:
            yield Violation(
                "one_meeting_per_table",
                f"table {table} holds {count} meetings in slot {slot}",
                {"slot": slot, "table": table},
            )


def known_table(schedule: Schedule) -> Iterator[Violation]:
    for meeting in schedule.placed:
        tables = schedule.tables_in(meeting.slot)
        if meeting.table is None:
            if tables is not None:
                yield Violation("known_table", f"{meeting.request} has no table", {"request": meeting.request})
        elif meeting.table < 1 or (tables is not None and meeting.table > tables):
            yield Violation(
                "known_table",
                f"{meeting.request} is at table {meeting.table}, slot {meeting.slot} has tables 1 to {tables}",
                {"request": meeting.request, "slot": meeting.slot, "table": meeting.table},
            )


def at_most_max_meetings(schedule: Schedule) -> Iterator[Violation]:
    limits, counts = schedule.question.described("max_meetings"), schedule.meeting_counts
    for number in np.flatnonzero(counts > limits):
        participant = schedule.people[number]
        yield Violation(
            "at_most_max_meetings",
            f"{participant} has {counts[number]} meetings, at most {limits[number]} are wanted",
            {"participant": participant},
        )


def at_most_max_consecutive(schedule: Schedule) -> Iterator[Violation]:
    limits, rows = schedule.question.described("max_consecutive"), schedule.longest_rows
    for number in np.flatnonzero(rows > limits):
        participant = schedule.people[number]
        yield Violation(
            "at_most_max_consecutive",
            f"{participant} is busy {rows[number]} slots in a row, at most {limits[number]} are wanted",
            {"participant": participant},
        )


def allowed_slots(schedule: Schedule) -> Iterator[Violation]:
    if not schedule.allowed:
        return
    for meeting in schedule.placed:
        allowed = schedule.allowed.get(meeting.request)
        if allowed is not None and meeting.slot not in allowed:
            yield Violation(
                "allowed_slots",
                f"{meeting.request} is in slot {meeting.slot}, which it doesn't allow",
                {"request": meeting.request, "slot": meeting.slot},
            )


def required_met(schedule: Schedule) -> Iterator[Violation]:
    for request in schedule.required:
        if request not in schedule.slot_of:
            yield Violation("required_met", f"{request} is required but not met", {"request": request})


def pins_kept(schedule: Schedule) -> Iterator[Violation]:
    for pin in schedule.instance.get("pins", ()):
        slot = schedule.slot_of.get(pin["request"])
        if slot != pin["slot"]:
            found = "not met" if slot is None else f"in slot {slot}"
            yield Violation(
                "pins_kept",
                f"{pin['request']} is pinned to slot {pin['slot']} but {found}",
                {"request": pin["request"], "slot": pin["slot"]},
            )


def precedences_respected(schedule: Schedule) -> Iterator[Violation]:
    for first, second in schedule.instance.get("precedences", ()):
        before, after = schedule.slot_of.get(first), schedule.slot_of.get(second)
        if before is not None and after is not None and before >= after:
            yield Violation(
                "precedences_respected",
                f"{first} comes before {second}, but they are in slots {before} and {after}",
                {"requests": [first, second], "slots": [before, after]},
            )


def fair_breaks(schedule: Schedule) -> Iterator[Violation]:
    limit = schedule.instance.get("max_break_difference")
    if limit is None or not schedule.people:
        return
    breaks = np.bincount(schedule.waits[0], minlength=len(schedule.people))
    most, fewest = int(breaks.argmax()), int(breaks.argmin())
    if breaks[most] - breaks[fewest] > limit:
        names = [schedule.people[most], schedule.people[fewest]]
        yield Violation(
            "fair_breaks",
            f"{names[0]} has {breaks[most]} breaks and {names[1]} has {breaks[fewest]}, they may differ by {limit}",
            {"participants": names, "breaks": [int(breaks[most]), int(breaks[fewest])]},
        )


def unmet_listed(schedule: Schedule) -> Iterator[Violation]:
    names = [each["request"] for each in schedule.solution.get("unmet", ())]
    known = set(names)
    is_partition = len(known) == len(names) == len(schedule.requests) - len(schedule.slot_of)
    if is_partition and known <= schedule.requests.keys() and known.isdisjoint(schedule.slot_of):
        return  # each request is either met or listed, once
    listed = Counter(names)
    for request, count in listed.items():
        if request not in schedule.requests or request in schedule.slot_of:
            why = "is met" if request in schedule.slot_of else "is no request of the instance"
            yield Violation("unmet_listed", f"{request} is listed as unmet but {why}", {"request": request})
        elif count > 1:
            yield Violation("unmet_listed", f"{request} is listed as unmet {count} times", {"request": request})
    for request in schedule.requests:
        if request not in schedule.slot_of and request not in listed:
            yield Violation("unmet_listed", f"{request} has no meeting and isn't listed as unmet", {"request": request})


WITHOUT_SCHEDULE: tuple[Rule, ...] = (made_for_this_instance, no_schedule_claimed)
HARD_RULES: tuple[Rule, ...] = (
    made_for_this_instance,
    known_request,
    known_slot,
    each_request_at_most_once,
    one_meeting_at_a_time,
    nobody_when_unavailable,
    enough_tables,
    one_meeting_per_table,
    known_table,
    at_most_max_meetings,
    at_most_max_consecutive,
    allowed_slots,
    required_met,
    pins_kept,
    precedences_respected,
    fair_breaks,
    unmet_listed,
)
