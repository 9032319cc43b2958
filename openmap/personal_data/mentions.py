"""What rows about others say of a person inside JSON: a sheet of guests, a draft typed on the phone, the trail.

No list of columns to keep: every JSON column of every table is looked into.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, cast, func, or_, select, update

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.core.models import Base
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact, Organisation

A_VISITOR = "Visiteur"


@dataclass(frozen=True, slots=True)
class Mention:
    """One JSON value about others that names a person: what it says of them, and the value without it."""

    table: Table
    column: Column[Any]
    row_id: int
    said: tuple[object, ...]
    kept: object


def mentions_of(*, email: str, name: str) -> Iterator[Mention]:
    """Wherever JSON says the address, with the cells beside it, or the name alone."""
    mentioned = [json.dumps(words)[1:-1].lower() for words in (email, name) if words]
    for table, column in _json_columns():
        text = func.lower(cast(column, Text))
        saying = or_(*(text.contains(words, autoescape=True) for words in mentioned))
        for row_id, value in session.execute(select(table.c.id, column).where(saying)).all():
            said: list[object] = []
            kept = _without(value, said, email=email, name=name)
            if said:
                yield Mention(table, column, row_id, tuple(said), kept)


def forget_mentions(*, email: str, name: str) -> None:
    """Take out of JSON what `mentions_of` finds there."""
    for mention in list(mentions_of(email=email, name=name)):
        table = mention.table
        session.execute(update(table).where(table.c.id == mention.row_id).values({mention.column.name: mention.kept}))


def forget_own_bodies(person: Person) -> None:
    """Take the name off the bodies of a visitor who came alone: such a body is called as the person."""
    alone = select(Contact.organisation_id).group_by(Contact.organisation_id).having(func.count() == 1)
    theirs = select(Contact.organisation_id).where(Contact.person_id == person.id, Contact.organisation_id.in_(alone))
    for body in session.scalars(select(Organisation).where(Organisation.id.in_(theirs))):
        if body.kind is OrganisationKind.VISITOR:
            body.name = A_VISITOR


def _json_columns() -> Iterator[tuple[Table, Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON):
                yield table, column


def _without(value: Any, said: list[object], *, email: str, name: str) -> Any:
    """`value` without the person; what it said of them is added to `said`."""
    match value:
        case str():
            is_name = bool(name) and value.strip().casefold() == name.casefold()
            kept = "" if is_name else re.sub(re.escape(email), "", value, flags=re.IGNORECASE)
            said += [value] if kept != value else []
            return kept
        case list() if any(isinstance(cell, str) and email.casefold() in cell.casefold() for cell in value):
            said.append([cell for cell in value if isinstance(cell, str)])
            return ["" if isinstance(cell, str) else cell for cell in value]
        case list():
            return [_without(each, said, email=email, name=name) for each in value]
        case dict():
            return {key: _without(each, said, email=email, name=name) for key, each in value.items()}
        case _:
            return value
