"""What it costs in meetings that some can meet at other times only, answered at once by the scheduler's flow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from openmap.allocation import problem
from openmap.events.models import Event
from scheduler import Instance, InvalidInput, Outlook, outlook

REMEMBERED = 4  # questions: today's, the one asked about, and those of another morning


@dataclass(frozen=True, slots=True)
class Toll:
    """The outlook of a morning before and after."""

    before: Outlook
    after: Outlook

    @property
    def proven(self) -> bool:
        """Whether schedules reach both figures and none exceeds them."""
        return self.before.proven and self.after.proven


def toll(event: Event, *, lost: Mapping[str, set[int]], freed: Mapping[str, set[int]]) -> Toll | None:
    """Compare today's question with the one where participants, by ref, lose and regain slots by position.

    None where there is no question yet: no slot, or nobody asks anything.
    """
    try:
        today = problem.build_instance(event)
        if not today.requests:
            return None
        asking = {person for request in today.requests for person in request.between}
        people = tuple(
            replace(each, unavailable=(each.unavailable | lost.get(each.id, set())) - freed.get(each.id, set()))
            if each.id in asking
            else each  # whoever meets nobody changes no figure, so the question stays today's
            for each in today.participants
        )
        return Toll(remembered_outlook(today), remembered_outlook(replace(today, participants=people)))
    except InvalidInput:
        return None


@lru_cache(maxsize=REMEMBERED)
def remembered_outlook(instance: Instance) -> Outlook:
    """The scheduler's answer, kept: reading a cost and confirming it ask the same two questions."""
    return outlook(instance)
