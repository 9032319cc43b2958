"""The catalogue of a morning: for those who take part, and the part of it that everybody may read."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.catalogue import lists, queries
from openmap.catalogue.access import chosen_reader, readers_or_404
from openmap.catalogue.forms import FAMILIES, FilterForm, filters_of
from openmap.catalogue.lists import Catalogue
from openmap.catalogue.narrowing import CatalogueFilters
from openmap.catalogue.queries import SHOWN_KINDS
from openmap.catalogue.wording import said, sectors_in_words
from openmap.core.clock import now
from openmap.core.downloads import file_answer
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.organisations.departements import departement_label
from openmap.organisations.enums import ContactRole, OrganisationKind, Service
from openmap.organisations.queries import may_act
from openmap.profiles.models import ProfileDocument
from openmap.profiles.queries import find_document, logo_of, seated_contacts
from openmap.profiles.sheets import EMPTY, Sheet
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration, sheets_of, snapshot_moment
from openmap.roadmaps.queries import needs_of

blueprint = Blueprint("catalogue", __name__, url_prefix="/events/<slug>")
blueprint.add_app_template_global(said, "reason_in_words")


@blueprint.get("/catalogue")
@person_required
def index(slug: str) -> ResponseReturnValue:
    """Everyone at the morning, for those who are there."""
    event = event_or_404(slug)
    readers = readers_or_404(event)
    return _list(event, "catalogue.index", readers=readers, own=chosen_reader(readers))


@blueprint.get("/structures")
def structures(slug: str) -> ResponseReturnValue:
    """Those who agreed to be found by anybody."""
    return _list(event_or_404(slug), "catalogue.structures")


@blueprint.get("/catalogue/<ref>")
@person_required
def show(slug: str, ref: str) -> ResponseReturnValue:
    """One participant, and why it may interest the reader."""
    event = event_or_404(slug)
    readers = readers_or_404(event)
    own = chosen_reader(readers)
    registration, sheet = _shown_or_404(event, ref)
    everyone = queries.entries(event, at=now())
    entry = get_or_404(next((entry for entry in everyone if entry.registration_id == registration.id), None))
    reader = lists.reader_of(event, everyone, own)
    is_buyer = registration.kind is OrganisationKind.BUYER
    return render_template(
        "catalogue/show.html",
        event=event,
        registration=registration,
        sheet=sheet,
        own=own,
        reader=reader,
        reasons=lists.reasons(entry, reader),
        shared=reader.needs_shared_with(entry) if reader else [],
        needs=needs_of(registration.organisation, event) if is_buyer else (),
        seated=seated_contacts(key for desk in sheet.desks for key in desk.contact_ids),
        is_open=event.requests_open(now()),
        may_edit=the_person().is_organiser or may_act(the_person(), registration.organisation_id, ContactRole.PROFILE),
        is_past=snapshot_moment(event, now()) is not None,
    )


@blueprint.get("/structures/<ref>")
def structure(slug: str, ref: str) -> ResponseReturnValue:
    """One participant who agreed to be found by anybody."""
    event = event_or_404(slug)
    registration, sheet = _public_or_404(event, ref)
    return render_template("catalogue/structure.html", event=event, registration=registration, sheet=sheet)


@blueprint.get("/catalogue/<ref>/logo")
@person_required
def logo(slug: str, ref: str) -> ResponseReturnValue:
    """A participant's logo, for those who are there."""
    event = event_or_404(slug)
    readers_or_404(event)
    _registration, sheet = _shown_or_404(event, ref)
    return _logo(sheet)


@blueprint.get("/structures/<ref>/logo")
def public_logo(slug: str, ref: str) -> ResponseReturnValue:
    """The logo of one who agreed to be found by anybody."""
    _registration, sheet = _public_or_404(event_or_404(slug), ref)
    return _logo(sheet)


@blueprint.get("/catalogue/<ref>/documents/<int:document_id>")
@person_required
def document(slug: str, ref: str, document_id: int) -> ResponseReturnValue:
    """A participant's document, for those who are there, as long as its page shows it."""
    event = event_or_404(slug)
    readers_or_404(event)
    registration, sheet = _shown_or_404(event, ref)
    shown = {each.id for each in sheet.documents}
    found: ProfileDocument | None = find_document(registration.organisation, document_id)
    return file_answer(get_or_404(found if found and found.id in shown else None).file)


def _list(
    event: Event, endpoint: str, *, readers: list[Registration] | None = None, own: Registration | None = None
) -> str:
    filters, at = filters_of(request.args), now()
    seen = lists.catalogue(event, filters, own=own, at=at, public=readers is None)
    page = lists.entry_page(seen.found, request.args.get("page", 1, type=int))
    chosen = {"for": own.ref} if own and readers and len(readers) > 1 else {}

    def address(**changes: object) -> str:
        arguments: dict[str, Any] = {**chosen, **filters.kept(**changes)}
        return url_for(endpoint, slug=event.slug, **arguments)

    return render_template(
        "catalogue/index.html",
        event=event,
        endpoint=endpoint,
        is_public=readers is None,
        readers=readers or [],
        own=own,
        form=FilterForm(filters, seen.found.counts, has_reader=seen.reader is not None),
        filters=filters,
        seen=seen,
        page=page,
        cards=lists.cards(event, page.items, seen, at=at),
        address=address,
        kept={**chosen, **filters.kept(), "slug": event.slug},
        tabs=_tabs(seen, filters, address),
        chips=_chips(seen, filters, address),
    )


def _tabs(seen: Catalogue, filters: CatalogueFilters, address: Callable[..., str]) -> list[dict[str, object]]:
    """Buyers and structures apart, each with its count."""
    words = {"structure": _("Structures"), "buyer": _("Acheteurs"), "partner": _("Partenaires")}
    counts = seen.found.counts["who"]
    kinds = [kind for kind in SHOWN_KINDS if counts[kind] or filters.who == kind]
    tabs = [
        {"label": words[kind], "url": address(who=kind), "count": counts[kind], "is_current": filters.who == kind}
        for kind in kinds
    ]
    everyone = {
        "label": _("Tout le monde"),
        "url": address(who=""),
        "count": sum(counts.values()),
        "is_current": not filters.who,
    }
    return [everyone, *tabs]


def _chips(seen: Catalogue, filters: CatalogueFilters, address: Callable[..., str]) -> list[tuple[str, str]]:
    """What narrows the list, each with the address without it."""
    said_of: dict[str, str] = {
        "q": _("« %(words)s »", words=filters.q),
        "sector": sectors_in_words([filters.sector]) if filters.sector else "",
        "service": _(Service.of(filters.service).label) if filters.service else "",
        "family": _(FAMILIES[filters.family].label) if filters.family else "",
        "departement": departement_label(filters.departement),
        "need": _("Besoin : %(title)s", title=seen.need.title) if seen.need else "",
        "mine": _("Ce qui me concerne"),
    }
    empty = {"need": 0, "mine": False}
    return [
        (words, address(**{name: empty.get(name, "")}))
        for name, words in said_of.items()
        if getattr(filters, name) and words
    ]


def _shown_or_404(event: Event, ref: str) -> tuple[Registration, Sheet]:
    """A participant let in, and what its profile says, or said at a past morning."""
    registration = get_or_404(find_registration(event, ref))
    get_or_404(registration if registration.is_approved and registration.kind in SHOWN_KINDS else None)
    sheets = sheets_of(event, [registration.organisation_id], at=now())
    return registration, sheets.get(registration.organisation_id, EMPTY)


def _public_or_404(event: Event, ref: str) -> tuple[Registration, Sheet]:
    registration, sheet = _shown_or_404(event, ref)
    is_public = registration.kind is not OrganisationKind.BUYER and registration.id in queries.in_directory(event)
    get_or_404(registration if is_public else None)
    return registration, sheet


def _logo(sheet: Sheet) -> ResponseReturnValue:
    return file_answer(get_or_404(logo_of(sheet)))
