"""Needs as rows of a table, as a JSON document (docs/roadmaps.md), and as the facts of a printed page."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from openmap.core.spreadsheets import csv_bytes
from openmap.roadmaps.models import Need
from openmap.roadmaps.quarters import quarter_code
from openmap.roadmaps.sheets import COLUMNS
from openmap.roadmaps.words import amount_range, clause_short, lots, place, quarter_name


def needs_csv(needs: Sequence[Need]) -> bytes:
    """A table that an import of the same service reads back; its first column names the buyer."""
    headings = [_("Acheteur"), *(_(label) for name, label in COLUMNS.items() if name != "contact")]
    return csv_bytes(headings, (_row(need) for need in needs))


def _row(need: Need) -> list[object]:
    return [
        need.roadmap.organisation.name,
        need.reference,
        need.title,
        _(need.sector.label),
        _(need.service.label),
        quarter_code(need.quarter),
        need.amount_low,
        need.amount_high,
        need.departement,
        need.city,
        need.lot_count,
        _(need.clause.label),
        _("oui") if need.is_open_to_cocontracting else _("non"),
        need.notes,
    ]


def needs_document(needs: Sequence[Need], schema: str) -> dict[str, Any]:
    """The JSON document: codes, not words; its schema is static/schemas/needs-1.json."""
    return {"$schema": schema, "currency": "EUR", "needs": [_facts(need) for need in needs]}


def _facts(need: Need) -> dict[str, Any]:
    return {
        "id": need.id,
        "buyer": {"name": need.roadmap.organisation.name, "slug": need.roadmap.slug},
        "reference": need.reference,
        "title": need.title,
        "sector": str(need.sector),
        "service": str(need.service),
        "quarter": quarter_code(need.quarter).replace("T", "Q"),
        "amount_low": need.amount_low,
        "amount_high": need.amount_high,
        "departement": need.departement or None,
        "city": need.city or None,
        "lot_count": need.lot_count,
        "clause": str(need.clause),
        "open_to_cocontracting": need.is_open_to_cocontracting,
        "notes": need.notes,
        "updated_at": need.updated_at.isoformat(),
    }


def printed_facts(needs: Sequence[Need], *, title: str, subtitle: str) -> str:
    """What the printed page says, as JSON: every word is data, none is markup."""
    quarters = [
        {"name": quarter_name(quarter), "needs": [_printed(need) for need in group]}
        for quarter, group in groupby(needs, key=lambda need: need.quarter)
    ]
    locale = get_locale()
    facts = {
        "language": locale.language if locale else "fr",
        "title": title,
        "subtitle": subtitle,
        "count": ngettext("%(num)d besoin", "%(num)d besoins", len(needs)),
        "nothing": _("Aucun besoin publié pour le moment."),
        "page": _("page"),
        "quarters": quarters,
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _printed(need: Need) -> dict[str, Any]:
    facts = [
        (_("Secteur"), _(need.sector.label)),
        (_("Prestation"), _(need.service.label)),
        (_("Montant"), amount_range(need.amount_low, need.amount_high)),
        (_("Lieu"), place(need)),
        (_("Lots"), lots(need.lot_count)),
        (_("Clause sociale"), clause_short(need.clause)),
        (_("Co-traitance"), _("ouverte") if need.is_open_to_cocontracting else ""),
    ]
    return {
        "title": need.title,
        "buyer": need.roadmap.organisation.name,
        "reference": need.reference,
        "facts": [fact for fact in facts if fact[1]],
        "notes": need.notes,
    }
