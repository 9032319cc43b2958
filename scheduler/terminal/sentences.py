"""What levels and unmet requests mean, in English sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.explain import Bottleneck, Obstacle
from scheduler.solution import Change, ChangeKind, Level, Meeting, Reason, Unmet

_MORE_OF = {
    ChangeKind.SLOT: "one slot more for {}",
    ChangeKind.CAPACITY: "one place more at once for {}",
    ChangeKind.LIMIT: "a limit of one meeting more for {}",
    ChangeKind.TABLES: "one table more",
}
NO_BOUND = (
    "No bound without a search: not every request is between the coverage group and the others, "
    "or those that are required don't fit together."
)
NOT_ALL_TRIED = (
    "Not every change that might allow a request was tried on so large an instance; ask for one request to learn more."
)


def bound_sentence(level: Level) -> str:
    """Say what no schedule can exceed at a level."""
    if isinstance(level.bound, tuple):
        counts = [f"{count} with at least {rank}" for rank, count in enumerate(level.bound, start=1)]
        return f"Coverage: at most {', '.join(counts) or 'nobody with any'}."
    return f"Satisfaction: a total weight of at most {level.bound} where coverage is that."


def bottleneck_sentence(cut: Bottleneck) -> str:
    """Say what limits every best schedule."""
    found = []
    if cut.full:
        found.append(f"Full in every best schedule: {_joined(cut.full)}.")
    if cut.decisive:
        found.append(f"One slot more for any one of these would give a better one: {_joined(cut.decisive, last='or')}.")
    if cut.tables:
        found.append("One table more would give a better one.")
    return " ".join(found) or "Nobody is full in every best schedule: requests or common slots are what lacks."


def level_sentence(level: Level) -> str:
    """Say what was reached, and how far that is proven."""
    value = ", ".join(map(str, level.value)) or "none" if isinstance(level.value, tuple) else str(level.value)
    bound = ", ".join(map(str, level.bound)) or "none" if isinstance(level.bound, tuple) else str(level.bound)
    return f"{level.name}: {value} ({'proven optimal' if level.proven else f'bound {bound}, not proven'})"


def meeting_sentence(meeting: Meeting) -> str:
    """Say when and where a request is met."""
    table = "" if meeting.table is None else f", at table {meeting.table}"
    return f"{meeting.request} is met in slot {meeting.slot}{table}."


def obstacle_sentence(obstacle: Obstacle) -> str:
    """Say what stands in one slot of an unmet request."""
    meetings = f"{_joined(obstacle.meetings)} {'take' if len(obstacle.meetings) > 1 else 'takes'} place"
    found = [meetings] if obstacle.meetings else []
    found += ["all tables are taken"] if obstacle.tables_full else []
    return (
        f"In slot {obstacle.slot}: {_joined(found) or 'nobody is busy, but a limit or the order of the rule decides'}."
    )


def unmet_sentence(unmet: Unmet) -> str:
    """Say why a request has no meeting, and what would give it one."""
    who = _joined(unmet.with_) or "the participants"
    reasons = {
        Reason.DECLINED: "it was declined",
        Reason.BUYER_FULL: f"every slot of {who} is taken",
        Reason.STRUCTURE_FULL: f"every slot of {who} is taken",
        Reason.NO_COMMON_SLOT: f"{who} have no slot in common that the request allows",
        Reason.LIMIT: f"{who} would go beyond a limit on meetings",
        Reason.TABLES_FULL: "every table is taken in the slots that remain",
        Reason.RULE_ORDER: "the published order of the rule prefers other meetings",
    }
    unlock = _joined(list(_unlocks(unmet.unlock)), last="or")
    return f"{unmet.request} has no meeting: {reasons[unmet.reason]}." + (
        f" Would allow it: {unlock}." if unlock else ""
    )


def _unlocks(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        yield _MORE_OF[change.change].format(change.participant or "everybody")


def _joined(names: Sequence[str], *, last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
