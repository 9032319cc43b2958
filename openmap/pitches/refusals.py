"""Why a call or a file cannot change so."""

from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark


class ClosesBeforeItOpens(RuleBroken):
    """The dates of a call are in no order."""

    message = mark("L’appel se termine avant d’avoir commencé. Choisissez une date après son ouverture.")
    field = "closes_at"


class JuryEndsFirst(RuleBroken):
    """The jury would have to judge before the last file arrives."""

    message = mark("Le jury note jusqu’au %(jury)s. Repoussez d’abord sa date, ou choisissez un jour plus tôt.")
    field = "closes_at"


class JuryEndsAfterTheMorning(RuleBroken):
    """Pitches are chosen before anybody goes on stage."""

    message = mark("La matinale a lieu le %(day)s : le jury doit avoir noté ce jour-là au plus tard.")
    field = "jury_closes_at"


class CallIsReleased(Conflict):
    """The decisions were told: the call belongs to the past."""

    message = mark("Les décisions sont annoncées : l’appel et ses dossiers ne changent plus.")


class ReopenOnRecord(RuleBroken):
    """A closed call opens again with a reason, not by a changed date."""

    message = mark(
        "L’appel est clos depuis le %(closed)s. Pour recevoir d’autres dossiers, utilisez « Rouvrir l’appel »."
    )
    field = "closes_at"


class CallLacks(RuleBroken):
    """A call that asks for nothing, judges by nothing or ends before it begins would be silly."""

    message = mark("L’appel n’est pas prêt : %(lacks)s.")


class CallNotOpen(Conflict):
    """There is nothing to close."""

    message = mark("L’appel n’est pas ouvert en ce moment.")


class CallNotClosed(Conflict):
    """There is nothing to open again."""

    message = mark("L’appel n’est pas clos : il n’y a rien à rouvrir.")


class DateIsPast(RuleBroken):
    """A new deadline lies ahead."""

    message = mark("Cette date est déjà passée. Choisissez-en une à venir.")
    field = "until"


class JuryEndsBefore(JuryEndsFirst):
    """The same, where the date is a new deadline."""

    field = "until"


class TooManyCriteria(RuleBroken):
    """Nobody judges well by so many."""

    message = mark("Il y a déjà %(limit)s critères, le maximum. Retirez-en un avant d’en ajouter.")


class ScaleIsFixed(RuleBroken):
    """The jury gave scores on this scale."""

    message = mark(
        "%(count)s notes sont déjà données sur l’échelle de %(lowest)s à %(highest)s : elle ne peut plus changer. "
        "Ajoutez plutôt un autre critère."
    )
    field = "highest"


class CriterionIsScored(RuleBroken):
    """Retiring it would lose what the jury gave."""

    message = mark("%(count)s notes sont déjà données sur ce critère : le retirer les perdrait.")


class WeightNeedsConfirmation(RuleBroken):
    """Every total changes with it."""

    message = mark(
        "%(count)s notes sont déjà données : avec un autre poids, tous les totaux seront recalculés et le classement "
        "peut changer. Cochez cette case si c’est bien ce que vous voulez."
    )
    field = "confirms"


class NotOpenYet(RuleBroken):
    """Nobody applies before the opening."""

    message = mark("L’appel ouvre le %(opens)s. Revenez à ce moment-là.")


class NotTakingPart(RuleBroken):
    """The registration was refused or cancelled."""

    message = mark("Votre inscription à la matinale ne tient plus : le dossier ne peut pas être envoyé.")


class TooLate(RuleBroken):
    """The deadline has passed, by the clock of the server."""

    message = mark("Il est %(now)s : le délai est passé depuis le %(deadline)s.")


class Incomplete(RuleBroken):
    """Something that the jury needs is not there; `missing` names the fields."""

    message = mark("Il manque quelque chose à ce dossier.")

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__()
        self.missing = missing


class TooManyDocuments(RuleBroken):
    """More than anyone reads."""

    message = mark("Il y a déjà %(limit)s documents, le maximum. Retirez-en un avant d’en ajouter.")
    field = "document"


class WithdrawnMeanwhile(Conflict):
    """Another window took the file back: sending it would go against that."""

    message = mark(
        "Ce dossier a été retiré dans une autre fenêtre. Ce que vous avez écrit est gardé : reprenez le dossier, puis "
        "envoyez-le."
    )


class NothingToWithdraw(Conflict):
    """The file was refused, or withdrawn already."""

    message = mark("Ce dossier ne peut plus être retiré : une décision a été annoncée.")


class ExtensionTooShort(RuleBroken):
    """It would end before the deadline of everybody."""

    message = mark("Le délai de tous va jusqu’au %(closes)s. Choisissez une date plus tard.")
    field = "until"
