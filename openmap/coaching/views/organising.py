"""The organiser's sessions: opened, changed, called off; who booked, who has not."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.coaching import operations, queries
from openmap.coaching.access import call_for_organisers, session_for_organisers
from openmap.coaching.forms import CancelForm, SessionForm
from openmap.coaching.models import CoachingSession
from openmap.coaching.operations.reminding import without_booking
from openmap.coaching.views.blueprint import blueprint
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.formats import day_and_time
from openmap.core.forms import told
from openmap.events.models import Event


@blueprint.get("/manage/<slug>/coaching")
@organiser_required
def index(slug: str) -> ResponseReturnValue:
    """The sessions of a morning, their places, and who has not booked."""
    event, call = call_for_organisers(slug)
    offers = queries.offers(call) if call else []
    return render_template(
        "coaching/index.html",
        event=event,
        call=call,
        offers=offers,
        missing=without_booking(call) if call else [],
        coached_count=len(queries.coached_applications(call)) if call else 0,
        oddities=[_in_words(each, event) for each in queries.oddities(offers, event)],
        at=now(),
    )


@blueprint.route("/manage/<slug>/coaching/new", methods=["GET", "POST"])
@organiser_required
def new(slug: str) -> ResponseReturnValue:
    """Open a session."""
    event, call = call_for_organisers(slug)
    if call is None:
        abort(404)
    form = SessionForm()
    if not form.is_submitted():
        return _form_page(event, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate():
        return _form_page(event, form), 422
    answer = url_for("coaching.index", slug=slug)
    try:
        with unit_of_work():
            operations.add_session(call, form.details(event), by=the_person(), at=now())
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _form_page(event, form), broken.status
    flash(_("La séance est ouverte. Les coachs reçoivent une invitation."), "success")
    return redirect(answer)


@blueprint.route("/manage/<slug>/coaching/<int:session_id>", methods=["GET", "POST"])
@organiser_required
def edit(slug: str, session_id: int) -> ResponseReturnValue:
    """Change a session; those who come are told and their calendars follow."""
    found = session_for_organisers(slug, session_id)
    event = found.call.event
    form = SessionForm()
    if not form.is_submitted():
        return _form_page(event, SessionForm.of(found, event), found)
    if not form.validate():
        return _form_page(event, form, found), 422
    try:
        with unit_of_work():
            changed = operations.edit_session(
                found, form.details(event), seen=form.seen_sequence, by=the_person(), at=now()
            )
    except RuleBroken as broken:
        form.show(broken)
        if isinstance(broken, operations.SessionChanged):
            form.seen.data = str(found.sequence)  # what was typed may now be sent over what the page shows
        return _form_page(event, form, found), broken.status
    flash(_("La séance est modifiée. Tout le monde est prévenu.") if changed else _("Rien n’a changé."), "success")
    return redirect(url_for("coaching.index", slug=slug))


@blueprint.route("/manage/<slug>/coaching/<int:session_id>/cancel", methods=["GET", "POST"])
@organiser_required
def cancel_session(slug: str, session_id: int) -> ResponseReturnValue:
    """Call a session off, once its consequences were read."""
    found = session_for_organisers(slug, session_id)
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancel_page(found, form), 422 if form.errors else 200
    try:
        with unit_of_work():
            operations.cancel_session(found, reason=form.reason.data or "", by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _cancel_page(found, form), broken.status
    flash(_("La séance est annulée. Tout le monde est prévenu."), "success")
    return redirect(url_for("coaching.index", slug=slug))


@blueprint.post("/manage/<slug>/coaching/ask")
@organiser_required
def ask(slug: str) -> ResponseReturnValue:
    """Write to the structures that have not booked."""
    _event, call = call_for_organisers(slug)
    if call is None:
        abort(404)
    try:
        with unit_of_work():
            count = operations.ask_to_book(call, by=the_person(), at=now())
    except RuleBroken as broken:
        flash(told(broken), "warning")
    else:
        flash(ngettext("%(num)d courriel part.", "%(num)d courriels partent.", count), "success")
    return redirect(url_for("coaching.index", slug=slug))


def _form_page(event: Event, form: SessionForm, found: CoachingSession | None = None) -> str:
    bookings = queries.bookings_of([found.id]).get(found.id, ()) if found else ()
    return render_template(
        "coaching/edit.html", event=event, form=form, coaching_session=found, bookings=bookings, at=now()
    )


def _cancel_page(found: CoachingSession, form: CancelForm) -> str:
    bookings = queries.bookings_of([found.id]).get(found.id, ())
    return render_template(
        "coaching/cancel_session.html", event=found.call.event, form=form, coaching_session=found, bookings=bookings
    )


def _in_words(oddity: queries.Oddity, event: Event) -> str:
    instants = ("first", "second")
    facts = {
        name: day_and_time(fact, event.zone) if name in instants else fact  # type: ignore[arg-type] # Oddity says which
        for name, fact in oddity.facts.items()
    }
    return str(_(oddity.message, **facts))
