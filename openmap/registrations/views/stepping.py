"""The steps of a draft, one page each; each saves what is typed, whether it is right or not."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import IntegrityError

from openmap.accounts.access import current_person
from openmap.accounts.models import Person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form
from openmap.core.limits import limiter
from openmap.core.uploads import accepts_files
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.operations import BuyerProfile, StructureProfile
from openmap.questions.forms import AnswerForm
from openmap.registrations import operations, queries
from openmap.registrations.forms import SendForm, Step, Steps
from openmap.registrations.forms.fields import held_by, told_by
from openmap.registrations.forms.stepping import Part, Profile
from openmap.registrations.models import RegistrationDraft
from openmap.registrations.operations import PartnerProfile, RegistrationDetails, VisitorProfile
from openmap.registrations.views.blueprint import ENDPOINTS, blueprint, held_draft_or_404, let_go, secret_key
from openmap.registrations.views.registering import LOOK_UP, look_up

HOURLY_LIMIT = "20 per hour"  # a mailbox: each mail goes to an address that nobody has confirmed yet


def _mailbox() -> str:
    """The address that a request would write to; a draft that is not there counts for whoever asks."""
    view = request.view_args or {}
    event = event_or_404(str(view.get("slug", "")))
    draft = queries.find_draft(event, int(view.get("draft_id", 0)), at=now())
    return draft.email if draft and draft.email else get_remote_address()


@blueprint.get("/drafts/<int:draft_id>/<step>")
def step(slug: str, draft_id: int, step: str) -> ResponseReturnValue:
    """One step as the draft holds it, or everything at the end."""
    steps, here = _step_or_404(slug, draft_id, step)
    if here is Step.CHECK:
        return _check_page(steps, SendForm())
    return _step_page(steps, here, steps.form_of(here))


@blueprint.post("/drafts/<int:draft_id>/<step>")
@accepts_files
def save(slug: str, draft_id: int, step: str) -> ResponseReturnValue:
    """Keep what was typed in one step, then go on, or back, or leave for now."""
    steps, here = _step_or_404(slug, draft_id, step)
    get_or_404(here if here is not Step.CHECK else None)
    form, action = steps.build(here), request.form.get("action", "")
    if action == LOOK_UP:
        shown, found = look_up(steps.event, steps.kind, form)
        return _step_page(steps, here, shown, found=found)
    is_valid = form.validate_on_submit()
    _save(steps.draft, here, form)
    if action in {"back", "later"}:
        return _elsewhere(steps, here, action)
    if not is_valid:
        return _step_page(Steps(steps.draft), here, form), 422
    wanted = Step.CHECK if request.form.get("then") == Step.CHECK else steps.after(here)
    return redirect(_path(steps.draft, wanted))


def _step_or_404(slug: str, draft_id: int, word: str) -> tuple[Steps, Step]:
    steps = Steps(held_draft_or_404(event_or_404(slug), draft_id))
    return steps, get_or_404(next((each for each in steps.names if each == word), None))


def _save(draft: RegistrationDraft, here: Step, form: Form) -> None:
    with unit_of_work():
        operations.save_draft(draft, held_by(form), at=now())
        if here is Step.QUESTIONS and isinstance(form, AnswerForm):
            for question_id, checked in form.uploads().items():
                operations.keep_draft_file(draft, question_id, checked, at=now())
            for question_id in {
                int(key) for key in request.form.getlist("remove_file") if key.isdecimal() and len(key) < 10
            }:
                operations.keep_draft_file(draft, question_id, None, at=now())


def _elsewhere(steps: Steps, here: Step, action: str) -> ResponseReturnValue:
    before = steps.before(here)
    if action == "later":
        return redirect(url_for("registrations.later", slug=steps.event.slug, draft_id=steps.draft.id))
    if before is None:
        return redirect(url_for("registrations.choose", slug=steps.event.slug))
    return redirect(_path(steps.draft, before))


@blueprint.route("/drafts/<int:draft_id>/later", methods=["GET", "POST"])
@limiter.limit(HOURLY_LIMIT, key_func=_mailbox, methods=["POST"])
def later(slug: str, draft_id: int) -> ResponseReturnValue:
    """Mail a link to come back with, or say that an address is needed first."""
    event = event_or_404(slug)
    draft = held_draft_or_404(event, draft_id)
    form = SendForm()
    if request.method == "POST" and form.validate_on_submit() and draft.email:
        with unit_of_work():
            operations.mail_draft_link(draft, secret_key=secret_key(), at=now())
        flash(_("Le lien est parti à %(email)s. Il reste bon trente jours.", email=draft.email), "success")
        return redirect(url_for("events.show", slug=slug))
    status = 422 if request.method == "POST" else 200
    return render_template("registrations/later.html", event=event, draft=draft, form=form), status


@blueprint.post("/drafts/<int:draft_id>/discard")
def discard(slug: str, draft_id: int) -> ResponseReturnValue:
    """Throw the draft away."""
    event = event_or_404(slug)
    draft = held_draft_or_404(event, draft_id)
    with unit_of_work():
        operations.discard_draft(draft, at=now())
    let_go(draft_id)
    flash(_("Le brouillon est effacé."), "success")
    return redirect(url_for("registrations.choose", slug=slug))


@blueprint.post("/drafts/<int:draft_id>/send")
@limiter.limit(HOURLY_LIMIT, key_func=_mailbox, methods=["POST"])
def send(slug: str, draft_id: int) -> ResponseReturnValue:
    """Turn a complete draft into a registration; sent twice, it is one."""
    event, form = event_or_404(slug), SendForm()
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    draft = held_draft_or_404(event, draft_id)
    steps = Steps(draft)
    if not form.validate_on_submit() or steps.missing:
        return _check_page(steps, form), 422
    answer = url_for("registrations.done", slug=slug)
    profile, details, desk_name = steps.profile(), steps.details(), steps.desk_name

    def store() -> None:
        with unit_of_work():
            details.answers.update(operations.close_draft(draft, at=now()))
            _register(event, profile, details, desk_name, by=current_person())
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
        return _check_page(steps, form), broken.status
    let_go(draft_id)
    return redirect(answer)


def _register(
    event: Event, profile: Profile, details: RegistrationDetails, desk_name: str, *, by: Person | None
) -> None:
    match profile:
        case StructureProfile():
            operations.register_structure(event, profile, details, by=by, at=now())
        case BuyerProfile():
            operations.register_desk(event, profile, desk_name, details, by=by, at=now())
        case PartnerProfile():
            operations.register_partner(event, profile, details, by=by, at=now())
        case VisitorProfile():
            operations.register_visitor(event, profile, details, by=by, at=now())


def _step_page(steps: Steps, here: Step, form: Form, *, found: str = "") -> str:
    return render_template(
        "registrations/step.html",
        form=form,
        step=here,
        found=found,
        files=steps.files,
        then=request.values.get("then", ""),
        **_around(steps, here),
    )


def _check_page(steps: Steps, form: Form) -> str:
    return render_template(
        "registrations/check.html",
        form=form,
        step=Step.CHECK,
        told=[(part, _told(steps, part)) for part in steps.parts],
        missing=steps.missing,
        full=not queries.places_of(steps.event, steps.kind).has_room,
        **_around(steps, Step.CHECK),
    )


def _told(steps: Steps, part: Part) -> list[tuple[str, str]]:
    told = told_by(part.form)
    if isinstance(part.form, AnswerForm):
        labels = {question.id: question.label for question in part.form.questions}
        told += [(labels[key], name) for key, name in steps.files.items() if key in labels]
    return told


def _around(steps: Steps, here: Step) -> dict[str, object]:
    draft, event, person = steps.draft, steps.event, current_person()
    for_another = draft.entered_by_id is not None
    by_phone = for_another and person is not None and person.is_organiser
    return {
        "event": event,
        "kind": draft.kind,
        "draft_id": draft.id,
        "parts": steps.parts,
        "by_phone": by_phone,
        "acting_for": "".join(draft.typed.get("name", [])) if for_another and not by_phone else "",
        "is_open": event.registration_open(now()) or by_phone,
        "position": steps.names.index(here) + 1,
        "total": len(steps.names),
        "endpoints": ENDPOINTS,
        "is_visitor": draft.kind is OrganisationKind.VISITOR,
    }


def _path(draft: RegistrationDraft, wanted: Step) -> str:
    return url_for("registrations.step", slug=draft.event.slug, draft_id=draft.id, step=wanted)
