"""A file as the jury reads it; without who sent it, where the call says so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openmap.core.files import StoredFile
from openmap.core.wording import say as _
from openmap.organisations.enums import Sector
from openmap.organisations.models import Organisation
from openmap.pitches.masking import hidden
from openmap.pitches.models import PitchApplication
from openmap.profiles.queries import profile_of
from openmap.questions.enums import QuestionKind
from openmap.questions.models import Answer
from openmap.questions.queries import answers_on

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
class Logo:
    """The structure's picture by the key of its file, and what it shows in words."""

    id: int
    alt: str


@dataclass(frozen=True, slots=True)
class FileSheet:
    """What the jury reads of one file; blind, whatever says who sent it is "" and `logo` None."""

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
    logo: Logo | None


def file_of(application: PitchApplication, *, blind: bool) -> FileSheet:
    """The file as it is read now; `blind` leaves out whatever says who sent it."""
    registration = application.registration
    organisation = registration.organisation
    sheet = application.answer_sheet_id
    answers = answers_on([sheet]).get(sheet, []) if sheet else []
    person = registration.contact.person

    def shown(text: str) -> str:
        return hidden(text, application) if blind else text

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
        logo=None if blind else _logo(organisation),
    )


def _logo(organisation: Organisation) -> Logo | None:
    profile = profile_of(organisation)
    return Logo(profile.logo_id, profile.logo_alt) if profile and profile.logo_id else None


def _reply(answer: Answer, value: str) -> Reply:
    return Reply(answer.question.label, answer.question.kind, value, answer.id, answer.file)


def _enclosed(application: PitchApplication, *, blind: bool) -> Iterator[Enclosed]:
    for number, document in enumerate(application.documents, start=1):
        file = document.file
        name = _("Document %(number)s", number=number) if blind else file.name
        yield Enclosed(document.id, name, file.media_type, file.size)


def sheet_lines(sheet: FileSheet) -> list[tuple[str, str]]:
    """A file as headings and what stands under each, for a mail."""
    lines = [(_("Titre"), sheet.title), (_("Ce qui sera présenté"), sheet.summary), (_("Qui parlera"), sheet.speaker)]
    lines.append((_("Premier pitch dans une matinale OpenMap"), _("Oui") if sheet.is_first_time else _("Non")))
    lines += [(reply.label, _replied(reply)) for reply in sheet.replies]
    lines.append((_("Documents"), "\n".join(document.name for document in sheet.documents)))
    return [(heading, words) for heading, words in lines if words]


def _replied(reply: Reply) -> str:
    if reply.file is not None:
        return reply.file.name
    if reply.kind is QuestionKind.YES_NO:
        return _("Oui") if reply.value == "yes" else _("Non")
    return reply.value


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
