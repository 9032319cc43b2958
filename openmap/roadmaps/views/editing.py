"""A buyer's people write its roadmap; organisers may do it for them, on record."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.text import clean_text
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.roadmaps import operations, queries
from openmap.roadmaps.access import own_need_or_404, own_roadmap_or_404
from openmap.roadmaps.enums import NeedState
from openmap.roadmaps.forms import BuyerForm, NeedForm, OwnNeedsForm, PresentationForm, StateForm
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.operations import NeedChangedMeanwhile
from openmap.roadmaps.quarters import horizon
from openmap.roadmaps.views.blueprint import blueprint, today

PLACES = {"up": -1, "down": 1}
STATES = {"publish": NeedState.PUBLISHED, "archive": NeedState.ARCHIVED, "draft": NeedState.DRAFT}
BUYERS_SHOWN = 20


@blueprint.get("/roadmaps/mine")
@person_required
def mine() -> ResponseReturnValue:
    """The buyers whose needs one may write; straight to the roadmap where there is one only."""
    person = the_person()
    words = clean_text(request.args.get("q", ""))[:100]
    buyers = queries.all_buyers(words) if person.is_organiser else queries.buyers_of(person)
    slugs = queries.roadmap_slugs(buyers)
    if not person.is_organiser and len(buyers) == 1 and buyers[0].id in slugs:
        return redirect(url_for("roadmaps.edit", slug=slugs[buyers[0].id]))
    shown = buyers[:BUYERS_SHOWN]
    return render_template(
        "roadmaps/mine.html", buyers=shown, slugs=slugs, words=words, total=len(buyers), person=person
    )


@blueprint.post("/roadmaps/mine")
@person_required
def begin() -> ResponseReturnValue:
    """Begin the roadmap of a buyer; one that has one keeps it."""
    person, form = the_person(), BuyerForm()
    buyer = get_or_404(queries.buyer_with(form.organisation_id()))
    get_or_404(buyer if queries.may_write(person, buyer.id) else None)
    with unit_of_work():
        slug = operations.begin_roadmap(buyer, by=person, at=now()).slug
    return redirect(url_for("roadmaps.edit", slug=slug))


@blueprint.get("/roadmaps/<slug>/edit")
@person_required
def edit(slug: str) -> ResponseReturnValue:
    """All the needs of a buyer, with their states and what may be done with each."""
    roadmap = own_roadmap_or_404(slug)
    return _edit_page(roadmap, PresentationForm(presentation=roadmap.presentation))


@blueprint.post("/roadmaps/<slug>/edit")
@person_required
def present(slug: str) -> ResponseReturnValue:
    """Say how this buyer buys."""
    roadmap = own_roadmap_or_404(slug)
    form = PresentationForm()
    if not form.validate_on_submit():
        return _edit_page(roadmap, form), 422
    with unit_of_work():
        operations.present_roadmap(roadmap, form.presentation.data or "", by=the_person(), at=now())
    flash(_("La présentation est enregistrée."), "success")
    return redirect(url_for("roadmaps.edit", slug=slug))


@blueprint.post("/roadmaps/<slug>/mornings/<event_slug>/<any(show,hide):action>")
@person_required
def set_shown(slug: str, event_slug: str, action: str) -> ResponseReturnValue:
    """Show the roadmap at a morning, or hide it there."""
    roadmap = own_roadmap_or_404(slug)
    event = event_or_404(event_slug)
    get_or_404(next((known for known, _shown in queries.mornings_of(roadmap) if known.id == event.id), None))
    with unit_of_work():
        operations.show_roadmap(roadmap, event, is_shown=action == "show", by=the_person(), at=now())
    return redirect(url_for("roadmaps.edit", slug=slug, _anchor="matinales"))


@blueprint.route("/roadmaps/<slug>/needs/new", methods=["GET", "POST"])
@person_required
def add(slug: str) -> ResponseReturnValue:
    """Write a new need, published at once or kept as a draft."""
    roadmap = own_roadmap_or_404(slug)
    form = NeedForm(queries.contacts_of(roadmap), horizon(today()))
    if request.method != "POST":
        return _need_page(roadmap, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _need_page(roadmap, form), 422
    is_published = "publish" in request.form
    answer = url_for("roadmaps.edit", slug=slug)
    try:
        with unit_of_work():
            operations.add_need(roadmap, form.details(), is_published=is_published, by=the_person(), at=now())
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # its twin was quicker
            return redirect(first)
        form.show(broken)
        return _need_page(roadmap, form), broken.status
    flash(_("Le besoin est publié.") if is_published else _("Le besoin est enregistré comme brouillon."), "success")
    return redirect(answer)


@blueprint.route("/roadmaps/<slug>/needs/<int:need_id>/edit", methods=["GET", "POST"])
@person_required
def edit_need(slug: str, need_id: int) -> ResponseReturnValue:
    """Write a need anew; what a colleague changed meanwhile is told first."""
    need = own_need_or_404(slug, need_id)
    roadmap, contacts = need.roadmap, queries.contacts_of(need.roadmap)
    if request.method != "POST":
        return _need_page(roadmap, NeedForm.for_need(need, contacts, horizon(today())), need)
    form = NeedForm(contacts, sorted({*horizon(today()), need.quarter}))
    if not form.validate_on_submit():
        return _need_page(roadmap, form, need), 422
    try:
        with unit_of_work():
            operations.edit_need(need, form.details(), seen=form.seen_at(), by=the_person(), at=now())
    except NeedChangedMeanwhile as changed:
        form.show(changed)
        form.seen.data = need.updated_at.isoformat()  # it is shown beside: sending again means it
        return _need_page(roadmap, form, need, is_changed=True), changed.status
    except RuleBroken as broken:
        form.show(broken)
        return _need_page(roadmap, form, need), broken.status
    flash(_("Le besoin est enregistré."), "success")
    return redirect(url_for("roadmaps.edit", slug=slug, _anchor=f"besoin-{need_id}"))


@blueprint.post("/roadmaps/<slug>/needs/<int:need_id>/<any(publish,archive,draft):action>")
@person_required
def set_state(slug: str, need_id: int, action: str) -> ResponseReturnValue:
    """Publish a need, put it aside, or take it back to draft."""
    state, person = STATES[action], the_person()
    return _act(slug, need_id, lambda need: operations.change_state(need, state, by=person, at=now()))


@blueprint.post("/roadmaps/<slug>/needs/<int:need_id>/<any(up,down):direction>")
@person_required
def move(slug: str, need_id: int, direction: str) -> ResponseReturnValue:
    """Move a need one step up or down the roadmap."""
    places, person = PLACES[direction], the_person()
    return _act(slug, need_id, lambda need: operations.move_need(need, places=places, by=person, at=now()))


@blueprint.post("/roadmaps/<slug>/needs/<int:need_id>/duplicate")
@person_required
def duplicate(slug: str, need_id: int) -> ResponseReturnValue:
    """Write a draft like this one, and open it; a double click writes one."""
    need = own_need_or_404(slug, need_id)
    form = StateForm()
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    with unit_of_work():
        copy = operations.duplicate_need(need, by=the_person(), at=now())
        answer = url_for("roadmaps.edit_need", slug=slug, need_id=copy.id)
        receipts.keep_answer(form.receipt, answer, at=now())
    flash(_("Voici la copie, en brouillon : changez ce qui doit l’être."), "success")
    return redirect(answer)


def _act(slug: str, need_id: int, action: Callable[[Need], None]) -> ResponseReturnValue:
    need = own_need_or_404(slug, need_id)
    try:
        with unit_of_work():
            action(need)
    except RuleBroken as broken:
        form = NeedForm.for_need(need, queries.contacts_of(need.roadmap), horizon(today()))
        form.show(broken)
        return _need_page(need.roadmap, form, need), broken.status
    return redirect(url_for("roadmaps.edit", slug=slug, _anchor=f"besoin-{need_id}"))


def _edit_page(roadmap: Roadmap, form: PresentationForm) -> str:
    filters = OwnNeedsForm(request.args)
    number = request.args.get("page", 1, type=int)
    return render_template(
        "roadmaps/edit.html",
        roadmap=roadmap,
        filters=filters,
        kept=filters.kept,
        page=queries.own_needs_page(roadmap, filters.words, filters.chosen, page=number),
        counts=queries.state_counts(roadmap),
        mornings=queries.mornings_of(roadmap),
        form=form,
        on_behalf=_is_on_behalf(roadmap),
        first_quarter=horizon(today()).start,
        new_key=partial(secrets.token_urlsafe, 16),
    )


def _need_page(roadmap: Roadmap, form: NeedForm, need: Need | None = None, **more: Any) -> str:
    return render_template(
        "roadmaps/edit_need.html", roadmap=roadmap, form=form, need=need, on_behalf=_is_on_behalf(roadmap), **more
    )


def _is_on_behalf(roadmap: Roadmap) -> bool:
    person = the_person()
    return person.is_organiser and roadmap.organisation_id not in {buyer.id for buyer in queries.buyers_of(person)}
