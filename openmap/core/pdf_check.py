"""Read a PDF of a stranger, confined: `python -m openmap.core.pdf_check PAGES < file` writes one word.

It runs as a process of its own, since a crafted file may cost any reader unbounded time or memory: here both are
limited (pypdf is imported under the limits), and the site only waits. The word is `ok`, `encrypted`, `active`,
`long` or `unreadable`.
"""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

CPU_S = 2  # start included; a real document of 5 MB takes half of it
MEMORY = 512 * 2**20  # of address space, not what is used
NESTING = 40
# Scripts, programs started, files inside files, forms that are programs.
ACTIVE_KEYS = {"/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/XFA", "/RichMedia"}
ACTIVE_KINDS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMedia"}


def verdict(content: bytes, page_limit: int) -> str:
    """What there is to say of a PDF; anything pypdf cannot read, whatever it raises, is unreadable."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            return "encrypted"
        page_count = len(reader.pages)
        if not page_count:
            return "unreadable"
        if page_count > page_limit:
            return "long"
        return "active" if any(_is_active(found) for found in _objects(reader)) else "ok"
    except Exception:  # noqa: BLE001 - readers of broken files raise anything; the answer is the same
        return "unreadable"


def _objects(reader: Any) -> Iterator[object]:
    """Every object that the file's tables list, reached from a page or not."""
    from pypdf.generic import IndirectObject

    yield reader.trailer
    listed = {number: generation for generation, table in reader.xref.items() for number in table}
    listed |= dict.fromkeys(reader.xref_objStm, 0)
    for number, generation in listed.items():
        yield reader.get_object(IndirectObject(number, generation, reader))


def _is_active(found: object, depth: int = 0) -> bool:
    if depth > NESTING:
        return True  # no writer nests like that
    if isinstance(found, dict):
        if ACTIVE_KEYS & set(found) or ACTIVE_KINDS & {_name(found, "/S"), _name(found, "/Subtype")}:
            return True
        return any(_is_active(dict.__getitem__(found, key), depth + 1) for key in found)
    if isinstance(found, list):
        return any(_is_active(list.__getitem__(found, place), depth + 1) for place in range(len(found)))
    return False


def _name(found: dict[Any, Any], key: str) -> str:
    value = found.get(key)
    return str(value) if isinstance(value, str) else ""


def main() -> None:
    """Limit this process, then judge what comes in."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.write(verdict(sys.stdin.buffer.read(), int(sys.argv[1])))


if __name__ == "__main__":
    main()
