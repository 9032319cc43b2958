"""What everybody reads: the needs of a morning, of one buyer, of all buyers, and one need."""

from itertools import groupby

from flask import render_template, request
from flask.typing import ResponseReturnValue

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.core.web import get_or_404
from openmap.roadmaps import queries
from openmap.roadmaps.forms import NeedFilterForm
from openmap.roadmaps.narrowing import find_needs, need_page
from openmap.roadmaps.views.blueprint import Scope, blueprint, everything, of_buyer, of_morning, today

ALIKE = 3


@blueprint.get("/roadmaps")
def index() -> ResponseReturnValue:
    """Every need that buyers have published."""
    return _list(everything())


@blueprint.get("/events/<slug>/roadmaps")
def morning(slug: str) -> ResponseReturnValue:
    """The needs of the buyers of a morning."""
    return _list(of_morning(slug))


@blueprint.get("/roadmaps/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The needs of one buyer."""
    return _list(of_buyer(slug))


@blueprint.get("/roadmaps/<slug>/needs/<int:need_id>")
def need(slug: str, need_id: int) -> ResponseReturnValue:
    """One need, and where to ask its buyer for a meeting about it."""
    roadmap = get_or_404(queries.find_roadmap(slug))
    person = current_person()
    is_own = person is not None and queries.may_write(person, roadmap.organisation_id)
    found = get_or_404(queries.need_of(roadmap, need_id))
    get_or_404(found if found.is_published or is_own else None)
    desks = queries.desks_for(found, at=now())
    own = queries.structures_of(person, {desk.event_id for desk in desks}) if person else {}
    return render_template(
        "roadmaps/need.html",
        need=found,
        roadmap=roadmap,
        person=person,
        is_own=is_own,
        mornings=[(event, list(group)) for event, group in groupby(desks, key=lambda desk: desk.event)],
        own=own,
        alike=queries.alike(found, day=today(), limit=ALIKE),
        at=now(),
    )


def _list(scope: Scope) -> ResponseReturnValue:
    form = NeedFilterForm(request.args)
    found = find_needs(scope.needs, form.filters)
    page = need_page(found, request.args.get("page", 1, type=int))
    person = current_person()
    return render_template(
        "roadmaps/list.html",
        scope=scope,
        form=form.offer(found),
        found=found,
        page=page,
        kept=form.kept,
        quarters=[(quarter, list(group)) for quarter, group in groupby(page.items, key=lambda each: each.quarter)],
        may_write=_may_write(scope),
        follows=bool(person and queries.follower_of(person)),
    )


def _may_write(scope: Scope) -> bool:
    person = current_person()
    return bool(person and scope.roadmap and queries.may_write(person, scope.roadmap.organisation_id))
