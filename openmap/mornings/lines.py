"""Lines of CSV files, read strictly: what is wrong is named by file, line and column."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from openmap.core.text import clean_text
from openmap.organisations.departements import DEPARTEMENTS
from openmap.organisations.siret import read_siret

SIZE_LIMIT = 5_000_000  # bytes of a file; a morning of 500 people has less than a tenth of it

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that keeps a file from being imported."""

    file: str
    line: int | None
    place: str
    why: str

    def __str__(self) -> str:
        where = self.file + (f" line {self.line}" if self.line else "") + (f", {self.place}" if self.place else "")
        return f"{where}: {self.why}"


class BadMorning(Exception):
    """The files can't be imported; `troubles` says why, one a line or more, and nothing was changed."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__("\n".join(map(str, troubles)))
        self.troubles = tuple(troubles)


class BadCell(Exception):
    """One value that can't be; `place` is its column, or its path in a JSON file."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place, self.why = place, why


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a CSV file; its methods give a checked value, or raise BadCell."""

    number: int
    cells: dict[str, str]

    def text(self, column: str, *, longest: int = 200) -> str:
        """Some text on one line."""
        text = " ".join(clean_text(self.cells[column]).split())
        if not text:
            raise BadCell(column, "is empty")
        if len(text) > longest:
            raise BadCell(column, f"has {len(text)} characters, at most {longest} fit")
        return text

    def long_text(self, column: str, *, longest: int = 2000) -> str:
        """Some text, or none."""
        text = clean_text(self.cells[column])
        if len(text) > longest:
            raise BadCell(column, f"has {len(text)} characters, at most {longest} fit")
        return text

    def ref(self, column: str) -> str:
        """A short name used in other files."""
        ref = self.text(column, longest=20)
        if not ref.isascii() or not ref.replace("-", "").isalnum():
            raise BadCell(column, f"{ref!r} is no ref: write letters and digits, such as S001")
        return ref

    def word(self, column: str, words: type[Word]) -> Word:
        """One word of a fixed list."""
        return one_of(self.cells[column].strip(), words, column)

    def email(self, column: str) -> str:
        """A mail address, in lower case."""
        try:
            return validate_email(self.cells[column].strip(), check_deliverability=False).normalized.lower()
        except EmailNotValidError as error:
            raise BadCell(column, f"{self.cells[column]!r} is no mail address: {error}") from error

    def siret(self, column: str) -> str:
        """A SIRET whose key is right."""
        siret = read_siret(self.cells[column])
        if siret is None:
            raise BadCell(column, f"{self.cells[column]!r} is no SIRET: 14 digits, of which the last checks the others")
        return siret

    def departement(self, column: str) -> str:
        """The code of a département."""
        code = self.cells[column].strip().upper()
        if code not in DEPARTEMENTS:
            raise BadCell(column, f"{code!r} is no département: write its code, such as 93 or 2A")
        return code

    def number_from_1(self, column: str, *, highest: int) -> int:
        """A whole number from 1 to `highest`."""
        return _from_1(self.cells[column].strip(), column, highest)

    def slot_positions(self, column: str, *, slot_count: int) -> frozenset[int]:
        """Slots counted from 1 with `;` between them, as positions from 0."""
        numbers = [number.strip() for number in self.cells[column].split(";") if number.strip()]
        return frozenset(_from_1(number, column, slot_count) - 1 for number in numbers)


def one_of(text: str, words: type[Word], place: str) -> Word:
    """The word of a fixed list that `text` is; raises BadCell."""
    try:
        return words(text)
    except ValueError:
        raise BadCell(place, f"{text!r} is none of {', '.join(word.value for word in words)}") from None


def _from_1(text: str, place: str, highest: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= highest:
        raise BadCell(place, f"{text!r} is no number from 1 to {highest}")
    return number


def read_text(path: Path) -> str:
    """The UTF-8 text of a file of bearable size; raises BadMorning."""

    def refused(why: str) -> BadMorning:
        return BadMorning([Trouble(path.name, None, "", why)])

    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise refused(f"has more than {SIZE_LIMIT // 1_000_000} MB")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(f"is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise refused(f"can't be read: {error.strerror}") from None


def read_lines(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    """The lines of a CSV file that has exactly these columns, in any order; raises BadMorning."""

    def refused(why: str, line: int | None = None) -> BadMorning:
        return BadMorning([Trouble(path.name, line, "", why)])

    reader = csv.reader(read_text(path).splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if sorted(header) != sorted(columns):
            raise refused(f"has the columns {', '.join(header) or '(none)'}; expected: {', '.join(columns)}", 1)
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(header):
                raise refused(f"has {len(cells)} cells, the header {len(header)}", reader.line_num)
            yield Line(reader.line_num, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise refused(f"is no CSV: {error}", reader.line_num) from None


def read_each(path: Path, columns: Sequence[str], read: Callable[[Line], Value]) -> tuple[list[Value], list[Trouble]]:
    """Read every line of a file; lines that can't be read are troubles, and the others are still looked at."""
    values: list[Value] = []
    troubles: list[Trouble] = []
    try:
        for line in read_lines(path, columns):
            try:
                values.append(read(line))
            except BadCell as bad:
                troubles.append(Trouble(path.name, line.number, bad.place, bad.why))
    except BadMorning as bad_file:
        troubles.extend(bad_file.troubles)
    return values, troubles
