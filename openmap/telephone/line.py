"""One typed line: « B03 b7 B12 » asks for three desks in that order, « S4+ S9 S12- » prefers, accepts and declines."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openmap.core.errors import RuleBroken
from openmap.core.text import mark
from openmap.meeting_requests.enums import RequestState

WORD = re.compile(r"([a-z]+)0*(\d+)([+-]?)", re.IGNORECASE)
MEANING = {"+": RequestState.PREFERRED, "": RequestState.ACCEPTED, "-": RequestState.DECLINED}


class NothingTyped(RuleBroken):
    """An empty line."""

    message = mark("Écrivez au moins un numéro.")
    field = "line"


class UnknownNumber(RuleBroken):
    """A word that is no number of anybody here."""

    message = mark("« %(word)s » n’est le numéro de personne ici. Rien n’a été enregistré.")
    field = "line"


class SaidTwice(RuleBroken):
    """The same number twice."""

    message = mark("« %(word)s » est écrit deux fois. Rien n’a été enregistré.")
    field = "line"


@dataclass(frozen=True, slots=True)
class Said:
    """One word: whose ref, and what its sign means."""

    ref: str
    answer: RequestState


def read_line(line: str, refs: Iterable[str]) -> list[Said]:
    """Return what was said, in the order it was; raises NothingTyped, UnknownNumber, SaidTwice."""
    known = _by_number(refs)
    said: list[Said] = []
    for word in re.split(r"[\s,;]+", line.strip()):
        found = WORD.fullmatch(word)
        ref = known.get(_number(found)) if found else None
        if word and (found is None or ref is None):
            raise UnknownNumber(word=word)
        if found is not None and ref is not None:
            if ref in {each.ref for each in said}:
                raise SaidTwice(word=word)
            said.append(Said(ref, MEANING[found[3]]))
    if not said:
        raise NothingTyped
    return said


def _by_number(refs: Iterable[str]) -> Mapping[tuple[str, int], str]:
    found = ((WORD.fullmatch(ref), ref) for ref in refs)
    return {_number(match): ref for match, ref in found if match}


def _number(found: re.Match[str]) -> tuple[str, int]:
    """How « b7 » and « B07 » are the same."""
    return found[1].upper(), int(found[2][:9])
