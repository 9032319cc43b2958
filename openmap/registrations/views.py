"""Registering for a morning without an account, and the organiser's decisions."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from openmap.accounts.access import current_person, organiser_required, the_person
from openmap.accounts.models import Person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.limits import limiter
from openmap.core.web import get_or_404, safe_path
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.organisations.departements import departement_label
from openmap.registrations import queries
from openmap.registrations.forms import (
    ApprovalForm,
    DeskForm,
    FilterForm,
    RefusalForm,
    RegistrationForm,
    StructureForm,
    typed,
)
from openmap.registrations.models import Registration
from openmap.registrations.operations import (
    approve_registration,
    refuse_registration,
    register_desk,
    register_structure,
)

blueprint = Blueprint("registrations", __name__, url_prefix="/events/<slug>/registrations")
blueprint.add_app_template_filter(departement_label, "departement")

HOURLY_LIMIT = "20 per hour"  # a mailbox: each registration writes to an address that nobody has confirmed yet


def _mailbox() -> str:
    return request.form.get("email", "").strip().lower()[:254]


def _no_mailbox() -> bool:
    return not _mailbox()


@blueprint.get("")
def choose(slug: str) -> ResponseReturnValue:
    """A structure that sells, or a public buyer?"""
    event = event_or_404(slug)
    return render_template("registrations/choose.html", event=event, is_open=event.registration_open(now()))


@blueprint.route("/structure", methods=["GET", "POST"])
@limiter.limit(HOURLY_LIMIT, key_func=_mailbox, methods=["POST"], exempt_when=_no_mailbox)
def structure(slug: str) -> ResponseReturnValue:
    """A structure asks to take part."""
    event = event_or_404(slug)
    form = StructureForm(event)

    def register(by: Person | None) -> None:
        register_structure(event, form.profile(), form.details(typed(form.offer)), by=by, at=now())

    return _register(event, form, "registrations/structure.html", register)


@blueprint.route("/desk", methods=["GET", "POST"])
@limiter.limit(HOURLY_LIMIT, key_func=_mailbox, methods=["POST"], exempt_when=_no_mailbox)
def desk(slug: str) -> ResponseReturnValue:
    """A public buyer asks for one desk."""
    event = event_or_404(slug)
    form = DeskForm(event)

    def register(by: Person | None) -> None:
        register_desk(event, form.profile(), typed(form.desk), form.details(typed(form.offer)), by=by, at=now())

    return _register(event, form, "registrations/desk.html", register)


def _register(
    event: Event, form: RegistrationForm, template: str, register: Callable[[Person | None], None]
) -> ResponseReturnValue:
    page = {"event": event, "form": form, "is_open": event.registration_open(now())}
    if request.method != "POST":
        return render_template(template, **page)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return render_template(template, **page), 422
    answer = url_for("registrations.done", slug=event.slug)

    def store() -> None:
        with unit_of_work():
            register(current_person())
            receipts.keep_answer(form.receipt, answer, at=now())

    try:
        try:
            store()
        except IntegrityError:  # the same person or body arrived at another morning meanwhile: now it is found
            store()
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # two sendings at once: the other one was first
            return redirect(first)
        form.show(broken)
        return render_template(template, **page), broken.status
    return redirect(answer)


@blueprint.get("/done")
def done(slug: str) -> ResponseReturnValue:
    """What happens next; no name here, since anyone may open this address."""
    return render_template("registrations/done.html", event=event_or_404(slug))


@blueprint.get("/review")
@organiser_required
def review(slug: str) -> ResponseReturnValue:
    """Who wants to take part, those waiting for a decision first."""
    event = event_or_404(slug)
    form = FilterForm(request.args)
    page = queries.participants_page(event, form.filters(), page=request.args.get("page", 1, type=int))
    return render_template(
        "registrations/review.html",
        event=event,
        form=form,
        page=page,
        counts=queries.state_counts(event),
    )


@blueprint.post("/<ref>/approve")
@organiser_required
def approve(slug: str, ref: str) -> ResponseReturnValue:
    """Let a participant in; a broken rule answers with its own page."""
    registration = get_or_404(queries.find_registration(event_or_404(slug), ref))
    form = ApprovalForm()
    with unit_of_work():
        approve_registration(registration, seen=form.seen_state(), by=the_person(), at=now())
    flash(_("%(title)s est validée. Un courriel part avec la suite.", title=registration.title), "success")
    return redirect(_list_path(slug))


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
    try:
        with unit_of_work():
            refuse_registration(
                registration, reason=typed(form.reason), seen=form.seen_state(), by=the_person(), at=now()
            )
    except RuleBroken as broken:
        form.show(broken)
        return _refusal_page(registration, form), broken.status
    flash(_("%(title)s est refusée. Un courriel part avec la raison.", title=registration.title), "success")
    return redirect(_list_path(slug))


def _refusal_page(registration: Registration, form: RefusalForm) -> str:
    event = registration.event
    return render_template(
        "registrations/refuse.html", event=event, registration=registration, form=form, back=_list_path(event.slug)
    )


def _list_path(slug: str) -> str:
    return safe_path(request.values.get("next"), url_for("registrations.review", slug=slug))
