"""A past morning in one file, for the archive: what it was, its programme, its rule, its question and answer, figures.

Nobody is in it: participants are labels, speakers and words that people typed about each other are left out.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from openmap.allocation.anonymous import anonymised
from openmap.allocation.models import Run
from openmap.core.db import session
from openmap.core.models import Base
from openmap.core.spreadsheets import csv_bytes
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.meetings.queries import current_version
from openmap.series.exports import figures_csv
from openmap.series.figures import Edition, with_figures
from openmap.series.settings import RULES, rows_at

PROGRAMME = (mark("Début"), mark("Fin"), mark("Genre"), mark("Titre"), mark("Salle"), mark("Places"))
READ_ME = (
    mark("Archive de la matinale « %(title)s », %(day)s."),
    mark("Aucune donnée personnelle : les participants sont des étiquettes sans lien avec leurs noms."),
    mark("matinale.json : le jour, le lieu, les dates limites, les créneaux."),
    mark("programme.csv : les lignes du programme, sans les intervenants."),
    mark("regle.json : combien de demandes, et qui pouvait demander qui."),
    mark("question.json et planning.json : ce que le calcul a reçu et rendu ; le vérificateur d’OpenMap les relit."),
    mark("chiffres.csv : ce qui en est résulté."),
)
NOT_OF_THE_RULE = frozenset({"id", "event_id", "created_at"})


def morning_archive(event: Event, *, key: str, worded: Callable[..., str]) -> bytes:
    """Return the ZIP; `worded` puts marked words in the reader's language, `key` hides who is behind which label."""
    edition = with_figures([event])[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        facts = {"title": event.title, "day": event.held_on.isoformat()}
        archive.writestr("LISEZMOI.txt", "\r\n".join([worded(READ_ME[0], **facts), *map(worded, READ_ME[1:]), ""]))
        archive.writestr("matinale.json", _json(_morning(edition)))
        archive.writestr("programme.csv", csv_bytes(list(map(worded, PROGRAMME)), _programme(event, worded)))
        archive.writestr("regle.json", _json(_rule(event)))
        for name, content in _schedule(event, key).items():
            archive.writestr(name, content)
        archive.writestr("chiffres.csv", figures_csv([edition], worded=worded))
    return packed.getvalue()


def _morning(edition: Edition) -> dict[str, object]:
    event = edition.event
    names = ("title", "sector", "held_on", "timezone", "venue", "address", "introduction")
    deadlines = ("registration_closes_at", "requests_close_at", "answers_close_at")
    return {
        "series": event.series.name,
        **{name: getattr(event, name) for name in (*names, *deadlines)},
        "slots": [[slot.starts_at, slot.ends_at] for slot in event.slots],
        "tables": len(event.tables),
        "figures": {str(figure.name): figure.value for figure in edition.figures},
        "from_the_review": [str(figure.name) for figure in edition.figures if figure.is_reported],
    }


def _programme(event: Event, worded: Callable[..., str]) -> list[list[object]]:
    """Titles and rooms; descriptions may name somebody."""
    return [
        [
            *(f"{moment.astimezone(event.zone):%Y-%m-%d %H:%M}" for moment in (item.starts_at, item.ends_at)),
            worded(item.kind.label),
            item.title,
            item.room,
            item.capacity,
        ]
        for item in event.programme
    ]


def _rule(event: Event) -> dict[str, object]:
    rows = {table.__tablename__: [_plain_row(row) for row in rows_at(event, table)] for table in RULES}
    return {"requests_of_each": event.request_quota, **rows}


def _plain_row(row: Base) -> dict[str, Any]:
    columns = [column for column in row.__table__.columns if not column.foreign_keys]  # keys lead to somebody
    return {column.name: getattr(row, column.name) for column in columns if column.name not in NOT_OF_THE_RULE}


def _schedule(event: Event, key: str) -> Mapping[str, str]:
    """The run that was published last, if the morning has one."""
    version = current_version(event)
    if version is None:
        return {}
    published = select(Run.instance, Run.solution).where(Run.version_id == version.id, Run.solution.is_not(None))
    found = session.execute(published.order_by(Run.id.desc()).limit(1)).one_or_none()
    if found is None:
        return {}
    question, answer = anonymised(found.instance, found.solution, key=key)
    return {"question.json": question, "planning.json": answer}


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
