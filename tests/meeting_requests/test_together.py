"""Two or three structures ask one desk together: the others accept, refuse, or answer too late."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.meeting_requests.enums import GroupQuota, MemberState, RequestState
from openmap.meeting_requests.groups import accept_membership
from openmap.meeting_requests.models import RequestMember
from openmap.meeting_requests.queries import memberships_of, places_taken, requests_of
from openmap.meeting_requests.refusals import QuotaReached
from openmap.meeting_requests.reminders import close_groups
from openmap.meeting_requests.rules import plain_rules, rules_of
from openmap.registrations.models import Registration
from tests.factories import build_person, build_request, build_structure
from tests.people import Visitor


def allow(morning, **rules) -> None:
    with unit_of_work():
        row = plain_rules(morning.event)
        row.groups_allowed = True
        for name, value in rules.items():
            setattr(row, name, value)
        session.add(row)


@pytest.fixture
def partner(app, morning) -> Registration:
    """Chloé's structure, which may come along."""
    with unit_of_work():
        chloe = build_person("Chloé Roy", email="chloe@exemple.fr", at=now())
        return build_structure(morning.event, "Fourmis Vertes", at=now(), contact=chloe)


@pytest.fixture
def chloe(app, partner) -> Visitor:
    return Visitor(app, "chloe@exemple.fr").signs_in()


def ask_path(morning, place=0) -> str:
    return f"{morning.choose_path}/ask/{morning.desks[place].registration.ref}"


def own_path(morning, partner) -> str:
    return f"/events/{morning.event.slug}/requests/{partner.ref}"


def proposes(amina, morning, *names, place=0, status=200):
    fields = dict(zip(("first_partner", "second_partner"), names, strict=False))
    return amina.submits(ask_path(morning, place), "/ask/", motive="Répondre ensemble", status=status, **fields)


def kinds_to(address: str) -> list[str]:
    session.rollback()
    sent = select(OutboxMail.kind).where(OutboxMail.recipient == address, OutboxMail.kind != "sign_in")
    return list(session.scalars(sent.order_by(OutboxMail.id)))


def answers(visitor, morning, partner, answer, *, status=200):
    session.rollback()
    member = memberships_of(partner)[0]
    return visitor.posts(f"{own_path(morning, partner)}/groups/{member.id}", {"answer": answer}, status=status)


def test_a_common_request_leaves_when_the_partner_has_accepted(amina, bruno, chloe, morning, partner):
    allow(morning)
    page = proposes(amina, morning, "fourmis vertes")
    assert "sera envoyée quand tous auront accepté" in page.text
    assert morning.request(0).state is RequestState.PROPOSED
    assert "Fourmis Vertes" not in bruno.sees(morning.received_path()).html.find("main").get_text()
    assert kinds_to("chloe@exemple.fr") == ["group_proposed"]
    assert "Répondre ensemble" in chloe.sees(own_path(morning, partner)).text

    answers(chloe, morning, partner, "accept")
    request = morning.request(0)
    assert (request.state, request.askers_title) == (RequestState.SENT, "Atelier Soleil, Fourmis Vertes")
    assert kinds_to("chloe@exemple.fr") == ["group_proposed", "group_sent"]
    assert kinds_to("amina@exemple.fr") == ["group_sent"]
    assert "Atelier Soleil, Fourmis Vertes" in bruno.sees(morning.received_path()).html.select_one(".answer-card").text


def test_one_refuses_and_the_other_goes_on_alone(amina, chloe, morning, partner):
    allow(morning)
    proposes(amina, morning, "Fourmis Vertes")
    answers(chloe, morning, partner, "decline")
    assert morning.request(0).state is RequestState.PROPOSED
    assert kinds_to("amina@exemple.fr") == ["group_left"]
    page = amina.sees(morning.choose_path)
    assert "Ne vient pas" in page.text
    amina.submits(page, "/without")
    request = morning.request(0)
    assert (request.state, request.partners) == (RequestState.SENT, [])


def test_after_the_deadline_it_leaves_without_the_one_who_is_late(amina, morning, partner):
    allow(morning)
    proposes(amina, morning, "Fourmis Vertes")
    close_groups(now())
    assert morning.request(0).state is RequestState.PROPOSED  # the requests are still open
    with unit_of_work():
        morning.event.registration_closes_at = now() - timedelta(days=1)
        morning.event.requests_close_at = now() - timedelta(seconds=1)
    close_groups(now())
    request = morning.request(0)
    assert request.state is RequestState.SENT
    assert [member.state for member in request.members] == [MemberState.LATE]
    assert "partie sans vous" in _latest("chloe@exemple.fr").subject


def _latest(address: str) -> OutboxMail:
    session.rollback()
    mine = select(OutboxMail).filter_by(recipient=address).order_by(OutboxMail.id.desc()).limit(1)
    return session.scalars(mine).one()


def test_an_answer_one_second_late_changes_nothing(amina, chloe, morning, partner):
    allow(morning)
    proposes(amina, morning, "Fourmis Vertes")
    with unit_of_work():
        morning.event.registration_closes_at = now() - timedelta(days=1)
        morning.event.requests_close_at = now() - timedelta(seconds=1)
    page = answers(chloe, morning, partner, "accept")
    assert "les demandes de rendez-vous sont closes" in page.text
    assert morning.request(0).partners == []


@pytest.mark.parametrize(("quota", "taken"), [(GroupQuota.LEADER, 0), (GroupQuota.EVERYONE, 1)])
def test_a_common_request_takes_places_as_the_organiser_chose(amina, chloe, morning, partner, quota, taken):
    allow(morning, group_quota=quota)
    proposes(amina, morning, "Fourmis Vertes")
    answers(chloe, morning, partner, "accept")
    session.rollback()
    rules = rules_of(morning.event)
    assert (places_taken(morning.structure, rules), places_taken(partner, rules)) == (1, taken)


def test_a_partner_whose_list_is_full_is_told_to_make_room(amina, chloe, morning, partner):
    allow(morning)
    with unit_of_work():
        for rank, desk in enumerate(morning.desks[1:6], start=1):
            build_request(partner, desk, rank=rank, at=now())
    proposes(amina, morning, "Fourmis Vertes")
    assert "Vous avez déjà 5 demandes" in answers(chloe, morning, partner, "accept").text
    assert morning.request(0).state is RequestState.PROPOSED


def test_a_partner_who_asks_the_desk_already_keeps_its_own_request(amina, chloe, morning, partner):
    allow(morning)
    proposes(amina, morning, "Fourmis Vertes")
    with unit_of_work():
        build_request(partner, morning.desks[0], at=now())
    assert "Vous avez déjà demandé un rendez-vous" in answers(chloe, morning, partner, "accept").text


def test_whoever_comes_along_does_not_ask_the_desk_again(amina, chloe, morning, partner):
    allow(morning)
    proposes(amina, morning, "Fourmis Vertes")
    answers(chloe, morning, partner, "accept")
    path = f"{own_path(morning, partner)}/ask/{morning.desks[0].registration.ref}"
    page = chloe.submits(path, "/ask/", motive="Seules", status=409)
    assert "doit déjà rencontrer" in page.text
    assert requests_of(partner) == []


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("Personne",), "Aucune structure validée de cette matinale ne s’appelle"),
        (("Atelier Soleil",), "Aucune structure validée de cette matinale ne s’appelle"),
        (("Fourmis Vertes", "Éclairs"), "au plus 2 structures"),
    ],
)
def test_a_group_that_cannot_be_is_explained_at_its_field(amina, morning, partner, names, sentence):
    allow(morning, group_size=2)
    with unit_of_work():
        build_structure(morning.event, "Éclairs", at=now())
    path = ask_path(morning)
    sent = {"motive": "Ensemble", "first_partner": names[0], "second_partner": names[-1] if len(names) > 1 else ""}
    page = amina.posts(path, sent, status=422)
    assert sentence in page.html.find(class_="field__error").get_text()
    assert morning.asked() == []


def test_the_same_partner_twice_is_no_group(amina, morning, partner):
    allow(morning)
    sent = {"motive": "Ensemble", "first_partner": "Fourmis Vertes", "second_partner": "fourmis vertes"}
    amina.posts(ask_path(morning), sent, status=422)
    assert morning.asked() == []


def test_where_groups_are_not_allowed_nothing_is_offered_nor_stored(amina, morning, partner):
    assert "first_partner" not in amina.sees(ask_path(morning)).text
    amina.posts(ask_path(morning), {"motive": "Ensemble", "first_partner": "Fourmis Vertes"}, status=422)
    assert morning.asked() == []


def test_a_withdrawn_group_is_told_and_can_be_proposed_again(amina, morning, partner):
    allow(morning)
    proposes(amina, morning, "Fourmis Vertes")
    amina.submits(morning.choose_path, "/withdraw")
    assert kinds_to("chloe@exemple.fr") == ["group_proposed", "group_withdrawn"]
    proposes(amina, morning, "Fourmis Vertes")
    assert [member.state for member in morning.request(0).members] == [MemberState.INVITED]


def test_nobody_answers_for_someone_else(amina, bruno, morning, partner):
    allow(morning)
    proposes(amina, morning, "Fourmis Vertes")
    session.rollback()
    member = memberships_of(partner)[0]
    for visitor, own in ((amina, morning.structure), (bruno, partner)):
        path = f"/events/{morning.event.slug}/requests/{own.ref}/groups/{member.id}"
        visitor.posts(path, {"answer": "accept"}, status=404)
    session.rollback()
    assert member.state is MemberState.INVITED


def test_the_same_quota_is_counted_by_the_operation_alone(app, morning, partner):
    """Two groups accepted one after the other: the second finds the list full."""
    allow(morning)
    morning_quota = morning.event.request_quota
    with unit_of_work():
        for number in range(morning_quota + 1):
            leader = build_structure(morning.event, f"Meneuse {number}", at=now())
            request = build_request(leader, morning.desks[number], state=RequestState.PROPOSED, at=now())
            _invite(request, partner)
    for member in memberships_of(partner)[:morning_quota]:
        with unit_of_work():
            accept_membership(member, by=None, at=now())
    with pytest.raises(QuotaReached), unit_of_work():
        accept_membership(memberships_of(partner)[morning_quota], by=None, at=now())


def _invite(request, partner) -> None:
    session.add(RequestMember(request=request, registration=partner, invited_at=now()))
