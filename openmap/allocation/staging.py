"""What it costs in meetings that some can meet at other times only, answered at once by the scheduler's flow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openmap.allocation import problem
from openmap.events.models import Event
from scheduler import InvalidInput, Outlook, outlook


@dataclass(frozen=True, slots=True)
class Toll:
    """The outlook of a morning before and after."""

    before: Outlook
    after: Outlook

    @property
    def proven(self) -> bool:
        """Whether schedules reach both figures and none exceeds them."""
        return self.before.proven and self.after.proven

    @property
    def is_unchanged(self) -> bool:
        """Whether the figures are the same."""
        told = [(each.possible, each.meetings, each.without_any) for each in (self.before, self.after)]
        return told[0] == told[1]


def toll(event: Event, *, lost: Mapping[str, set[int]], freed: Mapping[str, set[int]]) -> Toll | None:
    """Compare today's question with the one where participants, by ref, lose and regain slots by position.

    None where there is no question yet: no slot, or nobody asks anything.
    """
    try:
        today = problem.build_instance(event)
        if not today.requests:
            return None
        people = tuple(
            replace(each, unavailable=(each.unavailable | lost.get(each.id, set())) - freed.get(each.id, set()))
            for each in today.participants
        )
        return Toll(outlook(today), outlook(replace(today, participants=people)))
    except InvalidInput:
        return None
