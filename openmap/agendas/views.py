"""One participant's day: page, file, and the secret address that calendars read."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.agendas import operations, queries
from openmap.agendas.ical import calendar_text, event_stamp, file_name
from openmap.agendas.models import Feed
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.tokens import fingerprint, same
from openmap.core.web import get_or_404
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.programme.places import reservations_of
from openmap.registrations.access import is_on_behalf, participant_or_404
from openmap.registrations.models import Registration

blueprint = Blueprint("agendas", __name__)


@blueprint.get("/events/<slug>/agendas/<ref>")
@person_required
def show(slug: str, ref: str) -> ResponseReturnValue:
    """The day as a timeline, to read on a phone or to print."""
    registration = participant_or_404(slug, ref)
    agenda = queries.agenda_of(registration)
    feed = queries.active_feed(registration)
    return render_template(
        "agendas/show.html",
        agenda=agenda,
        registration=registration,
        event=registration.event,
        coming=agenda.next_appointment(now()),
        feed_url=_feed_url(feed) if feed else None,
        departements=ILE_DE_FRANCE | ELSEWHERE,
        reserved=reservations_of(registration),
        on_behalf=is_on_behalf(registration),
        at=now(),
    )


@blueprint.get("/events/<slug>/agendas/<ref>.ics")
@person_required
def download(slug: str, ref: str) -> ResponseReturnValue:
    """The day as a calendar file."""
    registration = participant_or_404(slug, ref)
    answer = _calendar(queries.agenda_of(registration))
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(registration))
    return answer


@blueprint.post("/events/<slug>/agendas/<ref>/feed")
@person_required
def create_feed(slug: str, ref: str) -> ResponseReturnValue:
    """Open a secret address for calendars."""
    registration = participant_or_404(slug, ref)
    with unit_of_work():
        operations.create_feed(registration, by=the_person(), at=now())
    flash(_("Votre adresse de calendrier est prête."), "success")
    return redirect(_page(registration))


@blueprint.post("/events/<slug>/agendas/<ref>/feed/revoke")
@person_required
def revoke_feed(slug: str, ref: str) -> ResponseReturnValue:
    """Close the secret address."""
    registration = participant_or_404(slug, ref)
    with unit_of_work():
        operations.revoke_feed(registration, by=the_person(), at=now())
    flash(_("L’adresse de calendrier ne répond plus."), "success")
    return redirect(_page(registration))


@blueprint.get("/a/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """The day for whoever knows the secret address; a revoked or unknown one does not exist."""
    nonce, proof = token[: queries.NONCE_LENGTH], token[queries.NONCE_LENGTH :]
    found = get_or_404(queries.find_feed(nonce) if same(proof, _proof(nonce)) else None)
    agenda = queries.agenda_of(found.registration)
    answer = _calendar(agenda)
    answer.last_modified = event_stamp(agenda)
    answer.headers["Cache-Control"] = "private, no-cache"  # may be kept, but asked about each time: revoked is dead
    answer.add_etag()
    return answer.make_conditional(request)


def _calendar(agenda: queries.Agenda) -> Response:
    return Response(calendar_text(agenda), content_type="text/calendar; charset=utf-8")


def _feed_url(feed: Feed) -> str:
    path = url_for("agendas.feed", token=feed.nonce + _proof(feed.nonce))
    return f"{current_app.config['PUBLIC_URL']}{path}"


def _proof(nonce: str) -> str:
    """The secret half of an address: derived, so that no copy of the database opens a calendar."""
    return fingerprint(f"feed:{nonce}", key=current_app.config["SECRET_KEY"])[: queries.NONCE_LENGTH]


def _page(registration: Registration) -> str:
    return url_for("agendas.show", slug=registration.event.slug, ref=registration.ref, _anchor="calendrier")
