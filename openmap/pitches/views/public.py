"""The call as everybody reads it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.organisations.enums import OrganisationKind
from openmap.pitches import queries
from openmap.pitches.access import call_or_404
from openmap.pitches.operations import DOCUMENT_LIMIT
from openmap.pitches.views.blueprint import blueprint
from openmap.questions.enums import QuestionPurpose
from openmap.questions.queries import questions_for
from openmap.registrations.queries import registrations_at


@blueprint.get("/events/<slug>/pitches")
def show(slug: str) -> ResponseReturnValue:
    """What is asked, until when, by what the jury judges, and the way to one's own file."""
    call = call_or_404(slug)
    person = current_person()
    known = registrations_at(call.event, person) if person else ()
    own = [each for each in known if each.kind is OrganisationKind.STRUCTURE and each.state in queries.STANDING]
    return render_template(
        "pitches/show.html",
        event=call.event,
        call=call,
        criteria=queries.criteria_of(call),
        questions=questions_for(call.event, QuestionPurpose.PITCH, OrganisationKind.STRUCTURE),
        document_limit=DOCUMENT_LIMIT,
        own=own,
        files=queries.applications_of([each.id for each in own]) if own else {},
        at=now(),
    )
