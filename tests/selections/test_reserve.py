"""A place gets free: the first of the reserve who keeps the rules moves up, once, and everybody hears of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.pitches.enums import Confirmation
from openmap.pitches.operations import withdraw_application
from openmap.programme.enums import AppearanceRole
from openmap.programme.queries import stage_roles
from openmap.selections import operations
from openmap.selections.enums import BalanceKind
from openmap.selections.recurring import remind_to_confirm
from tests.people import Visitor, the_form
from tests.selections.conftest import WEEK, Selection, build_selection


@pytest.fixture
def released(selection: Selection) -> Selection:
    """Amina and Bruno are chosen; Chloé, Dina and Élio wait in this order."""
    selection.decide(selected=["amina", "bruno"], reserve=["chloe", "dina", "elio"])
    selection.release()
    return selection


def add_rule(selection: Selection, kind: BalanceKind, *values: str, at_least=None, at_most=None) -> None:
    with unit_of_work():
        operations.add_constraint(
            selection.file_in("amina").call, kind, values=values, at_least=at_least, at_most=at_most, by=None, at=now()
        )


def test_amina_confirms(app, released):
    amina = Visitor(app, "amina@exemple.fr").signs_in()
    page = amina.submits(released.answer_path("amina"), "/confirm")
    assert "C’est confirmé : vous présentez votre pitch." in page.text
    assert released.file("amina").confirmation is Confirmation.CONFIRMED


def test_bruno_gives_up_and_chloe_moves_up(app, released):
    bruno = Visitor(app, "bruno@exemple.fr").signs_in()
    bruno.submits(released.answer_path("bruno"), "/decline", status=422)
    page = bruno.submits(released.answer_path("bruno"), "/decline", reason="Notre directrice est en congé")
    assert "Vous avez rendu votre place." in page.text
    assert released.names() == {"selected": ["amina", "chloe"], "reserve": ["dina", "elio"], "rejected": []}
    assert [released.file(name).reserve_rank for name in ("dina", "elio")] == [1, 2]
    assert [mail.recipient for mail in released.mails("pitch_promoted")] == ["chloe@exemple.fr"]
    told = released.mails("pitch_place_freed")[0]
    assert told.recipient == "olga@exemple.fr"
    assert "Notre directrice est en congé" in told.text
    assert "La place revient à Chloe" in told.text
    assert not stage_roles(released.file("bruno").registration, AppearanceRole.PITCH)
    assert not released.file("bruno").registration.unavailabilities
    assert stage_roles(released.file("chloe").registration, AppearanceRole.PITCH)


def test_the_first_of_the_reserve_is_passed_over_for_a_rule_and_olga_reads_why(app, olga, released):
    add_rule(released, BalanceKind.DEPARTEMENT, at_most=1)  # Amina and Chloé are of the 93
    with unit_of_work():
        came = operations.decline_pitch(released.file_in("bruno"), reason="Grippe", by=None, at=now())
    assert came.heir is not None
    assert released.names()["selected"] == ["amina", "chloe"]  # Bruno was of the 93 too: nothing got worse
    with unit_of_work():
        operations.decline_pitch(released.file_in("chloe"), reason="Panne", by=None, at=now())
    assert released.names()["selected"] == ["amina", "dina"]


def test_an_esat_that_leaves_is_followed_by_another_that_the_rule_asks_for(app, olga, selection):
    selection.decide(selected=["amina", "dina"], reserve=["bruno", "elio"], rejected=["chloe"])
    add_rule(selection, BalanceKind.STRUCTURE_KIND, "ESAT", "EA", at_least=1)
    selection.release()
    page = olga.submits(
        selection.path(f"/files/{selection.ref('dina')}"), "/decline", reason="Elle a appelé : personne ne peut venir"
    )
    assert "La place revient à Elio" in page.text
    assert "Bruno a été passée, à cause de la règle «\u00a0au moins 1 EA ou ESAT\u00a0»" in page.text
    assert selection.names() == {"selected": ["amina", "elio"], "reserve": ["bruno"], "rejected": ["chloe"]}


def test_without_an_heir_the_place_stays_free_and_olga_may_overrule(app, olga, selection):
    selection.decide(selected=["amina", "dina"], reserve=["bruno"], rejected=["chloe", "elio"])
    add_rule(selection, BalanceKind.STRUCTURE_KIND, "ESAT", "EA", at_least=1)
    add_rule(selection, BalanceKind.DEPARTEMENT, "93", at_most=1)
    selection.release()
    with unit_of_work():
        came = operations.decline_pitch(selection.file_in("dina"), reason="Grippe", by=None, at=now())
    assert came.heir is None
    assert "La place reste libre" in selection.mails("pitch_place_freed")[0].text
    path = selection.path(f"/files/{selection.ref('bruno')}")
    answer = olga.submits(path, "/promote", status=409)
    assert "une de vos règles ne serait plus tenue" in answer.text
    form = the_form(answer, "/promote")
    form["overrules"] = True
    olga.sends_again(form)
    assert selection.names()["selected"] == ["amina", "bruno"]


def test_an_empty_reserve_leaves_the_place_free(app, selection):
    selection.decide(selected=["amina"], rejected=["bruno", "chloe", "dina", "elio"])
    selection.release()
    with unit_of_work():
        came = operations.decline_pitch(selection.file_in("amina"), reason="Grippe", by=None, at=now())
    assert came.heir is None
    assert selection.names()["selected"] == []


def test_a_chosen_file_that_is_withdrawn_is_followed_too(app, released):
    with unit_of_work():
        withdraw_application(released.file_in("amina"), by=None, at=now())
    assert released.names() == {"selected": ["bruno", "chloe"], "reserve": ["dina", "elio"], "rejected": []}


def test_who_gave_up_and_then_withdraws_frees_no_second_place(app, released):
    with unit_of_work():
        operations.decline_pitch(released.file_in("amina"), reason="Grippe", by=None, at=now())
    with unit_of_work():
        withdraw_application(released.file_in("amina"), by=None, at=now())
    assert released.names()["selected"] == ["bruno", "chloe"]
    assert len(released.mails("pitch_promoted")) == 1


def test_a_withdrawal_from_the_reserve_closes_its_ranks(app, released):
    with unit_of_work():
        withdraw_application(released.file_in("chloe"), by=None, at=now())
    assert [released.file(name).reserve_rank for name in ("dina", "elio")] == [1, 2]


def test_silence_frees_the_place_after_the_deadline_only(app, olga, released):
    path = released.path(f"/files/{released.ref('bruno')}")
    answer = olga.posts(f"{path}/free", status=422)
    assert "Appelez-la, ou attendez" in answer.text
    with unit_of_work():
        released.file_in("bruno").confirm_before = now()
    page = olga.submits(path, "/free")
    assert "La place revient à Chloe" in page.text
    assert released.mails("pitch_freed")[0].recipient == "bruno@exemple.fr"


def test_those_who_have_not_answered_are_reminded_once(app, released):
    with unit_of_work():
        operations.confirm_pitch(released.file_in("amina"), by=None, at=now())
    remind_to_confirm(now())
    assert not released.mails("pitch_reminder")
    for _time in range(2):
        remind_to_confirm(now() + WEEK - WEEK / 7)
    assert [mail.recipient for mail in released.mails("pitch_reminder")] == ["bruno@exemple.fr"]


def test_a_late_change_has_its_own_mail(app, olga, released):
    with unit_of_work():
        operations.decline_pitch(released.file_in("amina"), reason="Grippe", by=None, at=now())
    path = released.path(f"/files/{released.ref('chloe')}")
    page = olga.sees(path)
    form = next(
        form for form in page.forms.values() if "/change" in form.action and form["outcome"].value == "rejected"
    )
    form["message"] = "Votre atelier ne vend plus en Île-de-France."
    shown = olga.sends_again(form, status=422)  # her words changed the mail: she reads it first
    assert "relisez-le, puis envoyez-le" in shown.text
    assert "ne vend plus en Île-de-France" in shown.html.select_one("details[open] .mail-preview").text
    form = next(form for form in shown.forms.values() if "/change" in form.action and form["message"].value)
    olga.sends_again(form)
    assert released.names() == {"selected": ["bruno"], "reserve": ["dina", "elio"], "rejected": ["chloe"]}
    assert "ne vend plus en Île-de-France" in released.mails("pitch_rejected")[0].text
    olga.sends_again(form)  # twice is once
    assert len(released.mails("pitch_rejected")) == 1


def test_two_who_give_up_at_once_are_followed_by_two(any_app: Flask):
    selection = build_selection()
    selection.decide(selected=["amina", "bruno"], reserve=["chloe", "dina", "elio"])
    selection.release()
    forms = []
    for name in ("amina", "bruno"):
        page = Visitor(any_app, f"{name}@exemple.fr").signs_in().sees(selection.answer_path(name))
        form = the_form(page, "/decline")
        form["reason"] = "Grippe"
        forms.append(form)
    barrier = Barrier(2)

    def send(form) -> int:
        barrier.wait(timeout=20)
        return int(form.submit(expect_errors=True).status_int)

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(send, forms)) == [302, 302]
    session.rollback()
    assert selection.names() == {"selected": ["chloe", "dina"], "reserve": ["elio"], "rejected": []}
    assert selection.file("elio").reserve_rank == 1
    assert len(selection.mails("pitch_promoted")) == 2
