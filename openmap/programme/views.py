"""The programme as a page, a calendar and the screen of the room."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.core.text import clean_text
from openmap.events.access import event_or_404
from openmap.programme import queries
from openmap.programme.ical import file_name, programme_text
from openmap.programme.places import places_of
from openmap.programme.screen import moment_of
from openmap.registrations.queries import registrations_at

blueprint = Blueprint("programme", __name__, url_prefix="/events/<slug>")
LONGEST_ROOM = 120


@blueprint.get("/programme")
def show(slug: str) -> ResponseReturnValue:
    """The whole programme, to read and to print."""
    event, person = event_or_404(slug), current_person()
    places = places_of(event)
    return render_template(
        "programme/show.html",
        event=event,
        lines=queries.programme_of(event),
        places=places,
        mine=[one for one in registrations_at(event, person) if one.is_approved] if places and person else [],
        in_directory=queries.in_directory_on_stage(event),
        at=now(),
    )


@blueprint.get("/programme.ics")
def calendar(slug: str) -> ResponseReturnValue:
    """The programme for any calendar program; read again, it moves what moved."""
    event = event_or_404(slug)
    stamp = queries.changed_at(event) or event.registration_closes_at
    text = programme_text(event, queries.programme_of(event), stamp=stamp)
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(event))
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/screen")
def screen(slug: str) -> ResponseReturnValue:
    """What happens now and next, in the house or in one room, to be read from its back."""
    event, at = event_or_404(slug), now()
    moment = moment_of(event, at, clean_text(request.args.get("room", ""))[:LONGEST_ROOM])
    return render_template("programme/screen.html", event=event, moment=moment, at=at, local=at.astimezone(event.zone))
