"""Words without who wrote them, for a jury that reads files blind."""

import re
import unicodedata
from collections.abc import Sequence

from openmap.core.text import mark, plain
from openmap.core.wording import say as _
from openmap.organisations.models import Organisation
from openmap.pitches.models import PitchApplication

# Words that stand around a name without being it: « XWiki SAS » is also called « XWiki ».
_LEGAL = "sa sas sasu sarl eurl scop scic scs snc association asso esat ea eatt ei aci ai etti geiq"
LEGAL_WORDS = frozenset(_LEGAL.split())
SHORTEST_NAME = 4  # what is shorter is a word of the language too often
# A mailbox before a site, since it holds one; then numbers as people write them in France.
ADDRESSES = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), mark("[une adresse électronique]")),
    (re.compile(r"(?:https?://|www\.)[^\s<>()«»]*[^\s<>()«».,;:!?]", re.IGNORECASE), mark("[un site]")),
    (
        re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|coop|paris|info)\b(?:/\S*[\w/])?", re.IGNORECASE),
        mark("[un site]"),
    ),
    (re.compile(r"(?<!\d)(?:\+33|0033|0)[\s.\u00a0-]?[1-9](?:[\s.\u00a0-]?\d{2}){4}(?!\d)"), mark("[un téléphone]")),
)


def hidden(text: str, application: PitchApplication) -> str:
    """`text` without what says who sent the file: its structure, its people, and any address or telephone number."""
    registration = application.registration
    for pattern, mask in ADDRESSES:
        text = pattern.sub(_(mask), text)
    text = masked(text, registration.organisation)
    for person in (application.speaker.partition(",")[0], registration.contact.person.name):
        for words in _person_names(person):
            text = _without(text, words, _("[une personne]"))
    return text


def masked(text: str, organisation: Organisation) -> str:
    """`text` without the name and the number of `organisation`, however they are written."""
    mask = _("[la structure]")
    for words in _names(organisation.name):
        text = _without(text, words, mask)
    siret = organisation.siret or ""
    for digits in filter(None, (siret, siret[:9])):
        text = re.sub(r"(?<!\d)" + r"[\s.\u00a0]?".join(digits) + r"(?!\d)", mask, text)
    return text


def _names(name: str) -> list[list[str]]:
    """The words of a name, then those left without the words of its legal form."""
    words = plain(name).split()
    bare = [word for word in words if word not in LEGAL_WORDS]
    found = [words] if words else []
    if bare != words and len("".join(bare)) >= SHORTEST_NAME:
        found.append(bare)
    return found


def _person_names(name: str) -> list[list[str]]:
    """The words of somebody's name, then the last one alone, where it is long enough to be no word of the language."""
    words = plain(name).split()
    found = [words] if len(words) > 1 else []
    return [*found, words[-1:]] if words and len(words[-1]) >= SHORTEST_NAME else found


def _without(text: str, words: Sequence[str], mask: str) -> str:
    """Replace the places where `words` follow each other, whatever their case, accents and what parts them."""
    folded, places = _folded(text)
    wanted = re.compile(r"(?<!\w)" + r"\W+".join(re.escape(word) for word in words) + r"(?!\w)")
    parts, last = [], 0
    for hit in wanted.finditer(folded):
        start, end = places[hit.start()], places[hit.end() - 1] + 1
        parts += [text[last:start], mask]
        last = end
    return "".join([*parts, text[last:]])


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` in lower case without accents, and where each of its characters stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        base = unicodedata.normalize("NFKD", char.casefold().replace("œ", "oe").replace("æ", "ae"))
        for letter in base:
            if not unicodedata.combining(letter):
                letters.append(letter)
                places.append(place)
    return "".join(letters), places
