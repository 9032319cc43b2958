"""The organiser writes who may ask whom; a refusal names the rule."""

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.db import session
from openmap.meeting_requests.rules import RequestBan, rules_of
from openmap.organisations.enums import OrganisationKind, StructureKind


def rules_path(morning) -> str:
    return f"/manage/{morning.event.slug}/requests"


def rules(morning):
    session.rollback()
    return rules_of(morning.event)


def test_a_morning_starts_with_plain_rules(olga, morning):
    settings = rules(morning).settings
    assert (settings.motive_required, settings.groups_allowed, settings.peers_allowed) == (True, False, False)
    assert "Toute structure peut demander tout acheteur." in olga.sees(rules_path(morning)).text


def test_what_is_allowed_is_kept_and_on_record(olga, morning):
    fields = {
        "motive_required": False,
        "groups_allowed": True,
        "group_size": "2",
        "group_quota": "leader",
        "peers_allowed": True,
        "invitation_limit": "0",
        "invitations_count": True,
    }
    page = olga.sees(rules_path(morning))
    form = page.forms[next(key for key, form in page.forms.items() if "group_size" in form.fields)]
    for name, value in fields.items():
        form[name] = value
    olga.sends_again(form)
    settings = rules(morning).settings
    assert {name: str(getattr(settings, name)) for name in fields} == {n: str(v) for n, v in fields.items()}
    entry = session.scalars(select(AuditEntry).filter_by(action="request_rules.set")).one()
    assert entry.details["groups_allowed"] == "True"


@pytest.mark.parametrize("count", ["", "-1", "51", "1e3", "9" * 400, "\x00", "deux"])
def test_a_number_that_is_none_is_refused_at_its_field(olga, morning, count):
    sent = {"group_size": "2", "group_quota": "leader", "invitation_limit": count}
    page = olga.posts(rules_path(morning), sent, status=422)
    assert page.html.find(class_="field__error")
    assert rules(morning).settings.id is None


def test_a_refusal_names_the_rule(olga, amina, morning):
    olga.posts(f"{rules_path(morning)}/bans", {"structure_kind": "ESAT", "asked_kind": "buyer"})
    page = amina.asks_for(morning.desks[0], status=422)
    assert "ESAT – Établissement et service d’accompagnement par le travail ne demande pas Acheteur public" in page.text
    assert morning.asked() == []


def test_a_rule_about_others_stops_nobody_else(olga, amina, morning):
    olga.posts(f"{rules_path(morning)}/bans", {"structure_kind": "EI", "asked_kind": "buyer"})
    olga.posts(f"{rules_path(morning)}/bans", {"asked_sector": "culture"})
    amina.asks_for(morning.desks[0])
    assert morning.asked() == ["Service 1"]


def test_a_rule_taken_back_lets_them_ask(olga, amina, morning):
    olga.posts(f"{rules_path(morning)}/bans", {"structure_kind": "ESAT"})
    olga.submits(rules_path(morning), "/remove")
    amina.asks_for(morning.desks[0])
    assert morning.asked() == ["Service 1"]


def test_a_rule_against_everybody_is_refused_and_the_same_one_is_kept_once(olga, morning):
    page = olga.posts(f"{rules_path(morning)}/bans", {}, status=422)
    assert "plus personne ne pourrait rien demander" in page.text
    for _ in range(2):
        olga.posts(f"{rules_path(morning)}/bans", {"sector": "culture"})
    assert [(ban.sector, ban.asked_kind) for ban in rules(morning).bans] == [("culture", None)]


@pytest.mark.parametrize("odd", ["pirate", "\ud7ff", "x" * 5000])
def test_words_that_no_list_offers_are_refused(olga, morning, odd):
    olga.posts(f"{rules_path(morning)}/bans", {"structure_kind": odd}, status=422)
    olga.posts(f"{rules_path(morning)}/quotas", {"structure_kind": odd, "quota": "2"}, status=422)
    olga.posts(f"{rules_path(morning)}/quotas/pirate/remove", status=404)
    olga.posts(f"{rules_path(morning)}/bans/99999999/remove", status=404)
    assert rules(morning).bans == []


def test_each_kind_may_have_its_own_number(olga, amina, morning):
    olga.posts(f"{rules_path(morning)}/quotas", {"structure_kind": "ESAT", "quota": "1"})
    amina.asks_for(morning.desks[0])
    page = amina.posts(morning.choose_path, {"desk": morning.desks[1].registration.ref, "motive": "x"}, status=422)
    assert "Vous avez déjà 1 demandes" in page.text
    olga.submits(rules_path(morning), "/ESAT/remove")
    assert rules(morning).quota_for(morning.structure) == morning.event.request_quota


def test_a_motive_may_be_left_out_where_the_organiser_says_so(olga, amina, morning):
    olga.posts(rules_path(morning), {"group_size": "2", "group_quota": "leader", "invitation_limit": "1"})
    amina.asks_for(morning.desks[0], "")
    assert morning.asked() == ["Service 1"]


def test_a_ban_says_whom_it_is_about():
    ban = RequestBan(structure_kind=StructureKind.ESAT, asked_kind=OrganisationKind.BUYER)
    assert (ban.who, ban.whom) == ((StructureKind.ESAT,), (OrganisationKind.BUYER,))
    assert RequestBan(sector=None).who == ("toute structure",)
