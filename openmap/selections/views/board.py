"""The board: ranked files, where each stands, and the buttons that move them."""

from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404, wants_fragment
from openmap.pitches.models import PitchCall
from openmap.selections import operations, queries
from openmap.selections.forms import BoardForm, DecideForm
from openmap.selections.refusals import BoardChanged
from openmap.selections.views.blueprint import blueprint, board_required
from openmap.selections.views.page import Stale, board_page
from openmap.selections.wording import outcome_words

_KEPT = ("q", "kind", "departement", "sector", "show", "zone", "page")


@blueprint.get("/manage/<slug>/selection")
@board_required
def board(call: PitchCall) -> ResponseReturnValue:
    """Every file, the best first, beside who is chosen and what that balances."""
    return board_page(call)


@blueprint.post("/manage/<slug>/selection/decide")
@board_required
def decide(call: PitchCall) -> ResponseReturnValue:
    """Put one file elsewhere."""
    form = DecideForm()
    if not form.validate_on_submit():
        return _not_understood(call)
    application = get_or_404(queries.find_file(call, form.application.data or 0))
    outcome = form.chosen()
    try:
        with unit_of_work():
            operations.decide(application, outcome, rank=form.rank.data, seen=form.seen, by=the_person(), at=now())
    except RuleBroken as broken:
        return refused(call, broken, form)
    place = queries.board_of(call).place_of(application.id)
    return done(
        call,
        _(
            "%(structure)s : %(place)s.",
            structure=application.registration.title,
            place=outcome_words(place.outcome, place.rank),
        ),
    )


@blueprint.post("/manage/<slug>/selection/rest")
@board_required
def rest(call: PitchCall) -> ResponseReturnValue:
    """Reject whatever is undecided."""
    form = BoardForm()
    if not form.validate_on_submit():
        return _not_understood(call)
    try:
        with unit_of_work():
            count = operations.reject_rest(call, seen=form.seen, by=the_person(), at=now())
    except RuleBroken as broken:
        return refused(call, broken, form)
    return done(call, ngettext("%(num)d dossier n’est pas retenu.", "%(num)d dossiers ne sont pas retenus.", count))


@blueprint.post("/manage/<slug>/selection/undo")
@board_required
def undo(call: PitchCall) -> ResponseReturnValue:
    """Take the last change back."""
    form = BoardForm()
    if not form.validate_on_submit():
        return _not_understood(call)
    try:
        with unit_of_work():
            operations.undo(call, seen=form.seen, by=the_person(), at=now())
    except RuleBroken as broken:
        return refused(call, broken, form)
    return done(call, _("Le dernier changement est annulé."))


def done(call: PitchCall, said: str) -> ResponseReturnValue:
    """The board after a change: its part for htmx, else back to the page with a message."""
    if wants_fragment():
        return board_page(call, said=said)
    flash(said, "success")
    return redirect(_back(call))


def refused(call: PitchCall, broken: RuleBroken, form: BoardForm) -> ResponseReturnValue:
    """The board as it is now, with what was in the way; a stale form can be applied again by one button."""
    if isinstance(broken, BoardChanged):
        again = {
            name: value for name, value in request.form.items() if name not in {"csrf_token", "version", "form_key"}
        }
        stale = Stale(queries.changes_since(call, form.seen), request.full_path.rstrip("?"), again)
        return board_page(call, broken=told(broken), stale=stale), broken.status
    return board_page(call, broken=told(broken)), broken.status


def _not_understood(call: PitchCall) -> ResponseReturnValue:
    return board_page(call, broken=_("Cette action n’a pas été comprise. Essayez de nouveau.")), 422


def _back(call: PitchCall) -> str:
    """The board with the filters that were on it."""
    kept = {name: request.args[name] for name in _KEPT if name in request.args}
    path = url_for("selections.board", slug=call.event.slug)
    return f"{path}?{urlencode(kept)}" if kept else path
