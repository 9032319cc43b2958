"""The organiser prepares the next morning: from an earlier one, every date seen before; or from nothing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.series import queries
from openmap.series.forms import ButtonForm, CopyForm, StartForm, dating
from openmap.series.operations import drafting
from openmap.series.plan import moved_dates, on_the_day
from openmap.series.views.blueprint import blueprint


@blueprint.route("/manage/<slug>/next", methods=["GET", "POST"])
@organiser_required
def copy(slug: str) -> ResponseReturnValue:
    """Choose what the next edition takes over, look at every date, then make the draft."""
    source = event_or_404(slug)
    kind = CopyForm.with_dates_of(source)
    if request.method != "POST":
        return _copy_page(source, kind.of(source, today=now().astimezone(source.zone).date()))
    form = kind()
    form.offer()
    is_right = form.validate()
    if "look" in request.form:
        return _copy_page(source, form), 200 if is_right else 422
    if not is_right:
        return _copy_page(source, form), 422
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    try:
        answer = _make_draft(source, form)
    except RuleBroken as broken:
        form.show(broken)
        if isinstance(broken, drafting.DatesRefused):
            dating.show_troubles(form, broken.troubles)
        return _copy_page(source, form), broken.status
    flash(_("Le brouillon est prêt : relisez-le, corrigez-le, puis publiez-le."), "success")
    return redirect(answer)


def _make_draft(source: Event, form: CopyForm) -> str:
    """Make it and return where it is corrected; raises RuleBroken, also when its dates were not seen yet."""
    identity, parts = form.identity_after(source), form.chosen_parts()
    drafting.check_identity(identity, zone=source.zone, at=now())
    typed = dating.typed_dates(form, source, identity.held_on)
    if form.shown_day != identity.held_on or not dating.has_every_date(
        form, moved_dates(source, identity.held_on, parts)
    ):
        raise drafting.DatesNotSeen
    answer = url_for("series.settings", slug=identity.slug)
    with unit_of_work():
        drafting.copy_morning(source, identity, parts=parts, typed=typed, by=the_person(), at=now())
        receipts.keep_answer(form.receipt, answer, at=now())
    return answer


@blueprint.route("/manage/new", methods=["GET", "POST"])
@organiser_required
def start() -> ResponseReturnValue:
    """A morning from nothing, perhaps the first of its series."""
    form = StartForm()
    form.offer()
    if request.method != "POST":
        return _start_page(form)
    if not form.validate_on_submit():
        return _start_page(form), 422
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    name = form.series.data or ""
    identity = form.identity(drafting.suggested_new_slug(name, form.held_on.data))
    answer = url_for("series.settings", slug=identity.slug)
    try:
        with unit_of_work():
            drafting.start_morning(
                name, identity, description=form.description.data or "", zone=form.zone, by=the_person(), at=now()
            )
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _start_page(form), broken.status
    flash(_("Le brouillon est prêt : donnez-lui ses créneaux et ses tables, puis publiez-le."), "success")
    return redirect(answer)


@blueprint.post("/manage/<slug>/publish")
@organiser_required
def publish(slug: str) -> ResponseReturnValue:
    """Let everybody see it; a broken rule answers with its own page."""
    event, form = event_or_404(slug), ButtonForm()
    if form.validate_on_submit():
        with unit_of_work():
            drafting.publish_morning(event, by=the_person(), at=now())
        flash(_("La matinale est publiée : chacun peut la voir et s’inscrire."), "success")
    return redirect(url_for("series.tell" if queries.waiting_wishes(event) else "manage.event", slug=slug))


def _copy_page(source: Event, form: CopyForm) -> str:
    """The page with every date where it goes now; from here on they are those that the organiser saw."""
    day = form.held_on.data if not form.held_on.errors else None
    dates = []
    if day:
        parts = form.chosen_parts()
        dates = moved_dates(source, day, parts, dating.typed_dates(form, source, day))
        dating.show_dates(form, dates)
        form.dates_for.data, form.dates_for.raw_data = day.isoformat(), None
    return render_template(
        "series/copy.html",
        event=source,
        form=form,
        day=day,
        slug=form.slug_after(source).lower() if day else "",
        dates=dates,
        that_day=on_the_day(dates),
        at=now(),
    )


def _start_page(form: StartForm) -> str:
    return render_template("series/start.html", form=form, series=queries.all_series())
