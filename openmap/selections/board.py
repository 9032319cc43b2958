"""Where each file stands on the board: a value without a database, so that every change is one step from another."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openmap.selections.enums import Outcome


@dataclass(frozen=True, slots=True)
class Place:
    """Where one file stands: an outcome, and its rank from 1 where that is the reserve; None is undecided."""

    outcome: Outcome | None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One file that stands elsewhere than before."""

    application_id: int
    before: Place
    after: Place


UNDECIDED = Place(None)


@dataclass(frozen=True, slots=True)
class Board:
    """The decided files by their keys: `selected` and `rejected` in ascending order, `reserve` in its own order."""

    selected: tuple[int, ...] = ()
    reserve: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()

    @classmethod
    def of(cls, selected: Iterable[int] = (), reserve: Iterable[int] = (), rejected: Iterable[int] = ()) -> "Board":
        """A board whose unordered parts are in ascending order, so that equal boards are equal."""
        return cls(tuple(sorted(selected)), tuple(reserve), tuple(sorted(rejected)))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Board":
        """The board that `to_json` gave."""
        return cls.of(stored["selected"], stored["reserve"], stored["rejected"])

    def to_json(self) -> dict[str, list[int]]:
        """What a change keeps of a board."""
        return {"selected": list(self.selected), "reserve": list(self.reserve), "rejected": list(self.rejected)}

    def __iter__(self) -> Iterator[int]:
        """The keys of every decided file."""
        return iter((*self.selected, *self.reserve, *self.rejected))

    def place_of(self, application_id: int) -> Place:
        """Where a file stands."""
        if application_id in self.selected:
            return Place(Outcome.SELECTED)
        if application_id in self.reserve:
            return Place(Outcome.RESERVE, self.reserve.index(application_id) + 1)
        return Place(Outcome.REJECTED) if application_id in self.rejected else UNDECIDED

    def without(self, gone: Collection[int]) -> "Board":
        """The board where these files are undecided; the reserve closes up."""
        return Board(*(tuple(key for key in part if key not in gone) for part in self._parts()))

    def keeping(self, known: Collection[int]) -> "Board":
        """The board with none but these files."""
        return self.without(set(self) - set(known))

    def placed(self, application_id: int, outcome: Outcome | None, rank: int | None = None) -> "Board":
        """The board with one file elsewhere; in the reserve at `rank`, or at its end."""
        board = self.without({application_id})
        if outcome is Outcome.SELECTED:
            return replace(board, selected=tuple(sorted((*board.selected, application_id))))
        if outcome is Outcome.REJECTED:
            return replace(board, rejected=tuple(sorted((*board.rejected, application_id))))
        if outcome is None:
            return board
        reserve = list(board.reserve)
        place = len(reserve) if rank is None else max(0, min(len(reserve), rank - 1))
        return replace(board, reserve=(*reserve[:place], application_id, *reserve[place:]))

    def moves_to(self, other: "Board") -> list[Move]:
        """Every file that stands elsewhere on `other`, in the order of their keys."""
        known = sorted({*self, *other})
        moves = [Move(key, self.place_of(key), other.place_of(key)) for key in known]
        return [move for move in moves if move.before != move.after]

    def _parts(self) -> tuple[tuple[int, ...], ...]:
        return self.selected, self.reserve, self.rejected
