"""MiniZinc data files as far as whole numbers, sets, lists and tables go: `name = value;`, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from scheduler.errors import InvalidInstance, shown
from scheduler.formats.json_text import MAX_CHARACTERS

MOST_DIGITS = 18
LONGEST_RANGE = 100_000
_TOKEN = re.compile(
    r"(?P<skip>[ \t\r\f]+|%[^\n]*)|(?P<lines>\n|/\*[\s\S]*?\*/)"
    r"|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\.\.|.)"
)
_CLOSING = {"[": "]", "{": "}"}
_DIMENSIONS = {"array1d": 1, "array2d": 2}


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number and the line it stands in."""

    value: int
    line: int

    def refused(self, path: str, problem: str) -> InvalidInstance:
        """Return the error to raise about this value."""
        return InvalidInstance(f"line {self.line}: {path}", problem)


@dataclass(frozen=True, slots=True)
class Values:
    """A set, a list, a table (a list of its rows) or a row, and the line it begins in."""

    items: tuple[Number | Values, ...]
    line: int

    def refused(self, path: str, problem: str) -> InvalidInstance:
        """Return the error to raise about this value."""
        return InvalidInstance(f"line {self.line}: {path}", problem)


Data = dict[str, Number | Values]


def assignments(text: str | bytes, *, known: tuple[str, ...]) -> Data:
    """Return the value of each name that a data file assigns; raises InvalidInstance, also for names not `known`."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidInstance("", f"longer than {MAX_CHARACTERS} characters")
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    except UnicodeDecodeError as wrong:
        raise InvalidInstance("", f"not UTF-8 at byte {wrong.start}") from None
    reader = _Reader(_tokens(decoded))
    data: Data = {}
    while reader.token.kind != "end":
        name = reader.taken("name")
        if name.text not in known:
            raise InvalidInstance(f"line {name.line}", f"unknown name {shown(name.text)}")
        if name.text in data:
            raise InvalidInstance(f"line {name.line}", f"{name.text} is given twice")
        reader.taken("sign", "=")
        data[name.text] = reader.value()
        if reader.token.kind != "end":  # the last one needs none
            reader.taken("sign", ";")
    return data


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "lines":
            line += match.group().count("\n")
        elif kind != "skip":
            yield _Token(kind, match.group(), line)
    yield _Token("end", "the end of the file", line)


def _in_rows(values: Values, columns: int) -> Values:
    rows = (values.items[start : start + columns] for start in range(0, len(values.items), max(columns, 1)))
    return Values(tuple(Values(row, row[0].line) for row in rows), values.line)


class _Reader:
    """One token of look-ahead, and what may follow it."""

    def __init__(self, tokens: Iterator[_Token]) -> None:
        self.tokens = tokens
        self.token = next(tokens)

    def taken(self, kind: str, text: str | None = None) -> _Token:
        """Return the token at hand, which must be of this kind, and go on to the next one."""
        token = self.token
        if token.kind != kind or text not in {None, token.text}:
            expected = f'"{text}"' if text else f"a {kind}"
            raise InvalidInstance(f"line {token.line}", f"expected {expected}, got {shown(token.text)}")
        if kind != "end":
            self.token = next(self.tokens)
        return token

    def _at(self, text: str) -> bool:
        return self.token.kind == "sign" and self.token.text == text

    def value(self, *, is_inside: bool = False) -> Number | Values:
        """Read a number, a set or range of numbers, or (outside a list) a list or table."""
        if self._at("{"):
            return self._sequence(is_inside=True)
        if not is_inside and self._at("["):
            return self._sequence(is_inside=False)
        if not is_inside and self.token.kind == "name":
            return self._array()
        number = self._number()
        return self._range(number) if self._at("..") else number

    def _range(self, first: Number) -> Values:
        """Read the rest of `first..last`, which is empty where it runs backwards."""
        self.taken("sign", "..")
        last = self._number()
        if last.value - first.value >= LONGEST_RANGE:
            raise last.refused("range", f"longer than {LONGEST_RANGE} numbers")
        numbers = range(first.value, last.value + 1)
        return Values(tuple(Number(number, first.line) for number in numbers), first.line)

    def _array(self) -> Values:
        """Read `array1d(1..n, […])` or `array2d(1..n, 1..m, […])`, by rows."""
        name = self.taken("name")
        if name.text not in _DIMENSIONS:
            raise InvalidInstance(f"line {name.line}", f"expected a value, got {shown(name.text)}")
        self.taken("sign", "(")
        sizes = []
        for _ in range(_DIMENSIONS[name.text]):
            indices = self.value(is_inside=True)
            if not isinstance(indices, Values):
                raise indices.refused(name.text, "expected a range of indices, got a number")
            sizes.append(len(indices.items))
            self.taken("sign", ",")
        if not self._at("["):
            raise InvalidInstance(f"line {self.token.line}", f'expected "[", got {shown(self.token.text)}')
        values = self._sequence(is_inside=False)
        if self._at(","):
            self.taken("sign", ",")
        self.taken("sign", ")")
        if len(values.items) != prod(sizes):
            raise values.refused(name.text, f"expected {prod(sizes)} items, got {len(values.items)}")
        return values if len(sizes) == 1 else _in_rows(values, sizes[1])

    def _number(self) -> Number:
        token = self.taken("number")
        if len(token.text) > MOST_DIGITS:
            raise InvalidInstance(f"line {token.line}", f"the number {shown(token.text)} has too many digits")
        return Number(int(token.text), token.line)

    def _sequence(self, *, is_inside: bool) -> Values:
        opening = self.taken("sign")
        if opening.text == "[" and self._at("|"):
            return self._table(opening.line)
        closing = _CLOSING[opening.text]
        items: list[Number | Values] = []
        while not self._at(closing):
            items.append(self._number() if is_inside else self.value(is_inside=True))
            if not self._at(closing):
                self.taken("sign", ",")
        self.taken("sign", closing)
        return Values(tuple(items), opening.line)

    def _table(self, line: int) -> Values:
        rows: list[Number | Values] = []
        self.taken("sign", "|")
        while not self._at("]"):
            row: list[Number | Values] = []
            first = self.token.line
            while not self._at("|"):
                row.append(self._number())
                if not self._at("|"):
                    self.taken("sign", ",")
            self.taken("sign", "|")
            rows.append(Values(tuple(row), first))
        self.taken("sign", "]")
        return Values(tuple(rows), line)
