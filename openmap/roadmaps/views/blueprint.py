"""What the pages of roadmaps share: their blueprint, and a list of needs under its filters."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from openmap.core.clock import now
from openmap.core.formats import PARIS
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.roadmaps import queries
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.words import register_filters

blueprint = Blueprint("roadmaps", __name__)
register_filters(blueprint)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which needs a list is of, and where the list and its files are."""

    needs: Select[Need]
    page: str
    file: str
    args: dict[str, Any] = field(default_factory=dict)
    event: Event | None = None
    roadmap: Roadmap | None = None

    def path(self, **kept: Any) -> str:
        """The address of the list under some filters."""
        return url_for(self.page, **self.args, **kept)

    def file_path(self, kind: str, **kept: Any) -> str:
        """The address of the list as a file."""
        return url_for(self.file, kind=kind, **self.args, **kept)

    @property
    def name(self) -> str:
        """What files are called after."""
        return str(self.args.get("slug", "openmap"))


def today() -> date:
    """The day by which needs of a quarter that is over are left out, where no morning says it."""
    return now().astimezone(PARIS).date()


def everything() -> Scope:
    """Every buyer's needs."""
    return Scope(queries.published(day=today()), "roadmaps.index", "roadmaps.export_all")


def of_morning(slug: str) -> Scope:
    """The needs shown at a morning."""
    event = event_or_404(slug)
    needs = queries.published_at_morning(event)
    return Scope(needs, "roadmaps.morning", "roadmaps.export_morning", {"slug": event.slug}, event=event)


def of_buyer(slug: str) -> Scope:
    """One buyer's needs."""
    roadmap = get_or_404(queries.find_roadmap(slug))
    needs = queries.published(day=today()).where(Need.roadmap_id == roadmap.id)
    return Scope(needs, "roadmaps.show", "roadmaps.export_buyer", {"slug": roadmap.slug}, roadmap=roadmap)
