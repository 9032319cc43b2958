"""The organiser writes the call, looks at it as structures will, publishes, closes and reopens it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.pitches import operations, queries
from openmap.pitches.forms import CallForm, ReopeningForm, application_form
from openmap.pitches.holding import score_counts
from openmap.pitches.lacking import call_lacks
from openmap.pitches.models import PitchCall
from openmap.pitches.moments import ends_after
from openmap.pitches.views.blueprint import blueprint
from openmap.questions.enums import QuestionPurpose
from openmap.questions.queries import questions_for, questions_of


def managed_call_or_404(slug: str) -> PitchCall:
    """The call of the morning `slug`, published or not."""
    return get_or_404(queries.call_of(event_or_404(slug)))


@blueprint.get("/manage/<slug>/pitches")
@organiser_required
def call(slug: str) -> ResponseReturnValue:
    """Where the call stands, what it says, what it lacks."""
    event = event_or_404(slug)
    found = queries.call_of(event)
    if found is None:
        return render_template("pitches/begin.html", event=event)
    criteria = queries.criteria_of(found, with_retired=True)
    judged = [each for each in criteria if each.retired_at is None]
    questions = questions_of(event, QuestionPurpose.PITCH)
    at = now()
    return render_template(
        "pitches/call.html",
        event=event,
        call=found,
        criteria=judged,
        retired=[each for each in criteria if each.retired_at is not None],
        scores=score_counts([each.id for each in criteria]),
        questions=questions,
        is_too_late=ends_after(found.jury_closes_at, event.held_on, event.zone),
        lacks=call_lacks(found, judged, questions, at=at) if found.published_at is None else [],
        counts=queries.state_counts(found),
        limit=operations.CRITERIA_LIMIT,
        at=at,
    )


@blueprint.route("/manage/<slug>/pitches/edit", methods=["GET", "POST"])
@organiser_required
def edit_call(slug: str) -> ResponseReturnValue:
    """Write the call, or change it."""
    event = event_or_404(slug)
    found = queries.call_of(event)
    if request.method != "POST":
        return _edit_page(event, found, CallForm.of(event, found) if found else CallForm(event))
    form = CallForm(event)
    if not form.validate_on_submit():
        return _edit_page(event, found, form), 422
    try:
        details, at = form.details(found), now()
        news = operations.news_of_deadline(found, details.closes_at, at=at) if found else []
        with unit_of_work():
            operations.save_call(event, details, news=news, by=the_person(), at=at)
    except RuleBroken as broken:
        form.show(broken)
        return _edit_page(event, found, form), broken.status
    flash(_("L’appel est enregistré."), "success")
    _flash_told(len(news))
    return redirect(url_for("pitches.call", slug=slug))


@blueprint.post("/manage/<slug>/pitches/publish")
@organiser_required
def publish(slug: str) -> ResponseReturnValue:
    """Let everybody read it; a broken rule answers with its own page."""
    found = managed_call_or_404(slug)
    with unit_of_work():
        operations.publish_call(found, by=the_person(), at=now())
    flash(_("L’appel est publié : les structures peuvent le lire."), "success")
    return redirect(url_for("pitches.call", slug=slug))


@blueprint.post("/manage/<slug>/pitches/close")
@organiser_required
def close(slug: str) -> ResponseReturnValue:
    """End it now; a broken rule answers with its own page."""
    found, at = managed_call_or_404(slug), now()
    news = operations.news_of_deadline(found, at, at=at)
    with unit_of_work():
        operations.close_call(found, news=news, by=the_person(), at=at)
    flash(_("L’appel est fermé. Les brouillons restent gardés."), "success")
    _flash_told(len(news))
    return redirect(url_for("pitches.call", slug=slug))


@blueprint.route("/manage/<slug>/pitches/reopen", methods=["GET", "POST"])
@organiser_required
def reopen(slug: str) -> ResponseReturnValue:
    """Take files again, for a reason on record."""
    found = managed_call_or_404(slug)
    form = ReopeningForm(found.event)
    if request.method != "POST":
        return render_template("pitches/reopen.html", event=found.event, call=found, form=form)
    if not form.validate_on_submit():
        return render_template("pitches/reopen.html", event=found.event, call=found, form=form), 422
    try:
        until, reason, at = form.until.meant, form.reason.data or "", now()
        news = operations.news_of_deadline(found, until, at=at)
        with unit_of_work():
            operations.reopen_call(found, until=until, reason=reason, news=news, by=the_person(), at=at)
    except RuleBroken as broken:
        form.show(broken)
        return render_template("pitches/reopen.html", event=found.event, call=found, form=form), broken.status
    flash(_("L’appel est rouvert."), "success")
    _flash_told(len(news))
    return redirect(url_for("pitches.call", slug=slug))


@blueprint.get("/manage/<slug>/pitches/preview")
@organiser_required
def preview_call(slug: str) -> ResponseReturnValue:
    """The page and the form as a structure sees them; nothing is kept."""
    found = managed_call_or_404(slug)
    questions = questions_for(found.event, QuestionPurpose.PITCH, OrganisationKind.STRUCTURE)
    return render_template(
        "pitches/preview_call.html",
        event=found.event,
        call=found,
        criteria=queries.criteria_of(found),
        questions=questions,
        document_limit=operations.DOCUMENT_LIMIT,
        form=application_form(questions, None, []),
        at=now(),
    )


def _flash_told(count: int) -> None:
    """Who heard of another deadline."""
    if count:
        message = ngettext(
            "%(num)d structure reçoit la nouvelle date.", "%(num)d structures reçoivent la nouvelle date.", count
        )
        flash(message, "info")


def _edit_page(event: Event, found: PitchCall | None, form: CallForm) -> str:
    return render_template("pitches/edit_call.html", event=event, call=found, form=form)
