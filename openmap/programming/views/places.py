"""Places that are reserved: a participant's own, and for the organiser who has one or waits for one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.text import clean_text
from openmap.core.web import get_or_404
from openmap.programme import operations
from openmap.programme.places import places_of, reservations_in, reservations_of
from openmap.programme.queries import find_item
from openmap.programming.queries import busy_times, participants_like
from openmap.programming.views.blueprint import blueprint as programming
from openmap.programming.views.blueprint import item_or_404
from openmap.registrations.access import is_on_behalf, participant_or_404
from openmap.registrations.models import Registration

blueprint = Blueprint("places", __name__, url_prefix="/events/<slug>/places/<ref>")


@blueprint.get("")
@person_required
def show(slug: str, ref: str) -> ResponseReturnValue:
    """What can be reserved, and what a participant reserved."""
    return _page(participant_or_404(slug, ref))


@blueprint.post("/<int:item_id>")
@person_required
def reserve(slug: str, ref: str, item_id: int) -> ResponseReturnValue:
    """Take a place, or wait for one; pressed twice it is one."""
    registration = participant_or_404(slug, ref)
    item = get_or_404(find_item(registration.event, item_id))
    try:
        with unit_of_work():
            reservation = operations.reserve_place(registration, item, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(registration, told(broken)), broken.status
    if reservation.given_at is not None:
        flash(_("La place est réservée. Un courriel le confirme."), "success")
    else:
        flash(
            _("C’est plein : vous êtes sur la liste d’attente. Un courriel vous dira si une place se libère."), "info"
        )
    return redirect(url_for("places.show", slug=slug, ref=ref))


@blueprint.post("/<int:item_id>/return")
@person_required
def give_back(slug: str, ref: str, item_id: int) -> ResponseReturnValue:
    """Give the place back, or stop waiting."""
    registration = participant_or_404(slug, ref)
    item = get_or_404(find_item(registration.event, item_id))
    try:
        with unit_of_work():
            operations.return_place(registration, item, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(registration, told(broken)), broken.status
    flash(_("C’est noté : vous n’êtes plus sur la liste."), "success")
    return redirect(url_for("places.show", slug=slug, ref=ref))


@programming.get("/programme/<int:item_id>/places")
@organiser_required
def places(slug: str, item_id: int) -> ResponseReturnValue:
    """Everybody who has a place in a line, then everybody who waits; to read and to print for the door."""
    event, item = item_or_404(slug, item_id)
    words = clean_text(request.args.get("q", ""))[:100]
    return render_template(
        "programming/places.html",
        event=event,
        item=item,
        places=places_of(event).get(item_id),
        reservations=reservations_in(item),
        words=words,
        found=participants_like(event, words),
    )


def _page(registration: Registration, trouble: str = "") -> str:
    event = registration.event
    offers, busy = places_of(event), busy_times(registration)
    return render_template(
        "programming/own_places.html",
        event=event,
        registration=registration,
        offers=offers.values(),
        own=reservations_of(registration),
        busy={key: [each for each in busy if each.keeps_from(places.item)] for key, places in offers.items()},
        on_behalf=is_on_behalf(registration),
        trouble=trouble,
        at=now(),
    )
