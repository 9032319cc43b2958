"""The organiser reads the registrations, decides, and minds the places."""

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404, safe_path
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.profiles.sheets import EMPTY
from openmap.questions.enums import QuestionPurpose
from openmap.questions.queries import answers_on, questions_of
from openmap.registrations import operations, queries
from openmap.registrations.enums import RegistrationState
from openmap.registrations.forms import ApprovalForm, BatchForm, CapacityForm, FilterForm, RefusalForm, typed
from openmap.registrations.lacking import lacking
from openmap.registrations.models import Registration
from openmap.registrations.views.blueprint import blueprint


@blueprint.get("/review")
@organiser_required
def review(slug: str) -> ResponseReturnValue:
    """Who wants to take part, those waiting for a decision first."""
    event = event_or_404(slug)
    form = FilterForm(request.args)
    page = queries.participants_page(event, form.filters(), page=request.args.get("page", 1, type=int))
    answers = answers_on(row.answer_sheet_id for row in page.items if row.answer_sheet_id)
    questions = questions_of(event, QuestionPurpose.REGISTRATION)
    sheets = queries.sheets_of(event, [row.organisation_id for row in page.items], at=now())
    return render_template(
        "registrations/review.html",
        event=event,
        form=form,
        page=page,
        counts=queries.state_counts(event),
        places=queries.places_at(event),
        line=_line(event),
        answers=answers,
        sheet_of=lambda registration: sheets.get(registration.organisation_id, EMPTY),
        lacking={row.id: lacking(row, questions, answers.get(row.answer_sheet_id or 0, [])) for row in page.items},
    )


def _line(event: Event) -> dict[int, int]:
    """The place in line of everyone who waits, by registration; each kind has its own line."""
    by_kind = groupby(queries.waiting_list(event), key=lambda one: one.kind)
    return {one.id: place for _kind, line in by_kind for place, one in enumerate(line, start=1)}


@blueprint.post("/<ref>/approve")
@organiser_required
def approve(slug: str, ref: str) -> ResponseReturnValue:
    """Let a participant in, or put it in line; a broken rule answers with its own page."""
    registration = get_or_404(queries.find_registration(event_or_404(slug), ref))
    seen = ApprovalForm().seen_state() or RegistrationState.APPROVED  # no button stands on an approved one
    with unit_of_work():
        state = operations.approve_registration(registration, seen=seen, by=the_person(), at=now())
    if state is RegistrationState.WAITING:
        flash(_("Plus de place libre : %(title)s est sur la liste d’attente.", title=registration.title), "warning")
    else:
        flash(_("%(title)s est validée. Un courriel part avec la suite.", title=registration.title), "success")
    return redirect(_list_path(slug))


@blueprint.post("/review/approvals")
@organiser_required
def approve_many(slug: str) -> ResponseReturnValue:
    """Let in those that were ticked; what cannot be is named, and the others are in."""
    event, form = event_or_404(slug), BatchForm()
    counts = {RegistrationState.APPROVED: 0, RegistrationState.WAITING: 0}
    for ref in form.chosen():
        registration = queries.find_registration(event, ref)
        if registration is None or registration.state is not RegistrationState.PENDING:
            continue
        try:
            with unit_of_work():
                seen = RegistrationState.PENDING
                state = operations.approve_registration(registration, seen=seen, by=the_person(), at=now())
            counts[state] += 1
        except RuleBroken as broken:
            flash(told(broken), "warning")
    _say_counts(counts)
    return redirect(_list_path(slug))


def _say_counts(counts: dict[RegistrationState, int]) -> None:
    approved, waiting = counts[RegistrationState.APPROVED], counts[RegistrationState.WAITING]
    if approved:
        flash(ngettext("%(num)d inscription est validée.", "%(num)d inscriptions sont validées.", approved), "success")
    if waiting:
        sentence = ngettext(
            "%(num)d inscription va sur la liste d’attente : plus de place libre.",
            "%(num)d inscriptions vont sur la liste d’attente : plus de place libre.",
            waiting,
        )
        flash(sentence, "warning")
    if not approved and not waiting:
        flash(_("Rien n’a été validé : cochez d’abord des inscriptions en attente."), "warning")


@blueprint.route("/<ref>/refuse", methods=["GET", "POST"])
@organiser_required
def refuse(slug: str, ref: str) -> ResponseReturnValue:
    """Keep a participant out, with a reason."""
    registration = get_or_404(queries.find_registration(event_or_404(slug), ref))
    if request.method != "POST":
        return _refusal_page(registration, RefusalForm(seen=registration.state))
    form = RefusalForm()
    if not form.validate_on_submit():
        return _refusal_page(registration, form), 422
    seen = form.seen_state() or RegistrationState.CANCELLED
    try:
        with unit_of_work():
            reason = typed(form.reason)
            operations.refuse_registration(registration, reason=reason, seen=seen, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _refusal_page(registration, form), broken.status
    flash(_("%(title)s est refusée. Un courriel part avec la raison.", title=registration.title), "success")
    return redirect(_list_path(slug))


@blueprint.route("/capacity", methods=["GET", "POST"])
@organiser_required
def capacity(slug: str) -> ResponseReturnValue:
    """How many of each kind the morning takes, and who is in line."""
    event = event_or_404(slug)
    if request.method != "POST":
        return _capacity_page(event, CapacityForm.of(list(queries.capacities(event))))
    form = CapacityForm()
    if not form.validate_on_submit():
        return _capacity_page(event, form), 422
    with unit_of_work():
        operations.set_capacities(event, form.places(), by=the_person(), at=now())
    flash(_("Les places sont enregistrées."), "success")
    return redirect(url_for("registrations.capacity", slug=slug))


@blueprint.post("/capacity/<kind>/give")
@organiser_required
def give_places(slug: str, kind: str) -> ResponseReturnValue:
    """Give the free places of one kind to the first in line; a broken rule answers with its own page."""
    event = event_or_404(slug)
    wanted = get_or_404(next((each for each in OrganisationKind if each == kind), None))
    with unit_of_work():
        promoted = operations.give_places(event, wanted, by=the_person(), at=now())
    if promoted:
        titles = ", ".join(registration.title for registration in promoted)
        flash(_("Une place est donnée à : %(titles)s. Un courriel part à chacun.", titles=titles), "success")
    else:
        flash(_("Aucune place n’est libre : personne n’a bougé."), "warning")
    return redirect(url_for("registrations.capacity", slug=slug))


def _capacity_page(event: Event, form: CapacityForm) -> str:
    return render_template(
        "registrations/capacity.html",
        event=event,
        form=form,
        places=queries.places_at(event),
        line=queries.waiting_list(event),
        kinds=OrganisationKind,
    )


def _refusal_page(registration: Registration, form: RefusalForm) -> str:
    event = registration.event
    return render_template(
        "registrations/refuse.html", event=event, registration=registration, form=form, back=_list_path(event.slug)
    )


def _list_path(slug: str) -> str:
    return safe_path(request.values.get("next"), url_for("registrations.review", slug=slug))
