"""Needs from a spreadsheet: kept between its upload and its confirmation, then stored as a whole or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, inspect, select

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.spreadsheets import Sheet
from openmap.core.text import mark
from openmap.roadmaps import queries
from openmap.roadmaps.enums import NeedState
from openmap.roadmaps.models import NeedSheet, Roadmap
from openmap.roadmaps.operations.needs import (
    MOST_NEEDS,
    TooManyNeeds,
    free_references,
    new_need,
    next_position,
    references,
    set_state,
    write,
)
from openmap.roadmaps.quarters import horizon
from openmap.roadmaps.sheets import Change, Mapped, Preview, preview

KEPT_FOR = timedelta(days=1)


class BadLines(RuleBroken):
    """Some lines can't be read, so none is stored."""

    message = mark("Rien n’a été enregistré : corrigez d’abord les lignes signalées dans votre fichier.")


class SheetChanged(Conflict):
    """The needs or the mapping are no longer those of the preview."""

    message = mark("Vos besoins ont changé depuis l’aperçu. Relisez ce que le fichier va faire, puis confirmez.")


class SheetStored(Conflict):
    """Another window confirmed it meanwhile."""

    message = mark("Ce tableau est déjà enregistré : voici vos besoins.")


def keep_sheet(roadmap: Roadmap, sheet: Sheet, *, filename: str, by: Person, at: datetime) -> NeedSheet:
    """Keep what was read until it is confirmed; older sheets go."""
    purge_sheets(at=at)
    kept = NeedSheet(
        roadmap_id=roadmap.id,
        sent_by_id=by.id,
        filename=filename[:120],
        headers=sheet.headers,
        rows=sheet.rows,
        lines=sheet.lines,
        created_at=at,
    )
    session.add(kept)
    session.flush()
    return kept


def purge_sheets(*, at: datetime) -> None:
    """Forget the sheets that nobody confirmed within a day."""
    session.execute(delete(NeedSheet).where(NeedSheet.created_at < at - KEPT_FOR))


def preview_of(sheet: NeedSheet, mapping: Mapped, *, at: datetime) -> Preview:
    """What a sheet would do now; it takes a while for a long one, so no unit of work is open meanwhile."""
    needs = queries.needs_of_roadmap(sheet.roadmap)
    return preview(sheet, mapping, needs, queries.contacts_in_words(sheet.roadmap), quarters=horizon(at.date()))


def import_needs(
    sheet: NeedSheet, found: Preview, *, seen: str, is_published: bool, by: Person, at: datetime
) -> tuple[int, int]:
    """Store every line of a sheet, or none; returns how many needs are new and how many changed.

    `found` is the preview computed just now, `seen` the fingerprint of the one that was confirmed. Changed needs keep
    their state, but for archived ones, which come back as drafts, or published.
    Raises BadLines, SheetChanged, SheetStored, TooManyNeeds.
    """
    sheet = _still_kept(sheet)
    roadmap = sheet.roadmap
    lock(roadmap)
    if found.troubles:
        raise BadLines
    if found.fingerprint != seen:
        raise SheetChanged
    taken = references(roadmap)
    if len(taken) + len(found.new) > MOST_NEEDS:
        raise TooManyNeeds(limit=MOST_NEEDS)
    _add(roadmap, found.new, taken, is_published=is_published, at=at)
    _change(roadmap, found.changed, is_published=is_published, at=at)
    new, changed = len(found.new), len(found.changed)
    audit.record(
        by,
        "roadmap.imported",
        roadmap,
        at=at,
        new=new,
        changed=changed,
        file=sheet.filename,
        **queries.on_behalf_of(roadmap.organisation_id, by),
    )
    session.delete(sheet)
    return new, changed


def _still_kept(sheet: NeedSheet) -> NeedSheet:
    """The sheet, held until the end of the unit of work; its row may be gone since it was read. Raises SheetStored."""
    (sheet_id,) = inspect(sheet).identity or (0,)
    kept = session.scalars(select(NeedSheet).filter_by(id=sheet_id).with_for_update(of=NeedSheet)).one_or_none()
    if kept is None:
        raise SheetStored
    return kept


def _add(roadmap: Roadmap, changes: Sequence[Change], taken: set[str], *, is_published: bool, at: datetime) -> None:
    given = {change.details.reference for change in changes if change.details.reference}
    if given & taken:
        raise SheetChanged
    free = free_references(taken | given)
    for position, change in enumerate(changes, next_position(roadmap)):
        details = replace(change.details, reference=change.details.reference or next(free))
        session.add(new_need(roadmap, details, position=position, is_published=is_published, at=at))


def _change(roadmap: Roadmap, changes: Sequence[Change], *, is_published: bool, at: datetime) -> None:
    needs = {need.id: need for need in queries.needs_of_roadmap(roadmap)} if changes else {}
    for change in changes:
        need = needs.get(change.need_id or 0)
        if need is None or need.updated_at != change.updated_at:
            raise SheetChanged
        write(need, change.details, at=at)
        if need.state is NeedState.ARCHIVED:
            set_state(need, NeedState.PUBLISHED if is_published else NeedState.DRAFT, at=at)
