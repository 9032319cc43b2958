"""Everything about one person in one file: a page in words, JSON for machines, a CSV a table, the files they gave."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from openmap.core.files import StoredFile
from openmap.core.spreadsheets import csv_bytes
from openmap.personal_data.queries import Holding


def build_archive(
    holdings: Sequence[Holding], files: Sequence[StoredFile], *, worded: Callable[[str], str], introduction: str
) -> bytes:
    """Return a ZIP; `worded` puts the inventory's French labels in the reader's language."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LISEZMOI.txt", _read_me(holdings, worded, introduction))
        everything = {held.table: held.shown for held in holdings}
        archive.writestr("donnees.json", json.dumps(everything, ensure_ascii=False, indent=1, default=_plain))
        for held in holdings:
            headers = list(held.shown[0])
            rows = [[_cell(row[name]) for name in headers] for row in held.shown]
            archive.writestr(f"tableaux/{held.table}.csv", csv_bytes(headers, rows))
        for file in files:
            archive.writestr(f"fichiers/{file.id}-{_safe(file.name)}", file.content)
    return packed.getvalue()


def _read_me(holdings: Sequence[Holding], worded: Callable[[str], str], introduction: str) -> str:
    lines = [introduction, ""]
    for held in holdings:
        kept = held.kept
        lines += [f"{worded(kept.label)} ({held.table}.csv, {len(held.rows)})"]
        lines += [f"  {worded(kept.purpose)}", f"  {worded(kept.until)}", ""]
    return "\r\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_plain).strip('"')


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _safe(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_. " else "_" for sign in name)[:80]
