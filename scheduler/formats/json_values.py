"""Typed readers of JSON values: whatever is wrong is named with its path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from scheduler.errors import InvalidInput, shown
from scheduler.formats.json_text import Pairs, Text, decoded

Value = TypeVar("Value")
Reader = Callable[[Any], Any]


@contextmanager
def raised_as(kind: type[InvalidInput]) -> Iterator[None]:
    """Raise what was found wrong as `kind`."""
    try:
        yield
    except InvalidInput as wrong:
        if isinstance(wrong, kind):
            raise
        raise kind(wrong.path, wrong.problem) from None


def expect_format(given: str, expected: str) -> None:
    """Refuse a file of another kind or version."""
    if given != expected:
        raise InvalidInput("format", f"expected {shown(expected)}, got {shown(given)}")


def _join(path: str, below: str) -> str:
    return path + (below if below.startswith("[") or not below else f".{below}")


def read_document(text: str | bytes, readers: dict[str, Reader], required: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of the object that `text` (JSON, UTF-8) is, the items of its lists read as they come."""
    source = Text(decoded(text))
    if source.text and not source.is_next("{"):
        raise InvalidInput("", f"expected an object, got {_told(source.value())}")
    fields: dict[str, Any] = {}
    for key in source.members():
        reader = _reader_of(key, readers, fields)
        try:
            streamed = isinstance(reader, ListOf) and source.is_next("[")
            fields[key] = reader.all_of(source.items()) if streamed else reader(source.value())
        except InvalidInput as wrong:
            raise InvalidInput(_join(key, wrong.path), wrong.problem) from None
    source.expect_end()
    return _complete(fields, required)


def read_object(raw: Any, readers: dict[str, Reader], required: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of an object, each read by its reader; unknown, repeated and missing keys are refused."""
    fields: dict[str, Any] = {}
    for key, value in pairs_of(raw):
        reader = _reader_of(key, readers, fields)
        try:
            fields[key] = reader(value)
        except InvalidInput as wrong:
            raise InvalidInput(_join(_told_key(key), wrong.path), wrong.problem) from None
    return _complete(fields, required)


def pairs_of(raw: Any) -> Pairs:
    """Return the keys and values of an object."""
    if type(raw) is not tuple:
        raise InvalidInput("", f"expected an object, got {_told(raw)}")
    return raw


def _reader_of(key: str, readers: dict[str, Reader], fields: dict[str, Any]) -> Any:
    reader = readers.get(key)
    if reader is None:
        raise InvalidInput(_told_key(key), "unknown key")
    if key in fields:
        raise InvalidInput(key, "key given twice in the same object")
    return reader


def _complete(fields: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    for key in required:
        if key not in fields:
            raise InvalidInput(key, "missing")
    return fields


def _told_key(key: str) -> str:
    """Return a key as it may stand in a path: `versions` may hold any."""
    return key if key.isidentifier() and len(key) < 40 else shown(key)


def _told(raw: Any) -> str:
    """Return a refused value as it may stand in a message."""
    return "an object" if type(raw) is tuple else "a list" if type(raw) is list else shown(raw)


class ListOf(Generic[Value]):
    """A reader of lists whose items `reader` reads; beyond `most` it stops."""

    def __init__(self, reader: Callable[[Any], Value], *, most: int = 10_000_000) -> None:
        self.reader = reader
        self.most = most

    def __call__(self, raw: Any) -> tuple[Value, ...]:
        """Return the items of a list."""
        if type(raw) is not list:
            raise InvalidInput("", f"expected a list, got {_told(raw)}")
        return self.all_of(raw)

    def all_of(self, items: Iterable[Any]) -> tuple[Value, ...]:
        """Return the items, read one after the other."""
        reader = self.reader
        values: list[Value] = []
        try:
            for item in items:
                values.append(reader(item))
                if len(values) > self.most:
                    break
        except InvalidInput as wrong:
            raise InvalidInput(_join(f"[{len(values)}]", wrong.path), wrong.problem) from None
        if len(values) > self.most:
            raise InvalidInput("", f"at most {self.most} are accepted")
        return tuple(values)


def or_null(reader: Callable[[Any], Value]) -> Callable[[Any], Value | None]:
    """Return a reader that also takes null."""
    return lambda raw: None if raw is None else reader(raw)


def read_text(raw: Any) -> str:
    """Return a text that can be printed."""
    if type(raw) is not str:
        raise InvalidInput("", f"expected a text, got {_told(raw)}")
    if not raw.isprintable():
        raise InvalidInput("", f"holds a character that can't be printed: {shown(raw)}")
    return raw


def read_whole(raw: Any) -> int:
    """Return a whole number; true, 1.0 and "1" are none."""
    if type(raw) is not int:
        raise InvalidInput("", f"expected a whole number, got {_told(raw)}")
    return raw


def read_number(raw: Any) -> float:
    """Return a number from 0 to a thousand million."""
    if type(raw) is not int and type(raw) is not float:
        raise InvalidInput("", f"expected a number, got {_told(raw)}")
    if not 0 <= raw <= 1e9:
        raise InvalidInput("", f"must be between 0 and 1e9, got {shown(raw)}")
    return float(raw)


def read_flag(raw: Any) -> bool:
    """Return true or false."""
    if type(raw) is not bool:
        raise InvalidInput("", f"expected true or false, got {_told(raw)}")
    return raw
