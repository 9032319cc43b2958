"""Reasons, chances and what would help, in sentences, in the language of the moment."""

from openmap.core.wording import say as _
from openmap.meeting_requests.enums import DeclineCause
from openmap.meeting_requests.models import DemandEstimate, MeetingRequest

RANK, SLOTS, WISH, OTHER_DESK = "rank", "slots", "wish", "other-desk"  # what would raise a chance


def decline_words(request: MeetingRequest) -> str:
    """Why a desk declined, as the structure reads it: the cause in its language, then the desk's own words."""
    cause = request.decline_cause
    label = _(cause.label) if cause and cause is not DeclineCause.OTHER else ""
    return " – ".join(part for part in (label, request.decline_reason) if part)


def chance_words(estimate: DemandEstimate) -> str:
    """The range, never a false precision: « entre 2 et 4 chances sur 10 »."""
    low, high = estimate.low, estimate.high
    if low == 0:
        return _("moins de %(count)s chances sur 10", count=high)
    if high == 10:
        return _("plus de %(count)s chances sur 10", count=low)
    return _("entre %(low)s et %(high)s chances sur 10", low=low, high=high)


def chance_reason(estimate: DemandEstimate) -> str:
    """What the range rests on, in figures that anybody can check."""
    return _(
        "%(places)s créneaux pour %(asking)s demandes aujourd’hui ; %(ahead)s d’entre elles passent le plus souvent "
        "avant la vôtre selon la règle.",
        places=estimate.places,
        asking=estimate.asking,
        ahead=estimate.ahead,
    )


def raiser_words(estimate: DemandEstimate) -> str:
    """What would raise the chance, "" when nothing honest can be said."""
    return {
        RANK: _("La placer plus haut dans votre liste la ferait peser davantage."),
        SLOTS: _("Être disponible à plus de créneaux aiderait."),
        WISH: _("Un motif précis aide : une demande que l’acheteur souhaite pèse le double."),
        OTHER_DESK: _("Demander aussi un acheteur moins sollicité vous assurerait plutôt un rendez-vous."),
    }.get(estimate.raised_by, "")
