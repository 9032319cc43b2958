"""The same lists on PostgreSQL: words without accents, several words, a past morning."""

from datetime import timedelta
from typing import Any

import pytest

from openmap.catalogue import lists
from openmap.catalogue.narrowing import CatalogueFilters
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.profiles.operations import save_sheet
from openmap.profiles.queries import profile_of
from tests.catalogue.conftest import SOFTWARE, WASTE, Fair

pytestmark = pytest.mark.database


def found(fair: Fair, **filters: Any) -> list[str]:
    """The titles that some filters leave, as Amina reads them."""
    seen = lists.catalogue(fair.event, CatalogueFilters(**filters), own=fair.amina, at=now())
    return [entry.title for entry in seen.found.entries]


def test_postgresql_finds_what_sqlite_finds(postgres_app):
    fair = Fair(postgres_app)
    assert found(fair, q="VELO dechets") == ["Vélos & Déchets"]
    assert found(fair, q="cartons")[0] == "Ville de Paris – Propreté"
    assert found(fair, departement="2A") == ["Œuvre Logicielle"]
    assert found(fair)[0] == "Ville de Paris – Propreté"
    with unit_of_work():
        fair.event.held_on = (now() - timedelta(days=10)).date()
        save_sheet(fair.amina.organisation, WASTE, by=None, at=now() - timedelta(days=12))
        save_sheet(fair.amina.organisation, SOFTWARE, by=None, at=now())
    assert found(fair, q="velo dechets") == ["Vélos & Déchets"]
    assert found(fair, sector="it") == ["Région Île-de-France – DSI"]
    profile = profile_of(fair.amina.organisation)
    assert profile is not None
    assert profile.sectors == frozenset(SOFTWARE.sectors)
