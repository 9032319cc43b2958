"""The instance as numbers: participants and requests by position, sets of slots as bit masks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from scheduler.instance import Instance, LevelName

Fixed = dict[int, int]  # request -> slot


def mask_of(slots: Iterable[int]) -> int:
    """Return the bit mask of a set of slots."""
    mask = 0
    for slot in slots:
        mask |= 1 << slot
    return mask


def slots_in(mask: int) -> Iterator[int]:
    """Yield the slots of a bit mask in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def table_of(masks: list[int], slots: int) -> NDArray[np.bool_]:
    """Return bit masks as rows of a table with a column per slot."""
    width = (slots + 7) // 8
    raw = np.frombuffer(b"".join([mask.to_bytes(width, "little") for mask in masks]), dtype=np.uint8)
    return np.unpackbits(raw.reshape(-1, width), axis=1, bitorder="little", count=slots).view(np.bool_)


@dataclass(frozen=True)
class Problem:
    """Positions instead of names; built by `Problem(instance, policy)`."""

    instance: Instance
    policy: tuple[LevelName, ...]

    def under(self, policy: tuple[LevelName, ...]) -> Problem:
        """Return the problem under another policy, with what is known of it: nothing here depends on the policy."""
        other = Problem(self.instance, policy)
        other.__dict__.update(self.__dict__ | {"policy": policy})
        return other

    @cached_property
    def slots(self) -> int:
        """Number of slots."""
        return self.instance.slots

    @cached_property
    def participant_index(self) -> dict[str, int]:
        """Position of each participant."""
        return {participant.id: index for index, participant in enumerate(self.instance.participants)}

    @cached_property
    def request_index(self) -> dict[str, int]:
        """Position of each request."""
        return {request.id: index for index, request in enumerate(self.instance.requests)}

    @cached_property
    def ends(self) -> list[tuple[int, ...]]:
        """Participants of each request."""
        index = self.participant_index
        return [tuple([index[name] for name in request.between]) for request in self.instance.requests]

    @cached_property
    def members(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Each request with each of its participants: (requests, participants)."""
        sizes = np.fromiter(map(len, self.ends), np.int64, len(self.ends))
        flat = np.fromiter(chain.from_iterable(self.ends), np.int64, int(sizes.sum()))
        return np.repeat(np.arange(len(self.ends)), sizes), flat

    @cached_property
    def pairs(self) -> NDArray[np.int64]:
        """The two participants of each request, one request a row, where each has exactly two."""
        return self.members[1].reshape(-1, 2)

    @cached_property
    def weights(self) -> list[int]:
        """Weight of each request."""
        return [request.weight for request in self.instance.requests]

    @cached_property
    def capacity(self) -> list[int]:
        """Meetings at once of each participant."""
        return [participant.capacity for participant in self.instance.participants]

    @cached_property
    def limits(self) -> NDArray[np.int64]:
        """Most meetings in all that each participant wants, -1 without a limit."""
        limits = [participant.max_meetings for participant in self.instance.participants]
        return np.array([-1 if limit is None else limit for limit in limits], dtype=np.int64)

    @cached_property
    def free(self) -> list[int]:
        """Slots in which each participant can meet anybody, as masks."""
        everything = (1 << self.slots) - 1
        return [
            everything & ~mask_of(participant.unavailable) if participant.capacity else 0
            for participant in self.instance.participants
        ]

    @cached_property
    def presence(self) -> NDArray[np.bool_]:
        """Whether each participant (row) can meet anybody in each slot (column)."""
        return table_of(self.free, self.slots)

    @cached_property
    def tables(self) -> list[int] | None:
        """Meetings that each slot can hold, None without limit."""
        tables = self.instance.tables
        if tables is None:
            return None
        return list(tables) if isinstance(tables, tuple) else [tables] * self.slots

    @cached_property
    def allowed(self) -> list[int]:
        """Slots in which each request could take place if it were alone, as masks; a pin leaves one."""
        free, pinned = self.free, self.pinned
        closed = 0 if self.tables is None else mask_of(slot for slot in range(self.slots) if not self.tables[slot])
        if closed:
            free = [mask & ~closed for mask in free]
        masks = []
        for request, ends in zip(self.instance.requests, self.ends, strict=True):
            mask = free[ends[0]]
            for end in ends[1:]:
                mask &= free[end]
            if request.slots is not None:
                mask &= mask_of(request.slots)
            masks.append(mask)
        for index, slot in pinned.items():
            masks[index] &= 1 << slot
        return masks

    @cached_property
    def pinned(self) -> Fixed:
        """Slot of each pinned request."""
        return {self.request_index[pin.request]: pin.slot for pin in self.instance.pins}

    @cached_property
    def previous(self) -> Fixed:
        """Slot each request had in the previous schedule."""
        return {self.request_index[pin.request]: pin.slot for pin in self.instance.previous}

    @cached_property
    def required(self) -> frozenset[int]:
        """Requests that must take place: required or pinned."""
        wanted = {index for index, request in enumerate(self.instance.requests) if request.required}
        return frozenset(wanted | self.pinned.keys())

    @cached_property
    def precedences(self) -> list[tuple[int, int]]:
        """Pairs of requests: if both take place, the first comes before the second."""
        return [(self.request_index[first], self.request_index[second]) for first, second in self.instance.precedences]

    @cached_property
    def covered(self) -> list[bool]:
        """Whether each participant belongs to the group that coverage counts."""
        return [participant.group == self.instance.coverage_group for participant in self.instance.participants]

    @cached_property
    def requests_of(self) -> list[list[int]]:
        """Requests of each participant."""
        requests: list[list[int]] = [[] for _ in self.instance.participants]
        for index, ends in enumerate(self.ends):
            for end in ends:
                requests[end].append(index)
        return requests

    @cached_property
    def is_two_sided(self) -> bool:
        """Say whether each request joins one participant that coverage counts with one that it doesn't."""
        covered = self.covered
        return all(len(ends) == 2 and covered[ends[0]] != covered[ends[1]] for ends in self.ends)

    @cached_property
    def is_paired(self) -> bool:
        """Say whether each request joins exactly two participants."""
        return all(len(ends) == 2 for ends in self.ends)

    @cached_property
    def is_plain(self) -> bool:
        """Say whether a slot per chosen meeting is all that is asked: no precedence, no limit in a row, no spread."""
        limited = any(participant.max_consecutive is not None for participant in self.instance.participants)
        return not (limited or self.precedences or self.instance.max_break_difference is not None)

    @cached_property
    def session_masks(self) -> tuple[int, ...]:
        """Slots of each session, as masks."""
        return tuple(mask_of(range(start, end)) for start, end in self.instance.sessions)

    def waits(self, busy: int) -> tuple[int, int]:
        """Return (holes, idle slots) between the busy slots of one participant, session by session."""
        holes = idle = 0
        for session in self.session_masks:
            part = busy & session
            if part & (part - 1):
                lowest = part & -part
                gaps = ((1 << part.bit_length()) - lowest) & ~part
                if gaps:
                    holes += (gaps & ~(gaps << 1)).bit_count()
                    idle += gaps.bit_count()
        return holes, idle
