"""The printed list of needs: a tagged PDF set by Typst from templates/roadmaps/needs.typ and facts in JSON."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from typst import PDFStandard

MOST_PRINTED = 300  # needs; about a second, and forty pages
FONTS = "atkinson-hyperlegible-next-ttf-0.4.1"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def print_needs(facts: str, *, templates: Path, fonts: Path, dated: datetime | None) -> bytes:
    """Set the page, accessible as PDF/UA-1 says; the same facts give the same bytes.

    The template reads nothing but `facts` (see exports.printed_facts), whose words it shows and never interprets.
    """
    try:
        return _set(facts, templates / "roadmaps", fonts, dated, standards=["ua-1"])
    except typst.TypstError:  # a character that the typeface lacks: PDF/UA forbids what readers could not see
        return _set(facts, templates / "roadmaps", fonts, dated, standards=[])


def _set(facts: str, folder: Path, fonts: Path, dated: datetime | None, *, standards: "list[PDFStandard]") -> bytes:
    printed = typst.compile(
        folder / "needs.typ",
        root=folder,
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"facts": facts},
        pdf_standards=standards,
        timestamp=(dated or LONG_AGO).replace(microsecond=0),
    )
    if not isinstance(printed, bytes):
        raise TypeError("one document is one PDF")
    return printed
