"""Proposals of the scheduler: asked, read with their proof, adopted, and handed out to be asked again."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchCall
from openmap.selections import operations, problem, queries
from openmap.selections.board import Board, Move
from openmap.selections.forms import BoardForm, ProposeForm
from openmap.selections.models import SelectionProposal
from openmap.selections.operations.proposing import proposed_board
from openmap.selections.reading import Reading, read_proposal
from openmap.selections.refusals import AlreadyReleased, NoFiles
from openmap.selections.traits import rules_from
from openmap.selections.views.blueprint import blueprint, board_required
from openmap.selections.views.page import board_page

ROOT = "/manage/<slug>/selection/proposals"


@blueprint.post(ROOT)
@board_required
def propose(call: PitchCall) -> ResponseReturnValue:
    """Ask for the best selection that keeps to the rules; solved at once, before anything is written."""
    form = ProposeForm()
    if not form.validate_on_submit():
        return board_page(call), 422
    try:
        asked = _ask(call, keeps=bool(form.keeps.data))
        with unit_of_work():
            number = operations.store_proposal(call, asked, by=the_person(), at=now()).number
    except RuleBroken as broken:
        return board_page(call, broken=told(broken)), broken.status
    return redirect(url_for("selections.proposal", slug=call.event.slug, number=number))


def _ask(call: PitchCall, *, keeps: bool) -> problem.Asked:
    if call.released_at:
        raise AlreadyReleased
    found = queries.candidates(call)
    if not found:
        raise NoFiles
    files = [each.application for each in found]
    rules = rules_from(queries.constraints_of(call), files)
    return problem.ask(call, found, rules, keeps=queries.board_of(call, files) if keeps else None)


@blueprint.get(f"{ROOT}/<int:number>")
@board_required
def proposal(call: PitchCall, number: int) -> ResponseReturnValue:
    """One proposal: what it chooses, its proof, what each rule costs, and why the others are left out."""
    return _page(call, get_or_404(queries.find_proposal(call, number)))


@blueprint.post(f"{ROOT}/<int:number>/adopt")
@board_required
def adopt(call: PitchCall, number: int) -> ResponseReturnValue:
    """Put the board as the proposal says; one click takes it back."""
    chosen = get_or_404(queries.find_proposal(call, number))
    form = BoardForm()
    if not form.validate_on_submit():
        return _page(call, chosen), 422
    try:
        with unit_of_work():
            operations.adopt_proposal(chosen, call, seen=form.seen, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(call, chosen, broken=told(broken)), broken.status
    flash(_("La proposition n° %(number)s est sur le tableau. Un clic l’annule.", number=number), "success")
    return redirect(url_for("selections.board", slug=call.event.slug))


@blueprint.get(f"{ROOT}/<int:number>/question.json")
@board_required
def question(call: PitchCall, number: int) -> ResponseReturnValue:
    """What was asked, as `python -m scheduler select` reads it."""
    chosen = get_or_404(queries.find_proposal(call, number))
    name = f"selection-{call.event.slug}-{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(chosen.question, mimetype="application/json", headers=headers)


def _page(call: PitchCall, chosen: SelectionProposal, *, broken: str = "") -> str:
    found = queries.candidates(call)
    files = [each.application for each in found]
    board = queries.board_of(call, files)
    reading = read_proposal(chosen, {each.registration.ref: each.registration.title for each in found})
    return render_template(
        "selections/proposal.html",
        event=call.event,
        call=call,
        proposal=chosen,
        reading=reading,
        found={each.registration.ref: each for each in found},
        moves=_moves(reading, found, board),
        titles=queries.titles_of(call),
        changes=queries.latest_changes(call, 1),
        broken=broken,
    )


def _moves(reading: Reading, found: list[queries.Candidate], board: Board) -> list[Move]:
    """What adopting would change; nothing where it cannot be adopted."""
    known = {
        each.registration.ref: each.application.id
        for each in found
        if each.application.state is ApplicationState.SUBMITTED
    }
    try:
        return board.moves_to(proposed_board(reading.answer, known, board))
    except RuleBroken:
        return []
