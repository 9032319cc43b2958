"""One request at ease: whom, why, for which need, with whom, and what stands in the way, before it is sent."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.events.enums import ProgrammeKind
from openmap.events.models import ProgrammeItem, TimeSlot
from openmap.meeting_requests import operations, queries
from openmap.meeting_requests.filters import DeskFilter, page_of
from openmap.meeting_requests.forms import AskForm
from openmap.meeting_requests.offers import common_slots, offer_of, peer_offers, structure_named, structures_of
from openmap.meeting_requests.refusals import NoSuchPartner
from openmap.meeting_requests.rules import rules_of
from openmap.meeting_requests.views.blueprint import blueprint, structure_or_404
from openmap.registrations.access import is_on_behalf
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration
from openmap.roadmaps.models import Need
from openmap.roadmaps.queries import needs_of


@blueprint.route("/requests/<ref>/ask/<asked_ref>", methods=["GET", "POST"])
@person_required
def ask(slug: str, ref: str, asked_ref: str) -> ResponseReturnValue:
    """Ask for one meeting, alone or with others; the same rendered form sent twice asks once."""
    requester = structure_or_404(slug, ref)
    asked = _asked_or_404(requester, asked_ref)
    needs = needs_of(asked.organisation, requester.event)
    form = AskForm(suffix=asked.ref, data=None if request.form else {"need": request.args.get("need", "")})
    form.offer(needs)
    if request.method != "POST":
        return _page(requester, asked, form, needs)
    key = form.receipt
    if first := receipts.first_answer(key):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(requester, asked, form, needs), 422
    location = url_for("meeting_requests.choose", slug=slug, ref=ref, _anchor="ma-liste")
    try:
        with unit_of_work():
            _send(requester, asked, form, needs)
            receipts.keep_answer(key, location, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(key):
            return redirect(first)
        form.show(broken)
        return _page(requester, asked, form, needs), broken.status
    if form.first_partner.data or form.second_partner.data:
        flash(_("Votre proposition est partie. La demande sera envoyée quand tous auront accepté."), "success")
    else:
        flash(_("Votre demande à %(desk)s est envoyée. Elle est dans votre liste.", desk=asked.title), "success")
    return redirect(location)


@blueprint.get("/requests/<ref>/structures")
@person_required
def peers(slug: str, ref: str) -> ResponseReturnValue:
    """The other structures, where the morning lets structures ask each other."""
    requester = structure_or_404(slug, ref)
    rules = rules_of(requester.event)
    get_or_404(rules.settings.peers_allowed or None)
    words = request.args.get("q", "")[:100]
    kept = DeskFilter(q=words)
    found = [offer for offer in peer_offers(requester) if kept.keeps(offer)]
    return render_template(
        "meeting_requests/peers.html",
        requester=requester,
        event=requester.event,
        page=page_of(found, request.args.get("page", 1, type=int)),
        words=words,
        is_open=requester.is_approved and requester.event.requests_open(now()),
        on_behalf=is_on_behalf(requester),
    )


def _asked_or_404(requester: Registration, ref: str) -> Registration:
    asked = get_or_404(find_registration(requester.event, ref))
    is_other = asked.is_approved and asked.id != requester.id
    has_place = asked.desk or rules_of(requester.event).settings.peers_allowed
    return get_or_404(asked if is_other and has_place and offer_of(requester, asked) else None)


def _send(requester: Registration, asked: Registration, form: AskForm, needs: Sequence[Need]) -> None:
    operations.submit_request(
        requester,
        desk=operations.meeting_place_of(asked, at=now()),
        motive=form.motive.data or "",
        partners=_partners(requester, form),
        need=next((need for need in needs if str(need.id) == form.need.data), None),
        by=the_person(),
        at=now(),
    )


def _partners(requester: Registration, form: AskForm) -> list[Registration]:
    names = [field.data for field in (form.first_partner, form.second_partner) if field.data]
    found = []
    for name in names:
        partner = structure_named(requester.event, name)
        if partner is None:
            raise NoSuchPartner(name=name)
        found.append(partner)
    return found


def _clashes(item: ProgrammeItem, slots: Sequence[TimeSlot]) -> bool:
    """Whether something of the programme happens while people meet."""
    if item.kind is ProgrammeKind.MEETINGS:
        return False
    return any(slot.starts_at < item.ends_at and item.starts_at < slot.ends_at for slot in slots)


def _page(requester: Registration, asked: Registration, form: AskForm, needs: Sequence[Need]) -> str:
    event = requester.event
    rules = rules_of(event)
    offer = get_or_404(offer_of(requester, asked))
    common = common_slots(event, [requester, asked])
    own = {slot.id for slot in common_slots(event, [requester])}
    return render_template(
        "meeting_requests/ask.html",
        requester=requester,
        event=event,
        asked=asked,
        offer=offer,
        form=form,
        needs=needs,
        chosen_need=next((need for need in needs if str(need.id) == form.need.data), None),
        settings=rules.settings,
        structures=structures_of(event) if rules.settings.groups_allowed else (),
        quota=rules.quota_for(requester),
        used=queries.places_taken(requester, rules),
        common=common,
        missed=[slot for slot in event.slots if slot.id not in own],
        clashes=[item for item in event.programme if _clashes(item, event.slots)],
        is_open=requester.is_approved and event.requests_open(now()),
        on_behalf=is_on_behalf(requester),
        at=now(),
    )
