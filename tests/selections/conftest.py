"""A call whose jury is done: Amina, Bruno, Chloé, Dina and Élio sent files, two pitches are chosen, Olga decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.accounts.queries import person_with_email
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.juries.models import Assignment, PitchReview, Reviewer, Score
from openmap.organisations.enums import StructureKind
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.selections import operations, queries
from openmap.selections.board import Board
from openmap.selections.enums import Outcome
from tests.factories import build_application, build_call, build_event, build_person, build_structure
from tests.people import Visitor

SLUG = "matinale-des-pitchs"
PEOPLE: Mapping[str, tuple[int, StructureKind, str]] = {
    "amina": (90, StructureKind.EI, "93"),
    "bruno": (80, StructureKind.EI, "93"),
    "chloe": (70, StructureKind.EI, "93"),
    "dina": (60, StructureKind.ESAT, "92"),
    "elio": (50, StructureKind.EA, "75"),
}
WEEK = timedelta(days=7)


@dataclass
class Selection:
    """The rows as they are now, by the names of the people."""

    slug: str = SLUG

    @property
    def call(self) -> PitchCall:
        """The call, read again."""
        session.rollback()
        return session.scalars(select(PitchCall).join(PitchCall.event).where(Event.slug == self.slug)).one()

    def file(self, name: str) -> PitchApplication:
        """The file of one structure."""
        files = session.scalars(select(PitchApplication).filter_by(call_id=self.call.id))
        return next(each for each in files if each.registration.organisation.name == name.title())

    def ref(self, name: str) -> str:
        """The ref of one structure."""
        return self.file(name).registration.ref

    def board(self) -> Board:
        """The board, read again."""
        return queries.board_of(self.call)

    def names(self) -> dict[str, list[str]]:
        """The board by the names of the people."""
        titles = {key: title.lower() for key, title in queries.titles_of(self.call).items()}
        return {part: [titles[key] for key in keys] for part, keys in self.board().to_json().items()}

    def decide(self, selected: Sequence[str] = (), reserve: Sequence[str] = (), rejected: Sequence[str] = ()) -> None:
        """Put files on the board as an organiser would, one after the other."""
        wanted = {Outcome.SELECTED: selected, Outcome.RESERVE: reserve, Outcome.REJECTED: rejected}
        for outcome, names in wanted.items():
            for name in names:
                with unit_of_work():
                    file = self.file_in(name)
                    operations.decide(file, outcome, seen=file.call.board_version, by=None, at=now())

    def file_in(self, name: str) -> PitchApplication:
        """The file of one structure, inside an open unit of work."""
        files = session.scalars(
            select(PitchApplication).join(PitchApplication.call).join(PitchCall.event).where(Event.slug == self.slug)
        )
        return next(each for each in files if each.registration.organisation.name == name.title())

    def release(self) -> None:
        """Read every mail, then tell everybody."""
        with unit_of_work():
            call = self.file_in("amina").call
            operations.set_deadline(call, now() + WEEK, by=None, at=now())
        olga = organiser()
        for letter in operations.prepare_release(self.call).letters:
            with unit_of_work():
                mail = operations.letter_for(letter.decision, letter.decision.application).mail
                operations.mark_read(letter.decision, operations.digest(mail), by=olga, at=now())
        prepared = operations.prepare_release(self.call)
        with unit_of_work():
            operations.release_decisions(self.file_in("amina").call, prepared, by=organiser(), at=now())

    def mails(self, kind: str) -> list[OutboxMail]:
        """The mails of one kind, in the order they were queued."""
        session.rollback()
        return list(session.scalars(select(OutboxMail).filter_by(kind=kind).order_by(OutboxMail.id)))

    def path(self, rest: str = "") -> str:
        """The address of the board, or of what hangs on it."""
        return f"/manage/{self.slug}/selection{rest}"

    def answer_path(self, name: str) -> str:
        """Where a structure reads its decision."""
        return f"/events/{self.slug}/pitches/{self.ref(name)}/answer"


def organiser():
    """Olga."""
    return next(each for each in queries.organisers() if each.email == "olga@exemple.fr")


def build_selection(
    people: Mapping[str, tuple[int, StructureKind, str]] = PEOPLE, *, places: int = 2, slug: str = SLUG
) -> Selection:
    """Files with one review each, whose total is the number beside the name."""
    at = now()
    with unit_of_work():
        person_with_email("olga@exemple.fr") or build_person(
            "Olga Martin", email="olga@exemple.fr", is_organiser=True, at=at
        )
        event = build_event(at=at, slug=slug)
        first = event.slots[0]
        event.programme.append(
            ProgrammeItem(kind=ProgrammeKind.PITCHES, title="Pitchs", starts_at=first.starts_at, ends_at=first.ends_at)
        )
        closed: dict[str, Any] = {"opens_at": at - 3 * WEEK, "closes_at": at - 2 * WEEK, "jury_closes_at": at - WEEK}
        call = build_call(event, at=at - 3 * WEEK, places=places, **closed)
        criterion = call.criteria[0]
        criterion.lowest, criterion.highest = 0, 100
        judge = person_with_email("jeanne@exemple.fr") or build_person(
            "Jeanne Jugnot", email="jeanne@exemple.fr", at=at
        )
        session.flush()
        reviewer = Reviewer(
            call_id=call.id,
            person_id=judge.id,
            email=judge.email,
            name=judge.name,
            token_hash=f"{call.id:064d}",
            invited_at=at - 3 * WEEK,
            accepted_at=at - 3 * WEEK,
        )
        session.add(reviewer)
        session.flush()
        for minutes, (name, (total, kind, departement)) in enumerate(people.items()):
            email = f"{name.replace(' ', '')}@exemple.fr"
            person = person_with_email(email) or build_person(name.title(), email=email, at=at)
            structure = build_structure(event, name.title(), at=at, contact=person)
            structure.organisation.structure_kind, structure.organisation.departement = kind, departement
            sent_at = at - 2 * WEEK - timedelta(days=1) + timedelta(minutes=minutes)
            file = build_application(call, structure, f"Le pitch de {name.title()}", at=sent_at)
            assignment = Assignment(reviewer_id=reviewer.id, application_id=file.id, assigned_at=at - 2 * WEEK)
            session.add(assignment)
            session.flush()
            review = PitchReview(
                assignment_id=assignment.id,
                comment=f"Solide, mais {name.title()} doit parler de ses prix.",
                saved_at=at - WEEK,
                submitted_at=at - WEEK,
            )
            session.add(review)
            session.flush()
            session.add(Score(review_id=review.id, criterion_id=criterion.id, value=total))
    return Selection(slug)


@pytest.fixture
def selection(app: Flask) -> Selection:
    """Before any decision."""
    return build_selection()


@pytest.fixture
def olga(app: Flask, selection: Selection) -> Visitor:
    """The organiser, at her browser."""
    return Visitor(app, "olga@exemple.fr").signs_in()
