"""Why a structure that asked is not met, and what would have given the meeting, told to the desk that was asked."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext

from openmap.allocation.models import UnmetRequest
from scheduler import ChangeKind, Reason


def _(message: str, **facts: object) -> str:
    return str(gettext(message, **facts))


def unmet_sentence(unmet: UnmetRequest) -> str:
    """Say why a desk does not meet a structure that asked for it."""
    structure = unmet.request.requester.title
    return _("Pas de rendez-vous avec %(structure)s : %(why)s", structure=structure, why=_why(unmet))


def unlock_sentence(unmet: UnmetRequest) -> str:
    """Say what would have given the meeting, as the scheduler verified it; "" when nothing sure can be said."""
    changes = [_change(change, unmet) for change in unmet.unlock]
    if not changes:
        return ""
    return _("Avec %(change)s, ce rendez-vous aurait pu avoir lieu.", change=_(" ou ").join(changes[:3]))


def _why(unmet: UnmetRequest) -> str:
    if unmet.reason == Reason.BUYER_FULL:
        told = ngettext(
            "vos %(meetings)s créneaux sont pris, dont %(num)d par une structure qui n’a pas d’autre rendez-vous.",
            "vos %(meetings)s créneaux sont pris, dont %(num)d par des structures qui n’ont pas d’autre rendez-vous.",
            unmet.desk_only_meetings,
            meetings=unmet.desk_meetings,
        )
        return str(told)
    return {
        Reason.DECLINED: _("vous avez décliné sa demande."),
        Reason.STRUCTURE_FULL: _("cette structure a déjà un rendez-vous à chacun de ses créneaux libres."),
        Reason.NO_COMMON_SLOT: _("aucun créneau ne convient à la fois à cette structure et à vous."),
        Reason.LIMIT: _("la limite de rendez-vous souhaitée est déjà atteinte."),
        Reason.TABLES_FULL: _("toutes les tables sont prises aux créneaux qui restaient possibles."),
        Reason.RULE_ORDER: _(
            "la règle publiée passe d’abord par d’autres demandes : un rendez-vous pour le plus de structures "
            "possible, puis les choix les mieux classés."
        ),
    }[Reason(unmet.reason)]


def _change(change: Mapping[str, Any], unmet: UnmetRequest) -> str:
    is_structure = change.get("participant") == unmet.request.requester.ref
    who = _("cette structure") if is_structure else _("vous")
    return {
        ChangeKind.SLOT: _("un créneau de plus pour %(who)s", who=who),
        ChangeKind.TABLES: _("une table de plus"),
        ChangeKind.CAPACITY: _("un second interlocuteur en même temps pour %(who)s", who=who),
        ChangeKind.LIMIT: _("un rendez-vous de plus dans la limite fixée pour %(who)s", who=who),
    }[ChangeKind(change["change"])]
