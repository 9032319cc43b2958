"""Whatever is typed into a form of requests, the answer is a page that says what to do, and nothing half is stored."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.rules import plain_rules, rules_of
from tests.factories import build_request, build_structure

ANSWERED = {200, 302, 303, 404, 409, 413, 422}
ODD = ("\x00", "\ud7ff", "\u202e", "x" * 3_000, "-1", "1e309", "9" * 30, "accept", "declined", "no-need", "B01")
typed = st.one_of(st.text(max_size=40), st.sampled_from(ODD))
FIELDS = ("motive", "desk", "need", "first_partner", "second_partner", "answer", "cause", "reason", "structure")
LIMITS = ("group_size", "group_quota", "invitation_limit", "quota")
RULES = (*LIMITS, "structure_kind", "sector", "asked_kind", "asked_sector")
many = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def statuses(visitor, paths, fields) -> dict[str, int]:
    token = visitor.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
    sent = {"csrf_token": token} | fields
    return {path: visitor.browser.post(path, sent, expect_errors=True).status_int for path in paths}


@many
@given(st.dictionaries(st.sampled_from(FIELDS), typed))
def test_a_structure_and_a_desk_type_what_they_like(amina, bruno, morning, fields):
    at = now()
    if not morning.asked():
        with unit_of_work():
            rules = plain_rules(morning.event)
            rules.groups_allowed = rules.peers_allowed = True
            session.add(rules)
            build_request(morning.structure, morning.desks[0], at=at)
            build_structure(morning.event, "Fourmis Vertes", at=at)
    number, own, received = morning.request(0).id, morning.choose_path, morning.received_path()
    ask = f"{own}/ask/{morning.desks[1].registration.ref}"
    theirs = (own, ask, f"{own}/{number}/motive", f"{own}/{number}/move", f"{own}/order", f"{own}/groups/{number}")
    found = statuses(amina, theirs, fields)
    found |= statuses(bruno, (f"{received}/{number}", received.replace("requests", "invitations")), fields)
    assert {path: status for path, status in found.items() if status not in ANSWERED | {204}} == {}
    session.rollback()
    kept = session.query(MeetingRequest).filter(MeetingRequest.rank.is_not(None)).all()
    assert all(len(request.motive) <= 600 and "\x00" not in request.motive for request in kept)


@many
@given(st.dictionaries(st.sampled_from(RULES), typed))
def test_an_organiser_types_what_they_like(olga, morning, fields):
    path = f"/manage/{morning.event.slug}/requests"
    found = statuses(olga, (path, f"{path}/bans", f"{path}/quotas"), fields)
    assert set(found.values()) <= ANSWERED
    session.rollback()
    rules = rules_of(morning.event)
    assert rules.settings.group_size in {2, 3}
    assert all(0 <= quota <= 50 for quota in rules.quotas.values())
