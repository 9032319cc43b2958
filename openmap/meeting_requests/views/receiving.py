"""A desk's page: who asks for it, why, and its answers."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404, wants_fragment
from openmap.meeting_requests import operations, queries
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.filters import page_of
from openmap.meeting_requests.forms import AnswerFilterForm, AnswerForm
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.rules import rules_of
from openmap.meeting_requests.views.blueprint import blueprint, place_or_404
from openmap.profiles.sheets import EMPTY
from openmap.registrations.access import is_on_behalf
from openmap.registrations.models import Desk
from openmap.registrations.queries import sheets_of

STATES = {str(state): state for state in RequestState}


@blueprint.get("/desks/<ref>/requests")
@person_required
def received(slug: str, ref: str) -> ResponseReturnValue:
    """Show who asks, with the answers given so far."""
    return _page(place_or_404(slug, ref))


@blueprint.post("/desks/<ref>/requests/<int:request_id>")
@person_required
def answer(slug: str, ref: str, request_id: int) -> ResponseReturnValue:
    """Prefer, accept, decline, or take the answer back."""
    desk = place_or_404(slug, ref)
    wish = get_or_404(queries.request_for(desk, request_id))
    form = AnswerForm(suffix=wish.id)
    if not form.validate_on_submit():
        return _page(desk, failed=form), 422
    try:
        with unit_of_work():
            _store(wish, form)
    except RuleBroken as broken:
        form.show(broken)
        return _refused(wish, form, broken)
    if wants_fragment():
        return render_template("meeting_requests/answered.html", wish=wish, **_answering(desk, [wish]))
    title = wish.requester.title
    flash(_("%(structure)s : votre réponse est enregistrée.", structure=title), "success")
    return redirect(_path(desk, anchor=f"demande-{wish.id}"))


def _store(wish: MeetingRequest, form: AnswerForm) -> None:
    given, reason = STATES[form.answer.data or ""], form.reason.data or ""
    if given is RequestState.SENT:
        operations.undo_answer(wish, by=the_person(), at=now())
    else:
        cause = form.given_cause()
        operations.answer_request(wish, answer=given, cause=cause, reason=reason, by=the_person(), at=now())


def _page(desk: Desk, *, failed: AnswerForm | None = None, broken: RuleBroken | None = None) -> str:
    """The page as it is now; `failed` is the answer that could not be stored, shown again where it stands."""
    filters = AnswerFilterForm(request.args)
    kept = filters.kept()
    requests = queries.requests_for(desk)
    page = page_of([wish for wish in requests if kept.keeps(wish)], request.args.get("page", 1, type=int))
    return render_template(
        "meeting_requests/received.html",
        page=page,
        counts={state: sum(wish.state is state for wish in requests) for state in RequestState},
        filters=filters,
        failed=failed,
        refusal=told(broken) if broken else None,
        invitation_limit=rules_of(desk.registration.event).settings.invitation_limit if desk.registration.desk else 0,
        invitations=queries.invitations_by(desk),
        **_answering(desk, page.items, failed),
    )


def _answering(desk: Desk, shown: Sequence[MeetingRequest], failed: AnswerForm | None = None) -> dict[str, object]:
    """What the cards of `shown` and the progress need, on the whole page or alone."""
    answered, total = queries.answer_counts(desk)
    event = desk.registration.event
    sheets = sheets_of(event, [wish.requester.organisation_id for wish in shown], at=now())
    return {
        "desk": desk,
        "event": event,
        "answered": answered,
        "total": total,
        "kept": AnswerFilterForm(request.args).kept().as_args(),
        "sheet_of": lambda structure: sheets.get(structure.organisation_id, EMPTY),
        "on_behalf": is_on_behalf(desk.registration),
        "is_open": event.answers_open(now()),
        "answer_form": lambda wish: failed if failed and failed.suffix == wish.id else AnswerForm.for_request(wish),
        "at": now(),
    }


def _path(desk: Desk, *, anchor: str | None = None) -> str:
    kept = AnswerFilterForm(request.args).kept().as_args()
    slug, ref = desk.registration.event.slug, desk.registration.ref
    return url_for("meeting_requests.received", slug=slug, ref=ref, _anchor=anchor, **kept)


def _refused(wish: MeetingRequest, form: AnswerForm, broken: RuleBroken) -> ResponseReturnValue:
    """Say why an answer could not be stored: at its field on the card, or above the page.

    htmx swaps no conflict, so it is sent to the page instead.
    """
    desk = wish.desk
    if broken.field:
        if wants_fragment():
            return render_template(
                "meeting_requests/answered.html", wish=wish, **_answering(desk, [wish], form)
            ), broken.status
        return _page(desk, failed=form), broken.status
    if wants_fragment():
        flash(told(broken), "warning")
        return "", broken.status, {"HX-Redirect": _path(desk)}
    return _page(desk, broken=broken), broken.status
