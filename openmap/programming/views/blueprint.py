"""The blueprint of the organiser's programme, and what its pages share: asking before a change that costs, undoing."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event, ProgrammeItem
from openmap.meetings.queries import current_version
from openmap.programme import queries
from openmap.programme.models import Appearance
from openmap.programme.operations import check_seen
from openmap.programme.places import places_of
from openmap.programming.conflicts import conflicts_of
from openmap.programming.costs import Stage, cost_of
from openmap.programming.forms import ConfirmedForm

blueprint = Blueprint("programming", __name__, url_prefix="/manage/<slug>")
NOT_ECHOED = frozenset({"csrf_token", "confirmed"})


def item_or_404(slug: str, item_id: int) -> tuple[Event, ProgrammeItem]:
    """A line of this morning; another morning's does not exist."""
    event = event_or_404(slug)
    return event, get_or_404(queries.find_item(event, item_id))


def appearance_or_404(slug: str, appearance_id: int) -> tuple[Event, Appearance]:
    """An appearance at this morning; another morning's does not exist."""
    event = event_or_404(slug)
    return event, get_or_404(queries.find_appearance(event, appearance_id))


def asked_first(
    event: Event, item: ProgrammeItem, after: Stage, form: ConfirmedForm, *, back: str
) -> ResponseReturnValue | None:
    """The page that says what a change costs, unless it costs nothing or this very cost was confirmed.

    Raises ProgrammeChanged when the line is no longer what the organiser looked at.
    """
    check_seen(item, form.seen_sequence)
    cost = cost_of(event, after)
    if cost is None or form.confirmed.data == cost.token:
        return None
    typed = [each for each in request.form.items(multi=True) if each[0] not in NOT_ECHOED]
    is_stale = bool(form.confirmed.data)
    page = render_template(
        "programming/cost.html", event=event, item=item, cost=cost, typed=typed, back=back, is_stale=is_stale
    )
    return page, 409 if is_stale else 200


def index_page(event: Event, form: ConfirmedForm | None = None, undo: str = "") -> str:
    """Every line with its people, and above them what cannot be as it is."""
    lines = queries.programme_of(event)
    return render_template(
        "programming/index.html",
        event=event,
        lines=lines,
        conflicts=conflicts_of(event, lines),
        places=places_of(event),
        version=current_version(event),
        form=form,
        undo=undo,
    )
