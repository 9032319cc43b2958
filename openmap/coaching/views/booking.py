"""A structure's coaching: its place, the sessions it may choose, what coaches shared with it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.coaching import operations, queries
from openmap.coaching.views.blueprint import blueprint
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404
from openmap.pitches.access import application_or_404
from openmap.pitches.models import PitchApplication
from openmap.registrations.access import is_on_behalf


@blueprint.get("/events/<slug>/coaching/<ref>")
@person_required
def book(slug: str, ref: str) -> ResponseReturnValue:
    """The sessions with their places, and the place that is booked."""
    return _page(application_or_404(slug, ref))


@blueprint.post("/events/<slug>/coaching/<ref>/<int:session_id>")
@person_required
def take(slug: str, ref: str, session_id: int) -> ResponseReturnValue:
    """Book a place, or change sessions."""
    application = application_or_404(slug, ref)
    wanted = get_or_404(queries.find_session(application.registration.event, session_id))
    try:
        with unit_of_work():
            operations.book_session(application, wanted, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(application, trouble=told(broken)), broken.status
    flash(
        _("Votre place est réservée. Un courriel vous le confirme, avec le rendez-vous pour votre agenda."), "success"
    )
    return redirect(url_for("coaching.book", slug=slug, ref=ref))


@blueprint.post("/events/<slug>/coaching/<ref>/cancel")
@person_required
def cancel(slug: str, ref: str) -> ResponseReturnValue:
    """Give the place back."""
    application = application_or_404(slug, ref)
    try:
        with unit_of_work():
            operations.cancel_booking(application, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(application, trouble=told(broken)), broken.status
    flash(_("Votre place est rendue. Vous pouvez choisir une autre séance."), "success")
    return redirect(url_for("coaching.book", slug=slug, ref=ref))


def _page(application: PitchApplication, trouble: str = "") -> str:
    registration = application.registration
    return render_template(
        "coaching/book.html",
        event=registration.event,
        registration=registration,
        application=application,
        is_coached=queries.is_coached(application),
        booking=queries.booking_of(registration),
        offers=queries.offers(application.call),
        notes=queries.shared_notes(application),
        on_behalf=is_on_behalf(registration),
        trouble=trouble,
        at=now(),
    )
