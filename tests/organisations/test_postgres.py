"""Merging two bodies and forgetting a person, on both engines: columns have their lengths, and JSON is no text."""

from flask import Flask
from sqlalchemy import select

from openmap.core import audit
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.delegating import delegations_of
from openmap.organisations.merging import merge, preview_merge
from openmap.personal_data.models import Erasure
from openmap.personal_data.operations import erase
from openmap.profiles.models import Profile
from openmap.roadmaps.models import Need
from openmap.roadmaps.operations import begin_roadmap
from tests.factories import (
    build_delegation,
    build_desk,
    build_event,
    build_need,
    build_need_sheet,
    build_person,
    build_structure,
)
from tests.rows import all_rows


def test_two_buyers_with_roadmaps_and_profiles_become_one(any_app: Flask) -> None:
    with unit_of_work():
        claire = build_person("Claire", is_organiser=True, at=now())
        event = build_event(at=now())
        towns = [
            build_desk(event, desk, body=name, at=now()).registration.organisation
            for desk, name in (("DSI", "Ville de Paris"), ("Achats", "Mairie de Paris"))
        ]
        for town in towns:
            session.add(Profile(organisation_id=town.id, updated_at=now(), summary=town.name))
            build_need(town, at=now()).reference = "B" * 40
        begin_roadmap(towns[1], by=None, at=now())
    with unit_of_work():
        merge(*towns, seen=preview_merge(*towns).fingerprint, by=claire, at=now())
    lengths = [len(reference) for reference in session.scalars(select(Need.reference))]
    assert lengths == [40, 40]


def test_of_two_delegations_to_one_facilitator_one_stays(any_app: Flask) -> None:
    with unit_of_work():
        claire = build_person("Claire", is_organiser=True, at=now())
        one, other = (build_structure(build_event(at=now()), name, at=now()) for name in ("Soleil", "Le Soleil"))
        kept, gone = build_delegation(one, at=now()), build_delegation(other, at=now())
        gone.facilitator_id, gone.accepted_at = kept.facilitator_id, now()
    bodies = one.organisation, other.organisation
    with unit_of_work():
        merge(*bodies, seen=preview_merge(*bodies).fingerprint, by=claire, at=now())
    assert [each.is_active for each in delegations_of(kept.facilitator)] == [True]


def test_nothing_says_who_an_erased_person_was(any_app: Flask) -> None:
    with unit_of_work():
        zoe = build_person("Zoé Étienne", email="zoe@exemple.fr", at=now())
        town = build_desk(build_event(at=now()), at=now(), contact=zoe).registration
        roadmap = begin_roadmap(town.organisation, by=None, at=now())
        build_need_sheet(roadmap, ["Besoin", "Contact"], ["Linge", "Zoe@Exemple.fr"], by=zoe, at=now())
        audit.record(None, "call.noted", town, at=now(), caller="Zoé Étienne")
        erasure = Erasure(person_id=zoe.id, asked_at=now(), due_at=now())
        session.add(erasure)
    with unit_of_work():
        erase(erasure, at=now())
    said = str(all_rows()).lower()
    assert "zoe@exemple.fr" not in said
    assert "zoé étienne" not in said
