"""One proposal as its page shows it: the grid, who is served, what is left out and what would change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openmap.allocation import problem, queries
from openmap.allocation.models import Allocation, Run, UnmetRequest
from openmap.core.models import LabelledEnum
from openmap.core.text import mark
from openmap.events.models import Event, TimeSlot
from openmap.meetings.models import Meeting, ScheduleVersion
from openmap.meetings.queries import current_version
from openmap.organisations.enums import OrganisationKind, StructureKind
from openmap.registrations.models import Registration
from scheduler import ChangeKind, LevelName

Kind = StructureKind
FAMILIES: tuple[tuple[str, frozenset[StructureKind]], ...] = (
    (mark("insertion"), frozenset({Kind.EI, Kind.AI, Kind.ACI, Kind.ETTI, Kind.EITI, Kind.GEIQ})),
    (mark("handicap"), frozenset({Kind.EA, Kind.EATT, Kind.ESAT})),
    (mark("coopératives, associations, ESUS"), frozenset({Kind.COOPERATIVE, Kind.ASSOCIATION, Kind.ESUS})),
    (mark("travail en prison"), frozenset({Kind.SEP})),
    (mark("TPE"), frozenset({Kind.TPE})),
    (mark("PME"), frozenset({Kind.PME})),
    (mark("ETI"), frozenset({Kind.ETI})),
    (mark("start-up"), frozenset({Kind.START_UP})),
    (mark("autres"), frozenset({Kind.OTHER})),
)
TONES = 5  # of the grid; the last is shared by the families that come late


@dataclass(frozen=True, slots=True)
class Share:
    """How many structures of one kind or département asked, and how many of them meet someone."""

    label: str
    asked: int
    served: int

    @property
    def percent(self) -> int:
        """Served of a hundred who asked."""
        return round(100 * self.served / self.asked)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A proposal beside the published version, meeting by meeting."""

    version: ScheduleVersion
    kept: tuple[Allocation, ...]
    moved: tuple[tuple[Meeting, Allocation], ...]
    new: tuple[Allocation, ...]
    dropped: tuple[Meeting, ...]


@dataclass
class Proposal:
    """Everything the page of a finished run tells, read with a constant number of queries."""

    run: Run
    event: Event
    people: Mapping[int, Registration]
    allocations: Sequence[Allocation]
    unmet: Sequence[UnmetRequest]
    frame: problem.Frame
    pinned: Mapping[int, int]
    published: Mapping[int, Meeting]
    version: ScheduleVersion | None

    @cached_property
    def slots(self) -> Sequence[TimeSlot]:
        """The slots in order."""
        return self.event.slots

    @cached_property
    def desks(self) -> list[Registration]:
        """The participants with a desk, in the order of their refs."""
        taking_part = self.frame.unavailable.keys()
        return [each for each in self.people.values() if each.desk and each.ref in taking_part]

    @cached_property
    def by_place(self) -> dict[tuple[int, int], Allocation]:
        """The proposed meeting of a desk (its key) in a slot (its position)."""
        return {(each.request.desk_id, each.slot.position): each for each in self.allocations}

    @cached_property
    def asked(self) -> set[int]:
        """The keys of the structures that asked for at least one meeting."""
        return {asker.id for each in self.unmet for asker in each.request.askers} | self.served

    @cached_property
    def served(self) -> set[int]:
        """The keys of the structures with at least one meeting."""
        sides = (side for each in self.allocations for side in each.request.parties)
        return {side.id for side in sides if side.kind is OrganisationKind.STRUCTURE}

    @cached_property
    def among_structures(self) -> list[Allocation]:
        """The meetings at which no desk sits, in the order of their slots."""
        own = (each for each in self.allocations if not each.request.desk.registration.desk)
        return sorted(own, key=lambda each: (each.slot.position, each.id))

    @cached_property
    def without_meeting(self) -> list[Registration]:
        """The structures that asked and get nothing."""
        return [each for key, each in self.people.items() if key in self.asked - self.served]

    @cached_property
    def place_count(self) -> int:
        """How many meetings the desks could hold at most."""
        return self.frame.place_count([each.ref for each in self.desks])

    @cached_property
    def full_desk_count(self) -> int:
        """How many desks have no free slot left."""
        return sum(not self.free_count(each) for each in self.desks)

    def free_count(self, registration: Registration) -> int:
        """How many slots a desk has left."""
        busy = {slot for desk_id, slot in self.by_place if registration.desk and desk_id == registration.desk.id}
        return sum(slot not in busy and slot not in self.frame.unavailable[registration.ref] for slot in self.positions)

    @property
    def positions(self) -> range:
        """The slots as the instance counts them."""
        return range(self.frame.slots)

    def level(self, name: str) -> Mapping[str, Any] | None:
        """One level of the rule: value, bound and proof."""
        return next((level for level in self.run.objectives or () if level["name"] == name), None)

    def is_proven(self, *names: LevelName) -> bool:
        """Whether all these levels are proven."""
        return all(level["proven"] for level in self.run.objectives or () if level["name"] in names)

    @cached_property
    def is_wholly_proven(self) -> bool:
        """Whether no other schedule can do better at any level."""
        return self.is_proven(*LevelName)

    @property
    def unproven(self) -> list[str]:
        """The names of the levels that might still be better."""
        return [level["name"] for level in self.run.objectives or () if not level["proven"]]

    def family(self, registration: Registration) -> int:
        """The family a structure belongs to, as a position in FAMILIES."""
        kind = registration.organisation.structure_kind
        return next((index for index, (_, kinds) in enumerate(FAMILIES) if kind in kinds), len(FAMILIES) - 1)

    @cached_property
    def tones(self) -> dict[int, int]:
        """The tone of each family in use."""
        in_use = sorted({self.family(self.people[key]) for key in self.asked})
        return {family: min(TONES, number) for number, family in enumerate(in_use, start=1)}

    @cached_property
    def shares_by_kind(self) -> list[Share]:
        """Who asked and who is served, kind by kind."""
        return self._shares({key: _label(self.people[key].organisation.structure_kind) for key in self.asked})

    @cached_property
    def shares_by_departement(self) -> list[Share]:
        """Who asked and who is served, département by département."""
        return self._shares({key: self.people[key].organisation.departement for key in self.asked})

    def _shares(self, group_of: Mapping[int, str]) -> list[Share]:
        asked = Counter(group_of.values())
        served = Counter(group_of[key] for key in self.served)
        return [Share(label, asked[label], served[label]) for label in sorted(asked)]

    @cached_property
    def unlocked_by_a_slot(self) -> tuple[Registration, int] | None:
        """The desk at which one slot more would unlock one of the most requests, and how many those are."""
        refs = {each.ref: each for each in self.desks}
        counts = Counter(
            change["participant"]
            for each in self.unmet
            for change in each.unlock
            if change["change"] == ChangeKind.SLOT and change["participant"] in refs
        )
        best = max(counts.items(), key=lambda item: (item[1], item[0]), default=None)
        return (refs[best[0]], best[1]) if best else None

    @cached_property
    def comparison(self) -> Comparison | None:
        """The proposal beside the published version, unless it is that version itself or there is none."""
        if self.version is None or self.run.version_id == self.version.id:
            return None
        here = [(each, self.published.get(each.request_id)) for each in self.allocations]
        proposed = {each.request_id for each in self.allocations}
        return Comparison(
            version=self.version,
            kept=tuple(each for each, old in here if old and old.slot_id == each.slot_id),
            moved=tuple((old, each) for each, old in here if old and old.slot_id != each.slot_id),
            new=tuple(each for each, old in here if old is None),
            dropped=tuple(old for key, old in self.published.items() if key not in proposed),
        )


def read_proposal(run: Run) -> Proposal:
    """Read everything about a finished run."""
    event = run.event
    people = queries.participants_of(event)
    version = current_version(event)
    meetings = queries.meetings_in(version) if version else ()
    return Proposal(
        run=run,
        event=event,
        people=people,
        allocations=queries.allocations_of(run),
        unmet=queries.unmet_requests_of(run),
        frame=problem.frame_of(run.instance),
        pinned={pin.request_id: pin.slot_id for pin in queries.pins_of(event)},
        published={each.request_id: each for each in meetings if not each.cancelled_at},
        version=version,
    )


def _label(kind: LabelledEnum | None) -> str:
    return kind.label if kind else ""
