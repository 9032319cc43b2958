"""A reviewer's own pages: the files given to them, and one file to judge."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.downloads import file_answer
from openmap.core.errors import RuleBroken
from openmap.core.files import StoredFile
from openmap.core.paging import list_page
from openmap.core.text import plain
from openmap.core.web import get_or_404
from openmap.juries import operations, queries
from openmap.juries.access import assignment_or_404, reviewer_or_404
from openmap.juries.applicants import own_files
from openmap.juries.enums import FileState
from openmap.juries.forms import ABSTAIN, DRAFT, GIVE, ConflictForm, ReviewForm, review_form
from openmap.juries.models import Assignment, Reviewer
from openmap.juries.reading import FileToJudge, files_to_judge
from openmap.juries.refusals import ReviewChangedMeanwhile
from openmap.juries.standings import OWED
from openmap.juries.verdicts import NO_VERDICT
from openmap.juries.views.blueprint import blueprint
from openmap.pitches.queries import SENT, criteria_of, find_document
from openmap.pitches.reading import file_of
from openmap.profiles.queries import profile_of
from openmap.questions.queries import find_answer

FILES_A_PAGE = 20
SHOWN = (FileState.TO_READ, FileState.DRAFT, FileState.GIVEN, FileState.ABSTAINED, FileState.SET_ASIDE)
ACTS: Mapping[str, Callable[..., None]] = MappingProxyType({DRAFT: operations.save_draft, GIVE: operations.give_review})


@blueprint.get("/events/<slug>/jury")
@person_required
def mine(slug: str) -> ResponseReturnValue:
    """My files: what is left to judge, what was given, until when."""
    reviewer = _without_own_files(reviewer_or_404(slug))
    files = files_to_judge(reviewer)
    words, state = plain(request.args.get("q", "")[:100]), request.args.get("state", "")
    shown = [one for one in files if words in plain(one.title) and (not state or one.state == state)]
    owed = [one for one in files if one.state in OWED]
    return render_template(
        "juries/mine.html",
        event=reviewer.call.event,
        call=reviewer.call,
        reviewer=reviewer,
        files=files,
        page=list_page(shown, page=request.args.get("page", 1, type=int), size=FILES_A_PAGE),
        next_file=owed[0] if owed else None,
        owed_count=len(owed),
        counts={one: sum(file.state is one for file in files) for one in SHOWN},
        state=state,
        q=request.args.get("q", "")[:100],
        is_open=reviewer.judges_at(now()),
        at=now(),
    )


@blueprint.get("/events/<slug>/jury/<int:application_id>")
@person_required
def review(slug: str, application_id: int) -> ResponseReturnValue:
    """One file, and the scales beside it."""
    assignment = _assignment(slug, application_id)
    if assignment.conflict_at is not None:
        return _set_aside_page(assignment), 403
    if assignment.application.state not in SENT:
        return _set_aside_page(assignment), 410
    form = review_form(criteria_of(assignment.reviewer.call), assignment.review)
    return _page(assignment, form, ConflictForm())


@blueprint.post("/events/<slug>/jury/<int:application_id>")
@person_required
def judge(slug: str, application_id: int) -> ResponseReturnValue:
    """Keep a draft, give scores or abstain; the same rendered form sent twice is one review."""
    assignment = _assignment(slug, application_id)
    if assignment.conflict_at is not None:
        return _set_aside_page(assignment), 403
    form = review_form(criteria_of(assignment.reviewer.call), assignment.review)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(assignment, form, ConflictForm()), 422
    chosen = form.chosen
    answer = _after(assignment, chosen)
    try:
        with unit_of_work():
            _act(assignment, form)
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # its twin was quicker
            return redirect(first)
        form.show(broken)
        is_stale = isinstance(broken, ReviewChangedMeanwhile)
        return _page(assignment, form, ConflictForm(), is_stale=is_stale), broken.status
    flash(_SAID[chosen](), "success")
    return redirect(answer)


@blueprint.post("/events/<slug>/jury/<int:application_id>/conflict")
@person_required
def conflict(slug: str, application_id: int) -> ResponseReturnValue:
    """Say why one may not judge this file; it goes to somebody else."""
    assignment = assignment_or_404(slug, application_id)
    form = ConflictForm()
    if not form.validate_on_submit():
        own = review_form(criteria_of(assignment.reviewer.call), assignment.review)
        return _page(assignment, own, form), 422
    try:
        with unit_of_work():
            operations.declare_conflict(assignment, reason=form.reason.data or "", by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        own = review_form(criteria_of(assignment.reviewer.call), assignment.review)
        return _page(assignment, own, form), broken.status
    flash(_("Merci de l’avoir dit. Ce dossier n’est plus dans votre liste : il va à quelqu’un d’autre."), "success")
    return redirect(url_for("juries.mine", slug=slug))


@blueprint.get("/events/<slug>/jury/<int:application_id>/documents/<int:document_id>")
@person_required
def document(slug: str, application_id: int, document_id: int) -> ResponseReturnValue:
    """A document of a file to judge, under a neutral name where the jury is blind."""
    assignment = _readable(slug, application_id)
    found = get_or_404(find_document(assignment.application, document_id))
    place = [one.id for one in assignment.application.documents].index(found.id) + 1
    return _handed_out(assignment, found.file, f"document-{place}")


@blueprint.get("/events/<slug>/jury/<int:application_id>/answers/<int:answer_id>")
@person_required
def answer_file(slug: str, application_id: int, answer_id: int) -> ResponseReturnValue:
    """A file that answers a question, under a neutral name where the jury is blind."""
    assignment = _readable(slug, application_id)
    answer = get_or_404(find_answer(assignment.application.answer_sheet_id, answer_id))
    return _handed_out(assignment, get_or_404(answer.file), "reponse")


@blueprint.get("/events/<slug>/jury/<int:application_id>/logo")
@person_required
def logo(slug: str, application_id: int) -> ResponseReturnValue:
    """The structure's picture; a blind jury sees none."""
    assignment = _readable(slug, application_id)
    profile = get_or_404(profile_of(assignment.application.registration.organisation))
    return file_answer(get_or_404(None if assignment.reviewer.call.is_blind else profile.logo))


def _readable(slug: str, application_id: int) -> Assignment:
    assignment = _assignment(slug, application_id)
    if assignment.conflict_at is not None or assignment.application.state not in SENT:
        abort(404)
    return assignment


def _handed_out(assignment: Assignment, file: StoredFile, neutral: str) -> Response:
    answer = file_answer(file)
    if assignment.reviewer.call.is_blind:
        kind = "inline" if file.media_type.startswith("image/") else "attachment"
        name = f"{neutral}.{file.media_type.rpartition('/')[2]}"
        answer.headers["Content-Disposition"] = f"{kind}; filename={name}"
    return answer


def _act(assignment: Assignment, form: ReviewForm) -> None:
    comment, seen, by, at = form.comment.data or "", form.seen.data or "", the_person(), now()
    if form.chosen == ABSTAIN:
        operations.abstain(assignment, comment=comment, seen=seen, by=by, at=at)
    elif form.chosen == GIVE:
        operations.give_review(assignment, values=form.values(), comment=comment, seen=seen, by=by, at=at)
    else:
        operations.save_draft(assignment, values=form.values(), comment=comment, seen=seen, by=by, at=at)


def _without_own_files(reviewer: Reviewer) -> Reviewer:
    """The reviewer, after files they speak for by now were set aside and passed on, on record."""
    call = reviewer.call
    own = {file for _who, file in own_files(call, reviewer=reviewer)}
    if own and queries.has_open_files(reviewer, own):
        with unit_of_work():
            operations.set_aside_own_files(reviewer, at=now())
    return reviewer


def _assignment(slug: str, application_id: int) -> Assignment:
    """The file, its conflict of interest noted first if it came about since."""
    _without_own_files(reviewer_or_404(slug))
    return assignment_or_404(slug, application_id)


def _after(assignment: Assignment, chosen: str) -> str:
    """Where a button leads: a draft stays on its page, a given review goes on to the next file."""
    slug, own = assignment.reviewer.call.event.slug, assignment.application_id
    if chosen == DRAFT:
        return url_for("juries.review", slug=slug, application_id=own)
    following = _next(files_to_judge(assignment.reviewer), own)
    if following is None:
        return url_for("juries.mine", slug=slug)
    return url_for("juries.review", slug=slug, application_id=following.application_id)


def _next(files: Sequence[FileToJudge], own: int) -> FileToJudge | None:
    """The next file owed after this one, from the beginning again after the last."""
    ids = [one.application_id for one in files]
    start = ids.index(own) + 1 if own in ids else 0
    around = [*files[start:], *files[:start]]
    return next((one for one in around if one.state in OWED and one.application_id != own), None)


def _saved(assignment: Assignment, form: ReviewForm) -> list[tuple[str, object]]:
    """What stands in the database, criterion by criterion."""
    review = assignment.review
    values = {score.criterion_id: score.value for score in review.scores} if review else {}
    said = [(criterion.label, values[criterion.id]) for criterion in form.criteria if criterion.id in values]
    return [*said, (_("Mot au jury"), review.comment)] if review and review.comment else list(said)


_SAID: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        DRAFT: lambda: str(_("Brouillon enregistré. Vous seul le voyez.")),
        GIVE: lambda: str(_("Votre avis est donné. Vous pouvez encore le changer jusqu’à la fin du jury.")),
        ABSTAIN: lambda: str(_("Abstention notée.")),
    }
)


def _set_aside_page(assignment: Assignment) -> str:
    return render_template("juries/set_aside.html", event=assignment.reviewer.call.event, assignment=assignment)


def _page(assignment: Assignment, form: ReviewForm, conflict_form: ConflictForm, *, is_stale: bool = False) -> str:
    """`is_stale` shows beside what was typed what another tab saved; sent again, it is meant."""
    reviewer, application, at = assignment.reviewer, assignment.application, now()
    files = files_to_judge(reviewer)
    place = next((number for number, one in enumerate(files, 1) if one.application_id == application.id), 0)
    sees = queries.sees_the_verdict(assignment, at=at)
    return render_template(
        "juries/review.html",
        event=reviewer.call.event,
        call=reviewer.call,
        reviewer=reviewer,
        assignment=assignment,
        application=application,
        document_route=("juries.document", {"slug": reviewer.call.event.slug, "application_id": application.id}),
        answer_route=("juries.answer_file", {"slug": reviewer.call.event.slug, "application_id": application.id}),
        logo_route=("juries.logo", {"slug": reviewer.call.event.slug, "application_id": application.id}),
        sheet=file_of(application, blind=reviewer.call.is_blind),
        seen=operations.seen_version(assignment.review) if is_stale else form.seen.data or "",
        other_saved=_saved(assignment, form) if is_stale else [],
        shown=next((one for one in files if one.application_id == application.id), None),
        place=place,
        file_count=len(files),
        next_file=_next(files, application.id),
        previous_file=files[place - 2] if place > 1 else None,
        following_file=files[place] if 0 < place < len(files) else None,
        form=form,
        conflict_form=conflict_form,
        is_open=reviewer.judges_at(at),
        may_change=at < application.deadline(),
        verdict=queries.verdicts(reviewer.call).get(application.id, NO_VERDICT) if sees else None,
        reviews=queries.reviews_of(reviewer.call, application.id) if sees else [],
        at=at,
    )
