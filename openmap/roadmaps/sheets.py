"""From a spreadsheet to needs: which column is what, which lines are bad, and what the good ones would change."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from openmap.core.errors import RuleBroken
from openmap.core.spreadsheets import guess_columns
from openmap.core.text import mark, plain
from openmap.organisations.enums import Sector, Service
from openmap.roadmaps import cells
from openmap.roadmaps.details import NeedDetails, changed_fields, details_of
from openmap.roadmaps.enums import NeedState, SocialClause
from openmap.roadmaps.models import Need, NeedSheet

LONGEST_REFERENCE, LONGEST_TITLE, LONGEST_CITY, LONGEST_NOTES = 40, 200, 120, 2000
SAME = "="  # before a value given to all lines, where a file has no column for it

COLUMNS = {
    "reference": mark("Référence"),
    "title": mark("Objet"),
    "sector": mark("Secteur"),
    "service": mark("Type de prestation"),
    "quarter": mark("Trimestre de publication"),
    "amount_low": mark("Montant minimum (€ HT)"),
    "amount_high": mark("Montant maximum (€ HT)"),
    "departement": mark("Département"),
    "city": mark("Ville"),
    "lot_count": mark("Nombre de lots"),
    "clause": mark("Clause sociale"),
    "is_open_to_cocontracting": mark("Ouvert à la co-traitance"),
    "contact": mark("Contact"),
    "notes": mark("Précisions"),
}
USUAL: Mapping[str, Sequence[str]] = {
    "reference": ("référence", "ref", "n°", "numéro", "code", "id"),
    "title": ("objet", "objet du marché", "intitulé", "libellé", "besoin", "titre", "marché", "object"),
    "sector": ("secteur", "secteur d’activité", "filière", "famille", "domaine", "sector"),
    "service": ("type de prestation", "nature", "service", "prestation", "type"),
    "quarter": ("trimestre de publication", "trimestre", "publication", "échéance", "lancement", "quarter"),
    "amount_low": ("montant minimum", "montant mini", "montant min", "minimum", "mini", "min"),
    "amount_high": ("montant maximum", "montant maxi", "montant max", "maximum", "montant", "budget", "amount"),
    "departement": ("département", "dpt", "dept", "dep"),
    "city": ("ville", "commune", "lieu", "city"),
    "lot_count": ("nombre de lots", "lots", "allotissement", "alloti"),
    "clause": ("clause sociale", "clause", "clauses sociales", "dispositif"),
    "is_open_to_cocontracting": ("co-traitance", "cotraitance", "groupement", "groupement possible"),
    "contact": ("contact", "courriel", "mail", "email", "référent"),
    "notes": ("précisions", "remarques", "commentaires", "observations", "description", "notes"),
}
REQUIRED = ("title", "sector", "service", "quarter")
FIXED: Mapping[str, type[Sector] | type[Service] | type[SocialClause]] = {
    "sector": Sector,
    "service": Service,
    "clause": SocialClause,
}

Mapped = Mapping[str, str]  # by field: a column's number from 0, "=code" for all lines, or "" for nothing


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong in one cell: the line of the file, the name of the column, and the rule's sentence."""

    line: int
    column: str
    broken: RuleBroken


class CameAlready(cells.BadCell):
    """The same reference twice in one file."""

    message = mark("« %(cell)s » est déjà à la ligne %(line)s.")


@dataclass(frozen=True, slots=True)
class Change:
    """What a line would do: a new need when there is no `need_id`; `fields` are the names of what changes.

    `before` is what is written of the need now, since `updated_at`.
    """

    line: int
    details: NeedDetails
    need_id: int | None = None
    updated_at: datetime | None = None
    before: NeedDetails | None = None
    fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sheet would do under one mapping; nothing may be stored while there is a trouble."""

    troubles: Sequence[Trouble]
    new: Sequence[Change]
    changed: Sequence[Change]
    same_count: int

    @property
    def bad_line_count(self) -> int:
        """How many lines have a trouble."""
        return len({trouble.line for trouble in self.troubles})

    @property
    def fingerprint(self) -> str:
        """What a confirmation confirms: the same lines with the same effect on the same needs."""
        return hashlib.sha256(repr((self.new, self.changed)).encode("utf-8", "replace")).hexdigest()


def guessed_mapping(headers: Sequence[str]) -> dict[str, str]:
    """The mapping that the headings suggest."""
    return {name: str(column) for name, column in guess_columns(headers, USUAL).items()}


def missing_columns(mapping: Mapped) -> list[str]:
    """The fields that must come from somewhere and do not."""
    return [name for name in REQUIRED if not mapping.get(name)]


def preview(
    sheet: NeedSheet, mapping: Mapped, needs: Sequence[Need], contacts: Mapping[str, int], *, quarters: range
) -> Preview:
    """Read every line under `mapping` and compare it with the needs of the roadmap.

    A line is known by its reference, or without one by its object; `quarters` is the horizon, out of which only a
    need already there may stay.
    """
    reader = _Reader(sheet, mapping, needs, contacts, quarters)
    changes = [reader.change(line, row) for line, row in zip(sheet.lines, sheet.rows, strict=True)]
    good = [change for change in changes if change is not None]
    new = [change for change in good if change.need_id is None]
    changed = [change for change in good if change.fields]
    return Preview(reader.troubles, new, changed, len(good) - len(new) - len(changed))


class _Reader:
    """Reads line after line; remembers what is wrong and what must not come twice."""

    def __init__(
        self,
        sheet: NeedSheet,
        mapping: Mapped,
        needs: Sequence[Need],
        contacts: Mapping[str, int],
        quarters: range,
    ) -> None:
        self.troubles: list[Trouble] = []
        self._headers, self._mapping, self._contacts, self._quarters = sheet.headers, mapping, contacts, quarters
        self._by_reference = {need.reference: need for need in needs}
        self._by_title = {plain(need.title): need for need in needs if need.state is not NeedState.ARCHIVED}
        self._seen: dict[object, int] = {}

    def change(self, line: int, row: Sequence[str]) -> Change | None:
        before = len(self.troubles)
        values = self._values(line, row)
        if len(self.troubles) > before:
            return None
        details = NeedDetails(**values)
        known = (
            self._by_reference.get(details.reference) if details.reference else self._by_title.get(plain(details.title))
        )
        if known is not None:
            details = self._kept(details, known)
        if (details.quarter not in self._quarters) and (known is None or known.quarter != details.quarter):
            self._trouble(line, "quarter", cells.QuarterTooFar(cell=cells.said(self._cell("quarter", row))))
            return None
        if not self._is_first(line, known.id if known else (details.reference or None), row):
            return None
        if known is None:
            return Change(line, details)
        fields = changed_fields(known, details)
        return Change(line, details, known.id, known.updated_at, details_of(known), fields)

    def _values(self, line: int, row: Sequence[str]) -> dict[str, Any]:
        read: Mapping[str, Callable[[str], Any]] = {
            "reference": lambda cell: cells.read_text(cell, longest=LONGEST_REFERENCE),
            "title": lambda cell: cells.read_text(cell, longest=LONGEST_TITLE, required=True),
            "sector": lambda cell: cells.read_word(cell, Sector),
            "service": lambda cell: cells.read_word(cell, Service),
            "quarter": cells.read_quarter,
            "departement": cells.read_departement,
            "city": lambda cell: cells.read_text(cell, longest=LONGEST_CITY),
            "lot_count": cells.read_lot_count,
            "clause": cells.read_clause,
            "is_open_to_cocontracting": cells.read_yes,
            "contact": lambda cell: cells.read_contact(cell, self._contacts),
            "notes": lambda cell: cells.read_long_text(cell, longest=LONGEST_NOTES),
        }
        values: dict[str, Any] = {}
        for name, reader in read.items():
            try:
                values["contact_id" if name == "contact" else name] = reader(self._cell(name, row))
            except cells.BadCell as bad:
                self._trouble(line, name, bad)
        try:
            amounts = cells.read_amounts(self._cell("amount_low", row), self._cell("amount_high", row))
            values["amount_low"], values["amount_high"] = amounts
        except cells.BadCell as bad:
            self._trouble(line, "amount_high" if self._mapping.get("amount_high") else "amount_low", bad)
        return values

    def _cell(self, name: str, row: Sequence[str]) -> str:
        source = self._mapping.get(name, "")
        if source.startswith(SAME):
            return source.removeprefix(SAME)
        return row[int(source)] if source else ""

    def _kept(self, details: NeedDetails, known: Need) -> NeedDetails:
        """What a file has no column for stays as it is."""
        columns = {"contact": "contact_id"}
        names = [columns.get(name, name) for name in COLUMNS if not self._mapping.get(name)]
        if self._mapping.get("amount_high"):  # one column may hold both ends
            names = [name for name in names if name != "amount_low"]
        kept = {name: getattr(known, name) for name in names}
        return replace(details, **(kept | {"reference": known.reference}))

    def _is_first(self, line: int, identity: object, row: Sequence[str]) -> bool:
        if identity is None:
            return True
        first = self._seen.setdefault(identity, line)
        if first != line:
            name = "reference" if self._cell("reference", row) else "title"
            self._trouble(line, name, CameAlready(cell=cells.said(self._cell(name, row)), line=first))
        return first == line

    def _trouble(self, line: int, name: str, broken: RuleBroken) -> None:
        source = self._mapping.get(name, "")
        column = self._headers[int(source)] if source and not source.startswith(SAME) else ""
        self.troubles.append(Trouble(line, column or COLUMNS[name], broken))
