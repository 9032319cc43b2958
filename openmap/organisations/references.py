"""What points to a row: read from the tables' own foreign keys, so that no lower feature needs to know an upper one.

Moving everything from one row to another follows them; where a unique constraint allows only one of two rows, the
one that moves is absorbed: what points to it goes to the other, and it stays where it is. Rows of the tables named
`whole` are not absorbed: they stay with all that is theirs.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Table, TextClause, UniqueConstraint, func, literal, select, union_all, update

from openmap.core.db import session
from openmap.core.models import Base

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """Rows of `table` whose `column` is to name another row."""

    table: Table
    column: Column[Any]
    ids: tuple[int, ...]
    into: int


@dataclass(frozen=True, slots=True)
class Rename:
    """A row of `table` whose `column` is to say something else, so that it may stand beside another."""

    table: Table
    column: str
    row_id: int
    value: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rows of `table` of which a unique constraint allows one: `coming` can't move, for `present` is there."""

    table: Table
    coming: Row
    present: Row


Step = Move | Rename | Clash
LONGEST = 200  # of a renamed text whose column sets no limit
NOTHING_RENAMED: Mapping[str, str] = MappingProxyType({})


def references_to(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that names a row of `table`, in the order of the tables."""
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if any(key.column is table.c.id for key in column.foreign_keys):
                yield other, column


def counts_to(table: Table, ids: Iterable[int], *, without: Iterable[str] = ()) -> Mapping[int, Counter[str]]:
    """How many rows of each table name each of `ids`; one query, whatever their number."""
    wanted, left_out = list(ids), set(without)
    counts: dict[int, Counter[str]] = {one: Counter() for one in wanted}
    parts = [
        select(literal(other.name), column, func.count()).where(column.in_(wanted)).group_by(column)
        for other, column in references_to(table)
        if other.name not in left_out
    ]
    for name, one, count in session.execute(union_all(*parts)) if parts else ():
        counts[one][name] += count
    return counts


def moves(
    table: Table,
    old: int,
    new: int,
    *,
    without: Collection[str] = (),
    whole: Collection[str] = (),
    renamed: Mapping[str, str] = NOTHING_RENAMED,
    not_unique: Collection[str] = (),
) -> Iterator[Step]:
    """What it takes for everything that names row `old` of `table` to name row `new`; nothing is changed yet.

    Tables in `without` are left alone; the indexes in `not_unique` are no obstacle, for the caller sees to them.
    `renamed` names, by table, the column that is to differ where two rows would otherwise be the same.
    """
    for other, column in references_to(table):
        if other.name in without:
            continue
        clashes = _clashes(other, column, old, new, not_unique)
        if other.name in renamed:
            name = renamed[other.name]
            yield from (Rename(other, name, one, _beside(other.c[name], row)) for one, (row, _) in clashes.items())
            clashes = {}
        ids = session.scalars(select(other.c.id).where(column == old).order_by(other.c.id))
        moving = tuple(one for one in ids if one not in clashes)
        if moving:
            yield Move(other, column, moving, new)
        for coming, present in clashes.values():
            yield Clash(other, coming, present)
            if other.name not in whole:
                absorbed = (other, coming["id"], present["id"])
                yield from moves(*absorbed, without=without, whole=whole, renamed=renamed, not_unique=not_unique)


def carry_out(steps: Iterable[Step]) -> None:
    """Rename and move the rows; what clashes stays where it is."""
    for step in steps:
        if isinstance(step, Rename):
            row = step.table.c.id == step.row_id
            session.execute(update(step.table).where(row).values({step.column: step.value}))
        elif isinstance(step, Move):
            session.execute(update(step.table).where(step.table.c.id.in_(step.ids)).values({step.column: step.into}))
    session.expire_all()


def _clashes(
    table: Table, column: Column[Any], old: int, new: int, not_unique: Collection[str]
) -> dict[int, tuple[Row, Row]]:
    found: dict[int, tuple[Row, Row]] = {}
    for columns, condition in _unique_sets(table, not_unique):
        if column not in columns:
            continue
        others = [each.name for each in columns if each is not column]
        present = {_values(row, others): row for row in _rows(table, column, new, condition)}
        for row in _rows(table, column, old, condition):
            values = _values(row, others)
            if None not in values and values in present:
                found.setdefault(row["id"], (row, present[values]))
    return found


def _unique_sets(
    table: Table, not_unique: Collection[str]
) -> Iterator[tuple[Sequence[Column[Any]], TextClause | None]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield list(constraint.columns), None
    for index in table.indexes:
        if index.unique and index.name not in not_unique:
            yield list(index.columns), index.dialect_options["sqlite"]["where"]


def _rows(table: Table, column: Column[Any], value: int, condition: TextClause | None) -> Sequence[Row]:
    rows = select(table).where(column == value)
    found = session.execute(rows if condition is None else rows.where(condition)).mappings()
    return [dict(row) for row in found]


def _beside(column: Column[Any], row: Row) -> str:
    """What a row says in `column`, told apart from every other row's and no longer than the column takes."""
    sign = f"-{row['id']}"
    return str(row[column.name])[: (column.type.length or LONGEST) - len(sign)] + sign  # type: ignore[attr-defined] # a String


def _values(row: Row, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(row[name] for name in names)
