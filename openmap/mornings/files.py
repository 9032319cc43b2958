"""The files of a morning, read and checked against each other before anything is written.

pitch_applications.csv and partners.csv are read where they stand beside them.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from openmap.meeting_requests.enums import ANSWERS, RequestState
from openmap.mornings.event_file import EventFacts, read_event
from openmap.mornings.lines import BadCell, BadMorning, Line, Trouble, read_each
from openmap.mornings.partners import PartnerLine, read_partners
from openmap.mornings.stage import unknown_speakers
from openmap.organisations.enums import BuyerKind, Sector, StructureKind
from openmap.pitches.operations import CriterionDetails

BUYERS, STRUCTURES, REQUESTS = "buyers.csv", "structures.csv", "requests.csv"
BUYER_COLUMNS = ("ref", "organisation", "desk", "kind", "departement", "email", "unavailable_slots")
STRUCTURE_COLUMNS = ("ref", "name", "kind", "siret", "departement", "sector", "email", "unavailable_slots")
PITCHES = "pitch_applications.csv"
PITCH_COLUMNS = ("structure", "title", "score_1", "score_2", "score_3", "decision")
HIGHEST_SCORE = 5
WHOLE = "Appréciation d’ensemble"  # what the scores of the file are given on, in the language of the field
REQUEST_COLUMNS = ("structure", "buyer", "rank", "buyer_answer", "motive")


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One line of buyers.csv; `unavailable` are slot positions from 0."""

    line: int
    ref: str
    organisation: str
    desk: str
    kind: BuyerKind
    departement: str
    email: str
    unavailable: frozenset[int]


@dataclass(frozen=True, slots=True)
class StructureLine:
    """One line of structures.csv; `unavailable` are slot positions from 0."""

    line: int
    ref: str
    name: str
    kind: StructureKind
    siret: str
    departement: str
    sector: Sector
    email: str
    unavailable: frozenset[int]
    offer: str = ""  # no column of the file


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One line of requests.csv; `answer` is `sent` where the buyer has not answered."""

    line: int
    structure: str
    buyer: str
    rank: int
    answer: RequestState
    motive: str


class PitchDecision(StrEnum):
    """What was decided of a file, where anything was."""

    SELECTED = "selected"
    RESERVE = "reserve"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class PitchLine:
    """One line of pitch_applications.csv; `scores` from 1 to 5 in the order of its columns, None where none came."""

    line: int
    structure: str
    title: str
    scores: tuple[int | None, ...]
    decision: PitchDecision | None
    summary: str = ""  # no column of the file, like the two below
    speaker: str = ""
    is_first_time: bool = False


@dataclass(frozen=True, slots=True)
class Morning:
    """A morning ready to be stored: whatever one part says of another is there."""

    event: EventFacts
    desks: tuple[DeskLine, ...]
    structures: tuple[StructureLine, ...]
    requests: tuple[RequestLine, ...]
    pitches: tuple[PitchLine, ...] = ()
    partners: tuple[PartnerLine, ...] = ()
    criteria: tuple[CriterionDetails, ...] = (CriterionDetails(WHOLE),)  # of the jury; no file says them

    @property
    def request_quota(self) -> int:
        """As many requests as event.json allows a structure, else as the busiest one sent, 5 at least."""
        if self.event.request_quota is not None:
            return self.event.request_quota
        sent = [request.structure for request in self.requests]
        return max([5, *(sent.count(structure.ref) for structure in self.structures)])


def read_morning(folder: Path) -> Morning:
    """Read and check the files of `folder`; raises BadMorning with everything that is wrong."""
    if not folder.is_dir():
        raise BadMorning([Trouble(str(folder), None, "", "is no folder")])
    event = read_event(folder)
    reader = _Reader(event)
    desks, bad_desks = read_each(folder / BUYERS, BUYER_COLUMNS, reader.desk)
    structures, bad_structures = read_each(folder / STRUCTURES, STRUCTURE_COLUMNS, reader.structure)
    reader.is_complete = not (bad_desks or bad_structures)
    requests, bad_requests = read_each(folder / REQUESTS, REQUEST_COLUMNS, reader.request)
    has_pitches = (folder / PITCHES).exists()
    pitches, bad_pitches = read_each(folder / PITCHES, PITCH_COLUMNS, reader.pitch) if has_pitches else ([], [])
    partners, bad_partners = read_partners(folder)
    troubles = [*bad_desks, *bad_structures, *bad_requests, *bad_pitches, *bad_partners]
    if reader.is_complete:
        troubles += unknown_speakers(event.programme, reader.buyers | reader.structures)
    if troubles:
        raise BadMorning(troubles)
    return Morning(event, tuple(desks), tuple(structures), tuple(requests), tuple(pitches), tuple(partners))


@dataclass
class _Reader:
    """Reads lines one after the other and remembers what must not come twice."""

    event: EventFacts
    buyers: set[str] = field(default_factory=set)
    structures: set[str] = field(default_factory=set)
    is_complete: bool = False
    _seen: dict[object, tuple[str, int]] = field(default_factory=dict)

    def desk(self, line: Line) -> DeskLine:
        desk = DeskLine(
            line=line.number,
            ref=line.ref("ref"),
            organisation=line.text("organisation"),
            desk=line.text("desk", longest=120),
            kind=line.word("kind", BuyerKind),
            departement=line.departement("departement"),
            email=line.email("email"),
            unavailable=line.slot_positions("unavailable_slots", slot_count=len(self.event.slots)),
        )
        self._once("ref", desk.ref, line, file=BUYERS)
        self._once("desk", (desk.organisation.casefold(), desk.desk), line, file=BUYERS)
        self.buyers.add(desk.ref)
        if len(self.buyers) > self.event.table_count:
            raise BadCell("ref", f"{desk.ref} has no table: event.json has {self.event.table_count}")
        return desk

    def structure(self, line: Line) -> StructureLine:
        structure = StructureLine(
            line=line.number,
            ref=line.ref("ref"),
            name=line.text("name"),
            kind=line.word("kind", StructureKind),
            siret=line.siret("siret"),
            departement=line.departement("departement"),
            sector=line.word("sector", Sector),
            email=line.email("email"),
            unavailable=line.slot_positions("unavailable_slots", slot_count=len(self.event.slots)),
        )
        self._once("ref", structure.ref, line, file=STRUCTURES)
        self._once("siret", structure.siret, line, file=STRUCTURES)
        self.structures.add(structure.ref)
        return structure

    def request(self, line: Line) -> RequestLine:
        quota = self.event.request_quota
        request = RequestLine(
            line=line.number,
            structure=self._known("structure", self.structures, line),
            buyer=self._known("buyer", self.buyers, line),
            rank=line.number_from_1("rank", highest=quota or 1000),
            answer=_answer(line),
            motive=line.long_text("motive"),
        )
        self._once("buyer", (request.structure, request.buyer), line, file=REQUESTS)
        self._once("rank", (request.structure, request.rank), line, file=REQUESTS)
        return request

    def pitch(self, line: Line) -> PitchLine:
        pitch = PitchLine(
            line=line.number,
            structure=self._known("structure", self.structures, line),
            title=line.text("title", longest=120),
            scores=tuple(
                line.number_from_1(column, highest=HIGHEST_SCORE) if line.cells[column].strip() else None
                for column in PITCH_COLUMNS
                if column.startswith("score_")
            ),
            decision=line.word("decision", PitchDecision) if line.cells["decision"].strip() else None,
        )
        self._once("structure", pitch.structure, line, file=PITCHES)
        return pitch

    def _known(self, column: str, refs: set[str], line: Line) -> str:
        ref = line.ref(column)
        if self.is_complete and ref not in refs:  # beside other bad lines, this would only repeat them
            raise BadCell(column, f"no {column} {ref}")
        return ref

    def _once(self, column: str, value: object, line: Line, *, file: str) -> None:
        shared = "" if column == "ref" else file  # refs of buyers and structures are names of one list
        here = (file, line.number)
        first = self._seen.setdefault((shared, column, value), here)
        if first != here:
            where = f"line {first[1]}" if first[0] == file else f"{first[0]} line {first[1]}"
            raise BadCell(column, f"{line.cells[column]!r} came already in {where}")


def _answer(line: Line) -> RequestState:
    if not line.cells["buyer_answer"].strip():
        return RequestState.SENT
    answer = line.word("buyer_answer", RequestState)
    if answer not in ANSWERS:
        raise BadCell("buyer_answer", f"{answer} is none of {', '.join(ANSWERS)}; leave it empty where none came")
    return answer
