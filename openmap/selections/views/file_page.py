"""The page of one file: its forms, each with the mail that would leave, as it would leave."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import render_template

from openmap.core.clock import now
from openmap.core.forms import Form
from openmap.core.outbox import Mail
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.selections import queries
from openmap.selections.board import Board
from openmap.selections.deadlines import deadline_for, is_silent
from openmap.selections.emails import Words, decision_mail, digest, freed, promoted
from openmap.selections.enums import Outcome
from openmap.selections.forms import ChangeForm, ExtendForm, GiveUpForm, PromoteForm, SendForm
from openmap.selections.refusals import MailNotRead

PROMOTE, FREE, EXTEND, GIVE_UP = "promote", "free", "extend", "decline"
PREVIEW = "preview"  # the key of a mail that is only looked at
Some = TypeVar("Some", bound=Form)


@dataclass(frozen=True, slots=True)
class Sending:
    """A form whose mail leaves at once, with that mail; its fields have ids of their own on the page."""

    form: SendForm
    mail: Mail

    @property
    def digest(self) -> str:
        """What tells that this very mail was read."""
        return digest(self.mail)


def check_read(form: SendForm, mail: Mail) -> None:
    """Raise MailNotRead unless the page that was answered showed this very mail."""
    if form.sha256.data != digest(mail):
        raise MailNotRead


def change_mail(application: PitchApplication, form: ChangeForm) -> Mail:
    """What a structure reads of another decision."""
    call, outcome = application.call, form.chosen()
    board = queries.board_of(call)
    place = board.place_of(application.id)
    rank = (place.rank or len(board.reserve) + 1) if outcome is Outcome.RESERVE else None
    until = form.until(call.event) if outcome is Outcome.SELECTED else None
    return decision_mail(application, outcome, Words(form.words, rank=rank, until=until), key=PREVIEW)


def promotion_mail(application: PitchApplication, form: PromoteForm) -> Mail:
    """What a structure of the reserve reads when an organiser gives it a free place."""
    return promoted(application, Words(form.words, until=form.until(application.call.event)), key=PREVIEW)


def freed_mail(application: PitchApplication, form: SendForm) -> Mail:
    """What a structure reads whose place went to another, since it did not answer."""
    return freed(application, Words(form.words), key=PREVIEW)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows; `typed` is the form called `name` as it was sent."""

    call: PitchCall
    application: PitchApplication
    board: Board
    name: str
    typed: Form | None
    at: datetime


def file_page(call: PitchCall, application: PitchApplication, *, name: str = "", typed: Form | None = None) -> str:
    """One file; `typed` is the form called `name` as it was sent."""
    found = queries.candidates(call)
    shown = _Shown(call, application, queries.board_of(call, [each.application for each in found]), name, typed, now())
    return render_template(
        "selections/file.html",
        event=call.event,
        call=call,
        at=shown.at,
        application=application,
        registration=application.registration,
        candidate=next((each for each in found if each.application.id == application.id), None),
        file_count=len(found),
        place=shown.board.place_of(application.id),
        board=shown.board,
        comments=queries.comments_on(application),
        decision=queries.decision_on(application),
        changes=_changes(shown),
        promotion=_promotion(shown),
        freeing=_freeing(shown),
        extend_form=_named(typed if typed and name == EXTEND else ExtendForm(formdata=None), EXTEND),
        decline_form=_named(typed if typed and name == GIVE_UP else GiveUpForm(formdata=None), GIVE_UP),
        typed=typed,
        name=name,
    )


def _changes(shown: _Shown) -> dict[Outcome, Sending]:
    """What a released file can still become; a withdrawn one nothing."""
    application, typed, found = shown.application, shown.typed, {}
    if not shown.call.released_at or application.state not in queries.SENT:
        return {}
    now_at = shown.board.place_of(application.id).outcome
    for outcome in (each for each in Outcome if each is not now_at):
        if shown.name == outcome and isinstance(typed, ChangeForm):
            form = typed
        else:
            form = ChangeForm(formdata=None, data=_proposed(shown, outcome))
        found[outcome] = Sending(_named(form, outcome), change_mail(application, form))
    return found


def _promotion(shown: _Shown) -> Sending | None:
    """None unless a place is free for this file of the reserve."""
    if shown.application.state is not ApplicationState.RESERVE or len(shown.board.selected) >= shown.call.places:
        return None
    typed = shown.typed
    form = typed if isinstance(typed, PromoteForm) else PromoteForm(formdata=None, data=_proposed(shown, ""))
    return Sending(_named(form, PROMOTE), promotion_mail(shown.application, form))


def _freeing(shown: _Shown) -> Sending | None:
    """None unless the structure let its deadline pass."""
    application, typed = shown.application, shown.typed
    if application.confirmation is not Confirmation.ASKED or not is_silent(application, at=shown.at):
        return None
    form = typed if shown.name == FREE and isinstance(typed, SendForm) else SendForm(formdata=None)
    return Sending(_named(form, FREE), freed_mail(application, form))


def _proposed(shown: _Shown, outcome: str) -> dict[str, object]:
    """The version that is seen, and the deadline that would be given."""
    call = shown.call
    until = deadline_for(call, at=shown.at).astimezone(call.event.zone).replace(tzinfo=None)
    return {"version": call.board_version, "outcome": outcome, "confirm_before": until}


def _named(form: Some, name: str) -> Some:
    """The form with ids of its own, since a page has several of its kind."""
    for field in form:
        field.id = f"{field.name}-{name}"
        field.label.field_id = field.id
    return form
