"""Input and output of the command line: `-` is standard input or output, and a file is whole or not there."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from scheduler.errors import InvalidInput

STANDARD = "-"


def shown_path(path: str) -> str:
    """Return how a path is called in a message."""
    return "standard input" if path == STANDARD else path


def read_bytes(path: str) -> bytes:
    """Return the content of a file or of standard input; raises InvalidInput when it can't be had."""
    if path == STANDARD:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as wrong:
        raise InvalidInput(path, f"can't be read: {wrong.strerror}") from None
    except ValueError:
        raise InvalidInput("", "a path can't hold a NUL character") from None


def refuse_unwritable(path: str) -> None:
    """Raise InvalidInput now rather than after a long search, when nothing could be written there."""
    if path == STANDARD:
        return
    target = Path(path)
    if target.is_dir():
        raise InvalidInput(path, "is a folder")
    if not target.parent.is_dir():
        raise InvalidInput(path, "its folder doesn't exist")
    if not os.access(target if _is_special(target) else target.resolve().parent, os.W_OK):
        raise InvalidInput(path, "can't be written there")


def write_text(path: str, text: str) -> None:
    """Write to standard output or, by a temporary file and a rename, to a file; raises OSError."""
    if path == STANDARD:
        _write_out(text.encode())
    elif _is_special(Path(path)):
        Path(path).write_text(text, encoding="utf-8")
    else:
        _replace(Path(path).resolve(), text.encode())


def _write_out(content: bytes) -> None:
    left = memoryview(content)
    while left:  # an unbuffered standard output (PYTHONUNBUFFERED) takes what fits in the pipe, and no more
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


def _is_special(path: Path) -> bool:
    """A device or a named pipe is written to, never replaced by a file."""
    return path.exists() and not path.is_file()


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
