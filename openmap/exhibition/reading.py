"""A table of stands, line by line: each becomes a stand, or says what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from email_validator import EmailNotValidError, validate_email

from openmap.core.errors import RuleBroken
from openmap.core.phones import read_phone
from openmap.core.spreadsheets import Sheet, csv_bytes, guess_columns
from openmap.core.text import mark, plain
from openmap.exhibition import queries
from openmap.exhibition.layout import check_plan
from openmap.exhibition.models import Exhibition
from openmap.exhibition.operations import StandDetails
from openmap.registrations.models import Registration

MOST_STANDS, LONGEST_SIDE = 200, 200
COLUMNS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "label": ("Stand", "Nom du stand", "Numéro", "label"),
        "x": ("x", "À gauche", "Gauche"),
        "y": ("y", "En haut", "Haut"),
        "width": ("Largeur", "width"),
        "depth": ("Profondeur", "depth"),
        "exhibitor": ("Exposant", "Organisme", "exhibitor"),
        "description": ("Présentation", "Description"),
        "contact_name": ("Contact", "Nom du contact"),
        "contact_email": ("Courriel", "Adresse", "Mail", "Email"),
        "contact_phone": ("Téléphone", "Tél"),
    }
)
LENGTHS = {"label": 10, "exhibitor": 200, "description": 2000, "contact_name": 120}
MISSING = mark("il manque la colonne « %(column)s »")
NO_LABEL = mark("le nom du stand manque")
TOO_LONG = mark("« %(column)s » est trop long : %(limit)s caractères au plus")
NO_NUMBER = mark("« %(column)s » doit être un nombre entier de mètres")
TWICE = mark("le stand %(label)s est déjà à la ligne %(other)s")
NO_MAIL = mark("« %(typed)s » n’est pas une adresse de courriel")
NO_PHONE = mark("« %(typed)s » n’est pas un numéro de téléphone")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a table from being stored: a marked sentence with its facts; line 0 is the whole table."""

    line: int
    message: str
    facts: Mapping[str, object]


class _BadCell(Exception):
    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message, self.facts = message, facts


def read_stands(exhibition: Exhibition, sheet: Sheet) -> tuple[list[StandDetails], list[Trouble]]:
    """The stands of a table, or everything that is wrong with it, where they stand included."""
    columns = guess_columns(sheet.headers, COLUMNS)
    missing = [name for name in ("label", "x", "y") if name not in columns]
    if missing:
        return [], [Trouble(0, MISSING, {"column": COLUMNS[name][0]}) for name in missing]
    known = {plain(each.title): each for each in queries.possible_exhibitors(exhibition.event)}
    stands = dict[str, tuple[int, StandDetails]]()
    troubles = []
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        try:
            details = _stand({name: row[column] for name, column in columns.items()}, known, stands)
            stands[details.label] = (line, details)
        except _BadCell as bad:
            troubles.append(Trouble(line, bad.message, bad.facts))
    return [each for _line, each in stands.values()], troubles or _misplaced(exhibition, stands)


def _misplaced(exhibition: Exhibition, stands: Mapping[str, tuple[int, StandDetails]]) -> list[Trouble]:
    """Each line that leaves the hall, or overlaps a stand that stays or comes before it in the table."""
    placed = [box for box in queries.boxes_of(exhibition) if box.label not in stands]
    troubles = []
    for line, details in stands.values():
        try:
            check_plan([details.box], width=exhibition.width, depth=exhibition.depth)
            for other in placed:
                check_plan([other, details.box], width=exhibition.width, depth=exhibition.depth)
        except RuleBroken as broken:
            troubles.append(Trouble(line, broken.message, broken.facts))
        placed.append(details.box)
    return troubles


def _stand(
    cells: Mapping[str, str],
    known: Mapping[str, Registration],
    before: Mapping[str, tuple[int, StandDetails]],
) -> StandDetails:
    texts = {name: " ".join(cells.get(name, "").split()) for name in ("label", "exhibitor", "contact_name")}
    texts["description"] = cells.get("description", "")
    for name, text in texts.items():
        if len(text) > LENGTHS[name]:
            raise _BadCell(TOO_LONG, column=COLUMNS[name][0], limit=LENGTHS[name])
    if not texts["label"]:
        raise _BadCell(NO_LABEL)
    if texts["label"] in before:
        raise _BadCell(TWICE, label=texts["label"], other=before[texts["label"]][0])
    stand = StandDetails(
        x=_metres(cells, "x", smallest=0),
        y=_metres(cells, "y", smallest=0),
        width=_metres(cells, "width", smallest=1, usual=3),
        depth=_metres(cells, "depth", smallest=1, usual=2),
        contact_email=_mail(cells.get("contact_email", "").strip()),
        contact_phone=_phone(cells.get("contact_phone", "").strip()),
        label=texts["label"],
        exhibitor=texts["exhibitor"],
        description=texts["description"],
        contact_name=texts["contact_name"],
    )
    holder = known.get(plain(stand.exhibitor)) if stand.exhibitor else None
    return replace(stand, registration=holder, exhibitor="") if holder else stand


def _metres(cells: Mapping[str, str], name: str, *, smallest: int, usual: int | None = None) -> int:
    text = cells.get(name, "").strip()
    if not text and usual is not None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 5 and smallest <= int(text) <= LONGEST_SIDE):
        raise _BadCell(NO_NUMBER, column=COLUMNS[name][0])
    return int(text)


def _mail(typed: str) -> str:
    try:
        return validate_email(typed, check_deliverability=False).normalized if typed else ""
    except EmailNotValidError:
        raise _BadCell(NO_MAIL, typed=typed[:80]) from None


def _phone(typed: str) -> str:
    number = read_phone(typed) if typed else ""
    if number is None:
        raise _BadCell(NO_PHONE, typed=typed[:40])
    return number


def stands_csv(exhibition: Exhibition) -> bytes:
    """The stands as a table that can be changed and sent back."""
    names = [usual[0] for usual in COLUMNS.values()]
    rows = []
    for stand in queries.in_order(exhibition.stands):
        row = {name: getattr(stand, name) for name in COLUMNS} | {"exhibitor": queries.name_of(stand)}
        rows.append([row[name] for name in COLUMNS])
    return csv_bytes(names, rows)
