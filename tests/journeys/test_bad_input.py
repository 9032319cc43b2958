"""Each mistake that people make gets its sentence and its status, and not one row of the database changes."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from webtest import Form, TestResponse

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.events.models import Event
from openmap.registrations.models import Desk, Registration
from tests.factories import build_desk, build_event, build_person, build_request, build_structure
from tests.people import Visitor, the_form
from tests.rows import Rows, all_rows

KNOWN = "73282932000074"
REGISTRATION = "/events/matinale/registrations/structure"
SIZE = ("--buyers", "3", "--structures", "4", "--requests", "8", "--slots", "4")


class Story:
    """A morning with a quota of three: Amina's structure has asked two desks of four; Bruno holds the first one."""

    def __init__(self, app: Flask) -> None:
        self.app, at = app, now()
        with unit_of_work():
            amina, bruno = (build_person(name, email=f"{name}@exemple.fr", at=at) for name in ("amina", "bruno"))
            self.event: Event = build_event(slug="matinale", quota=3, at=at)
            self.structure: Registration = build_structure(self.event, contact=amina, at=at)
            self.structure.organisation.siret = KNOWN
            self.desks: list[Desk] = [
                build_desk(self.event, f"Service {number}", contact=bruno if number == 1 else None, at=at)
                for number in (1, 2, 3, 4)
            ]
            self.requests = [
                build_request(self.structure, desk, rank=rank, at=at) for rank, desk in enumerate(self.desks[:2], 1)
            ]
        self.list_path = f"/events/matinale/requests/{self.structure.ref}"
        self.desk_path = f"/events/matinale/desks/{self.desks[1].registration.ref}/requests"

    def person(self, name: str) -> Visitor:
        """Someone signed in."""
        return Visitor(self.app, f"{name}@exemple.fr").signs_in()

    def asking(self, amina: Visitor, desk: Desk) -> Form:
        """The form of one desk's card on Amina's page, filled."""
        form = the_form(amina.sees(self.list_path), f"-{desk.registration.ref}")
        form["motive"] = "Vous présenter notre atelier"
        return form

    def typed(self, siret: str) -> dict[str, str]:
        """What Chloé types to register a structure."""
        return {
            "siret": siret, "name": "Les Rouages", "kind": "ESAT", "departement": "93", "sector": "waste",
            "offer": "Tri", "contact_name": "Chloé", "email": "chloe@exemple.fr", "consent_terms": "y",
        }  # fmt: skip

    def registering(self, visitor: Visitor, siret: str) -> Form:
        """The last step of a structure's registration: all is filled, and read again."""
        return the_form(visitor.fills(REGISTRATION, self.typed(siret)), "/send")

    def is_late(self) -> None:
        """Let every deadline pass."""
        with unit_of_work():
            event = self.event
            event.registration_closes_at = event.requests_close_at = event.answers_close_at = now() - timedelta(hours=1)


@pytest.fixture
def story(app: Flask) -> Story:
    return Story(app)


def refused(send: Callable[[], TestResponse]) -> tuple[TestResponse, Rows, Rows]:
    """The answer to a mistake, with the rows before and after."""
    before = all_rows()
    return send(), before, all_rows()


@pytest.mark.parametrize("siret", ["73282932000075", "12345678901234", "7328293200007", "sans", "00000000000000"])
def test_a_siret_that_is_none_is_told_at_its_field_with_what_was_typed(story: Story, siret: str) -> None:
    chloe = Visitor(story.app)
    page, before, after = refused(lambda: chloe.fills(REGISTRATION, story.typed(siret), status=422))
    assert "Ce numéro n’est pas un SIRET" in page.html.find(id="siret-error").text
    assert (the_form(page)["siret"].value, the_form(page)["name"].value) == (siret, "Les Rouages")
    assert after == before


def test_a_siret_that_is_registered_already_is_a_conflict(story: Story) -> None:
    chloe = Visitor(story.app)
    form = story.registering(chloe, KNOWN)
    page, before, after = refused(lambda: chloe.sends_again(form, status=409))
    assert "a déjà une inscription à cette matinale" in page.text
    assert "Tri" in page.html.find(id="part-offer").find_parent("section").text
    assert after == before


def test_past_the_deadlines_nobody_registers_asks_or_answers(story: Story) -> None:
    amina, chloe, bruno = story.person("amina"), Visitor(story.app), story.person("bruno")
    asking, registering = story.asking(amina, story.desks[2]), story.registering(chloe, "35600000000048")
    story.is_late()
    own = f"/events/matinale/desks/{story.desks[0].registration.ref}/requests/{story.requests[0].id}"
    for send, sentence in (
        (lambda: amina.sends_again(asking, status=422), "les demandes de rendez-vous sont closes"),
        (lambda: chloe.sends_again(registering, status=422), "Les inscriptions à cette matinale sont closes"),
        (lambda: bruno.posts(own, {"answer": "preferred"}, status=422), "les réponses sont closes"),
    ):
        page, before, after = refused(send)
        assert sentence in page.text
        assert after == before


def test_one_request_beyond_the_quota_is_refused_with_what_was_typed(story: Story) -> None:
    amina = story.person("amina")
    form = story.asking(amina, story.desks[2])
    amina.sends_again(story.asking(amina, story.desks[3]))  # in another window
    page, before, after = refused(lambda: amina.sends_again(form, status=422))
    assert "Vous avez déjà 3 demandes, le maximum pour cette matinale" in page.text
    assert "Vous présenter notre atelier" in page.text
    assert after == before


def test_a_double_click_leaves_what_one_click_leaves(story: Story) -> None:
    amina = story.person("amina")
    form = story.asking(amina, story.desks[2])
    first = amina.sends_again(form)
    page, before, after = refused(lambda: amina.sends_again(form))
    assert page.request.path == first.request.path
    assert after == before


def test_a_page_gone_back_to_and_filled_otherwise_is_no_double_click(story: Story) -> None:
    chloe = Visitor(story.app)
    form = the_form(chloe.sees(REGISTRATION))
    for siret in ("35600000000048", "35600000000048", "35600000049837"):
        for name in ("name", "kind", "departement"):
            form[name] = story.typed(siret)[name]
        form["siret"] = siret
        chloe.sends_again(form)
    assert len(all_rows()["registration_draft"]) == 2


def test_another_desks_requests_do_not_exist(story: Story) -> None:
    bruno = story.person("bruno")
    other = f"{story.desk_path}/{story.requests[1].id}"
    mixed = f"/events/matinale/desks/{story.desks[0].registration.ref}/requests/{story.requests[1].id}"
    for path in (other, mixed, f"{story.desk_path}/999999"):
        page, before, after = refused(partial(bruno.posts, path, {"answer": "declined"}, status=404))
        assert "Cette page n’existe pas" in page.text
        assert after == before
    bruno.sees(story.desk_path, status=404)


def test_a_hand_made_instance_with_a_wrong_reference_is_refused_where_it_is(tmp_path: Path) -> None:
    generated = tmp_path / "instance.json"
    command = [sys.executable, "-m", "scheduler"]
    subprocess.run(
        [*command, "generate", *SIZE, "--output", str(generated)], check=True, capture_output=True, timeout=60
    )
    instance = json.loads(generated.read_text())
    instance["requests"][3]["between"][1] = "B77"
    wrong, solution = tmp_path / "wrong.json", tmp_path / "solution.json"
    wrong.write_text(json.dumps(instance))
    solved = subprocess.run(
        [*command, "solve", str(wrong), "--output", str(solution)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert solved.returncode == 2
    assert 'requests[3].between[1]: no participant "B77"' in solved.stderr
    assert not solution.exists()
