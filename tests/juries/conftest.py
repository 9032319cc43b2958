"""A call whose files can't change any more: Claire, Denis and Eva judge what Amina, Bruno and Chloé sent."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.tokens import fingerprint
from openmap.juries.models import Assignment, PitchReview, Reviewer
from openmap.juries.operations.inviting import invitation_token
from openmap.organisations.models import Contact
from openmap.pitches.models import Criterion, PitchApplication, PitchCall
from openmap.pitches.queries import criteria_of
from tests.factories import build_application, build_call, build_event, build_person, build_structure
from tests.people import Visitor

SLUG = "matinale"
CRITERIA = ("Intérêt pour l’achat", "Clarté")
STRUCTURES = {"amina": "Atelier Amina", "bruno": "Bruno Recyclage", "chloe": "Chloé Traiteur"}
JURY = {"claire": "region.fr", "denis": "ville.fr", "eva": "reseau.org"}


class Court:
    """Everyone of the story; reviewers and structures by first name."""

    def __init__(self, app: Flask, **call: Any) -> None:
        self.app, self.at = app, now()
        with unit_of_work():
            build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=self.at)
            self.event = build_event(slug=SLUG, at=self.at)
            closed = {"opens_at": self.at - timedelta(days=9), "closes_at": self.at - timedelta(days=1)}
            usual = closed | {"jury_closes_at": self.at + timedelta(days=5)}
            self.call: PitchCall = build_call(self.event, at=self.at, criteria=CRITERIA, **(usual | call))
            self.files = {name: self.file(name, title) for name, title in STRUCTURES.items()}
            self.reviewers = {name: self.reviewer(name, house) for name, house in JURY.items()}

    def file(self, name: str, title: str) -> PitchApplication:
        """A file sent by somebody's structure."""
        contact = build_person(name.title(), email=f"{name}@{name}.fr", at=self.at)
        registration = build_structure(self.event, title, contact=contact, at=self.at)
        return build_application(self.call, registration, f"Le pitch de {title}", at=self.at)

    def reviewer(self, name: str, house: str = "jury.fr", *, is_organiser: bool = False) -> Reviewer:
        """Somebody who accepted."""
        person = build_person(name.title(), email=f"{name}@{house}", is_organiser=is_organiser, at=self.at)
        session.flush()
        return self.invited(name, house, person_id=person.id, accepted_at=self.at)

    def invited(self, name: str, house: str = "jury.fr", **said: Any) -> Reviewer:
        """Somebody asked two days ago."""
        email = f"{name}@{house}"
        key = self.app.config["SECRET_KEY"]
        token_hash = fingerprint(invitation_token(self.call, email, secret_key=key), key=key)
        reviewer = Reviewer(call_id=self.call.id, email=email, name=name.title(), token_hash=token_hash, **said)
        reviewer.invited_at = self.at - timedelta(days=2)
        session.add(reviewer)
        session.flush()
        return reviewer

    def link(self, reviewer: Reviewer) -> str:
        """The secret address of an invitation."""
        token = invitation_token(self.call, reviewer.email, secret_key=self.app.config["SECRET_KEY"])
        return f"/jury/{token}"

    def gives(self, reviewer: str, *files: str) -> None:
        """Give files to a reviewer, as an organiser's page does."""
        for name in files:
            session.add(
                Assignment(
                    reviewer_id=self.reviewers[reviewer].id, application_id=self.files[name].id, assigned_at=self.at
                )
            )
        session.flush()

    def visitor(self, email: str) -> Visitor:
        """Somebody signed in."""
        return Visitor(self.app, email).signs_in()

    def judge(self, name: str) -> Visitor:
        """A reviewer signed in."""
        return self.visitor(self.reviewers[name].email)

    def path(self, file: str) -> str:
        """Where a reviewer judges."""
        return f"/events/{SLUG}/jury/{self.files[file].id}"

    def fields(self, *values: int) -> dict[str, str]:
        """The boxes of the scales, one a criterion."""
        criteria: list[Criterion] = list(criteria_of(self.call))
        return {f"criterion_{one.id}": str(value) for one, value in zip(criteria, values, strict=True)}

    def review(self, reviewer: str, file: str) -> Any:
        """What the database holds."""
        session.rollback()
        rows = (
            select(PitchReview)
            .join(PitchReview.assignment)
            .where(
                Assignment.reviewer_id == self.reviewers[reviewer].id,
                Assignment.application_id == self.files[file].id,
            )
        )
        return session.scalars(rows).one_or_none()

    def joins(self, reviewer: str, file: str) -> None:
        """Let a reviewer become a contact of the structure that sent a file."""
        person = session.get_one(Person, self.reviewers[reviewer].person_id)
        body = self.files[file].registration.organisation_id
        session.add(Contact(organisation_id=body, person_id=person.id))
        session.flush()


def press(visitor: Visitor, path: str, act: str, *, status: Any = 200, **fields: Any) -> Any:
    """Fill the form of a file to judge and press one of its buttons."""
    page = visitor.sees(path)
    forms = [form for form in page.forms.values() if form.id == "review-form"]
    form = forms[0]
    for name, value in fields.items():
        form[name] = value
    answer = form.submit("act", value=act, expect_errors=True)
    while answer.status_int in {302, 303}:
        answer = visitor.browser.get(answer.location, expect_errors=True)
    assert answer.status_int == status, answer.text[:3000]
    return answer


@pytest.fixture
def court(app: Flask) -> Court:
    return Court(app)


@pytest.fixture
def olga(court: Court) -> Visitor:
    return court.visitor("olga@exemple.fr")
