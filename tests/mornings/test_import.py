"""A morning's files come in whole and as they are, or not at all with every bad line named."""

import json
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from openmap.accounts.models import Person
from openmap.core.audit import AuditEntry
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.demo.mornings import DATA
from openmap.events.models import Event
from openmap.events.queries import find_event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.mornings.files import read_morning
from openmap.mornings.lines import BadMorning
from openmap.mornings.operations import MorningAlreadyThere, import_morning
from openmap.organisations.enums import BuyerKind, OrganisationKind
from openmap.organisations.models import Organisation
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.registrations.queries import approved_desks, find_registration

AT = datetime(2017, 11, 2, 8, 0, tzinfo=UTC)
ESS, NUMERIQUES = "ess-2017-11-16", "numeriques-2015-04-17"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the ESS morning, to be spoiled."""
    return Path(shutil.copytree(DATA / ESS, tmp_path / "morning"))


def imported(folder: Path) -> Event:
    with unit_of_work():
        return import_morning(read_morning(folder), by=None, at=AT)


def replace_cell(path: Path, line: int, old: str, new: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def troubles(folder: Path) -> list[str]:
    with pytest.raises(BadMorning) as refusal:
        read_morning(folder)
    return [str(trouble) for trouble in refusal.value.troubles]


def test_both_mornings_come_in_as_their_files_say(app: Flask) -> None:
    for slug, desks, structures, partners, requests, declined in (
        (NUMERIQUES, 16, 120, 5, 343, 13),
        (ESS, 10, 27, 12, 112, 6),
    ):
        event = imported(DATA / slug)
        kinds = Counter(session.scalars(select(Registration.kind).filter_by(event_id=event.id)))
        assert kinds == {
            OrganisationKind.BUYER: desks,
            OrganisationKind.STRUCTURE: structures,
            OrganisationKind.PARTNER: partners,
        }
        states = Counter(session.scalars(select(MeetingRequest.state).filter_by(event_id=event.id)))
        assert states.total() == requests
        assert states[RequestState.DECLINED] == declined
        assert [desk.table.number for desk in approved_desks(event) if desk.table] == list(range(1, desks + 1))
        assert len(event.slots) == 8
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0


def test_a_morning_has_its_slots_deadlines_and_quota(app: Flask) -> None:
    event = imported(DATA / ESS)
    assert event.slots[0].starts_at == datetime(2017, 11, 16, 9, 30, tzinfo=UTC)
    assert event.slots[-1].ends_at == datetime(2017, 11, 16, 11, 30, tzinfo=UTC)
    deadlines = [event.registration_closes_at, event.requests_close_at, event.answers_close_at]
    assert [deadline.astimezone(event.zone).strftime("%d %H:%M") for deadline in deadlines] == [
        "08 23:59",
        "10 23:59",
        "13 23:59",
    ]
    assert event.request_quota == 7  # as many as the busiest structure sent
    assert event.reported["meetings_scheduled"] == 79
    assert event.programme[0].title == "Accueil"
    assert session.scalars(select(AuditEntry.action)).all() == ["event.imported"]


def test_slots_someone_cannot_do_count_from_1_in_the_file_and_from_0_here(app: Flask) -> None:
    structure = find_registration(imported(DATA / ESS), "S003")
    assert structure is not None
    assert [each.slot.position for each in structure.unavailabilities] == [6]
    assert structure.state is RegistrationState.APPROVED


def test_bodies_of_two_mornings_are_known_again(app: Flask) -> None:
    imported(DATA / NUMERIQUES)
    imported(DATA / ESS)
    for kind, name in (
        (OrganisationKind.BUYER, "Conseil régional d'Île-de-France"),
        (OrganisationKind.PARTNER, "DIRECCTE Île-de-France"),
    ):
        known = select(func.count()).select_from(Organisation).filter_by(kind=kind, name=name)
        assert session.scalar(known) == 1
    assert session.scalar(select(func.count()).where(Person.email == "acheteur01@exemple.fr")) == 1


def test_the_same_morning_is_never_imported_twice(app: Flask) -> None:
    imported(DATA / ESS)
    with pytest.raises(MorningAlreadyThere, match=ESS):
        imported(DATA / ESS)
    assert session.scalar(select(func.count()).select_from(Registration)) == 49


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "place", "why"),
    [
        ("structures.csv", 2, "46523420187145", "46523420187146", "siret", "is no SIRET"),
        ("structures.csv", 3, "29649552679954", "46523420187145", "siret", "came already in line 2"),
        ("structures.csv", 4, ",EA,", ",SARL,", "kind", "'SARL' is none of EI, AI"),
        ("structures.csv", 2, "S001", "B01", "ref", "came already in buyers.csv line 2"),
        ("structures.csv", 5, "contact004@exemple.fr", "contact004", "email", "is no mail address"),
        ("structures.csv", 5, ",91,", ",99,", "departement", "'99' is no département"),
        ("structures.csv", 5, "waste", "gold", "sector", "'gold' is none of green-spaces"),
        ("structures.csv", 4, ",7", ",9", "unavailable_slots", "'9' is no number from 1 to 8"),
        ("structures.csv", 6, "Structure 005", "  ", "name", "is empty"),
        ("structures.csv", 6, "Structure 005", "S" * 201, "name", "201 characters, at most 200"),
        ("buyers.csv", 3, "collectivite", "mairie", "kind", "'mairie' is none of collectivite"),
        ("requests.csv", 2, "B03", "B77", "buyer", "no buyer B77"),
        ("requests.csv", 3, "B06", "B03", "buyer", "'B03' came already in line 2"),
        ("requests.csv", 3, ",2,", ",1,", "rank", "'1' came already in line 2"),
        ("requests.csv", 3, ",2,", ",0,", "rank", "'0' is no number from 1"),
        ("requests.csv", 3, "accepted", "withdrawn", "buyer_answer", "withdrawn is none of preferred, accepted"),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(
    folder: Path, file: str, line: int, old: str, new: str, place: str, why: str
) -> None:
    replace_cell(folder / file, line, old, new)
    [trouble] = troubles(folder)
    assert trouble.startswith(f"{file} line {line}, {place}: ")
    assert why in trouble


def test_every_bad_line_is_named_at_once(folder: Path) -> None:
    replace_cell(folder / "buyers.csv", 2, ",75,", ",7,")
    replace_cell(folder / "structures.csv", 2, ",77,", ",,")
    replace_cell(folder / "requests.csv", 2, ",1,", ",first,")
    assert [trouble.split(":")[0] for trouble in troubles(folder)] == [
        "buyers.csv line 2, departement",
        "structures.csv line 2, departement",
        "requests.csv line 2, rank",
    ]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["slug"], "../etc", "event.json, slug: '../etc' can't be in an address"),
        (["date"], "16/11/2017", "event.json, date: '16/11/2017' is no date"),
        (["timezone"], "Europe/Vitry", "event.json, timezone: 'Europe/Vitry' is no time zone"),
        (["slots", "count"], 0, "event.json, slots.count: must be a whole number from 1 to 100"),
        (["slots", "count"], 80, "event.json, slots: 80 slots of 15 minutes end after midnight"),
        (["tables"], True, "event.json, tables: must be a whole number"),
        (["tables"], 9, "buyers.csv line 11, ref: B10 has no table: event.json has 9"),
        (["request_quota"], 6, "requests.csv line"),
        (["colour"], "red", "event.json, colour: is unknown"),
        (["programme"], [{"start": "9:00"}], "event.json, programme[0].end: is missing"),
    ],
)
def test_a_bad_value_of_the_event_is_named_by_its_path(folder: Path, path: list[str], value: object, said: str) -> None:
    document = json.loads((folder / "event.json").read_text(encoding="utf-8"))
    part = document
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    (folder / "event.json").write_text(json.dumps(document), encoding="utf-8")
    assert troubles(folder)[0].startswith(said)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("event.json", b"{", "event.json line 1: is no JSON"),
        ("event.json", b"[" * 100_000, "event.json: is nested too deeply"),
        ("event.json", b"[]", "event.json: must be an object"),
        (
            "buyers.csv",
            b"ref;organisation",
            "buyers.csv line 1: has the columns ref;organisation; expected: ref,",
        ),
        ("structures.csv", b"", "structures.csv line 1: has the columns (none)"),
        ("structures.csv", "réf".encode("latin-1"), "structures.csv: is not UTF-8 text (byte 1)"),
        ("requests.csv", b"structure,buyer,rank,buyer_answer,motive\nS001,B01\n", "requests.csv line 2: has 2 cells"),
        ("requests.csv", b'structure,buyer,rank,buyer_answer,motive\n"S001', "requests.csv line 2: is no CSV"),
        ("requests.csv", b"x" * 5_000_001, "requests.csv: has more than 5 MB"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_a_sentence(
    folder: Path, name: str, content: bytes, said: str
) -> None:
    (folder / name).write_bytes(content)
    assert troubles(folder)[0].startswith(said)


def test_missing_files_and_folders_are_said(folder: Path) -> None:
    (folder / "structures.csv").unlink()
    assert troubles(folder) == ["structures.csv: can't be read: No such file or directory"]
    assert troubles(folder / "nowhere") == [f"{folder / 'nowhere'}: is no folder"]


def test_a_number_that_belongs_to_another_kind_of_body_changes_nothing(app: Flask, folder: Path) -> None:
    with unit_of_work():
        session.add(
            Organisation(
                kind=OrganisationKind.BUYER,
                name="Ville de Vitry",
                siret="46523420187145",
                departement="94",
                buyer_kind=BuyerKind.LOCAL_AUTHORITY,
                created_at=AT,
            )
        )
    with pytest.raises(BadMorning, match=r"structures\.csv line 2, siret: 46523420187145"):
        imported(folder)
    assert find_event(ESS) is None
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1
