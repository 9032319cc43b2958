"""A structure's page: the desks of the morning beside its ranked list."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.text import clean_text
from openmap.core.web import get_or_404, wants_fragment
from openmap.meeting_requests import operations, queries
from openmap.meeting_requests.filters import page_of
from openmap.meeting_requests.forms import DIRECTIONS, DeskFilterForm, ManyOnAPage, MotiveForm, MoveForm, RequestForm
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.offers import desk_offers
from openmap.meeting_requests.rules import rules_of
from openmap.meeting_requests.views.blueprint import blueprint, structure_or_404
from openmap.registrations.access import is_on_behalf
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration


@blueprint.get("/requests/<ref>")
@person_required
def choose(slug: str, ref: str) -> ResponseReturnValue:
    """Show the desks and the list."""
    return _page(structure_or_404(slug, ref))


@blueprint.post("/requests/<ref>")
@person_required
def submit(slug: str, ref: str) -> ResponseReturnValue:
    """Ask for a meeting; the same rendered form sent twice asks once."""
    requester = structure_or_404(slug, ref)
    form = RequestForm(suffix=request.form.get("desk", "")[:20])
    key = form.receipt
    if first := receipts.first_answer(key):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(requester, failed=form), 422
    wanted = get_or_404(find_registration(requester.event, clean_text(form.desk.data or "")))
    location = _path(requester, anchor=f"acheteur-{wanted.ref}")
    try:
        with unit_of_work():
            desk = get_or_404(wanted.desk)
            operations.submit_request(requester, desk=desk, motive=form.motive.data or "", by=the_person(), at=now())
            receipts.keep_answer(key, location, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(key):  # its twin was quicker
            return redirect(first)
        form.show(broken)
        return _page(requester, failed=form), broken.status
    flash(_("Votre demande à %(desk)s est envoyée. Elle est dans votre liste.", desk=wanted.title), "success")
    return redirect(location)


@blueprint.post("/requests/<ref>/<int:request_id>/withdraw")
@person_required
def withdraw(slug: str, ref: str, request_id: int) -> ResponseReturnValue:
    """Take a request off the list."""
    requester, wish = _request_or_404(slug, ref, request_id)
    title = wish.desk.title
    try:
        with unit_of_work():
            operations.withdraw_request(wish, by=the_person(), at=now())
    except RuleBroken as broken:
        return _refused(requester, broken)
    flash(_("La demande à %(desk)s est retirée de votre liste.", desk=title), "success")
    return redirect(_path(requester, anchor="ma-liste"))


@blueprint.post("/requests/<ref>/<int:request_id>/move")
@person_required
def move(slug: str, ref: str, request_id: int) -> ResponseReturnValue:
    """Move a request one step up or down the list."""
    requester, wish = _request_or_404(slug, ref, request_id)
    form = MoveForm()
    if not form.validate_on_submit():
        return _page(requester), 422
    try:
        with unit_of_work():
            operations.move_request(wish, places=DIRECTIONS[form.direction.data or ""], by=the_person(), at=now())
    except RuleBroken as broken:
        return _refused(requester, broken)
    return redirect(_path(requester, anchor="ma-liste"))


@blueprint.post("/requests/<ref>/order")
@person_required
def reorder(slug: str, ref: str) -> ResponseReturnValue:
    """Rank the whole list at once, after a drag: the page already shows the new order."""
    requester = structure_or_404(slug, ref)
    order = [int(text) for text in request.form.getlist("order") if text.isdecimal() and len(text) < 16]
    try:
        with unit_of_work():
            operations.reorder_requests(requester, order=order, by=the_person(), at=now())
    except RuleBroken as broken:
        return _refused(requester, broken)
    done = make_response("", 204)
    done.headers.remove("Content-Type")
    return done


@blueprint.post("/requests/<ref>/<int:request_id>/motive")
@person_required
def edit_motive(slug: str, ref: str, request_id: int) -> ResponseReturnValue:
    """Say better why."""
    requester, wish = _request_or_404(slug, ref, request_id)
    form = MotiveForm(suffix=wish.id)
    if not form.validate_on_submit():
        return _page(requester, failed=form), 422
    try:
        with unit_of_work():
            operations.edit_motive(wish, motive=form.motive.data or "", by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(requester, failed=form), broken.status
    flash(_("Votre motif est enregistré."), "success")
    return redirect(_path(requester, anchor=f"demande-{wish.id}"))


def _request_or_404(slug: str, ref: str, request_id: int) -> tuple[Registration, MeetingRequest]:
    requester = structure_or_404(slug, ref)
    return requester, get_or_404(queries.request_of(requester, request_id))


def _page(requester: Registration, *, failed: ManyOnAPage | None = None, broken: RuleBroken | None = None) -> str:
    """The page as it is now; `failed` is the form that could not be stored, shown again where it stands."""
    filters = DeskFilterForm(request.args)
    kept = filters.kept()
    offers = desk_offers(requester)
    filters.offer([offer.desk.registration for offer in offers])
    rules = rules_of(requester.event)
    requests = queries.requests_of(requester)
    return render_template(
        "meeting_requests/choose.html",
        requester=requester,
        event=requester.event,
        rules=rules,
        requests=requests,
        quota=rules.quota_for(requester),
        used=queries.places_taken(requester, rules),
        memberships=queries.memberships_of(requester),
        invitations=queries.invitations_to(requester),
        asked_by=queries.received_count(requester) if rules.settings.peers_allowed else 0,
        estimates=queries.estimates_for(requests),
        page=page_of([offer for offer in offers if kept.keeps(offer)], request.args.get("page", 1, type=int)),
        desk_count=len(offers),
        filters=filters,
        kept=kept.as_args(),
        is_open=requester.is_approved and requester.event.requests_open(now()),
        new_form=lambda ref: failed if failed and failed.suffix == ref else RequestForm.for_desk(ref),
        motive_form=lambda wish: failed if failed and failed.suffix == wish.id else MotiveForm.for_request(wish),
        failed=failed,
        refusal=told(broken) if broken else None,
        on_behalf=is_on_behalf(requester),
        at=now(),
    )


def _path(requester: Registration, *, anchor: str | None = None) -> str:
    kept = DeskFilterForm(request.args).kept().as_args()
    return url_for("meeting_requests.choose", slug=requester.event.slug, ref=requester.ref, _anchor=anchor, **kept)


def _refused(requester: Registration, broken: RuleBroken) -> ResponseReturnValue:
    """Say why a button could not do its work; htmx swaps no conflict, so it is sent to the page instead."""
    if wants_fragment():
        flash(told(broken), "warning")
        return "", broken.status, {"HX-Redirect": _path(requester)}
    return _page(requester, broken=broken), broken.status
