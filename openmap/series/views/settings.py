"""The organiser corrects a morning: its day and deadlines, its slots and tables."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.series import reliance
from openmap.series.forms import SettingsForm, SlotsForm
from openmap.series.operations.settings import change_settings
from openmap.series.operations.slotting import change_slots
from openmap.series.views.blueprint import blueprint


@blueprint.route("/manage/<slug>/settings", methods=["GET", "POST"])
@organiser_required
def settings(slug: str) -> ResponseReturnValue:
    """Title, place, day, deadlines; a change that others feel is said before it is made."""
    event = event_or_404(slug)
    if request.method != "POST":
        return _settings_page(event, SettingsForm.of(event))
    form = SettingsForm()
    form.offer()
    if not form.validate_on_submit():
        return _settings_page(event, form), 422
    try:
        with unit_of_work():
            change_settings(
                event,
                form.settings(event),
                seen=form.seen.data or "",
                is_agreed=bool(form.is_agreed.data),
                by=the_person(),
                at=now(),
            )
    except RuleBroken as broken:
        form.show(broken)
        return _settings_page(event, form), broken.status
    flash(_("Les réglages sont enregistrés."), "success")
    return redirect(url_for("series.settings", slug=event.slug))


@blueprint.route("/manage/<slug>/slots", methods=["GET", "POST"])
@organiser_required
def slots(slug: str) -> ResponseReturnValue:
    """Sessions, slots and tables."""
    event = event_or_404(slug)
    if request.method != "POST":
        return _slots_page(event, SlotsForm.of(event))
    form = SlotsForm()
    if not form.validate_on_submit():
        return _slots_page(event, form), 422
    try:
        with unit_of_work():
            change_slots(
                event,
                form.plans(),
                table_count=form.table_count.data or 0,
                seen=form.seen.data or "",
                is_agreed=bool(form.is_agreed.data),
                by=the_person(),
                at=now(),
            )
    except RuleBroken as broken:
        form.show(broken)
        return _slots_page(event, form), broken.status
    flash(_("Les créneaux et les tables sont enregistrés."), "success")
    return redirect(url_for("series.slots", slug=slug))


def _settings_page(event: Event, form: SettingsForm) -> str:
    return render_template("series/settings.html", form=form, at=now(), **_known(event))


def _slots_page(event: Event, form: SlotsForm) -> str:
    return render_template("series/slots.html", form=form, **_known(event))


def _known(event: Event) -> dict[str, object]:
    """What the pages say before anything is changed."""
    return {
        "event": event,
        "registered": reliance.registered_count(event),
        "meetings": reliance.published_meeting_count(event),
        "unavailable": reliance.unavailable_count(event.slots),
    }
