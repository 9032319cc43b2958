"""The remote of the room's timer: one organiser, one thumb, a phone."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from openmap.accounts.access import organiser_required, the_person
from openmap.accounts.models import Person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.programme import operations
from openmap.programme.screen import Moment, moment_of
from openmap.programming.forms import RemoteForm
from openmap.programming.views.blueprint import blueprint

HELD: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "pause": operations.pause_clock,
        "resume": operations.resume_clock,
        "more": operations.extend_clock,
        "stop": operations.stop_clock,
    }
)


@blueprint.get("/stage")
@organiser_required
def stage(slug: str) -> ResponseReturnValue:
    """What the timer counts, the buttons, and everything that can be started."""
    return _page(event_or_404(slug), RemoteForm())


@blueprint.post("/stage")
@organiser_required
def press(slug: str) -> ResponseReturnValue:
    """One button; pressed twice it acts once, and against another organiser it shows what runs."""
    event, form, at = event_or_404(slug), RemoteForm(), now()
    path = url_for("programming.stage", slug=slug)
    if not form.validate_on_submit():
        return _page(event, form), 422
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    try:
        with unit_of_work():
            _act(event, form, by=the_person(), at=at)
            receipts.keep_answer(form.receipt, path, at=at)
    except RuleBroken as broken:
        form.show(broken)
        return _page(event, form), broken.status
    return redirect(path)


def _act(event: Event, form: RemoteForm, *, by: Person, at: datetime) -> None:
    seen = form.seen.data or ""
    if (act := HELD.get(form.act.data or "")) is not None:
        act(event, seen=seen, by=by, at=at)
        return
    step = next((step for step in moment_of(event, at).steps if step.key == form.step.data), None)
    if step is None:
        raise operations.StepGone
    operations.start_clock(event, step, seen=seen, by=by, at=at)


def _page(event: Event, form: RemoteForm) -> str:
    at = now()
    moment = moment_of(event, at)
    return render_template(
        "programming/stage.html",
        event=event,
        moment=moment,
        form=form,
        coming=_coming(moment, at),
        form_key=lambda: secrets.token_urlsafe(16),  # one a button: each may be pressed once
    )


def _coming(moment: Moment, at: datetime) -> str:
    """The key of what is started next: what follows the timer, else what the programme has now or next."""
    if moment.next_step is not None:
        return moment.next_step.key
    if moment.countdown is not None or not moment.steps:
        return ""
    later = (step for step in moment.steps if (step.one.ends_at if step.one else step.item.ends_at) > at)
    return next(later, moment.steps[0]).key
