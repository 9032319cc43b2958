"""The results of a jury and each of its scores as tables, for a spreadsheet."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from openmap.core.db import session
from openmap.core.wording import say as _
from openmap.juries.applicants import own_files
from openmap.juries.models import Assignment, PitchReview, Reviewer, Score
from openmap.juries.queries import criteria_by_id, scales_of
from openmap.juries.ranking import Row
from openmap.juries.verdicts import total_of
from openmap.pitches.models import PitchCall

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, its headings, and rows as wide as they are."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def results_table(rows: Iterable[Row]) -> Table:
    """One line a file: rank, how many reviews, and what they come to."""
    headings = [_("Rang"), _("Structure"), _("Titre"), _("Avis"), _("Abstentions"), _("Médiane"), _("Moyenne")]
    headings += [_("Moyenne normalisée"), _("Écart-type"), _("Discuté")]
    return Table(_("Résultats"), headings, [_result(row) for row in rows])


def _result(row: Row) -> list[Value]:
    verdict = row.verdict
    figures = (verdict.median, verdict.mean, verdict.normalised, verdict.spread)
    return [
        row.rank,
        row.file.registration.organisation.name,
        row.file.title,
        verdict.review_count,
        verdict.abstention_count,
        *(None if figure is None else round(figure, 1) for figure in figures),
        _("oui") if verdict.is_disputed else _("non"),
    ]


def scores_table(call: PitchCall, rows: Iterable[Row]) -> Table:
    """One line a review that counts: file, reviewer, value on each criterion, total from 0 to 100, comment.

    Files in the order of `rows`, their reviewers by name.
    """
    criteria, scales = criteria_by_id(call), scales_of(call)
    headings = [_("Structure"), _("Titre"), _("Relecteur"), _("Organisme du relecteur")]
    headings += [f"{one.label} ({one.lowest}–{one.highest})" for one in criteria.values()]
    headings += [_("Total, de 0 à 100"), _("Abstention"), _("Commentaire")]
    given, scored = _given(call), _scored(call)
    lines: list[Sequence[Value]] = []
    for row in rows:
        for review in given.get(row.file.id, ()):
            reviewer, values = review.assignment.reviewer, scored.get(review.id, {})
            who = [row.file.registration.organisation.name, row.file.title, reviewer.title, reviewer.body]
            abstains = _("oui") if review.is_abstention else _("non")
            lines.append(
                [*who, *(values.get(key) for key in criteria), total_of(values, scales), abstains, review.comment]
            )
    return Table(_("Notes"), headings, lines)


def _given(call: PitchCall) -> Mapping[int, list[PitchReview]]:
    """The reviews that count, by file; two queries."""
    own = own_files(call)
    rows = (
        select(PitchReview)
        .join(PitchReview.assignment)
        .join(Assignment.reviewer)
        .where(Reviewer.call_id == call.id, PitchReview.submitted_at.is_not(None), Assignment.conflict_at.is_(None))
        .options(contains_eager(PitchReview.assignment).contains_eager(Assignment.reviewer))
        .order_by(Reviewer.name, Reviewer.id)
    )
    found: dict[int, list[PitchReview]] = {}
    for review in session.scalars(rows):
        assignment = review.assignment
        if (assignment.reviewer_id, assignment.application_id) not in own:
            found.setdefault(assignment.application_id, []).append(review)
    return found


def _scored(call: PitchCall) -> Mapping[int, dict[int, int]]:
    """The values by criterion of each review; one query, however many."""
    rows = (
        select(Score.review_id, Score.criterion_id, Score.value)
        .join(Score.review)
        .join(PitchReview.assignment)
        .join(Assignment.reviewer)
        .where(Reviewer.call_id == call.id)
    )
    found: dict[int, dict[int, int]] = {}
    for review_id, criterion_id, value in session.execute(rows):
        found.setdefault(review_id, {})[criterion_id] = value
    return found


def as_typed(table: Table) -> list[list[object]]:
    """The rows with decimal commas, as a French spreadsheet reads them in a CSV."""
    return [[str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in row] for row in table.rows]


def workbook(tables: Sequence[Table]) -> bytes:
    """A .xlsx with one sheet a table; a text that looks like a formula stays a text."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        heads = [_cell(sheet, heading) for heading in table.headings]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Value) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
