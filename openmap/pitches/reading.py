"""A file as the jury reads it; without who sent it, where the call says so."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openmap.core.files import StoredFile
from openmap.core.text import plain
from openmap.core.wording import say as _
from openmap.organisations.enums import Sector
from openmap.organisations.models import Organisation
from openmap.pitches.models import PitchApplication
from openmap.questions.enums import QuestionKind
from openmap.questions.models import Answer
from openmap.questions.queries import answers_on

# Words that stand around a name without being it: « XWiki SAS » is also called « XWiki ».
_LEGAL = "sa sas sasu sarl eurl scop scic scs snc association asso esat ea eatt ei aci ai etti geiq"
LEGAL_WORDS = frozenset(_LEGAL.split())
SHORTEST_NAME = 4  # what is shorter is a word of the language too often
BULLET = re.compile(r"\s*[-–•*]\s+")


@dataclass(frozen=True, slots=True)
class Reply:
    """One question and what was answered: words, or a file by the key of the answer."""

    label: str
    kind: QuestionKind
    value: str
    answer_id: int
    file: StoredFile | None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document by its key; its name is neutral where the reader must not know who sent it."""

    id: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class FileSheet:
    """What the jury reads of one file; `name`, `siret`, `departement`, `contact` and `speaker` are "" when blind."""

    application: PitchApplication
    is_blind: bool
    title: str
    summary: str
    speaker: str
    is_first_time: bool
    kind: str
    sector: Sector
    name: str
    siret: str
    departement: str
    contact: str
    replies: tuple[Reply, ...]
    documents: tuple[Enclosed, ...]


def file_of(application: PitchApplication, *, blind: bool) -> FileSheet:
    """The file as it is read now; `blind` leaves out whatever says who sent it."""
    registration = application.registration
    organisation = registration.organisation
    sheet = application.answer_sheet_id
    answers = answers_on([sheet]).get(sheet, []) if sheet else []
    person = registration.contact.person

    def shown(text: str) -> str:
        return masked(text, organisation) if blind else text

    return FileSheet(
        application=application,
        is_blind=blind,
        title=shown(application.title),
        summary=shown(application.summary),
        speaker="" if blind else application.speaker,
        is_first_time=application.is_first_time,
        kind=organisation.kind_label,
        sector=registration.sector,
        name="" if blind else organisation.name,
        siret="" if blind else organisation.siret or "",
        departement="" if blind else organisation.departement,
        contact="" if blind else f"{person.display_name} · {person.email}",
        replies=tuple(_reply(answer, shown(answer.value)) for answer in answers),
        documents=tuple(_enclosed(application, blind=blind)),
    )


def _reply(answer: Answer, value: str) -> Reply:
    return Reply(answer.question.label, answer.question.kind, value, answer.id, answer.file)


def _enclosed(application: PitchApplication, *, blind: bool) -> Iterator[Enclosed]:
    for number, document in enumerate(application.documents, start=1):
        file = document.file
        name = _("Document %(number)s", number=number) if blind else file.name
        yield Enclosed(document.id, name, file.media_type, file.size)


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


def blocks(text: str) -> list[str | list[str]]:
    """Plain text as paragraphs and lists: lines that begin with a dash are the items of one list."""
    found: list[str | list[str]] = []
    for line in (line.rstrip() for line in text.splitlines()):
        bullet = BULLET.match(line)
        if not bullet:
            if line.strip():
                found.append(line.strip())
        elif found and isinstance(found[-1], list):
            found[-1].append(line[bullet.end() :])
        else:
            found.append([line[bullet.end() :]])
    return found
