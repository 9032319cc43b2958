"""Beginning a registration, and coming back to one."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from openmap.accounts.access import current_person
from openmap.accounts.models import Person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.forms import Form
from openmap.core.limits import limiter
from openmap.core.tokens import fingerprint
from openmap.core.web import get_or_404, select_language
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.organisations.delegating import may_act_by_delegation
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Organisation
from openmap.organisations.queries import find_organisation, organisation_with_siret
from openmap.organisations.siret import read_siret
from openmap.registrations import queries
from openmap.registrations.forms import Step, first_form, prefilled, prefilled_for
from openmap.registrations.forms.fields import held_by
from openmap.registrations.forms.stepping import about, first_names
from openmap.registrations.operations import DraftGone, resume_draft, start_draft
from openmap.registrations.views.blueprint import ENDPOINTS, blueprint, held_drafts, hold, secret_key

NEW_DRAFTS = "120 per hour"  # of one address: an office is many people behind one
LOOK_UP = "look-up"


@blueprint.get("")
def choose(slug: str) -> ResponseReturnValue:
    """A structure, a buyer, a partner or a visitor? And what was begun already."""
    event = event_or_404(slug)
    return render_template(
        "registrations/choose.html",
        event=event,
        is_open=_is_open(event),
        by_phone=_by_phone(),
        drafts=held_drafts(event),
        endpoints=ENDPOINTS,
        places=queries.places_at(event),
    )


@blueprint.route("/structure", methods=["GET", "POST"])
@limiter.limit(NEW_DRAFTS, key_func=get_remote_address, methods=["POST"])
def structure(slug: str) -> ResponseReturnValue:
    """The first step of a structure."""
    return _begin(slug, OrganisationKind.STRUCTURE)


@blueprint.route("/desk", methods=["GET", "POST"])
@limiter.limit(NEW_DRAFTS, key_func=get_remote_address, methods=["POST"])
def desk(slug: str) -> ResponseReturnValue:
    """The first step of a public buyer, for one desk."""
    return _begin(slug, OrganisationKind.BUYER)


@blueprint.route("/partner", methods=["GET", "POST"])
@limiter.limit(NEW_DRAFTS, key_func=get_remote_address, methods=["POST"])
def partner(slug: str) -> ResponseReturnValue:
    """The first step of a partner or facilitator."""
    return _begin(slug, OrganisationKind.PARTNER)


@blueprint.route("/visitor", methods=["GET", "POST"])
@limiter.limit(NEW_DRAFTS, key_func=get_remote_address, methods=["POST"])
def visitor(slug: str) -> ResponseReturnValue:
    """The first step of a visitor of the plenary."""
    return _begin(slug, OrganisationKind.VISITOR)


def _begin(slug: str, kind: OrganisationKind) -> ResponseReturnValue:
    event, person = event_or_404(slug), current_person()
    body = _looked_after(kind, person)
    known = prefilled_for(body) if body else prefilled(kind, person)
    if request.method != "POST":
        return _first_page(event, kind, first_form(event, kind, known), body=body)
    form = first_form(event, kind)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if request.form.get("action") == LOOK_UP:
        shown, found = look_up(event, kind, form)
        return _first_page(event, kind, shown, found=found, body=body)
    if not form.validate_on_submit() or not _is_open(event):
        return _first_page(event, kind, form, body=body), 422
    with unit_of_work():
        draft, token = start_draft(
            event,
            kind,
            known | held_by(form),
            secret_key=secret_key(),
            entered_by=person if body or _by_phone() else None,
            locale=select_language(),
            at=now(),
        )
        next_path = url_for("registrations.step", slug=slug, draft_id=draft.id, step=Step.CONTACT)
        receipts.keep_answer(form.receipt, next_path, at=now())
    hold(draft, token)
    return redirect(next_path)


def look_up(event: Event, kind: OrganisationKind, form: Form) -> tuple[Form, str]:
    """Fill in what public registers say of a SIRET that is known here, and say so; of people, nothing."""
    held = held_by(form)
    siret = read_siret(next(iter(held.get("siret", [])), ""))
    known = organisation_with_siret(siret) if siret else None
    if known is None or known.kind is not kind:
        return first_form(event, kind, held), "new" if siret else "wrong"
    held |= {name: [value] for name, value in about(known).items() if value and name in held}
    return first_form(event, kind, held), "known"


def _looked_after(kind: OrganisationKind, person: Person | None) -> Organisation | None:
    """The structure that a facilitator registers, named in the address as on the page of those it acts for."""
    wanted = request.args.get("for", type=int)
    if wanted is None or person is None or kind is not OrganisationKind.STRUCTURE:
        return None
    return get_or_404(find_organisation(wanted) if may_act_by_delegation(person, wanted) else None)


def _first_page(
    event: Event, kind: OrganisationKind, form: Form, *, found: str = "", body: Organisation | None = None
) -> str:
    return render_template(
        "registrations/step.html",
        event=event,
        kind=kind,
        form=form,
        step=Step.ORGANISATION,
        draft_id=None,
        parts=[],
        files={},
        found=found,
        is_open=_is_open(event),
        by_phone=_by_phone(),
        acting_for=body.name if body else "",
        position=1,
        total=len(first_names(event, kind)),
    )


@blueprint.route("/resume/<token>", methods=["GET", "POST"])
@limiter.limit("60 per hour", key_func=get_remote_address, methods=["POST"])
def resume(slug: str, token: str) -> ResponseReturnValue:
    """Show a button; only its POST opens the draft, since mail scanners open every address."""
    event = event_or_404(slug)
    if request.method == "POST":
        try:
            with unit_of_work():
                draft, browser_token = resume_draft(token, secret_key=secret_key(), at=now())
        except DraftGone as gone:
            return render_template("registrations/resume.html", event=event, draft=None), gone.status
        hold(draft, browser_token)
        return redirect(url_for("registrations.step", slug=draft.event.slug, draft_id=draft.id, step=Step.CHECK))
    found = queries.draft_of_link(fingerprint(token, key=secret_key()), at=now())
    answer = current_app.make_response(render_template("registrations/resume.html", event=event, draft=found))
    answer.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret
    return answer, 200 if found else 410


@blueprint.get("/done")
def done(slug: str) -> ResponseReturnValue:
    """What happens next; no name here, since anyone may open this address."""
    return render_template("registrations/done.html", event=event_or_404(slug), by_phone=_by_phone())


def _by_phone() -> bool:
    """Whether an organiser types for somebody else."""
    person = current_person()
    return person is not None and person.is_organiser


def _is_open(event: Event) -> bool:
    return event.registration_open(now()) or _by_phone()
