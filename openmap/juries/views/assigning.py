"""The organiser gives files to reviewers: by hand, file by file or reviewer by reviewer, or evenly."""

from collections import defaultdict

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.paging import list_page
from openmap.core.text import plain
from openmap.core.web import safe_path
from openmap.juries import operations, queries
from openmap.juries.access import call_or_404
from openmap.juries.enums import FileState
from openmap.juries.forms import PairsForm, ShareForm
from openmap.juries.obstacles import forbids, obstacles
from openmap.juries.refusals import ConflictDeclared, ReviewerIsApplicant
from openmap.juries.standings import standings, that_count
from openmap.juries.views.blueprint import blueprint
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.pitches.queries import submitted_applications

FILES_A_PAGE = 12
TOUCHED = {FileState.DRAFT, FileState.GIVEN, FileState.ABSTAINED, FileState.SET_ASIDE}


@blueprint.get("/manage/<slug>/jury/files")
@organiser_required
def files(slug: str) -> ResponseReturnValue:
    """Each file with its reviewers, as boxes to tick."""
    return _files_page(call_or_404(slug), ShareForm(data={"per_file": _wanted()}), PairsForm())


@blueprint.post("/manage/<slug>/jury/assign")
@organiser_required
def assign(slug: str) -> ResponseReturnValue:
    """Give and take files as the boxes say; what the page did not show stays as it is."""
    call, form = call_or_404(slug), PairsForm()
    answer = safe_path(request.form.get("next"), url_for("juries.files", slug=slug))
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _files_page(call, ShareForm(), form), 422
    ticked, had = (form.pairs(name, request.form.getlist(name)) for name in ("pair", "had"))
    try:
        with unit_of_work():
            operations.assign_files(call, added=ticked - had, removed=had - ticked, by=the_person(), at=now())
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):
            return redirect(first)
        if isinstance(broken, ReviewerIsApplicant | ConflictDeclared):
            with unit_of_work():
                operations.note_refusal(call, broken, by=the_person(), at=now())
        form.show(broken)
        return _files_page(call, ShareForm(), form, ticked=ticked), broken.status
    flash(_("Les dossiers sont confiés comme vous l’avez dit."), "success")
    return redirect(answer)


@blueprint.post("/manage/<slug>/jury/share")
@organiser_required
def share(slug: str) -> ResponseReturnValue:
    """Share the files evenly; files that lack somebody are listed with the reasons."""
    call, form = call_or_404(slug), ShareForm()
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _files_page(call, form, PairsForm()), 422
    per_file = form.per_file.data or 0
    answer = url_for("juries.files", slug=slug, per_file=per_file)
    try:
        with unit_of_work():
            sharing = operations.share_files(
                call, per_file=per_file, draw=form.draw.data or 0, by=the_person(), at=now()
            )
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):
            return redirect(first)
        form.show(broken)
        return _files_page(call, form, PairsForm()), broken.status
    count = len(sharing.pairs)
    flash(
        ngettext("%(num)d lecture est confiée.", "%(num)d lectures sont confiées.", count)
        if count
        else _("Rien de plus à confier : chaque dossier a autant de relecteurs que possible."),
        "success",
    )
    return redirect(answer)


def _wanted() -> int:
    per_file = request.args.get("per_file", 3, type=int)
    return min(9, max(1, per_file))


def _files_page(
    call: PitchCall, share_form: ShareForm, form: PairsForm, *, ticked: set[tuple[int, int]] | None = None
) -> str:
    words, per_file = plain(request.args.get("q", "")[:100]), _wanted()
    only_lacking = request.args.get("lacking") == "1"
    everybody, found, applications = queries.reviewers_of(call), standings(call), submitted_applications(call)
    reviewers = [one for one in everybody if one.is_active]
    readers: dict[int, int] = defaultdict(int)
    for one in that_count(call, found, everybody):
        readers[one.application_id] += 1
    lacking = [file for file in applications if readers[file.id] < per_file]
    shown = [file for file in (lacking if only_lacking else applications) if words in _searched(file)]
    states = {(one.reviewer_id, one.application_id): one.state for one in found}
    return render_template(
        "juries/files.html",
        event=call.event,
        call=call,
        reviewers=reviewers,
        everybody={one.id: one for one in everybody},
        page=list_page(shown, page=request.args.get("page", 1, type=int), size=FILES_A_PAGE),
        states=states,
        touched=TOUCHED,
        ticked=ticked if ticked is not None else states.keys(),
        readers=readers,
        in_the_way=obstacles(call),
        forbids=forbids,
        lacking=lacking,
        file_count=len(applications),
        per_file=per_file,
        only_lacking=only_lacking,
        q=request.args.get("q", "")[:100],
        share_form=share_form,
        form=form,
        told=told,
    )


def _searched(file: PitchApplication) -> str:
    return plain(f"{file.title} {file.registration.organisation.name} {file.registration.ref}")
