"""Writing needs one by one: add, edit, publish, archive, order."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import func, select

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.organisations.models import Contact
from openmap.roadmaps.details import NeedDetails, changed_fields, details_of
from openmap.roadmaps.enums import NeedState
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.quarters import horizon, quarter_of
from openmap.roadmaps.queries import on_behalf_of

MOST_NEEDS = 5000
NUMBERED = re.compile(r"N[0-9]{1,9}")


class ReferenceTaken(RuleBroken):
    """Another need of this roadmap has the reference."""

    message = mark("La référence « %(reference)s » est déjà celle d’un autre besoin. Choisissez-en une autre.")
    field = "reference"


class QuarterOutOfHorizon(RuleBroken):
    """A publication in the past, or more than 18 months ahead."""

    message = mark("Choisissez un trimestre des 18 mois à venir.")
    field = "quarter"


class ContactOfAnother(RuleBroken):
    """The contact does not work for this buyer, or no longer."""

    message = mark("Ce contact ne fait plus partie de votre organisme. Choisissez-en un autre.")
    field = "contact"


class TooManyNeeds(RuleBroken):
    """More lines than anybody would read."""

    message = mark("Une feuille de route a %(limit)s besoins au plus.")


class NeedChangedMeanwhile(Conflict):
    """A colleague saved the same need after this page was opened."""

    message = mark("Ce besoin a changé pendant que vous écriviez. Relisez-le, puis enregistrez à nouveau.")


def add_need(roadmap: Roadmap, details: NeedDetails, *, is_published: bool, by: Person | None, at: datetime) -> Need:
    """Write a new need at the end of the roadmap; without a reference it gets the next number.

    Raises ReferenceTaken, QuarterOutOfHorizon, ContactOfAnother, TooManyNeeds.
    """
    lock(roadmap)  # references and positions are counted under it
    taken = references(roadmap)
    if len(taken) >= MOST_NEEDS:
        raise TooManyNeeds(limit=MOST_NEEDS)
    details = replace(details, reference=details.reference or next(free_references(taken)))
    _check(roadmap, details, taken=taken, at=at)
    need = new_need(roadmap, details, position=next_position(roadmap), is_published=is_published, at=at)
    session.add(need)
    _note(need, "need.added", roadmap, by=by, at=at, state=str(need.state))
    return need


def edit_need(need: Need, details: NeedDetails, *, seen: datetime | None, by: Person, at: datetime) -> None:
    """Write a need anew; `seen` is when the one that was on the page had been written.

    Raises NeedChangedMeanwhile, ReferenceTaken, QuarterOutOfHorizon, ContactOfAnother.
    """
    lock(need.roadmap)
    lock(need)
    details = replace(details, reference=details.reference or need.reference)
    changed = changed_fields(need, details)
    if not changed:
        return
    if need.updated_at != seen:
        raise NeedChangedMeanwhile
    _check(need.roadmap, details, taken=references(need.roadmap) - {need.reference}, at=at, was=need)
    write(need, details, at=at)
    _note(need, "need.edited", need.roadmap, by=by, at=at, changed=changed)


def change_state(need: Need, state: NeedState, *, by: Person, at: datetime) -> None:
    """Publish a need, put it aside or take it back to draft; doing it twice is doing it once.

    Raises QuarterOutOfHorizon when a need to publish is of a quarter that is over.
    """
    lock(need)
    if need.state is state:
        return
    if state is NeedState.PUBLISHED and need.quarter < quarter_of(at.date()):
        raise QuarterOutOfHorizon
    set_state(need, state, at=at)
    _note(need, f"need.{state}", need.roadmap, by=by, at=at)


def duplicate_need(need: Need, *, by: Person, at: datetime) -> Need:
    """Write a draft like this one, right after it, with a reference of its own.

    Raises TooManyNeeds.
    """
    lock(need.roadmap)
    taken = references(need.roadmap)
    if len(taken) >= MOST_NEEDS:
        raise TooManyNeeds(limit=MOST_NEEDS)
    details = replace(details_of(need), reference=next(free_references(taken)))
    copy = new_need(need.roadmap, details, position=need.position, is_published=False, at=at)
    session.add(copy)
    session.flush()
    _arrange(need.roadmap, copy, after=need)
    _note(copy, "need.duplicated", need.roadmap, by=by, at=at, of=need.reference)
    return copy


def move_need(need: Need, *, places: int, by: Person, at: datetime) -> None:
    """Move a need down the list by `places`, up when negative; at an end it stays."""
    lock(need.roadmap)
    ids = _order(need.roadmap)
    old = ids.index(need.id)
    new = min(max(0, old + places), len(ids) - 1)
    if new != old:
        ids.insert(new, ids.pop(old))
        _place(need.roadmap, ids)
        _note(need, "need.moved", need.roadmap, by=by, at=at, place=new + 1)


def _note(need: Need, action: str, roadmap: Roadmap, *, by: Person | None, at: datetime, **details: object) -> None:
    said: dict[str, Any] = details | on_behalf_of(roadmap.organisation_id, by)
    audit.record(by, action, need, at=at, reference=need.reference, **said)


# --- shared with sheets


def new_need(roadmap: Roadmap, details: NeedDetails, *, position: int, is_published: bool, at: datetime) -> Need:
    """A row that is not stored yet."""
    return Need(
        roadmap_id=roadmap.id,
        position=position,
        state=NeedState.PUBLISHED if is_published else NeedState.DRAFT,
        created_at=at,
        updated_at=at,
        published_at=at if is_published else None,
        **details.columns,
    )


def write(need: Need, details: NeedDetails, *, at: datetime) -> None:
    """Put what is written into the row."""
    for name, value in details.columns.items():
        setattr(need, name, value)
    need.updated_at = at


def set_state(need: Need, state: NeedState, *, at: datetime) -> None:
    """Put a need in a state; its first publication is remembered, since followers are told once."""
    need.state = state
    need.updated_at = at
    if state is NeedState.PUBLISHED and need.published_at is None:
        need.published_at = at


def references(roadmap: Roadmap) -> set[str]:
    """Every reference of a roadmap."""
    return set(session.scalars(select(Need.reference).filter_by(roadmap_id=roadmap.id)))


def free_references(taken: Collection[str]) -> Iterator[str]:
    """« N007 » after six needs numbered so, then « N008 », …"""
    numbers = (reference[1:] for reference in taken if NUMBERED.fullmatch(reference))
    highest = max((int(number) for number in numbers), default=0)
    numbered = (f"N{number:03d}" for number in count(highest + 1))
    return (reference for reference in numbered if reference not in taken)


def next_position(roadmap: Roadmap) -> int:
    """The place after the last need."""
    last = session.scalar(select(func.max(Need.position)).filter_by(roadmap_id=roadmap.id))
    return 1 if last is None else last + 1


def _check(
    roadmap: Roadmap, details: NeedDetails, *, taken: Collection[str], at: datetime, was: Need | None = None
) -> None:
    if details.reference in taken:
        raise ReferenceTaken(reference=details.reference)
    if details.quarter not in horizon(at.date()) and (was is None or details.quarter != was.quarter):
        raise QuarterOutOfHorizon
    if details.contact_id is not None and (was is None or details.contact_id != was.contact_id):
        contact = session.get(Contact, details.contact_id)
        if contact is None or contact.organisation_id != roadmap.organisation_id or contact.left_at is not None:
            raise ContactOfAnother


def _order(roadmap: Roadmap) -> list[int]:
    own = select(Need.id).filter_by(roadmap_id=roadmap.id).order_by(Need.position, Need.id)
    return list(session.scalars(own))


def _arrange(roadmap: Roadmap, need: Need, *, after: Need) -> None:
    ids = _order(roadmap)
    ids.remove(need.id)
    ids.insert(ids.index(after.id) + 1, need.id)
    _place(roadmap, ids)


def _place(roadmap: Roadmap, ids: list[int]) -> None:
    places = {need_id: place for place, need_id in enumerate(ids, 1)}
    for need in session.scalars(select(Need).filter_by(roadmap_id=roadmap.id)):
        if need.position != places[need.id]:
            need.position = places[need.id]
