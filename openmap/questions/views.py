"""An organiser writes the questions of a morning, of its registration or of its call for pitches, and sees the form."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.questions import operations, queries
from openmap.questions.enums import QuestionPurpose
from openmap.questions.forms import QuestionEditForm, answer_form
from openmap.questions.models import Question

blueprint = Blueprint("questions", __name__, url_prefix="/manage/<slug>/questions")
DIRECTIONS = {"up": -1, "down": 1}


@blueprint.get("")
@organiser_required
def index(slug: str) -> ResponseReturnValue:
    """The questions in their order, then those no longer asked."""
    event, purpose = event_or_404(slug), _purpose()
    questions = queries.questions_of(event, purpose, with_retired=True)
    return render_template(
        "questions/index.html",
        event=event,
        purpose=purpose,
        asked=[question for question in questions if question.retired_at is None],
        retired=[question for question in questions if question.retired_at is not None],
        counts=queries.answer_counts(questions),
        limit=operations.QUESTION_LIMIT,
        kinds=OrganisationKind,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@organiser_required
def new(slug: str) -> ResponseReturnValue:
    """Ask one thing more."""
    event, purpose = event_or_404(slug), _purpose()
    form = QuestionEditForm()
    if request.method != "POST":
        return _edit_page(event, purpose, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _edit_page(event, purpose, form), 422
    try:
        with unit_of_work():
            operations.add_question(event, purpose, form.wording(), by=the_person(), at=now())
            receipts.keep_answer(form.receipt, _path(event, purpose), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _edit_page(event, purpose, form), broken.status
    flash(_("La question est ajoutée à la fin du formulaire."), "success")
    return redirect(_path(event, purpose))


@blueprint.route("/<int:question_id>", methods=["GET", "POST"])
@organiser_required
def edit(slug: str, question_id: int) -> ResponseReturnValue:
    """Say it better; answers stay."""
    event = event_or_404(slug)
    question = _question_or_404(event, question_id)
    if request.method != "POST":
        return _edit_page(event, question.purpose, QuestionEditForm.of(question), question)
    form = QuestionEditForm()
    if not form.validate_on_submit():
        return _edit_page(event, question.purpose, form, question), 422
    try:
        with unit_of_work():
            operations.edit_question(question, form.wording(), by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _edit_page(event, question.purpose, form, question), broken.status
    flash(_("La question est enregistrée."), "success")
    return redirect(_path(event, question.purpose))


@blueprint.post("/<int:question_id>/move")
@organiser_required
def move(slug: str, question_id: int) -> ResponseReturnValue:
    """One place up or down."""
    event = event_or_404(slug)
    question = _question_or_404(event, question_id)
    with unit_of_work():
        places = DIRECTIONS.get(request.form.get("direction", ""), 0)
        operations.move_question(question, places=places, by=the_person(), at=now())
    return redirect(_path(event, question.purpose, anchor=f"question-{question_id}"))


@blueprint.post("/<int:question_id>/retire")
@organiser_required
def retire(slug: str, question_id: int) -> ResponseReturnValue:
    """Ask it no more."""
    event = event_or_404(slug)
    question = _question_or_404(event, question_id)
    with unit_of_work():
        operations.retire_question(question, by=the_person(), at=now())
    flash(_("La question n’est plus posée. Les réponses reçues restent lisibles."), "success")
    return redirect(_path(event, question.purpose))


@blueprint.post("/<int:question_id>/restore")
@organiser_required
def restore(slug: str, question_id: int) -> ResponseReturnValue:
    """Ask it again; a broken rule answers with its own page."""
    event = event_or_404(slug)
    question = _question_or_404(event, question_id)
    with unit_of_work():
        operations.restore_question(question, by=the_person(), at=now())
    flash(_("La question est posée de nouveau."), "success")
    return redirect(_path(event, question.purpose))


@blueprint.get("/preview")
@organiser_required
def preview(slug: str) -> ResponseReturnValue:
    """The questions as one kind of participant sees them."""
    event, purpose = event_or_404(slug), _purpose()
    wanted = request.args.get("kind", "")
    kind = next((each for each in OrganisationKind if each == wanted), OrganisationKind.STRUCTURE)
    form = answer_form(queries.questions_for(event, purpose, kind))(formdata=None)
    return render_template(
        "questions/preview.html", event=event, purpose=purpose, form=form, kind=kind, kinds=OrganisationKind
    )


def _question_or_404(event: Event, question_id: int) -> Question:
    return get_or_404(queries.find_question(event, question_id))


def _edit_page(event: Event, purpose: QuestionPurpose, form: QuestionEditForm, question: Question | None = None) -> str:
    count = queries.answer_counts([question]).get(question.id, 0) if question else 0
    return render_template(
        "questions/edit.html",
        event=event,
        purpose=purpose,
        form=form,
        question=question,
        answer_count=count,
        sheet_count=0 if question else queries.sheet_count(event, purpose),
    )


def _purpose() -> QuestionPurpose:
    """The form whose questions the address names; registration's, unless it says otherwise."""
    wanted = request.args.get("for")
    return next((each for each in QuestionPurpose if each == wanted), QuestionPurpose.REGISTRATION)


def _path(event: Event, purpose: QuestionPurpose, *, anchor: str | None = None) -> str:
    named: dict[str, Any] = {} if purpose is QuestionPurpose.REGISTRATION else {"for": purpose.value}
    return url_for("questions.index", slug=event.slug, _anchor=anchor, **named)
