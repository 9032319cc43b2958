"""Sami follows sectors and is told of new needs: once each, in one mail a day at most, whatever is interrupted."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.organisations.enums import Sector
from openmap.roadmaps.models import Follower
from openmap.roadmaps.operations import follow_sectors, tell_of_new_needs
from openmap.roadmaps.recurring import RECURRING, send_digests
from tests.people import Visitor, the_form

NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def told(clock, story):
    """Sami follows waste and IT since this morning; `told()` are the subjects of the mails so far."""
    with unit_of_work():
        person = session.scalars(select(Person).filter_by(email="sami@exemple.fr")).one()
        follow_sectors(person, {Sector.WASTE, Sector.IT}, by=person, at=now())

    def subjects() -> list[str]:
        session.rollback()
        mails = select(OutboxMail.subject).filter_by(kind="new_needs").order_by(OutboxMail.id)
        return list(session.scalars(mails))

    return subjects


def passes(clock, time: timedelta) -> None:
    """Let time pass, then do what the worker does."""
    clock.shift(time)
    send_digests.task(now())


def test_new_needs_come_in_one_mail_with_their_links(story, told, clock):
    clock.shift(HOUR)
    needs = [story.need("Tri"), story.need("Serveurs", sector=Sector.IT), story.need("Vigie", sector=Sector.SECURITY)]
    passes(clock, HOUR)
    assert told() == ["2 nouveaux besoins dans vos secteurs"]
    text = Visitor(story.app, "sami@exemple.fr").latest_mail().text
    assert [f"/roadmaps/ville-de-paris/needs/{need.id}\n" in text for need in needs] == [True, True, False]


def test_one_mail_a_day_and_never_the_same_need_twice(story, told, clock):
    clock.shift(HOUR)
    story.need("Tri")
    passes(clock, HOUR)
    story.need("Broyage")
    passes(clock, HOUR)
    assert len(told()) == 1
    passes(clock, DAY)
    assert told() == ["1 nouveau besoin dans vos secteurs"] * 2
    assert "Tri" not in Visitor(story.app, "sami@exemple.fr").latest_mail().text
    passes(clock, DAY)
    assert len(told()) == 2


def test_nothing_is_said_of_what_was_there_before_nor_of_drafts_and_archives(story, told, clock):
    clock.shift(-HOUR)
    story.need("Ancien")
    clock.shift(2 * HOUR)
    need = story.need("Brouillon", is_published=False)
    passes(clock, DAY)
    assert told() == []
    bea = story.person("bea")
    bea.posts(f"/roadmaps/ville-de-paris/needs/{need.id}/publish")
    bea.posts(f"/roadmaps/ville-de-paris/needs/{need.id}/draft")
    passes(clock, DAY)
    assert told() == []


def test_a_need_published_again_is_not_new(story, told, clock):
    clock.shift(HOUR)
    need = story.need("Tri")
    passes(clock, HOUR)
    bea = story.person("bea")
    for action in ("draft", "publish"):
        bea.posts(f"/roadmaps/ville-de-paris/needs/{need.id}/{action}")
    passes(clock, 2 * DAY)
    assert len(told()) == 1


def test_a_sector_added_later_brings_only_what_comes_later(story, told, clock):
    clock.shift(HOUR)
    story.need("Vigie", sector=Sector.SECURITY)
    clock.shift(HOUR)
    sami = story.person("sami")
    sami.submits("/roadmaps/follow", sectors=["waste", "it", "security"])
    passes(clock, DAY)
    assert told() == []
    story.need("Gardiennage", sector=Sector.SECURITY)
    passes(clock, DAY)
    assert len(told()) == 1


def test_nobody_is_woken_at_night(story, told, clock):
    clock.move_to(datetime(2026, 3, 11, 2, 0, tzinfo=UTC))
    story.need("Tri")
    passes(clock, HOUR)
    assert told() == []
    passes(clock, 6 * HOUR)
    assert len(told()) == 1


def test_what_a_kill_interrupts_is_done_once_later(story, told, clock, monkeypatch):
    clock.shift(HOUR)
    story.need("Tri")
    clock.shift(HOUR)

    class Killed(BaseException):
        """The worker ends in the middle of its unit of work."""

    with pytest.raises(Killed), unit_of_work():  # noqa: PT012 - the unit of work is what is cut
        follower = session.scalars(select(Follower)).one()
        assert tell_of_new_needs(follower, at=now())
        session.flush()
        raise Killed
    assert told() == []
    for _worker in range(3):
        send_digests.task(now())
    assert len(told()) == 1
    assert session.scalar(select(func.count()).select_from(Follower).where(Follower.last_mail_at == now())) == 1


def test_the_link_of_a_mail_ends_it_by_a_button_without_signing_in(story, told, clock):
    clock.shift(HOUR)
    story.need("Tri")
    passes(clock, HOUR)
    text = Visitor(story.app, "sami@exemple.fr").latest_mail().text
    path = next(word for word in text.split() if "/unfollow/" in word).removeprefix("http://localhost")
    stranger = Visitor(story.app)
    page = stranger.sees(path)
    assert session.scalar(select(func.count()).select_from(Follower)) == 1  # a mail scanner opened it
    form = the_form(page)
    stranger.sends_again(form)
    assert "C’est fait" in stranger.sends_again(form).text
    story.need("Broyage")
    passes(clock, DAY)
    assert len(told()) == 1
    stranger.sees(f"{path}x", status=404)


def test_someone_chooses_sectors_and_leaves_them(story):
    sami = story.person("sami")
    page = sami.sees("/roadmaps/follow?sector=it")
    assert [box["value"] for box in page.html.find_all("input", checked=True)] == ["it"]
    sami.submits(page, sectors=["it", "waste"])
    session.rollback()
    assert session.scalars(select(Follower)).one().sectors == {Sector.IT, Sector.WASTE}
    sami.submits("/roadmaps/follow", sectors=[])
    session.rollback()
    assert session.scalars(select(Follower)).all() == []
    assert "Décochez tout" not in sami.sees("/roadmaps/follow").text


def test_the_worker_does_it():
    from openmap.cli import processes

    assert set(RECURRING) <= set(processes.RECURRING)
