"""Cells of a buyer's spreadsheet as people write them: « T3 2027 », « 50 k€ », « Seine-Saint-Denis », « oui »."""

import re
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from openmap.core.errors import RuleBroken
from openmap.core.models import LabelledEnum
from openmap.core.text import mark, plain
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.models import HIGHEST_AMOUNT, MOST_LOTS
from openmap.roadmaps.quarters import quarter_of

Label = TypeVar("Label", bound=LabelledEnum)

YES = frozenset(("oui", "o", "x", "yes", "y", "true", "vrai", "1"))
NO = frozenset(("", "non", "n", "no", "false", "faux", "0"))
NOT_SPLIT = frozenset(("non", "n", "no", "non alloti", "unique", "lot unique"))
UNKNOWN = frozenset(("", "a definir", "a preciser", "a etudier", "nc", "non connu", "inconnu", "oui"))
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "janvier january janv jan", "fevrier february fevr fev feb", "mars march mar", "avril april avr apr",
            "mai may", "juin june jun", "juillet july juil jul", "aout august aug", "septembre september sept sep",
            "octobre october oct", "novembre november nov", "decembre december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
DEPARTEMENTS = ILE_DE_FRANCE | ELSEWHERE
EVERYWHERE = frozenset(("", "ile de france", "idf", "region", "toute la region", "plusieurs", "plusieurs departements"))
CLAUSE_WORDS = (
    (SocialClause.RESERVED, ("reserve", "2113")),
    (SocialClause.CRITERION, ("critere", "criterion")),
    (SocialClause.INSERTION, ("insertion", "2112", "clause sociale")),
)
_QUARTER = re.compile(r"\b[tq] ?([1-4])\b|\b([1-4]) ?(?:er|e|eme|st|nd|rd|th)? (?:trimestre|trim|quarter)\b")
_YEAR = re.compile(r"\b(20[0-9]{2})\b")
_DATE = re.compile(r"\b(20[0-9]{2}) ([01]?[0-9]) [0-3]?[0-9]\b|\b(?:[0-3]?[0-9] )?([01]?[0-9]) (20[0-9]{2})\b")
_AMOUNT = re.compile(r"([0-9]+(?:[ .][0-9]{3})*)(?:[.,]([0-9]{1,2}))? ?(k|m|millions?)?(?: ?(?:€|eur|euros?|ht))*")
_RANGE = re.compile(r"(?<=[0-9€km ])(?:-|–| a | et )")
_TIMES = {None: 1, "k": 1000}


class BadCell(RuleBroken):
    """A cell that says nothing we understand."""

    message = mark("« %(cell)s » n’est pas compris.")


class Missing(BadCell):
    """A cell that must hold something."""

    message = mark("cette case est vide.")


class TooLong(BadCell):
    """More than a row keeps."""

    message = mark("le texte est trop long : %(limit)s caractères au plus.")


class NoSuchWord(BadCell):
    """None of a list."""

    message = mark("« %(cell)s » n’est pas dans la liste : recopiez un mot de l’onglet « Listes » du modèle.")


class NoQuarter(BadCell):
    """No quarter in it."""

    message = mark("« %(cell)s » n’est pas un trimestre : écrivez par exemple T3 2027.")


class QuarterTooFar(BadCell):
    """In the past or beyond the horizon."""

    message = mark("« %(cell)s » n’est pas dans les 18 mois à venir.")


class NoAmount(BadCell):
    """No amount in euros in it."""

    message = mark("« %(cell)s » n’est pas un montant : écrivez par exemple 50 000.")


class AmountsReversed(BadCell):
    """The lowest is above the highest."""

    message = mark("le montant minimum dépasse le montant maximum.")


class NoDepartement(BadCell):
    """No French département."""

    message = mark("« %(cell)s » n’est pas un département : écrivez son numéro, ou laissez vide pour plusieurs.")


class NoLotCount(BadCell):
    """Neither a number of lots nor yes or no."""

    message = mark(
        "« %(cell)s » n’est pas un nombre de lots : écrivez un nombre, ou « non » pour un marché non alloti."
    )


class NeitherYesNorNo(BadCell):
    """Neither."""

    message = mark("« %(cell)s » : écrivez oui ou non.")


class NoSuchContact(BadCell):
    """Nobody of this organisation."""

    message = mark("« %(cell)s » n’est pas un contact de votre organisme : ajoutez-le d’abord, ou laissez vide.")


def said(cell: str) -> str:
    """A cell as a sentence quotes it."""
    return cell if len(cell) <= 60 else f"{cell[:59]}…"


def read_text(cell: str, *, longest: int, required: bool = False) -> str:
    """One line of text; raises Missing, TooLong."""
    text = " ".join(cell.split())
    if required and not text:
        raise Missing
    return read_long_text(text, longest=longest)


def read_long_text(cell: str, *, longest: int) -> str:
    """Several lines of text; raises TooLong."""
    if len(cell) > longest:
        raise TooLong(limit=longest)
    return cell


def read_word(cell: str, kind: type[Label]) -> Label:
    """A value by its code or its label, or by words that only one label has; raises Missing, NoSuchWord."""
    wanted = plain(cell)
    if not wanted:
        raise Missing
    same = [member for member in kind if wanted in {plain(member), plain(member.label)}]
    alike = same or [member for member in kind if f" {wanted}" in f" {plain(member.label)}"]
    if len(alike) != 1:
        raise NoSuchWord(cell=said(cell))
    return alike[0]


def read_clause(cell: str) -> SocialClause:
    """A social clause by code, label or usual words; nothing said is to be studied; raises NoSuchWord."""
    wanted = plain(cell)
    if wanted in UNKNOWN:
        return SocialClause.TO_STUDY
    if wanted in {"non", "aucune", "sans", "no", "none"}:
        return SocialClause.NONE
    for clause, usual in CLAUSE_WORDS:
        if any(word in wanted for word in usual):
            return clause
    return read_word(cell, SocialClause)


def read_quarter(cell: str) -> int:
    """A quarter as in quarters.py, from « T3 2027 », « 3e trimestre 2027 », a month or a date; raises NoQuarter."""
    text = plain(cell)
    year, quarter = _YEAR.search(text), _QUARTER.search(text)
    if year and quarter:
        return int(year.group(1)) * 4 + int(quarter.group(1) or quarter.group(2)) - 1
    month = next((MONTHS[word] for word in text.split() if word in MONTHS), None)
    if year and month:
        return quarter_of(date(int(year.group(1)), month, 1))
    if day := _DATE.search(text):
        year_text, month_text = (day.group(1) or day.group(4)), (day.group(2) or day.group(3))
        if 1 <= int(month_text) <= 12:
            return quarter_of(date(int(year_text), int(month_text), 1))
    raise Missing if not text else NoQuarter(cell=said(cell))


def read_amounts(low: str, high: str) -> tuple[int | None, int | None]:
    """A lowest and a highest amount in euros; one cell may hold both: « 40 000 à 90 000 € ».

    Raises NoAmount, AmountsReversed.
    """
    if not (low and high):
        ends = _RANGE.split(_amount_text(low or high))
        if len(ends) == 2:
            low, high = ends
    lowest, highest = read_amount(low), read_amount(high)
    if lowest is not None and highest is not None and lowest > highest:
        raise AmountsReversed
    return lowest, highest


def read_amount(cell: str) -> int | None:
    """An amount in whole euros: « 50 000 € », « 50 k€ », « 1,5 M€ »; None for an empty cell; raises NoAmount."""
    text = _amount_text(cell)
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise NoAmount(cell=said(cell))
    whole, decimals, unit = found.groups()
    digits = whole.replace(" ", "").replace(".", "")
    if len(digits) > 12:
        raise NoAmount(cell=said(cell))
    amount = round(float(f"{digits}.{decimals or 0}") * _TIMES.get(unit, 1_000_000))
    if amount > HIGHEST_AMOUNT:
        raise NoAmount(cell=said(cell))
    return amount


def _amount_text(cell: str) -> str:
    return " ".join(cell.casefold().replace("k€", "k €").replace("m€", "m €").replace("à", " a ").split())


def read_departement(cell: str) -> str:
    """The code of a département, from its number or its name; "" for several; raises NoDepartement."""
    text = plain(cell)
    if text in EVERYWHERE:
        return ""
    code = text.split()[0].upper().zfill(2)
    if code in DEPARTEMENTS:
        return code
    named = [known for known, name in DEPARTEMENTS.items() if plain(name) == text]
    if not named:
        raise NoDepartement(cell=said(cell))
    return named[0]


def read_lot_count(cell: str) -> int | None:
    """How many lots: 1 for « non », None for nobody knows; raises NoLotCount."""
    text = plain(cell)
    if text in UNKNOWN:
        return None
    if text in NOT_SPLIT:
        return 1
    number = re.fullmatch(r"([0-9]{1,4})(?: lots?)?", text)
    if number is None or not 1 <= int(number.group(1)) <= MOST_LOTS:
        raise NoLotCount(cell=said(cell))
    return int(number.group(1))


def read_yes(cell: str) -> bool:
    """Yes or no; nothing is no; raises NeitherYesNorNo."""
    text = plain(cell)
    if text not in YES | NO:
        raise NeitherYesNorNo(cell=said(cell))
    return text in YES


def read_contact(cell: str, contacts: Mapping[str, int]) -> int | None:
    """A contact's id from a mail address or a name, as `contacts` knows them in plain words; raises NoSuchContact."""
    text = plain(cell)
    if text and text not in contacts:
        raise NoSuchContact(cell=said(cell))
    return contacts.get(text)
