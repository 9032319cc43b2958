"""What can be wrong with what we were given."""

from __future__ import annotations


class InvalidInput(ValueError):
    """Input that can't be understood; the message starts with the path of the offending value."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}: {problem}" if path else problem)


class InvalidInstance(InvalidInput):
    """An instance that breaks the format or refers to something that doesn't exist."""


class InvalidSolution(InvalidInput):
    """A solution that breaks the format."""


class WrongResult(RuntimeError):
    """The solver's own result failed the independent check: a bug, never shown as a schedule."""


def shown(value: object, *, longest: int = 40) -> str:
    """Return `value` as it may stand in a message, cut to `longest` characters."""
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    printable = "".join(character if character.isprintable() else "�" for character in text[: longest + 1])
    return printable if len(text) <= longest else printable[:longest] + "…"
