"""Why not, in words for whoever reads: a participant is never told whom the other one meets, an organiser is."""

from openmap.allocation import desk_wording, wording
from openmap.allocation.models import UnmetRequest
from openmap.core.wording import say as _
from openmap.explanations.queries import Engagement, Presence
from openmap.registrations.models import Registration


def why(unmet: UnmetRequest, reader: Registration | None) -> str:
    """Say why a request got no meeting: to its structure, to the desk asked, or to an organiser (`reader` None)."""
    if reader is not None and reader.desk:
        return desk_wording.unmet_sentence(unmet)
    return wording.unmet_sentence(unmet, to_organiser=reader is None, reader=reader)


def unlock(unmet: UnmetRequest, reader: Registration | None) -> str:
    """Say what would have given the meeting, as the scheduler verified it; "" when nothing sure can be said."""
    if reader is not None and reader.desk:
        return desk_wording.unlock_sentence(unmet)
    return wording.unlock_sentence(unmet, to_organiser=reader is None, reader=reader)


def engaged(engagement: Engagement, reader: Registration | None) -> str:
    """Say what one participant does in a slot: by name to itself and to an organiser, in general to the other side."""
    party = engagement.participant
    is_own = reader is not None and reader.id == party.id
    if engagement.presence is Presence.FREE:
        return _("vous êtes libre") if is_own else _("libre")
    if engagement.presence is Presence.AWAY:
        return _("vous n’êtes pas disponible") if is_own else _("pas disponible")
    if is_own or reader is None:
        return _("avec %(who)s", who=", ".join(other.title for other in engagement.others))
    return _anonymous(engagement)


def heading(party: Registration, reader: Registration | None) -> str:
    """Name one side of the board: oneself as « Vous »."""
    return _("Vous") if reader is not None and reader.id == party.id else party.title


def _anonymous(engagement: Engagement) -> str:
    if not engagement.participant.desk:
        return _("avec un autre acheteur")
    if engagement.is_their_only:
        return _("avec une structure dont c’est l’unique rendez-vous")
    if engagement.rank == 1:
        return _("avec une structure dont c’est le premier choix")
    return _("avec une autre structure")
