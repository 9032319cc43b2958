"""The plan for everybody, and the page where a holder says what is at its stand."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import current_person, person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.paging import list_page
from openmap.core.text import clean_text
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.exhibition import operations, queries
from openmap.exhibition.forms import ContactForm
from openmap.exhibition.views.blueprint import blueprint
from openmap.registrations.access import is_on_behalf, participant_or_404

CARDS_A_PAGE = 24
LONGEST_SEARCH = 80


@blueprint.get("/events/<slug>/exhibition")
def show(slug: str) -> ResponseReturnValue:
    """The plan and the list of stands; before it is shown to everybody, organisers alone see it."""
    event = event_or_404(slug)
    exhibition = get_or_404(queries.exhibition_of(event))
    person = current_person()
    if not exhibition.is_public and not (person and person.is_organiser):
        abort(404)
    words = clean_text(request.args.get("q", ""))[:LONGEST_SEARCH]
    found = queries.held_stands(exhibition, words)
    number = request.args.get("page", 1, type=int)
    return render_template(
        "exhibition/show.html",
        event=event,
        exhibition=exhibition,
        stands=queries.in_order(exhibition.stands),
        held_count=len(queries.held_stands(exhibition)),
        words=words,
        page=list_page(found, page=number, size=CARDS_A_PAGE),
        pages={stand.id: place // CARDS_A_PAGE + 1 for place, stand in enumerate(found)},
    )


@blueprint.route("/events/<slug>/exhibition/<ref>", methods=["GET", "POST"])
@person_required
def describe(slug: str, ref: str) -> ResponseReturnValue:
    """Say what visitors find at one's own stand."""
    registration = participant_or_404(slug, ref)
    stand = get_or_404(queries.stand_of(registration))
    form = ContactForm(obj=stand)
    if form.validate_on_submit():
        said = form.description.data or ""
        try:
            with unit_of_work():
                operations.describe_stand(
                    registration, description=said, contact=form.contact, by=the_person(), at=now()
                )
        except RuleBroken as broken:
            flash(told(broken), "warning")
            return redirect(url_for("my_space.show"))
        flash(_("C’est enregistré. Tout le monde peut le lire dès que le plan est montré."), "success")
        return redirect(url_for("exhibition.describe", slug=slug, ref=ref))
    page = render_template(
        "exhibition/describe.html",
        event=registration.event,
        registration=registration,
        stand=stand,
        form=form,
        on_behalf=is_on_behalf(registration),
    )
    return page, 422 if form.errors else 200
