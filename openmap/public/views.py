"""The mornings, one morning, and the rule; the blueprint keeps the name of what it shows (docs/decisions/008)."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.core.text import clean_text
from openmap.events.access import event_or_404
from openmap.events.queries import next_edition
from openmap.exhibition.queries import has_public_exhibition
from openmap.meeting_requests.demand import demand_of_desks
from openmap.meetings.queries import current_version
from openmap.pitches.queries import call_of
from openmap.public import queries
from openmap.registrations.queries import registrations_at
from openmap.series.figures import with_figures
from openmap.series.forms import WishForm

blueprint = Blueprint("events", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Every morning, those to come first."""
    to_come, past = queries.morning_cards(now())
    return render_template("events/index.html", to_come=to_come, past=past, at=now())


@blueprint.get("/events/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One morning: what it is, who buys, until when to do what, and how meetings are given."""
    event = event_or_404(slug)
    person, at = current_person(), now()
    is_past = event.is_past(at)
    demands = demand_of_desks(event)
    words = clean_text(request.args.get("q", ""))[:100]
    own = registrations_at(event, person) if person else []
    reads_all = (person is not None and person.is_organiser) or any(each.is_approved for each in own)
    told = queries.told_desks(event, demands, reads_all=reads_all)
    return render_template(
        "events/show.html",
        event=event,
        at=at,
        demands=demands,
        words=words,
        told=told,
        page=queries.desk_page(demands, words, told=told, page=request.args.get("page", 1, type=int)),
        version=current_version(event),
        own=own,
        call=call_of(event),
        has_exhibition=has_public_exhibition(event),
        edition=with_figures([event])[0] if is_past else None,
        coming=next_edition(event.series, at) if is_past else None,
        wish_form=WishForm.offered(email=person.email if person else "", sector=event.sector) if is_past else None,
    )


@blueprint.get("/rule")
def rule() -> ResponseReturnValue:
    """The published rule: who gets a meeting, and why."""
    return render_template("events/rule.html")
