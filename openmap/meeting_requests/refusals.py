"""What stops a request, an answer or an invitation, each in a sentence that says what to do."""

from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark


class RequestsClosed(RuleBroken):
    """The deadline for sending, ranking and withdrawing has passed."""

    message = mark(
        "Le délai est passé : les demandes de rendez-vous sont closes. Votre liste reste telle qu’elle est. "
        "En cas de problème, écrivez à l’équipe de la matinale."
    )


class NotApproved(RuleBroken):
    """The organiser has not let this participant in, or it is not one that asks."""

    message = mark(
        "Votre inscription n’est pas encore validée : vous pourrez demander des rendez-vous dès qu’elle le sera. "
        "Nous vous écrirons."
    )


class QuotaReached(RuleBroken):
    """All places of the structure's list are taken."""

    message = mark(
        "Vous avez déjà %(quota)s demandes, le maximum pour cette matinale. "
        "Pour en ajouter une, retirez d’abord une demande de votre liste."
    )


class AlreadyRequested(Conflict):
    """This desk is in the structure's list, perhaps through another window."""

    message = mark("Vous avez déjà demandé un rendez-vous avec %(desk)s. La demande est dans votre liste.")


class DeskNotAvailable(RuleBroken):
    """The desk takes no part in this morning, or not yet."""

    message = mark("Cet acheteur ne prend pas de rendez-vous à cette matinale. Choisissez-en un autre.")


class DeskDeclined(RuleBroken):
    """Asked again after the desk declined: a no stays a no."""

    message = mark("%(desk)s a décliné votre demande. Demandez plutôt un autre acheteur.")


class ListChanged(Conflict):
    """The list that was ordered is not the list there is."""

    message = mark(
        "Votre liste a changé entre-temps, dans une autre fenêtre. La voici à jour : rien d’autre n’a changé."
    )


class AnswersClosed(RuleBroken):
    """The deadline for answering has passed."""

    message = mark(
        "Le délai est passé : les réponses sont closes. Les demandes restées sans réponse comptent comme acceptées. "
        "En cas de problème, écrivez à l’équipe de la matinale."
    )


class RequestWithdrawn(Conflict):
    """The structure withdrew the request meanwhile."""

    message = mark("%(structure)s a retiré sa demande entre-temps. Il n’y a plus rien à répondre.")


class MotiveMissing(RuleBroken):
    """The organiser wants every request to say why."""

    message = mark("Écrivez en une phrase pourquoi vous voulez les rencontrer.")
    field = "motive"


class MayNotAsk(RuleBroken):
    """A line of the organiser's rules is about these two."""

    message = mark(
        "Une règle de cette matinale ne permet pas cette demande : %(who)s ne demande pas %(whom)s. "
        "Choisissez un autre participant, ou écrivez à l’équipe de la matinale."
    )


class PeersNotAllowed(RuleBroken):
    """Structures ask desks only at this morning."""

    message = mark("À cette matinale, les structures demandent des acheteurs, pas d’autres structures.")


class AskedTheOtherWay(Conflict):
    """The structure asked has asked first: there is something to answer."""

    message = mark("%(structure)s vous a déjà demandé un rendez-vous : répondez à sa demande.")


class GroupsNotAllowed(RuleBroken):
    """Each structure asks for itself at this morning."""

    message = mark("À cette matinale, chaque structure demande ses rendez-vous seule.")
    field = "partners"


class GroupTooLarge(RuleBroken):
    """More structures than may come to one table."""

    message = mark("À cette matinale, une demande commune réunit au plus %(size)s structures, la vôtre comprise.")
    field = "partners"


class NoSuchPartner(RuleBroken):
    """A name that is no other approved structure's."""

    message = mark(
        "Aucune structure validée de cette matinale ne s’appelle « %(name)s ». Choisissez un nom de la liste proposée."
    )
    field = "partners"


class AlreadyTogether(Conflict):
    """The structure comes to this desk with another one already."""

    message = mark(
        "%(structure)s doit déjà rencontrer %(desk)s avec une autre structure : une seule demande à la fois pour le "
        "même acheteur."
    )


class GroupAnswered(Conflict):
    """The request left, or was withdrawn, before this answer."""

    message = mark("Cette demande commune est partie ou a été retirée entre-temps. Il n’y a plus rien à répondre.")


class ReasonMissing(RuleBroken):
    """Whoever is declined is owed a reason."""

    message = mark("Choisissez pourquoi vous déclinez : la structure le lira, et cela l’aide à mieux choisir.")
    field = "cause"


class ReasonInWordsMissing(RuleBroken):
    """« Autre raison » says nothing by itself."""

    message = mark("Écrivez votre raison en une phrase.")
    field = "reason"


class InvitationsClosed(RuleBroken):
    """Structures can no longer change their lists, so nobody is invited any more."""

    message = mark("Le délai est passé : les structures ne peuvent plus répondre à une invitation.")


class InvitationLimitReached(RuleBroken):
    """The desk has sent all the invitations it may."""

    message = mark(
        "Vous avez déjà %(limit)s invitations, le maximum pour cette matinale. "
        "Retirez-en une pour en envoyer une autre."
    )


class AlreadyAsking(Conflict):
    """The structure asks for the desk itself, or was invited already."""

    message = mark("%(structure)s vous demande déjà, ou vous l’avez déjà invitée. Répondez plutôt à sa demande.")


class InvitationAnswered(Conflict):
    """It was answered or withdrawn meanwhile."""

    message = mark("Cette invitation a déjà une réponse, ou l’acheteur l’a retirée entre-temps.")
