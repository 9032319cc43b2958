"""Every row about one person, table by table, found by following the inventory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import joinedload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.core.files import StoredFile
from openmap.core.models import Base
from openmap.organisations.models import Contact
from openmap.personal_data.inventory import INVENTORY, MENTIONS, Kept
from openmap.personal_data.mentions import mentions_of
from openmap.personal_data.models import Erasure, MailChange

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table holds about a person."""

    table: str
    kept: Kept
    rows: tuple[Row, ...]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The rows without what is secret or means nothing outside."""
        return [{name: value for name, value in row.items() if name not in self.kept.hidden} for row in self.rows]


def holdings_about(person: Person) -> list[Holding]:
    """Everything the service holds about a person, in the order of the inventory; tables with nothing are left out."""
    found: dict[str, tuple[Row, ...]] = {"person": ({"id": person.id},)}
    for name, kept in INVENTORY.items():
        table = Base.metadata.tables[name]
        wanted = [_points_at(table, column, target, found) for column, target in kept.through.items()]
        if kept.mailbox:
            wanted.append(table.c[kept.mailbox] == person.email)
        rows = session.execute(select(table).where(or_(*wanted)).order_by(table.c.id)).mappings()
        found[name] = tuple(dict(row) for row in rows)
    return [Holding(name, INVENTORY[name], rows) for name, rows in found.items() if rows]


def everything_about(person: Person) -> list[Holding]:
    """What the tables hold about a person, and what JSON about others says of them."""
    rows = tuple(
        {"table": one.table.name, "row": one.row_id, "column": one.column.name, "said": one.said}
        for one in mentions_of(email=person.email, name=person.name)
    )
    return holdings_about(person) + ([Holding("mention", MENTIONS, rows)] if rows else [])


def files_of(holdings: Sequence[Holding]) -> Sequence[StoredFile]:
    """The files that these rows point at, with their content."""
    ids = {row["file_id"] for held in holdings for row in held.rows if row.get("file_id")}
    return session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)).order_by(StoredFile.id)).all()


def _points_at(table: Table, column: str, target: str, found: Mapping[str, Sequence[Row]]) -> ColumnElement[bool]:
    sources = (each.partition(".") for each in target.split())
    values = {row[source or "id"] for parent, _, source in sources for row in found[parent]}
    return table.c[column].in_(values - {None})


def phone_of(person: Person) -> str:
    """The number a person gave, "" for none: the same for every body they speak for."""
    given = select(Contact.phone).where(Contact.person_id == person.id, Contact.left_at.is_(None), Contact.phone != "")
    return session.scalar(given.order_by(Contact.id).limit(1)) or ""


def erasure_of(person: Person) -> Erasure | None:
    """The erasure this person asked for, if any."""
    return session.scalars(select(Erasure).filter_by(person_id=person.id)).one_or_none()


def due_erasures(at: datetime) -> Sequence[Erasure]:
    """The erasures whose day has come."""
    return session.scalars(select(Erasure).where(Erasure.done_at.is_(None), Erasure.due_at <= at)).all()


def mail_change(link_hash: str, *, at: datetime) -> MailChange | None:
    """The change of address that this link proves, unless it is used or too old."""
    rows = select(MailChange).filter_by(link_hash=link_hash, used_at=None).where(MailChange.expires_at > at)
    return session.scalars(rows.options(joinedload(MailChange.person))).one_or_none()
