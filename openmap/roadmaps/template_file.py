"""The workbook that buyers fill: headings, one example line, and the lists of words in a second sheet."""

import io
from datetime import date

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from openmap.organisations.enums import Sector, Service
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.quarters import horizon, quarter_code
from openmap.roadmaps.sheets import COLUMNS, REQUIRED

LINES = 1000
WIDTHS = {"title": 48, "notes": 48, "sector": 34, "service": 28, "clause": 36}


def template_workbook(day: date) -> bytes:
    """The file, with the quarters that may be chosen on `day`."""
    lists = {
        "sector": [_(sector.label) for sector in Sector],
        "service": [_(service.label) for service in Service],
        "quarter": [quarter_code(quarter) for quarter in horizon(day)],
        "clause": [_(clause.label) for clause in SocialClause],
        "is_open_to_cocontracting": [_("oui"), _("non")],
    }
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Besoins")
    _write_headings(sheet)
    sheet.append(_example(lists))
    words = book.create_sheet(_("Listes"))
    for column, (name, values) in enumerate(lists.items(), 1):
        words.cell(1, column, _(COLUMNS[name])).font = Font(bold=True)
        words.column_dimensions[get_column_letter(column)].width = 40
        for line, value in enumerate(values, 2):
            words.cell(line, column, value)
        _offer(sheet, list(COLUMNS).index(name) + 1, words.title, column, len(values))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_headings(sheet: Worksheet) -> None:
    sheet.append([_(label) for label in COLUMNS.values()])
    for number, name in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True, color="FFFFFF" if name in REQUIRED else "1C2729")
        cell.fill = PatternFill("solid", fgColor="0B5C5C" if name in REQUIRED else "E0EFEC")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(name, 20)
    sheet.freeze_panes = "A2"


def _example(lists: dict[str, list[str]]) -> list[object]:
    example: dict[str, object] = {
        "reference": "2027-01",
        "title": _("Exemple, à remplacer : collecte et tri des papiers de bureau"),
        "sector": lists["sector"][list(Sector).index(Sector.WASTE)],
        "service": lists["service"][1],
        "quarter": lists["quarter"][2],
        "amount_low": 40000,
        "amount_high": 90000,
        "departement": "93",
        "city": "Bobigny",
        "lot_count": 2,
        "clause": lists["clause"][0],
        "is_open_to_cocontracting": lists["is_open_to_cocontracting"][0],
    }
    return [example.get(name) for name in COLUMNS]


def _offer(sheet: Worksheet, column: int, words: str, source: int, count: int) -> None:
    letter, place = get_column_letter(source), get_column_letter(column)
    rule = DataValidation(type="list", formula1=f"'{words}'!${letter}$2:${letter}${count + 1}", allow_blank=True)
    rule.add(f"{place}2:{place}{LINES + 1}")
    sheet.add_data_validation(rule)
