"""« Pourquoi pas ce rendez-vous ? » for the one who asked, the desk that was asked, and organisers."""

from collections import Counter

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from openmap.accounts.access import person_required, the_person
from openmap.allocation.models import UnmetRequest
from openmap.allocation.paging import ListPage
from openmap.allocation.wording import reason_title
from openmap.core.web import get_or_404
from openmap.explanations import queries, wording
from openmap.registrations.access import participant_or_404
from openmap.registrations.models import Registration

blueprint = Blueprint("explanations", __name__, url_prefix="/events/<slug>/explanations/<ref>")


@blueprint.get("")
@person_required
def index(slug: str, ref: str) -> ResponseReturnValue:
    """Every request of one participant that got no meeting, and why."""
    registration = participant_or_404(slug, ref)
    unmet = queries.unmet_requests_of(registration)
    counts = Counter(each.reason for each in unmet)
    reason, words = request.args.get("reason", ""), request.args.get("q", "").strip()[:100]
    found = [each for each in unmet if reason not in counts or each.reason == reason]
    found = [each for each in found if words.casefold() in _other_side(each, registration).casefold()]
    return render_template(
        "explanations/index.html",
        event=registration.event,
        registration=registration,
        page=ListPage(found, wanted=request.args.get("page", 1, type=int)),
        total=len(unmet),
        words=words,
        counts=counts,
        reason=reason if reason in counts else "",
        reason_title=reason_title,
        reader=_reader(registration),
        wording=wording,
    )


@blueprint.get("/<int:request_id>")
@person_required
def show(slug: str, ref: str, request_id: int) -> ResponseReturnValue:
    """One request slot by slot."""
    registration = participant_or_404(slug, ref)
    explanation = get_or_404(queries.explanation_for(registration, request_id))
    return render_template(
        "explanations/show.html",
        event=registration.event,
        registration=registration,
        explanation=explanation,
        reader=_reader(registration),
        wording=wording,
    )


def _other_side(unmet: UnmetRequest, registration: Registration) -> str:
    return unmet.request.requester.title if registration.desk else unmet.request.desk.title


def _reader(registration: Registration) -> Registration | None:
    """The participant whose people read, None for an organiser who isn't one of them."""
    person = the_person()
    is_own = registration.contact.person_id == person.id
    return None if person.is_organiser and not is_own else registration
