"""A session as its coaches see it: who comes, their files, who came, what is worth noting."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from openmap.accounts.access import person_required, the_person
from openmap.coaching import operations, queries
from openmap.coaching.access import coached_session_or_404
from openmap.coaching.forms import NoteForm
from openmap.coaching.models import CoachingBooking, CoachingSession
from openmap.coaching.views.blueprint import blueprint
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.downloads import file_answer
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404
from openmap.questions.queries import answers_on

CAME = {"yes": True, "no": False, "unknown": None}


@blueprint.get("/events/<slug>/coaching/sessions/<int:session_id>")
@person_required
def session(slug: str, session_id: int) -> ResponseReturnValue:
    """Everything about one session."""
    return _page(coached_session_or_404(slug, session_id))


@blueprint.post("/events/<slug>/coaching/sessions/<int:session_id>/bookings/<int:booking_id>/notes")
@person_required
def write_note(slug: str, session_id: int, booking_id: int) -> ResponseReturnValue:
    """Keep a note on one structure."""
    found = coached_session_or_404(slug, session_id)
    booking = get_or_404(queries.find_booking(found, booking_id))
    form = NoteForm(prefix=f"note-{booking.id}")
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(found, booking, form), 422
    answer = _address(found, booking)
    with unit_of_work():
        operations.write_note(booking, form.words.data or "", is_shared=form.is_shared.data, by=the_person(), at=now())
        receipts.keep_answer(form.receipt, answer, at=now())
    shared = _("La note est gardée. La structure peut la lire.")
    flash(shared if form.is_shared.data else _("La note est gardée, pour les coachs et l’organisateur."), "success")
    return redirect(answer)


@blueprint.post(
    "/events/<slug>/coaching/sessions/<int:session_id>/bookings/<int:booking_id>/notes/<int:note_id>/remove"
)
@person_required
def remove_note(slug: str, session_id: int, booking_id: int, note_id: int) -> ResponseReturnValue:
    """Take one's own note away; an organiser may take away any."""
    found = coached_session_or_404(slug, session_id)
    booking = get_or_404(queries.find_booking(found, booking_id))
    note = get_or_404(next((each for each in booking.notes if each.id == note_id), None))
    person = the_person()
    get_or_404(note if person.is_organiser or note.author_id == person.id else None)
    with unit_of_work():
        operations.remove_note(booking, note, by=person, at=now())
    flash(_("La note est retirée."), "success")
    return redirect(_address(found, booking))


@blueprint.post("/events/<slug>/coaching/sessions/<int:session_id>/bookings/<int:booking_id>/came")
@person_required
def attend(slug: str, session_id: int, booking_id: int) -> ResponseReturnValue:
    """Say whether a structure came."""
    found = coached_session_or_404(slug, session_id)
    booking = get_or_404(queries.find_booking(found, booking_id))
    answer = request.form.get("came", "unknown")
    try:
        with unit_of_work():
            operations.note_attendance(booking, came=CAME.get(answer), by=the_person(), at=now())
    except RuleBroken as broken:
        flash(told(broken), "warning")
    return redirect(_address(found, booking))


@blueprint.get("/events/<slug>/coaching/sessions/<int:session_id>/documents/<int:document_id>")
@person_required
def document(slug: str, session_id: int, document_id: int) -> Response:
    """A document of a file that is coached in this session."""
    found = coached_session_or_404(slug, session_id)
    bookings = queries.bookings_of([found.id]).get(found.id, ())
    documents = (each for booking in bookings for each in booking.application.documents)
    return file_answer(get_or_404(next((each for each in documents if each.id == document_id), None)).file)


def _address(found: CoachingSession, booking: CoachingBooking) -> str:
    slug = found.call.event.slug
    return url_for("coaching.session", slug=slug, session_id=found.id, _anchor=f"structure-{booking.id}")


def _page(found: CoachingSession, noted: CoachingBooking | None = None, form: NoteForm | None = None) -> str:
    """The page as it is now, with the note of `noted` that could not be kept as it was typed."""
    bookings = queries.bookings_of([found.id]).get(found.id, ())
    forms = {each.id: NoteForm(prefix=f"note-{each.id}", formdata=None) for each in bookings}
    if noted is not None and form is not None:
        forms[noted.id] = form
    sheets = [each.application.answer_sheet_id for each in bookings if each.application.answer_sheet_id]
    return render_template(
        "coaching/session.html",
        event=found.call.event,
        coaching_session=found,
        bookings=bookings,
        forms_of=forms,
        notes=queries.notes_of(bookings),
        answers=answers_on(sheets),
        person=the_person(),
        is_open=request.args.get("files") == "open",
        at=now(),
    )
