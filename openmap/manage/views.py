"""The organiser's pages across features: every morning, one morning, and everyone who takes part."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from openmap.accounts.access import organiser_required
from openmap.core.clock import now
from openmap.events.access import event_or_404
from openmap.manage import queries
from openmap.manage.journal import ACTIONS, journal_page
from openmap.meeting_requests.demand import demand_of_desks
from openmap.meetings.queries import current_version
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.forms import FilterForm
from openmap.registrations.queries import approved_counts, participants_page
from openmap.selections.waiting import waiting_at

blueprint = Blueprint("manage", __name__, url_prefix="/manage")


@blueprint.get("")
@organiser_required
def index() -> ResponseReturnValue:
    """Every morning, with what needs a decision."""
    return render_template("manage/index.html", mornings=queries.managed_mornings(), at=now())


@blueprint.get("/<slug>")
@organiser_required
def event(slug: str) -> ResponseReturnValue:
    """One morning: what needs a decision, demand against places, registrations over time."""
    morning, at = event_or_404(slug), now()
    version = current_version(morning)
    return render_template(
        "manage/event.html",
        event=morning,
        at=at,
        pitches=waiting_at(morning, at=at),
        decisions=queries.decisions_at([morning])[morning.id],
        structure_count=approved_counts([morning]).get((morning.id, OrganisationKind.STRUCTURE), 0),
        demands=demand_of_desks(morning),
        requests=queries.requests_at([morning])[morning.id],
        days=queries.registrations_over_time(morning),
        run=queries.last_run(morning),
        version=version,
        orphan_count=queries.orphan_meeting_count(version),
    )


@blueprint.get("/<slug>/participants")
@organiser_required
def participants(slug: str) -> ResponseReturnValue:
    """Everyone who takes part, with the doors to act in their name, on record."""
    morning = event_or_404(slug)
    form = FilterForm(request.args)
    page = participants_page(morning, form.filters(), page=request.args.get("page", 1, type=int))
    return render_template("manage/participants.html", event=morning, form=form, page=page)


@blueprint.get("/<slug>/journal")
@organiser_required
def journal(slug: str) -> ResponseReturnValue:
    """Who did what, the latest first: every decision can be justified later."""
    morning = event_or_404(slug)
    chosen = request.args.get("action", "")
    page, lines = journal_page(morning, action=chosen, page=request.args.get("page", 1, type=int))
    return render_template("manage/journal.html", event=morning, page=page, lines=lines, actions=ACTIONS, chosen=chosen)
