"""Files shared among reviewers so that loads differ by at most one wherever conflicts of interest allow it.

First each file goes to those who have the fewest; then files are handed on along chains of reviewers, from one who has
at least two more than another, until no such chain is left. That is the condition of optimality of a flow whose costs
grow with each load, so no sharing of the same files is more even (Harvey, Ladner, Lovász, Tamir: Semi-matchings for
bipartite graphs and load balancing, 2006). Chance is a hash of the draw's number: the same question, the same answer.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import sha256

Pair = tuple[int, int]  # reviewer, file


@dataclass(frozen=True, slots=True)
class Sharing:
    """The pairs to add, in order, and how many reviewers each file still lacks: those who may judge it are too few."""

    pairs: tuple[Pair, ...]
    missing: Mapping[int, int]


@dataclass(slots=True)
class _Desk:
    """The state of a sharing: who has what, and what can still move."""

    loads: dict[int, int]
    taken: set[Pair]
    given: dict[int, list[int]]  # new files by reviewer: only these move
    barred: AbstractSet[Pair]
    order: Sequence[int] = field(default_factory=list)

    def may_take(self, reviewer: int, file: int) -> bool:
        return (reviewer, file) not in self.taken and (reviewer, file) not in self.barred

    def put(self, reviewer: int, file: int) -> None:
        self.taken.add((reviewer, file))
        self.given[reviewer].append(file)
        self.loads[reviewer] += 1

    def take(self, reviewer: int, file: int) -> None:
        self.taken.remove((reviewer, file))
        self.given[reviewer].remove(file)
        self.loads[reviewer] -= 1


def share_evenly(
    files: Collection[int],
    reviewers: Collection[int],
    *,
    per_file: int,
    barred: AbstractSet[Pair] = frozenset(),
    kept: AbstractSet[Pair] = frozenset(),
    draw: int = 1,
) -> Sharing:
    """Give each file `per_file` reviewers, counting those it has (`kept`, which never move), none that is `barred`."""
    order = sorted(reviewers, key=lambda reviewer: _chance(draw, "reviewer", reviewer))
    loads = {reviewer: sum(pair[0] == reviewer for pair in kept) for reviewer in order}
    desk = _Desk(loads, set(kept), {reviewer: [] for reviewer in order}, barred, order)
    missing = {}
    for file in sorted(files, key=lambda file: _chance(draw, "file", file)):
        wanted = per_file - sum(pair[1] == file for pair in kept)
        ready = sorted((one for one in order if desk.may_take(one, file)), key=desk.loads.__getitem__)
        for reviewer in ready[: max(0, wanted)]:
            desk.put(reviewer, file)
        if wanted > len(ready):
            missing[file] = wanted - len(ready)
    while _hand_on(desk):
        pass
    pairs = ((reviewer, file) for reviewer, own in desk.given.items() for file in own)
    return Sharing(tuple(sorted(pairs)), missing)


def _hand_on(desk: _Desk) -> bool:
    """Hand files on along one chain that makes loads more even; False when there is none."""
    for start in sorted(desk.order, key=desk.loads.__getitem__, reverse=True):
        chain = _chain(desk, start)
        if chain:
            for giver, file, taker in chain:
                desk.take(giver, file)
                desk.put(taker, file)
            return True
    return False


def _chain(desk: _Desk, start: int) -> list[tuple[int, int, int]]:
    """The shortest chain (giver, file, taker) from `start` to somebody with at least two fewer; [] when none is."""
    came: dict[int, tuple[int, int, int] | None] = {start: None}
    queue = deque([start])
    while queue:
        giver = queue.popleft()
        for file, taker in _steps(desk, giver):
            if taker not in came:
                came[taker] = (giver, file, taker)
                if desk.loads[taker] <= desk.loads[start] - 2:
                    return list(_back(came, taker))[::-1]
                queue.append(taker)
    return []


def _steps(desk: _Desk, giver: int) -> Iterator[tuple[int, int]]:
    for file in desk.given[giver]:
        for taker in desk.order:
            if desk.may_take(taker, file):
                yield file, taker


def _back(came: Mapping[int, tuple[int, int, int] | None], end: int) -> Iterator[tuple[int, int, int]]:
    step = came[end]
    while step is not None:
        yield step
        step = came[step[0]]


def _chance(draw: int, what: str, number: int) -> tuple[bytes, int]:
    return sha256(f"{draw}:{what}:{number}".encode()).digest(), number
