"""JSON text read strictly and piece by piece: objects come as pairs, and long lists are never there as a whole."""

from __future__ import annotations

import gc
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from scheduler.errors import InvalidInput, shown

MAX_CHARACTERS = 400_000_000
LONG = 1_000  # items, beyond which a list is not kept

Pairs = tuple[tuple[str, Any], ...]  # what an object is read as: a key given twice can be told

_space = re.compile(r"[ \t\n\r]*").match
_comma = re.compile(r"[ \t\n\r]*,[ \t\n\r]*").match


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
def strictly() -> Iterator[None]:
    """Raise InvalidInput for whatever the decoder of the standard library refuses."""
    try:
        yield
    except json.JSONDecodeError as wrong:
        raise InvalidInput("", f"not JSON at line {wrong.lineno}, column {wrong.colno}: {wrong.msg}") from None
    except RecursionError:
        raise InvalidInput("", "nested too deeply") from None
    except InvalidInput:
        raise
    except ValueError:
        raise InvalidInput("", "holds a number with too many digits") from None


def document(text: str | bytes) -> dict[str, Any]:
    """Return the object that `text` was found to be; its long lists are read anew each time they are gone through."""
    source = Text(decoded(text), hook=_distinct)
    fields: dict[str, Any] = {}
    for key in source.members():
        start = source.at
        if source.is_next("["):
            items = source.items()
            first = list(islice(items, LONG))
            is_long = any(True for _ in items)
            deque(items, maxlen=0)
            fields[key] = Items(source.text, start) if is_long else first
        else:
            fields[key] = source.value()
    return fields


class Items(Iterable[Any]):
    """A long list somewhere in a JSON text; none of its items is kept."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start

    def __iter__(self) -> Iterator[Any]:
        return Text(self._text, self._start, hook=_distinct).items()


def decoded(text: str | bytes) -> str:
    """Return text from UTF-8, without a byte order mark; raises InvalidInput."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput("", f"longer than {MAX_CHARACTERS} characters")
    try:
        return text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        raise InvalidInput("", f"not UTF-8 at byte {wrong.start}") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for position, key in enumerate(keys) if key in keys[:position])
        raise InvalidInput(shown(twice), "key given twice in the same object")
    return fields


def _refuse_constant(name: str) -> None:
    raise InvalidInput("", f"{name} is not a number of JSON")


class Text:
    """A JSON text and how far it has been read."""

    def __init__(self, text: str, at: int = 0, *, hook: Callable[[list[tuple[str, Any]]], Any] = tuple) -> None:
        self.text = text
        self._decode = json.JSONDecoder(object_pairs_hook=hook, parse_constant=_refuse_constant).raw_decode
        self.at = _end_of_space(text, at)

    def value(self) -> Any:
        """Read the next value whole, objects as `Pairs`."""
        with strictly():
            value, end = self._decode(self.text, self.at)
        self.at = _end_of_space(self.text, end)
        return value

    def items(self) -> Iterator[Any]:
        """Read the items of the list that comes next, one after the other."""
        text, decode, comma = self.text, self._decode, _comma
        self.at = at = _end_of_space(text, self.at + 1)
        if not self.is_next("]"):
            with strictly():
                value, at = decode(text, at)
                yield value
                while found := comma(text, at):
                    value, at = decode(text, found.end())
                    yield value
            self.at = _end_of_space(text, at)
        self.expect("]", "Expecting ',' delimiter")

    def members(self) -> Iterator[str]:
        """Read the members' keys of the object that comes next; the caller reads the value after each."""
        self.expect("{", "Expecting value")
        if not self.is_next("}"):
            while True:
                if not self.is_next('"'):
                    self._refuse("Expecting property name enclosed in double quotes")
                key = self.value()
                self.expect(":", "Expecting ':' delimiter")
                yield key
                if not self.is_next(","):
                    break
                self.expect(",", "")
        self.expect("}", "Expecting ',' delimiter")

    def is_next(self, character: str) -> bool:
        """Say whether this character comes next."""
        return self.text.startswith(character, self.at)

    def expect(self, character: str, otherwise: str) -> None:
        """Pass a character, or say what is wrong."""
        if not self.is_next(character):
            self._refuse(otherwise)
        self.at = _end_of_space(self.text, self.at + 1)

    def expect_end(self) -> None:
        """Refuse anything more."""
        if self.at < len(self.text):
            self._refuse("Extra data")

    def _refuse(self, problem: str) -> None:
        with strictly():
            raise json.JSONDecodeError(problem, self.text, self.at)


def _end_of_space(text: str, at: int) -> int:
    found = _space(text, at)
    return at if found is None else found.end()
