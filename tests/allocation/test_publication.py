"""A proposal becomes what people live by: once, whole, and told to those whom it concerns."""

import pytest
from sqlalchemy import select

from openmap.allocation import queries
from openmap.allocation.models import Pin
from openmap.allocation.operations import PublicationOutdated, publish_run
from openmap.allocation.publication import AlreadyPublished, ProposalNotReady, prepared_mails
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.enums import RequestState
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.meetings.queries import current_version
from openmap.registrations.models import Unavailability
from tests.allocation.conftest import Morning
from tests.factories import build_request


def publish(morning: Morning, number: int = 1) -> ScheduleVersion:
    run = morning.run(number)
    at = now()
    prepared = prepared_mails(run, by=None, at=at)
    with unit_of_work():
        return publish_run(run, by=None, at=at, prepared=prepared)


def published(morning: Morning) -> dict[str, Meeting]:
    """The current meetings by structure and desk."""
    session.rollback()
    version = current_version(morning.event)
    assert version
    people = queries.participants_of(morning.event)
    return {
        f"{people[each.request.requester_id].title}, {each.desk.name}": each for each in queries.meetings_in(version)
    }


def test_the_first_version_holds_every_proposed_meeting_with_both_sides(solved: Morning) -> None:
    publish(solved)
    meetings = published(solved)
    assert set(meetings) == {"Amina, Achats", "Bruno, DSI", "Chloe, DSI"}
    assert {meeting.sequence for meeting in meetings.values()} == {0}
    sides = session.scalars(select(MeetingParticipant)).all()
    assert len(sides) == 6
    assert {side.slot_id == side.meeting.slot_id and side.version_id == side.meeting.version_id for side in sides} == {
        True
    }


def test_at_the_first_version_everyone_who_asked_or_was_asked_gets_one_mail(solved: Morning) -> None:
    publish(solved)
    assert sorted(mail.recipient for mail in solved.mails()) == [
        f"{name}@exemple.fr" for name in ("achats", "amina", "bruno", "chloe", "dsi")
    ]


def test_a_mail_tells_why_a_request_was_not_met(solved: Morning) -> None:
    publish(solved)
    amina = next(mail for mail in solved.mails() if mail.recipient == "amina@exemple.fr")
    assert "Pas de rendez-vous avec Ville de Paris – DSI" in amina.text
    assert "ses 2 créneaux vont à des structures dont c’est l’unique rendez-vous" in amina.text


def test_a_structure_without_any_meeting_gets_its_reasons_too(solved: Morning) -> None:
    with unit_of_work():
        amina = solved.request("amina", "achats")
        amina.state, amina.answered_at = RequestState.DECLINED, now()
    solved.solve()
    publish(solved, 2)
    mails = {mail.recipient: mail.text for mail in solved.mails()}
    alone = [
        text
        for text in mails.values()
        if "Il n’y a pas de rendez-vous pour vous" in text and "avec Ville de Paris – DSI" in text
    ]
    assert len(alone) == 1


def test_publishing_twice_publishes_once(solved: Morning) -> None:
    publish(solved)
    with pytest.raises(AlreadyPublished):
        publish(solved)
    assert session.scalars(select(ScheduleVersion.number)).all() == [1]
    assert len(solved.mails()) == 5


def test_a_proposal_made_before_a_withdrawal_is_refused(solved: Morning) -> None:
    with unit_of_work():
        request = solved.request("bruno", "dsi")
        request.state, request.rank = RequestState.WITHDRAWN, None
    with pytest.raises(PublicationOutdated) as refused:
        publish(solved)
    assert refused.value.facts == {"added": 0, "removed": 1, "changed": 0, "others": 0}
    assert session.scalars(select(Meeting)).all() == []
    assert solved.mails() == []


def test_an_absence_told_meanwhile_is_seen_in_the_unit_of_work_itself(solved: Morning) -> None:
    at = now()
    prepared = prepared_mails(solved.run(), by=None, at=at)
    with unit_of_work():
        bruno = solved.participant("bruno")
        session.add(Unavailability(registration_id=bruno.id, slot_id=solved.event.slots[0].id))
    run = solved.run()
    with pytest.raises(PublicationOutdated), unit_of_work():
        publish_run(run, by=None, at=at, prepared=prepared)


def test_a_pin_where_the_meeting_is_anyway_does_not_outdate_the_proposal(solved: Morning) -> None:
    allocation = queries.allocations_of(solved.run())[0]
    with unit_of_work():
        session.add(
            Pin(
                event_id=solved.event.id,
                request_id=allocation.request_id,
                slot_id=allocation.slot_id,
                created_at=now(),
            )
        )
    assert publish(solved).number == 1


def test_a_run_that_is_not_over_cannot_be_published(morning: Morning) -> None:
    morning.start()
    with pytest.raises(ProposalNotReady):
        publish(morning)


def test_the_second_version_writes_only_to_those_whose_programme_changes(solved: Morning) -> None:
    publish(solved)
    before = {name: (each.uid, each.sequence, each.slot_id) for name, each in published(solved).items()}
    with unit_of_work():  # Chloé cannot do her slot any more: she and Bruno change places
        chloe = solved.participant("chloe")
        slot_id = published_slot(solved, "Chloe")
        session.add(Unavailability(registration_id=chloe.id, slot_id=slot_id))
    solved.solve()
    version = publish(solved, 2)
    assert (version.number, version.is_current) == (2, True)
    after = published(solved)
    assert after["Chloe, DSI"].slot_id == before["Bruno, DSI"][2]
    assert {name: (each.uid, each.sequence) for name, each in after.items()} == {
        "Amina, Achats": (before["Amina, Achats"][0], 0),
        "Bruno, DSI": (before["Bruno, DSI"][0], 1),
        "Chloe, DSI": (before["Chloe, DSI"][0], 1),
    }
    second = [mail.recipient for mail in solved.mails() if ":version:2:" in mail.key]
    assert sorted(second) == ["bruno@exemple.fr", "chloe@exemple.fr", "dsi@exemple.fr"]


def published_slot(morning: Morning, structure: str) -> int:
    """The slot of a structure's only meeting; read inside a unit of work, so nothing is rolled back."""
    meeting = session.scalars(
        select(Meeting)
        .join(Meeting.participants)
        .where(MeetingParticipant.registration_id == morning.participant(structure.lower()).id, Meeting.version.has())
    ).one()
    return meeting.slot_id


def test_a_meeting_that_comes_back_after_a_version_without_it_keeps_its_uid_and_outgrows_its_cancellation(
    solved: Morning,
) -> None:
    publish(solved)
    first = published(solved)["Amina, Achats"].uid
    with unit_of_work():
        request = solved.request("amina", "achats")
        request.state, request.answered_at = RequestState.DECLINED, now()
    solved.solve()
    publish(solved, 2)
    with unit_of_work():
        solved.request("amina", "achats").state = RequestState.PREFERRED
    solved.solve()
    publish(solved, 3)
    again = published(solved)["Amina, Achats"]
    assert (again.uid, again.sequence) == (first, 2)


def test_a_request_added_meanwhile_is_told_as_what_changed(solved: Morning) -> None:
    with unit_of_work():
        desk = solved.participant("achats").desk
        assert desk
        build_request(solved.participant("chloe"), desk, rank=2, at=now())
    with pytest.raises(PublicationOutdated) as refused:
        publish(solved)
    assert refused.value.facts["added"] == 1
