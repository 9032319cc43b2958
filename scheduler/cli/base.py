"""What all commands share: the group, the exit codes, reading and printing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

import click

from scheduler.errors import InvalidInput
from scheduler.terminal import files

DONE, FAILED, INVALID_INPUT, INFEASIBLE, CHECK_FAILED = range(5)

Result = TypeVar("Result")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Who meets whom, and when; - is standard input or output."""


def say(sentence: str, code: int) -> int:
    """Say a sentence on standard error and return the exit code."""
    with suppress(OSError):  # nobody listens: the exit code still tells
        click.echo(sentence, err=True)
    return code


def read_both(instance: str, solution: str) -> tuple[bytes, bytes]:
    """Return the content of two files, of which one may be standard input."""
    if instance == solution == files.STANDARD:
        raise InvalidInput("", "only one of INSTANCE and SOLUTION can come from standard input")
    return files.read_bytes(instance), files.read_bytes(solution)


def read(path: str, reader: Callable[[bytes], Result]) -> Result:
    """Return what `reader` makes of a file; its InvalidInput names the file."""
    return named(path, reader, files.read_bytes(path))


def named(path: str, reader: Callable[[bytes], Result], text: bytes) -> Result:
    """Read `text`, and put the file before the path of the value that is refused."""
    try:
        return reader(text)
    except InvalidInput as wrong:
        raise InvalidInput(files.shown_path(path), str(wrong)) from None


def print_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    files.write_text(files.STANDARD, "".join(f"{line}\n" for line in lines))


def print_json(value: Any) -> None:
    """Write a value as JSON to standard output."""
    print_lines([json.dumps(value, ensure_ascii=False)])
