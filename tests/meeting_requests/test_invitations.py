"""A desk invites a structure, which accepts or declines."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.meeting_requests.enums import InvitationState, RequestState
from openmap.meeting_requests.models import MeetingInvitation
from openmap.meeting_requests.queries import places_taken
from openmap.meeting_requests.rules import plain_rules, rules_of
from tests.counting import queries_of
from tests.factories import build_request, build_structure


def invite_path(morning, place=0) -> str:
    return f"/events/{morning.event.slug}/desks/{morning.desks[place].registration.ref}/invitations"


def invites(bruno, morning, structure=None, *, message="Parlons de votre collecte", status=200):
    ref = (structure or morning.structure).ref
    return bruno.posts(invite_path(morning), {"structure": ref, "motive": message}, status=status)


def invitation():
    session.rollback()
    return session.scalars(select(MeetingInvitation).order_by(MeetingInvitation.id)).first()


def answers(amina, morning, answer, *, status=200):
    path = f"{morning.choose_path}/invitations/{invitation().id}"
    return amina.posts(path, {"answer": answer}, status=status)


def test_an_accepted_invitation_is_a_preferred_request_outside_the_quota(amina, bruno, morning):
    invites(bruno, morning)
    assert "Parlons de votre collecte" in amina.sees(morning.choose_path).text
    answers(amina, morning, "accept")
    request = morning.request(0)
    assert (request.state, request.desk_id) == (RequestState.PREFERRED, morning.desks[0].id)
    assert places_taken(morning.structure, rules_of(morning.event)) == 0
    mails = session.scalars(select(OutboxMail.kind).where(OutboxMail.kind.like("invitation%")).order_by(OutboxMail.id))
    assert list(mails) == ["invitation_received", "invitation_answered"]


def test_the_organiser_may_count_invitations_in_the_quota(amina, bruno, morning):
    with unit_of_work():
        rules = plain_rules(morning.event)
        rules.invitations_count = True
        session.add(rules)
        for rank, desk in enumerate(morning.desks[1:6], start=1):
            build_request(morning.structure, desk, rank=rank, at=now())
    invites(bruno, morning)
    assert "Vous avez déjà 5 demandes" in answers(amina, morning, "accept").text
    assert invitation().state is InvitationState.SENT


def test_a_full_list_takes_an_invitation_all_the_same(amina, bruno, morning):
    with unit_of_work():
        for rank, desk in enumerate(morning.desks[1:6], start=1):
            build_request(morning.structure, desk, rank=rank, at=now())
    invites(bruno, morning)
    answers(amina, morning, "accept")
    assert morning.ranks() == [1, 2, 3, 4, 5, 6]


def test_declined_it_changes_no_list_and_is_not_asked_again(amina, bruno, morning):
    invites(bruno, morning)
    answers(amina, morning, "decline")
    assert morning.asked() == []
    assert "déjà invitée" in invites(bruno, morning, message="Et maintenant ?", status=409).text
    assert "déjà une réponse" in answers(amina, morning, "accept").text


def test_taken_back_it_can_no_longer_be_answered(amina, bruno, morning):
    invites(bruno, morning)
    bruno.submits(invite_path(morning), "/withdraw")
    path = f"{morning.choose_path}/invitations/{invitation().id}"
    amina.posts(path, {"answer": "accept"}, status=404)
    invites(bruno, morning, message="Finalement, parlons-en")
    assert invitation().state is InvitationState.SENT


def test_a_desk_sends_no_more_than_the_organiser_allows(bruno, morning):
    for number in range(3):
        with unit_of_work():
            structure = build_structure(morning.event, f"Structure {number}", at=now())
        invites(bruno, morning, structure)
    assert "déjà 3 invitations" in invites(bruno, morning, status=422).text


def test_who_asks_already_is_not_invited(bruno, morning):
    with unit_of_work():
        build_request(morning.structure, morning.desks[0], at=now())
    assert "vous demande déjà" in invites(bruno, morning, status=409).text
    assert invitation() is None


@pytest.mark.parametrize(("message", "status"), [("", 422), ("x" * 601, 422), ("\x00\x07", 422)])
def test_an_invitation_says_why_in_a_few_words(bruno, morning, message, status):
    invites(bruno, morning, message=message, status=status)
    assert invitation() is None


def test_after_the_requests_closed_nobody_is_invited_and_nobody_answers(amina, bruno, morning):
    invites(bruno, morning)
    with unit_of_work():
        morning.event.registration_closes_at = now() - timedelta(days=1)
        morning.event.requests_close_at = now() - timedelta(seconds=1)
        late = build_structure(morning.event, "Éclairs", at=now())
    assert "ne peuvent plus répondre" in answers(amina, morning, "accept").text
    invites(bruno, morning, late, status=422)
    assert morning.asked() == []


def test_another_desks_invitations_do_not_exist(amina, bruno, morning):
    bruno.sees(invite_path(morning, 1), status=404)
    bruno.posts(invite_path(morning, 1), {"structure": morning.structure.ref, "motive": "x"}, status=404)
    for odd in ("S999", "\ud7ff", "B01", "x" * 400):
        bruno.posts(invite_path(morning), {"structure": odd, "motive": "x"}, status=404)
    amina.posts(f"{morning.choose_path}/invitations/99999", {"answer": "accept"}, status=404)


def test_the_page_costs_the_same_for_one_structure_and_for_three(bruno, morning):
    with_one = queries_of(bruno, invite_path(morning))
    with unit_of_work():
        for name in ("Deux", "Trois"):
            build_structure(morning.event, name, at=now())
    assert queries_of(bruno, invite_path(morning)) == with_one
