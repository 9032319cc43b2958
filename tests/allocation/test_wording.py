"""Every reason is a sentence, in the reader's language, and says no more than what is known."""

import pytest
from flask import Flask
from flask_babel import force_locale

from openmap.allocation import queries, wording
from openmap.allocation.models import UnmetRequest
from openmap.core.db import session
from scheduler import LevelName, Reason
from scheduler.exact.conflict import Kind, Rule, shortened
from tests.allocation.conftest import Morning

DESK = "Pas de rendez-vous avec Ville de Paris – DSI : "
RULE_ORDER = (
    "la règle publiée passe d’abord par d’autres demandes : un rendez-vous pour le plus de structures possible, "
    "puis les choix les mieux classés."
)
BEST = [{"name": "coverage", "value": [3], "bound": [3], "proven": True}]


@pytest.fixture
def unmet(solved: Morning) -> UnmetRequest:
    """Amina's request to the DSI, as a story likes to change it; nothing of it is stored."""
    with session.no_autoflush:
        return next(each for each in queries.unmet_requests_of(solved.run()) if each.reason == "buyer_full")


def told(unmet: UnmetRequest, *, to_organiser: bool = False) -> str:
    with session.no_autoflush, force_locale("fr"):
        return wording.unmet_sentence(unmet, to_organiser=to_organiser).replace("\u00a0", " ")


def unlocked(unmet: UnmetRequest, *, to_organiser: bool = False) -> str:
    with session.no_autoflush, force_locale("fr"):
        return wording.unlock_sentence(unmet, to_organiser=to_organiser)


@pytest.mark.parametrize(
    ("meetings", "only", "sentence"),
    [
        (8, 8, "ses 8 créneaux vont à des structures dont c’est l’unique rendez-vous."),
        (1, 1, "son seul créneau va à une structure dont c’est l’unique rendez-vous."),
        (8, 6, "ses 8 créneaux sont pris, dont 6 par des structures qui n’ont pas d’autre rendez-vous."),
        (8, 1, "ses 8 créneaux sont pris, dont 1 par une structure qui n’a pas d’autre rendez-vous."),
        (8, 0, "ses 8 créneaux vont à des demandes que la règle place avant."),
        (1, 0, "son seul créneau va à une demande que la règle place avant."),
    ],
)
def test_a_full_desk_says_to_whom_its_slots_go(unmet: UnmetRequest, meetings: int, only: int, sentence: str) -> None:
    unmet.desk_meetings, unmet.desk_only_meetings = meetings, only
    assert told(unmet) == DESK + sentence


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason.STRUCTURE_FULL, "vous avez déjà un rendez-vous à chacun de vos créneaux libres."),
        (Reason.NO_COMMON_SLOT, "aucun créneau ne convient à la fois à cet acheteur et à vous."),
        (Reason.LIMIT, "la limite de rendez-vous souhaitée est déjà atteinte."),
        (Reason.TABLES_FULL, "toutes les tables sont prises aux créneaux qui restaient possibles."),
        (Reason.RULE_ORDER, RULE_ORDER),
        (Reason.DECLINED, "l’acheteur a décliné la demande."),
    ],
)
def test_every_other_reason_is_a_sentence(unmet: UnmetRequest, reason: Reason, sentence: str) -> None:
    unmet.reason = reason
    assert told(unmet) == DESK + sentence


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_title_and_is_told_to_an_organiser_without_vous(unmet: UnmetRequest, reason: Reason) -> None:
    unmet.reason = reason
    assert " vous " not in told(unmet, to_organiser=True)
    with force_locale("fr"):
        assert wording.reason_title(reason)


def test_what_would_have_unlocked_it_is_told_to_each_reader(unmet: UnmetRequest) -> None:
    desk, own = unmet.request.desk.registration.ref, unmet.request.requester.ref
    unmet.unlock = [{"change": "slot", "participant": desk}]
    assert unlocked(unmet) == "Avec un créneau de plus pour cet acheteur, ce rendez-vous aurait pu avoir lieu."
    unmet.unlock = [{"change": "slot", "participant": own}, {"change": "tables", "participant": None}]
    assert (
        unlocked(unmet)
        == "Avec un créneau de plus pour vous ou une table de plus, ce rendez-vous aurait pu avoir lieu."
    )
    assert unlocked(unmet, to_organiser=True).startswith("Avec un créneau de plus pour Amina ou")
    unmet.unlock = [{"change": "limit", "participant": own}]
    assert "un rendez-vous de plus dans la limite fixée pour vous" in unlocked(unmet)
    unmet.unlock = [{"change": "capacity", "participant": desk}]
    assert "un second interlocuteur en même temps pour cet acheteur" in unlocked(unmet)


def test_that_one_slot_would_not_do_is_not_said_where_the_search_stopped_before_trying(unmet: UnmetRequest) -> None:
    unmet.run.all_tried = False
    unmet.unlock = []
    assert unlocked(unmet) == ""


def test_that_one_slot_would_not_do_is_said_only_of_a_proven_selection(unmet: UnmetRequest) -> None:
    unmet.unlock = []
    assert unlocked(unmet) == "Un seul créneau de plus chez cet acheteur n’aurait pas suffi."
    unmet.run.objectives = [BEST[0] | {"bound": [4], "proven": False}]
    assert unlocked(unmet) == ""


def test_a_level_that_is_not_proven_says_its_bound(solved_app: Flask) -> None:
    with force_locale("fr"):
        assert wording.proof_sentence(BEST[0]) == "Aucune autre répartition ne peut faire mieux (prouvé)."
        breaks = {"name": "breaks", "value": 9, "bound": 4, "proven": False}
        assert wording.proof_sentence(breaks).endswith("aucune répartition ne descend sous 4.")
        coverage = {"name": "coverage", "value": [9, 1], "bound": [10], "proven": False}
        assert wording.proof_sentence(coverage).endswith("aucune répartition ne dépasse 10.")


@pytest.mark.parametrize("name", list(LevelName))
def test_every_level_has_a_name_and_a_meaning(solved_app: Flask, name: LevelName) -> None:
    with force_locale("fr"):
        assert wording.level_title(name)
        assert wording.level_meaning(name)


def test_what_contradicts_itself_is_told_with_names_and_long_lists_are_cut(solved: Morning) -> None:
    people = queries.participants_of(solved.event)
    amina, desk = solved.participant("amina"), solved.participant("dsi")
    rules = [
        Rule(kind, of, "never said alone", lambda instance: instance)
        for kind, of in (
            (Kind.UNAVAILABLE, amina.ref),
            (Kind.AT_ONCE, desk.ref),
            (Kind.FIXED, f"{amina.ref}-{desk.ref}"),
        )
        for _ in range(1_000)
    ]
    with force_locale("fr"):
        told = wording.conflict_sentences(shortened(rules), solved.event, people)
    assert [sentence.split(", dont")[0] for sentence in told] == [
        "1000 participants ont des indisponibilités",
        "1000 participants ne peuvent pas avoir deux rendez-vous à la fois",
        "1000 rendez-vous sont figés",
    ]
    assert told[0].count(amina.title) == 5
    assert told[1].count(desk.title) == 5
    assert told[2].count(f"{amina.title} avec {desk.title}") == 5
