"""Guests read from the lines of a sheet: each bad cell is named by its line and column, and nothing is guessed."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from email_validator import EmailNotValidError, validate_email

from openmap.core.phones import read_phone
from openmap.core.spreadsheets import Sheet, guess_columns
from openmap.core.text import clean_text, mark, plain
from openmap.organisations.departements import DEPARTEMENTS
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.siret import read_siret

MOST_GUESTS = 2000
NOWHERE = -1

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "email": mark("Adresse électronique"),
        "body": mark("Organisme"),
        "siret": mark("SIRET"),
        "first_name": mark("Prénom"),
        "name": mark("Nom, ou prénom et nom"),
        "phone": mark("Téléphone"),
        "departement": mark("Département"),
        "kind": mark("Type de participant"),
    }
)
USUAL_NAMES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "email": ("adresse électronique", "e-mail", "email", "mail", "courriel", "adresse mail", "messagerie"),
        "siret": ("siret", "n° siret", "numéro siret"),
        "body": ("organisme", "structure", "organisation", "raison sociale", "entreprise", "société", "dénomination",
                 "collectivité", "acheteur", "nom de la structure", "nom de l’organisme", "company", "organization"),
        "first_name": ("prénom", "first name"),
        "name": ("contact", "nom du contact", "prénom et nom", "nom et prénom", "nom complet", "interlocuteur", "nom",
                 "last name", "name"),
        "phone": ("téléphone", "tél", "portable", "mobile", "phone"),
        "departement": ("département", "dpt", "dept", "code département"),
        "kind": ("type", "type de participant", "catégorie", "qualité", "profil"),
    }
)  # fmt: skip
KIND_WORDS: Mapping[str, OrganisationKind] = MappingProxyType(
    {
        **dict.fromkeys(("acheteur", "acheteur public", "acheteurs", "buyer"), OrganisationKind.BUYER),
        **dict.fromkeys(
            ("structure", "structures", "fournisseur", "entreprise", "supplier"), OrganisationKind.STRUCTURE
        ),
        **dict.fromkeys(("partenaire", "partenaires", "facilitateur", "reseau", "partner"), OrganisationKind.PARTNER),
        **dict.fromkeys(("visiteur", "visiteurs", "public", "pleniere", "visitor"), OrganisationKind.VISITOR),
    }
)
DEPARTEMENT_CODES = {plain(name): code for code, name in DEPARTEMENTS.items()} | {code: code for code in DEPARTEMENTS}
LONGEST = {"body": 200, "first_name": 39, "name": 80}  # both names, with a space between, make 120
NUMBER = re.compile(r"\b(?:2[AB]|9[78]\d|\d{1,2})\b")
ANGLED = re.compile(r"^(?P<name>[^<>;\t]*)<(?P<email>[^<>\s]+)>$")


@dataclass(frozen=True, slots=True)
class Guest:
    """One person to invite, from one line."""

    line: int
    kind: OrganisationKind
    email: str
    name: str = ""
    phone: str = ""
    body: str = ""
    siret: str | None = None
    departement: str = ""

    @property
    def title(self) -> str:
        """What pages call this guest."""
        return self.body or self.name or self.email


@dataclass(frozen=True, slots=True)
class Trouble:
    """One cell that can't be used: where it stands, what it says, and a sentence marked for translation."""

    line: int
    column: str
    said: str
    sentence: str


class BadCell(ValueError):
    """A cell that says something impossible; the message is marked for translation."""


def guessed_mapping(sheet: Sheet) -> dict[str, int]:
    """The column of each field as its heading suggests; where no heading speaks of mails, the cells tell."""
    mapping = guess_columns(sheet.headers, USUAL_NAMES)
    if "email" not in mapping:
        full = [sum("@" in row[column] for row in sheet.rows) for column in range(len(sheet.headers))]
        best = max(range(len(full)), key=full.__getitem__)
        if full[best]:
            mapping = {field: column for field, column in mapping.items() if column != best} | {"email": best}
    return mapping


def read_guests(
    sheet: Sheet, mapping: Mapping[str, int], *, usual_kind: OrganisationKind
) -> tuple[list[Guest], list[Trouble]]:
    """The guests of a sheet, and every cell that stands in the way; `usual_kind` is that of lines that tell none."""
    guests, troubles = [], []
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        found = list(_troubles(line, row, sheet.headers, mapping))
        troubles += found
        if not found:
            guests.append(_guest(line, row, mapping, usual_kind))
    return guests, troubles


def sheet_of_lines(text: str) -> Sheet:
    """A sheet from pasted lines: « mail », « Nom <mail> », or cells parted by tab or `;`; columns named by content."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()][: MOST_GUESTS + 1]
    rows = [_cells(line) for _, line in lines]
    width = max(map(len, rows), default=1)
    rows = [row + [""] * (width - len(row)) for row in rows]
    numbers = [number for number, _ in lines]
    if rows and not any("@" in cell for cell in rows[0]) and len(rows) > 1:
        return Sheet(rows[0], rows[1:], numbers[1:])
    return Sheet(_headings(rows, width), rows, numbers)


def _cells(line: str) -> list[str]:
    angled = ANGLED.match(line.strip())
    if angled:
        return [clean_text(angled["email"]), clean_text(angled["name"]).strip('" ,')]
    for delimiter in ("\t", ";", ","):
        if delimiter in line:
            return [clean_text(cell) for cell in line.split(delimiter)]
    return [clean_text(line)]


def _headings(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    names: list[str] = []
    left = ["name", "body"]
    for column in range(width):
        cells = [row[column] for row in rows if row[column]]
        if cells and all("@" in cell for cell in cells):
            names.append("email")
        elif cells and all(read_siret(cell) for cell in cells):
            names.append("siret")
        else:
            names.append(left.pop(0) if left else "")
    return [FIELDS.get(name, "") for name in names]


def _troubles(line: int, row: Sequence[str], headers: Sequence[str], mapping: Mapping[str, int]) -> Iterator[Trouble]:
    for field, read in READERS.items():
        said = _said(row, mapping, field)
        try:
            read(said)
        except BadCell as bad:
            column = mapping.get(field, NOWHERE)
            yield Trouble(line, headers[column] if column >= 0 else FIELDS[field], said[:60], str(bad))


def _guest(line: int, row: Sequence[str], mapping: Mapping[str, int], usual_kind: OrganisationKind) -> Guest:
    said = {field: _said(row, mapping, field) for field in FIELDS}
    return Guest(
        line=line,
        kind=_kind(said["kind"]) or usual_kind,
        email=_email(said["email"]),
        name=" ".join(f"{said['first_name']} {said['name']}".split()),
        phone=_phone(said["phone"]),
        body=said["body"],
        siret=_siret(said["siret"]),
        departement=_departement(said["departement"]),
    )


def _said(row: Sequence[str], mapping: Mapping[str, int], field: str) -> str:
    column = mapping.get(field, NOWHERE)
    return " ".join(row[column].split()) if 0 <= column < len(row) else ""


def _email(said: str) -> str:
    if not said:
        raise BadCell(mark("Il manque l’adresse électronique."))
    try:
        return validate_email(said.removeprefix("mailto:"), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise BadCell(mark("Ce n’est pas une adresse électronique : elle ressemble à nom@organisme.fr.")) from None


def _siret(said: str) -> str | None:
    if said and read_siret(said) is None:
        raise BadCell(mark("Ce n’est pas un SIRET : il faut 14 chiffres, et le dernier les contrôle."))
    return read_siret(said) if said else None


def _phone(said: str) -> str:
    if said and read_phone(said) is None:
        raise BadCell(mark("Ce n’est pas un numéro de téléphone, comme 01 23 45 67 89."))
    return (read_phone(said) or "") if said else ""


def _departement(said: str) -> str:
    number = NUMBER.search(said.upper())
    code = DEPARTEMENT_CODES.get(plain(said)) or (DEPARTEMENT_CODES.get(number[0].zfill(2)) if number else None)
    if said and code is None:
        raise BadCell(mark("Ce n’est pas un département français : écrivez son numéro, comme 93."))
    return code or ""


def _kind(said: str) -> OrganisationKind | None:
    kind = KIND_WORDS.get(plain(said))
    if said and kind is None:
        raise BadCell(mark("Écrivez acheteur, structure, partenaire ou visiteur, ou laissez vide."))
    return kind


def _short(said: str, field: str) -> str:
    if len(said) > LONGEST[field]:
        raise BadCell(mark("Ce texte est trop long."))
    return said


READERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "email": _email,
        "body": lambda said: _short(said, "body"),
        "siret": _siret,
        "first_name": lambda said: _short(said, "first_name"),
        "name": lambda said: _short(said, "name"),
        "phone": _phone,
        "departement": _departement,
        "kind": _kind,
    }
)
