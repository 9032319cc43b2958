"""JSON values read strictly: whatever is wrong is named with its path, in bounded time and memory."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from scheduler.errors import InvalidInput, shown

MAX_CHARACTERS = 400_000_000

Value = TypeVar("Value")
Reader = Callable[[Any], Any]


@contextmanager
def paused_collector() -> Iterator[None]:
    """Spare the cycle collector a walk over millions of new objects that hold no cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def raised_as(kind: type[InvalidInput]) -> Iterator[None]:
    """Raise what was found wrong as `kind`."""
    try:
        yield
    except InvalidInput as wrong:
        if isinstance(wrong, kind):
            raise
        raise kind(wrong.path, wrong.problem) from None


def parsed(text: str | bytes) -> Any:
    """Return the JSON value of `text`; raises InvalidInput for anything strict JSON in UTF-8 forbids."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput("", f"longer than {MAX_CHARACTERS} characters")
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        return json.loads(decoded, object_pairs_hook=_distinct, parse_constant=_refuse_constant)
    except UnicodeDecodeError as wrong:
        raise InvalidInput("", f"not UTF-8 at byte {wrong.start}") from None
    except json.JSONDecodeError as wrong:
        raise InvalidInput("", f"not JSON at line {wrong.lineno}, column {wrong.colno}: {wrong.msg}") from None
    except RecursionError:
        raise InvalidInput("", "nested too deeply") from None
    except InvalidInput:
        raise
    except ValueError:
        raise InvalidInput("", "holds a number with too many digits") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for position, key in enumerate(keys) if key in keys[:position])
        raise InvalidInput(shown(twice), "key given twice in the same object")
    return fields


def _refuse_constant(name: str) -> None:
    raise InvalidInput("", f"{name} is not a number of JSON")


def expect_format(given: str, expected: str) -> None:
    """Refuse a file of another kind or version."""
    if given != expected:
        raise InvalidInput("format", f"expected {shown(expected)}, got {shown(given)}")


def _join(path: str, below: str) -> str:
    return path + (below if below.startswith("[") or not below else f".{below}")


def read_object(raw: Any, readers: dict[str, Reader], required: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of an object, each read by its reader; unknown and missing keys are refused."""
    if type(raw) is not dict:
        raise InvalidInput("", f"expected an object, got {shown(raw)}")
    fields: dict[str, Any] = {}
    for key, value in raw.items():
        reader = readers.get(key)
        if reader is None:
            raise InvalidInput(key if key.isidentifier() and len(key) < 40 else shown(key), "unknown key")
        try:
            fields[key] = reader(value)
        except InvalidInput as wrong:
            raise InvalidInput(_join(key, wrong.path), wrong.problem) from None
    for key in required:
        if key not in fields:
            raise InvalidInput(key, "missing")
    return fields


def list_of(reader: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    """Return a reader of lists whose items `reader` reads."""

    def read(raw: Any) -> tuple[Value, ...]:
        if type(raw) is not list:
            raise InvalidInput("", f"expected a list, got {shown(raw)}")
        values: list[Value] = []
        try:
            for value in raw:
                values.append(reader(value))  # noqa: PERF401 - the length tells which one was refused
        except InvalidInput as wrong:
            raise InvalidInput(_join(f"[{len(values)}]", wrong.path), wrong.problem) from None
        return tuple(values)

    return read


def or_null(reader: Callable[[Any], Value]) -> Callable[[Any], Value | None]:
    """Return a reader that also takes null."""
    return lambda raw: None if raw is None else reader(raw)


def read_text(raw: Any) -> str:
    """Return a text."""
    if type(raw) is not str:
        raise InvalidInput("", f"expected a text, got {shown(raw)}")
    return raw


def read_whole(raw: Any) -> int:
    """Return a whole number; true, 1.0 and "1" are none."""
    if type(raw) is not int:
        raise InvalidInput("", f"expected a whole number, got {shown(raw)}")
    return raw


def read_number(raw: Any) -> float:
    """Return a number from 0 to a thousand million."""
    if type(raw) is not int and type(raw) is not float:
        raise InvalidInput("", f"expected a number, got {shown(raw)}")
    if not 0 <= raw <= 1e9:
        raise InvalidInput("", f"must be between 0 and 1e9, got {shown(raw)}")
    return float(raw)


def read_flag(raw: Any) -> bool:
    """Return true or false."""
    if type(raw) is not bool:
        raise InvalidInput("", f"expected true or false, got {shown(raw)}")
    return raw
