"""Why a structure that asked is not met, and what would have given the meeting, told to the desk that was asked."""

from collections.abc import Mapping
from typing import Any

from flask_babel import ngettext

from openmap.allocation.models import UnmetRequest
from openmap.allocation.wording import change_words, shared_reasons, unlocked_by
from openmap.core.wording import say as _
from scheduler import Reason


def unmet_sentence(unmet: UnmetRequest) -> str:
    """Say why a desk does not meet a structure that asked for it."""
    structure = unmet.request.requester.title
    return _("Pas de rendez-vous avec %(structure)s : %(why)s", structure=structure, why=_why(unmet))


def unlock_sentence(unmet: UnmetRequest) -> str:
    """Say what would have given the meeting, as the scheduler verified it; "" when nothing sure can be said."""
    changes = [change_words(change, _called(change, unmet)) for change in unmet.unlock]
    return unlocked_by(changes) if changes else ""


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
        **shared_reasons(),
    }[Reason(unmet.reason)]


def _called(change: Mapping[str, Any], unmet: UnmetRequest) -> str:
    return _("cette structure") if change.get("participant") == unmet.request.requester.ref else _("vous")
