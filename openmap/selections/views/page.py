"""What the board shows, whole or as the part that htmx puts in its place."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from openmap.core.clock import now
from openmap.core.paging import list_page
from openmap.core.web import wants_fragment
from openmap.pitches.models import PitchCall
from openmap.selections import queries
from openmap.selections.board import Board
from openmap.selections.enums import BalanceKind
from openmap.selections.forms import BoundsForm, ConstraintForm, FileFilterForm, ProposeForm
from openmap.selections.models import BoardChange
from openmap.selections.queries import Candidate
from openmap.selections.traits import balance, rules_from

FILES_A_PAGE = 20
CHANGES_SHOWN = 6
ZONES = ("", "rejected", "all")


@dataclass(frozen=True, slots=True)
class Stale:
    """What changed since the form that was pressed was shown, and what to press to apply it all the same."""

    changes: list[BoardChange]
    action: str
    fields: dict[str, str]


def board_page(
    call: PitchCall,
    *,
    said: str = "",
    broken: str = "",
    stale: Stale | None = None,
    constraint_form: ConstraintForm | None = None,
) -> str:
    """The board as it is now; `said` is announced, `broken` is what could not be done."""
    found = queries.candidates(call)
    board = queries.board_of(call, [each.application for each in found])
    return render_template(
        "selections/_board.html" if wants_fragment() else "selections/board.html",
        event=call.event,
        call=call,
        at=now(),
        board=board,
        **_files(call, found, board),
        **_balance(call, found, board, constraint_form),
        proposals=queries.proposals_of(call),
        changes=queries.latest_changes(call, CHANGES_SHOWN),
        titles=queries.titles_of(call),
        said=said,
        broken=broken,
        stale=stale,
    )


def _files(call: PitchCall, found: list[Candidate], board: Board) -> dict[str, Any]:
    """The three columns: the files that are looked at, the selected, the reserve."""
    filters = FileFilterForm(request.args)
    filters.offer([each.application for each in found])
    zone = request.args.get("zone", "all" if call.released_at else "")
    zone = zone if zone in ZONES else ""
    by_id = {each.application.id: each for each in found}
    return {
        "selected": _selected(found, board),
        "reserve": [by_id[key] for key in board.reserve],
        "counts": _counts(found, board),
        "page": _shown(found, board, filters, zone),
        "zone": zone,
        "filters": filters,
        "kept": filters.kept().arguments() | ({"zone": zone} if zone else {}),
        "unscored": sum(each.value is None for each in found),
    }


def _balance(call: PitchCall, found: list[Candidate], board: Board, form: ConstraintForm | None) -> dict[str, Any]:
    """The selected beside all files, the organiser's rules, and the forms that change them."""
    files = [each.application for each in found]
    chosen = [each.application for each in _selected(found, board)]
    constraints = queries.constraints_of(call)
    form = form or ConstraintForm(formdata=None)
    form.offer(files)
    return {
        "shares": balance(files, chosen),
        "kinds": list(BalanceKind),
        "rules": [(rule, rule.count(chosen)) for rule in rules_from(constraints, files)],
        "constraints": constraints,
        "constraint_form": form,
        "bounds_form": BoundsForm(formdata=None),
        "propose_form": ProposeForm(formdata=None),
    }


def _selected(found: list[Candidate], board: Board) -> list[Candidate]:
    return [each for each in found if each.application.id in board.selected]


def _counts(found: list[Candidate], board: Board) -> dict[str, int]:
    return {"": len(found) - len(list(board)), "rejected": len(board.rejected), "all": len(found)}


def _shown(found: list[Candidate], board: Board, filters: FileFilterForm, zone: str) -> Any:
    kept = filters.kept()
    rows = [each for each in found if _is_in(zone, board, each) and kept.keeps(each)]
    return list_page(rows, page=request.args.get("page", 1, type=int), size=FILES_A_PAGE)


def _is_in(zone: str, board: Board, candidate: Candidate) -> bool:
    key = candidate.application.id
    return zone == "all" or (key in board.rejected if zone == "rejected" else key not in set(board))
