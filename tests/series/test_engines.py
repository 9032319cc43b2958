"""The same on the embedded database and on PostgreSQL: figures, a copy, wishes of every sector."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import Sector
from openmap.series.enums import Part
from openmap.series.figures import with_figures
from openmap.series.models import NextEditionWish
from openmap.series.operations.drafting import Identity, copy_morning
from openmap.series.operations.wishes import confirm_wish, make_wish, prepare_news, purge_wishes, tell_of_edition
from tests.factories import build_event
from tests.series.rich import fill


def test_a_morning_is_copied_and_told_of(any_app):
    with unit_of_work():
        event = build_event(at=now(), slug="matinale-dechets")
        fill(event, at=now())
    identity = Identity("La suite", "suite", event.held_on + timedelta(days=200), "Mairie", "Paris", Sector.WASTE)
    with unit_of_work():
        draft = copy_morning(event, identity, parts=list(Part), by=None, at=now())
        draft.is_draft = False
        wish = make_wish(draft.series, email="claire@exemple.fr", sector=None, locale="fr", secret_key="clé", at=now())
        confirm_wish(wish, at=now())
    assert len(draft.slots) == len(event.slots)
    assert [len(each.figures) for each in with_figures([event, draft])] == [4, 0]
    prepared = prepare_news(draft, secret_key="clé")
    with unit_of_work():
        assert tell_of_edition(draft, prepared, by=None, at=now()) == 1
    with unit_of_work():
        assert purge_wishes(at=now() + timedelta(days=2000)) == 1


@pytest.mark.parametrize("sector", [None, Sector.WASTE])
def test_a_mailbox_stands_once_for_a_sector_and_once_for_all_of_them(any_app, sector):
    def wish(number: int) -> NextEditionWish:
        return NextEditionWish(
            series_id=event.series_id, email="claire@exemple.fr", sector=sector, nonce=f"{number}", created_at=now()
        )

    with unit_of_work():
        event = build_event(at=now())
        session.add(wish(1))
    with pytest.raises(IntegrityError), unit_of_work():
        session.add(wish(2))
