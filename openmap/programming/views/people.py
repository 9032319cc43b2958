"""Who is on the stage of one line, in which order, and for how long."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.text import clean_text
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.programme import operations
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance
from openmap.programme.queries import programme_of
from openmap.programming import costs, undoing
from openmap.programming.forms import ConfirmedForm, PartForm
from openmap.programming.queries import candidates
from openmap.programming.views import keeping
from openmap.programming.views.blueprint import appearance_or_404, asked_first, blueprint, item_or_404
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration

DIRECTIONS = {"up": -1, "down": 1}
USUAL_ROLES = {ProgrammeKind.PITCHES: AppearanceRole.PITCH, ProgrammeKind.ROUND_TABLE: AppearanceRole.PANELLIST}
USUAL_PITCH = 5  # minutes


@blueprint.get("/programme/<int:item_id>/people")
@organiser_required
def people(slug: str, item_id: int) -> ResponseReturnValue:
    """Everybody on stage, and the search for one more."""
    event, item = item_or_404(slug, item_id)
    return _people_page(event, item)


@blueprint.route("/programme/<int:item_id>/people/new", methods=["GET", "POST"])
@organiser_required
def join(slug: str, item_id: int) -> ResponseReturnValue:
    """Put somebody on stage; one who meets others then costs meetings."""
    event, item = item_or_404(slug, item_id)
    registration = _participant(event)
    form = PartForm(registration)
    if request.method != "POST":
        return _part_page(event, item, _usual(item, registration))
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit() or (form.who.data and registration is None):
        return _part_page(event, item, form), 422
    back = url_for("programming.people", slug=slug, item_id=item_id)
    try:
        after = costs.when_joined(event, item, registration)
        if (page := asked_first(event, item, after, form, back=back)) is not None:
            return page
        with unit_of_work():
            appearance = operations.add_appearance(item, form.part(), by=the_person(), at=now())
            receipts.keep_answer(form.receipt, back, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _part_page(event, item, form), broken.status
    keeping.keep_unless(form.confirmed.data, event, undoing.of_joined(appearance))
    flash(_("C’est noté au programme."), "success")
    return redirect(back)


@blueprint.route("/programme/appearances/<int:appearance_id>", methods=["GET", "POST"])
@organiser_required
def part(slug: str, appearance_id: int) -> ResponseReturnValue:
    """Say anew what somebody does on stage; who it is stays."""
    event, appearance = appearance_or_404(slug, appearance_id)
    if request.method != "POST":
        return _part_page(event, appearance.item, PartForm.of(appearance), appearance)
    form = PartForm(appearance.registration)
    if not form.validate_on_submit():
        return _part_page(event, appearance.item, form, appearance), 422
    try:
        with unit_of_work():
            operations.edit_appearance(appearance, form.part(), by=the_person(), at=now(), seen=form.seen_sequence)
    except RuleBroken as broken:
        form.show(broken)
        return _part_page(event, appearance.item, form, appearance), broken.status
    flash(_("L’intervention est enregistrée."), "success")
    return redirect(url_for("programming.people", slug=slug, item_id=appearance.item_id))


@blueprint.post("/programme/appearances/<int:appearance_id>/move")
@organiser_required
def move(slug: str, appearance_id: int) -> ResponseReturnValue:
    """One place earlier or later."""
    _event, appearance = appearance_or_404(slug, appearance_id)
    places = DIRECTIONS.get(request.form.get("direction", ""), 0)
    with unit_of_work():
        operations.move_appearance(appearance, places=places, by=the_person(), at=now())
    anchor = f"intervention-{appearance_id}"
    return redirect(url_for("programming.people", slug=slug, item_id=appearance.item_id, _anchor=anchor))


@blueprint.post("/programme/<int:item_id>/order")
@organiser_required
def order(slug: str, item_id: int) -> ResponseReturnValue:
    """The whole order at once, as it was dragged; a broken rule answers with its own page."""
    _event, item = item_or_404(slug, item_id)
    ids = [
        int(each) for each in request.form.getlist("order") if each.isascii() and each.isdecimal() and len(each) < 10
    ]
    with unit_of_work():
        operations.order_appearances(item, ids, by=the_person(), at=now())
    return redirect(url_for("programming.people", slug=slug, item_id=item_id))


@blueprint.post("/programme/appearances/<int:appearance_id>/remove")
@organiser_required
def leave(slug: str, appearance_id: int) -> ResponseReturnValue:
    """Take somebody off the stage: they can meet again then."""
    event, appearance = appearance_or_404(slug, appearance_id)
    item, form, gone = appearance.item, ConfirmedForm(), undoing.part_of(appearance)
    back = url_for("programming.people", slug=slug, item_id=item.id)
    try:
        if (page := asked_first(event, item, costs.when_left(event, appearance), form, back=back)) is not None:
            return page
        with unit_of_work():
            operations.remove_appearance(appearance, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _people_page(event, item, form), broken.status
    keeping.keep_unless(form.confirmed.data, event, undoing.of_left(item, gone))
    flash(_("L’intervention est retirée du programme."), "success")
    return redirect(back)


def _participant(event: Event) -> Registration | None:
    ref = request.form.get("who", "") if request.method == "POST" else request.args.get("who", "")
    return find_registration(event, clean_text(ref)[:20]) if ref else None


def _usual(item: ProgrammeItem, registration: Registration | None) -> PartForm:
    """The form as it is mostly filled in a line of this kind."""
    role = USUAL_ROLES.get(item.kind, AppearanceRole.SPEAKER)
    data = {"role": role.value, "seen": item.sequence, "who": registration.ref if registration else ""}
    if role is AppearanceRole.PITCH:
        data["minutes"] = USUAL_PITCH
    return PartForm(registration, data=data)


def _people_page(event: Event, item: ProgrammeItem, form: ConfirmedForm | None = None) -> str:
    words = clean_text(request.args.get("q", ""))[:100]
    return render_template(
        "programming/people.html",
        event=event,
        line=next(line for line in programme_of(event) if line.item.id == item.id),
        words=words,
        found=candidates(event, item, words),
        form=form,
        undo="yes" if keeping.kept(event) else "",
    )


def _part_page(event: Event, item: ProgrammeItem, form: PartForm, appearance: Appearance | None = None) -> str:
    registration = appearance.registration if appearance else _participant(event)
    return render_template(
        "programming/part.html", event=event, item=item, form=form, appearance=appearance, registration=registration
    )
