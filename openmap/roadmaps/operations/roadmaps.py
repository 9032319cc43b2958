"""Beginning a roadmap, presenting it, and choosing the mornings that show it."""

from datetime import datetime
from itertools import count

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.text import mark, plain
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Organisation
from openmap.roadmaps import queries
from openmap.roadmaps.models import HiddenRoadmap, Roadmap

LONGEST_SLUG = 60
RESERVED_SLUGS = frozenset(("mine", "follow", "unfollow", "needs", "export", "new"))  # addresses of other pages


class NotABuyer(RuleBroken):
    """Only public buyers have a roadmap."""

    message = mark("Seul un acheteur public a une feuille de route.")


def begin_roadmap(organisation: Organisation, *, by: Person | None, at: datetime) -> Roadmap:
    """Give a buyer its roadmap; one that has one keeps it.

    Raises NotABuyer.
    """
    if organisation.kind is not OrganisationKind.BUYER:
        raise NotABuyer
    lock(organisation)
    known = queries.roadmap_of(organisation)
    if known is not None:
        return known
    roadmap = Roadmap(organisation_id=organisation.id, slug=_free_slug(organisation.name), created_at=at)
    session.add(roadmap)
    audit.record(
        by, "roadmap.begun", roadmap, at=at, organisation=organisation.name, **queries.on_behalf_of(organisation.id, by)
    )
    return roadmap


def present_roadmap(roadmap: Roadmap, presentation: str, *, by: Person, at: datetime) -> None:
    """Say in a few sentences how this buyer buys."""
    lock(roadmap)
    if roadmap.presentation != presentation:
        roadmap.presentation = presentation
        audit.record(by, "roadmap.presented", roadmap, at=at, **queries.on_behalf_of(roadmap.organisation_id, by))


def show_roadmap(roadmap: Roadmap, event: Event, *, is_shown: bool, by: Person, at: datetime) -> None:
    """Show a roadmap at a morning, or hide it there; its own page stays."""
    lock(roadmap)
    hidden = session.scalars(select(HiddenRoadmap).filter_by(roadmap_id=roadmap.id, event_id=event.id)).one_or_none()
    if is_shown == (hidden is None):
        return
    if hidden is None:
        session.add(HiddenRoadmap(roadmap_id=roadmap.id, event_id=event.id))
    else:
        session.delete(hidden)
    audit.record(
        by,
        "roadmap.shown" if is_shown else "roadmap.hidden",
        roadmap,
        at=at,
        event_id=event.id,
        **queries.on_behalf_of(roadmap.organisation_id, by),
    )


def _free_slug(name: str) -> str:
    base = plain(name).replace(" ", "-")[:LONGEST_SLUG].strip("-") or "acheteur"
    alike = select(Roadmap.slug).where(Roadmap.slug.startswith(base, autoescape=True))
    taken = RESERVED_SLUGS.union(session.scalars(alike))
    candidates = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken)
