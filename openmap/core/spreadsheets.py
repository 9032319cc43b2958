"""Spreadsheets that people send and take away: CSV and XLSX read within bounds, CSV written without formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from openmap.core.errors import RuleBroken
from openmap.core.sheet_guard import UnsafeWorkbook, check_workbook
from openmap.core.text import clean_text, mark, plain

LARGEST_FILE = 5 * 1024 * 1024
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # as in Excel
WIDEST_ROW = 1_000  # with the empty cells at its end
MOST_BLANK_ROWS = 20_000
DELIMITERS = ";\t,"
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class SheetRefused(RuleBroken):
    """The file can't be read as a table; nothing of it was kept."""

    message = mark("Ce fichier n’est pas un tableau lisible. Enregistrez-le au format .xlsx ou .csv et recommencez.")
    field = "file"


class SheetTooLarge(SheetRefused):
    """More bytes than are read."""

    message = mark("Ce fichier est trop lourd : %(limit)s Mo au plus.")
    status = 413


class SheetOfAnotherKind(SheetRefused):
    """Neither .csv nor .xlsx."""

    message = mark("Seuls les fichiers .xlsx et .csv sont lus. Dans votre tableur : « Enregistrer sous », puis .xlsx.")


class SheetLies(SheetRefused):
    """The content is not what the name says."""

    message = mark("Le contenu de ce fichier n’est pas celui que son nom annonce. Enregistrez-le à nouveau en .xlsx.")


class SheetLocked(SheetRefused):
    """Encrypted, or an old .xls under another name."""

    message = mark("Ce fichier est protégé ou d’un format ancien : enregistrez-le sans mot de passe, en .xlsx ou .csv.")


class SheetUnsafe(SheetRefused):
    """A bomb, entities, or more parts than any honest workbook."""

    message = mark("Ce fichier n’est pas un classeur ordinaire : copiez vos lignes dans un classeur neuf.")


class SheetEmpty(SheetRefused):
    """No heading, or no line under it."""

    message = mark("Ce fichier est vide : il faut une ligne de titres, puis une ligne par élément.")


class TooManyRows(SheetRefused):
    """More lines than may be sent at once."""

    message = mark("Ce fichier a trop de lignes : %(limit)s au plus. Envoyez-le en plusieurs fois.")


class TooManyColumns(SheetRefused):
    """More columns than a table has."""

    message = mark("Ce fichier a trop de colonnes : %(limit)s au plus.")


class CellTooLong(SheetRefused):
    """One cell holds a book."""

    message = mark("Ligne %(line)s : une case contient un texte trop long.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `rows[i]` is line `lines[i]` of the file, as wide as `headers`; cells are cleaned text, perhaps ""."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_sheet(stream: IO[bytes], filename: str, *, max_rows: int = 5000) -> Sheet:
    """Read the first visible sheet of a .xlsx, or a .csv with `;`, tab or `,`; blank lines are left out.

    Raises SheetRefused, within a second, for anything else, too large or unsafe.
    """
    content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise SheetTooLarge(limit=LARGEST_FILE // 1024 // 1024)
    kind = filename.rpartition(".")[2].lower()
    if kind not in {"csv", "xlsx"}:
        raise SheetOfAnotherKind
    if content.startswith(OLE):
        raise SheetLocked
    if content.startswith(ZIP) != (kind == "xlsx"):
        raise SheetLies if content else SheetEmpty
    numbered = _workbook_rows(content) if kind == "xlsx" else _csv_rows(content)
    return _table(numbered, max_rows)


def _table(numbered: Iterator[tuple[int, Sequence[object]]], max_rows: int) -> Sheet:
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, raw in numbered:
        cells = _cells(line, raw)
        if cells:
            lines.append(line)
            rows.append(cells)
        if len(rows) > max_rows + 1 or line > max_rows + MOST_BLANK_ROWS:
            raise TooManyRows(limit=max_rows)
    if len(rows) < 2:
        raise SheetEmpty
    width = max(map(len, rows))
    headers, *rest = (row + [""] * (width - len(row)) for row in rows)
    return Sheet(headers, rest, lines[1:])


def _cells(line: int, raw: Sequence[object]) -> list[str]:
    if len(raw) > WIDEST_ROW:
        raise TooManyColumns(limit=MOST_COLUMNS)
    cells = [_said(value) for value in raw]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise TooManyColumns(limit=MOST_COLUMNS)
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise CellTooLong(line=line)
    return cells


def _said(value: object) -> str:
    """A cell as people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return clean_text(str(value))


def _workbook_rows(content: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        check_workbook(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except UnsafeWorkbook as unsafe:
        raise SheetUnsafe from unsafe
    except BadZipFile as damaged:
        raise SheetLies from damaged
    except Exception as damaged:  # openpyxl raises whatever its parts raise on a damaged file
        raise SheetRefused from damaged
    if not sheets:
        raise SheetEmpty
    yield from _sheet_rows(sheets[0])


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, Sequence[object]]]:
    sheet.reset_dimensions()  # a file may lie about them
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    while True:
        try:
            numbered = next(rows, None)
        except Exception as damaged:  # openpyxl raises whatever its parts raise on a damaged file
            raise SheetRefused from damaged
        if numbered is None:
            return
        yield numbered


def _csv_rows(content: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    text = _decoded(content)
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1)
    except csv.Error as damaged:
        raise SheetRefused from damaged


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetLies


def guess_columns(headers: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Guess the column of each wanted field from its usual names, the closest first; each column serves once.

    Fields that no heading resembles are left out.
    """
    names = [plain(header) for header in headers]
    guessed: dict[str, int] = {}
    for is_alike in (_is_same, _has_words):
        for field in [field for field in wanted if field not in guessed]:
            free = [column for column in range(len(names)) if names[column] and column not in guessed.values()]
            alike = (column for usual in wanted[field] for column in free if is_alike(names[column], plain(usual)))
            if (column := next(alike, None)) is not None:
                guessed[field] = column
    return guessed


def _is_same(header: str, usual: str) -> bool:
    return header == usual


def _has_words(header: str, usual: str) -> bool:
    return f" {usual} " in f" {header} "


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV that a French Excel opens at once (UTF-8 with BOM, `;`), in which no text is run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_harmless(header) for header in headers])
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    if isinstance(value, str) and (value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS)):
        return "'" + value
    return "" if value is None else value
