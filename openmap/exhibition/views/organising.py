"""The organiser's plan: the hall, its stands one by one, in rows, or from a table."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.paging import list_page
from openmap.core.spreadsheets import read_sheet
from openmap.core.text import clean_text
from openmap.core.uploads import accepts_files
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.exhibition import operations, queries
from openmap.exhibition.forms import AlignForm, HallForm, StandForm, TableForm
from openmap.exhibition.models import Exhibition, Stand
from openmap.exhibition.reading import MOST_STANDS, Trouble, read_stands, stands_csv
from openmap.exhibition.views.blueprint import blueprint

STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
TROUBLES_SHOWN = 30
ROWS_A_PAGE = 50
LONGEST_SEARCH = 80


@blueprint.route("/manage/<slug>/exhibition", methods=["GET", "POST"])
@organiser_required
def edit(slug: str) -> ResponseReturnValue:
    """The hall, the plan and its stands."""
    event = event_or_404(slug)
    form = HallForm()
    if not form.is_submitted():
        return _page(event)
    if not form.validate():
        return _page(event, hall_form=form), 422
    try:
        with unit_of_work():
            operations.set_hall(event, form.details(event), seen=form.seen.data or "", by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(event, hall_form=form), broken.status
    flash(_("La salle est enregistrée."), "success")
    return redirect(url_for("exhibition.edit", slug=slug))


@blueprint.post("/manage/<slug>/exhibition/align")
@organiser_required
def align(slug: str) -> ResponseReturnValue:
    """Lay stands in rows."""
    event, exhibition = _exhibition_or_404(slug)
    form = AlignForm()
    if not form.validate_on_submit():
        return _page(event, align_form=form), 422
    try:
        with unit_of_work():
            operations.align_stands(
                exhibition,
                count=form.count.number,
                size=(form.stand_width.number, form.stand_depth.number),
                aisle=form.aisle.number,
                seen=form.seen.data or "",
                by=the_person(),
                at=now(),
            )
    except RuleBroken as broken:
        form.show(broken)
        return _page(event, align_form=form), broken.status
    flash(_("Les stands sont alignés."), "success")
    return redirect(url_for("exhibition.edit", slug=slug, _anchor="plan"))


@blueprint.route("/manage/<slug>/exhibition/stands/new", methods=["GET", "POST"])
@organiser_required
def add_stand(slug: str) -> ResponseReturnValue:
    """Put one more stand."""
    event, exhibition = _exhibition_or_404(slug)
    return _stand_page(event, exhibition, None)


@blueprint.route("/manage/<slug>/exhibition/stands/<int:stand_id>", methods=["GET", "POST"])
@organiser_required
def edit_stand(slug: str, stand_id: int) -> ResponseReturnValue:
    """Change a stand: its holder, its place, its size, what is said of it."""
    event, exhibition = _exhibition_or_404(slug)
    return _stand_page(event, exhibition, get_or_404(queries.find_stand(exhibition, stand_id)))


@blueprint.post("/manage/<slug>/exhibition/stands/<int:stand_id>/move")
@organiser_required
def move(slug: str, stand_id: int) -> ResponseReturnValue:
    """Move a stand by a metre, or where it was dropped on the plan."""
    event, exhibition = _exhibition_or_404(slug)
    stand = get_or_404(queries.find_stand(exhibition, stand_id))
    try:
        place, seen = _wanted_place(stand), request.form.get("seen", "")
        with unit_of_work():
            operations.move_stand(exhibition, stand, place, seen=seen, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(event, trouble=told(broken)), broken.status
    towards = request.form.get("towards")
    anchor = None if towards else "plan"  # the arrow that was pressed takes the focus again
    searched, page = request.args.get("q"), request.args.get("page")
    address = url_for(
        "exhibition.edit", slug=slug, q=searched, page=page, moved=stand_id, towards=towards, _anchor=anchor
    )
    return redirect(address)


@blueprint.post("/manage/<slug>/exhibition/stands/<int:stand_id>/remove")
@organiser_required
def remove_stand(slug: str, stand_id: int) -> ResponseReturnValue:
    """Take a stand away."""
    event, exhibition = _exhibition_or_404(slug)
    stand = get_or_404(queries.find_stand(exhibition, stand_id))
    label = stand.label
    try:
        with unit_of_work():
            operations.remove_stand(exhibition, stand, seen=request.form.get("seen", ""), by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(event, trouble=told(broken)), broken.status
    flash(_("Le stand %(label)s est retiré.", label=label), "success")
    return redirect(url_for("exhibition.edit", slug=slug, _anchor="plan"))


@blueprint.route("/manage/<slug>/exhibition/import", methods=["GET", "POST"])
@organiser_required
@accepts_files
def import_stands(slug: str) -> ResponseReturnValue:
    """Add and change stands from a table: all of it, or nothing."""
    event, exhibition = _exhibition_or_404(slug)
    form = TableForm()
    if request.method != "POST":
        form.seen.data = queries.fingerprint(exhibition)
        return _table_page(event, form)
    if not form.validate_on_submit():
        return _table_page(event, form), 422
    try:
        upload = form.file.data
        wanted, troubles = read_stands(exhibition, read_sheet(upload.stream, upload.filename, max_rows=MOST_STANDS))
        if troubles:
            return _table_page(event, form, troubles), 422
        with unit_of_work():
            new, changed = operations.import_stands(
                exhibition, wanted, seen=form.seen.data or "", by=the_person(), at=now()
            )
    except RuleBroken as broken:
        form.show(broken)
        form.seen.data = queries.fingerprint(exhibition)
        return _table_page(event, form), broken.status
    added = ngettext("%(num)d stand ajouté", "%(num)d stands ajoutés", new)
    kept = ngettext("%(num)d mis à jour", "%(num)d mis à jour", changed)
    flash(_("Import terminé : %(added)s, %(renewed)s.", added=added, renewed=kept), "success")
    return redirect(url_for("exhibition.edit", slug=slug, _anchor="plan"))


@blueprint.get("/manage/<slug>/exhibition/stands.csv")
@organiser_required
def export(slug: str) -> ResponseReturnValue:
    """The stands as a table, to change and send back."""
    event, exhibition = _exhibition_or_404(slug)
    answer = Response(stands_csv(exhibition), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{_('stands')}-{event.slug}.csv")
    return answer


def _exhibition_or_404(slug: str) -> tuple[Event, Exhibition]:
    event = event_or_404(slug)
    return event, get_or_404(queries.exhibition_of(event))


def _wanted_place(stand: Stand) -> tuple[int, int]:
    """Where a button or a drop puts a stand; anything else is no move that a page offers."""
    step = STEPS.get(request.form.get("towards", ""))
    if step:
        return stand.x + step[0], stand.y + step[1]
    dropped = [request.form.get(name, "") for name in ("x", "y")]
    if not all(text.isascii() and text.isdigit() and len(text) < 5 for text in dropped):
        abort(422)
    return int(dropped[0]), int(dropped[1])


def _stand_page(event: Event, exhibition: Exhibition, stand: Stand | None) -> ResponseReturnValue:
    form, stand_id = StandForm() if request.method == "POST" else _shown(exhibition, stand), stand.id if stand else 0
    form.offer(event)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                _store(exhibition, stand, form, event)
        except RuleBroken as broken:
            form.show(broken)
            if stand_id and queries.find_stand(exhibition, stand_id) is None:
                return _page(event, trouble=told(broken)), broken.status
            form.seen.data = queries.fingerprint(exhibition)  # what was typed may be sent again over what is there now
            return _stand_form(event, stand, form), broken.status
        flash(_("Le stand est enregistré."), "success")
        return redirect(url_for("exhibition.edit", slug=event.slug, _anchor="plan"))
    return _stand_form(event, stand, form), 422 if form.errors else 200


def _shown(exhibition: Exhibition, stand: Stand | None) -> StandForm:
    form = StandForm.of(stand) if stand else StandForm(formdata=None)
    form.seen.data = queries.fingerprint(exhibition)
    return form


def _store(exhibition: Exhibition, stand: Stand | None, form: StandForm, event: Event) -> None:
    details, seen = form.details(event), form.seen.data or ""
    if stand is None:
        operations.add_stand(exhibition, details, seen=seen, by=the_person(), at=now())
    else:
        operations.edit_stand(exhibition, stand, details, seen=seen, by=the_person(), at=now())


def _stand_form(event: Event, stand: Stand | None, form: StandForm) -> str:
    return render_template("exhibition/stand.html", event=event, stand=stand, form=form)


def _table_page(event: Event, form: TableForm, troubles: list[Trouble] | None = None) -> str:
    told_troubles = [(each.line, _(each.message, **each.facts)) for each in troubles or []]
    return render_template(
        "exhibition/import_stands.html",
        event=event,
        form=form,
        troubles=told_troubles[:TROUBLES_SHOWN],
        trouble_count=len(told_troubles),
    )


def _page(
    event: Event,
    *,
    hall_form: HallForm | None = None,
    align_form: AlignForm | None = None,
    trouble: str = "",
) -> str:
    """The page as it is now, with the form that could not be stored as it was typed."""
    exhibition = queries.exhibition_of(event)
    seen = queries.fingerprint(exhibition) if exhibition else ""
    rows = align_form or AlignForm(formdata=None)
    if exhibition and align_form is None:
        rows.count.data = str(len(exhibition.stands) or 8)
    rows.seen.data = seen
    hall = hall_form or HallForm.of(exhibition, event)
    hall.seen.data = seen
    words = clean_text(request.args.get("q", ""))[:LONGEST_SEARCH]
    found = queries.stands_like(exhibition, words) if exhibition else []
    return render_template(
        "exhibition/edit.html",
        event=event,
        exhibition=exhibition,
        stands=queries.in_order(exhibition.stands) if exhibition else [],
        words=words,
        page=list_page(found, page=request.args.get("page", 1, type=int), size=ROWS_A_PAGE),
        elsewhere=queries.elsewhere(exhibition) if exhibition else [],
        hall_form=hall,
        align_form=rows,
        seen=seen,
        trouble=trouble,
        moved=request.args.get("moved", 0, type=int),
        towards=request.args.get("towards", ""),
    )
