"""What stops the jury, each with what to do."""

from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark


class JuryOver(RuleBroken):
    """The deadline is past, or the decisions were told."""

    message = mark("Le jury a rendu ses avis : plus rien ne peut être donné ni changé. L’organisateur peut rouvrir.")


class FileGone(Conflict):
    """The structure withdrew it, or it was never sent."""

    message = mark("La structure a retiré ce dossier : il n’y a plus rien à évaluer.")


class FileMayChange(RuleBroken):
    """The structure may still edit what the reviewer read."""

    message = mark(
        "La structure peut encore modifier ce dossier : gardez un brouillon, vous donnerez votre avis ensuite."
    )


class ReviewerIsApplicant(RuleBroken):
    """Nobody judges the file they speak for."""

    message = mark("%(name)s parle pour la structure qui a envoyé ce dossier, et ne peut donc pas l’évaluer.")


class ConflictDeclared(RuleBroken):
    """The reviewer said why not."""

    message = mark("%(name)s a déclaré un conflit d’intérêts pour ce dossier, et ne peut donc pas l’évaluer.")


class ScoresMissing(RuleBroken):
    """A given review judges every criterion."""

    message = mark("Il manque une note. Choisissez une valeur pour chaque critère, ou enregistrez un brouillon.")


class ScoreOutsideScale(RuleBroken):
    """No such value on this scale."""

    message = mark("Choisissez une valeur de l’échelle, de %(lowest)s à %(highest)s.")


class ReviewAlreadyGiven(Conflict):
    """What was given is changed, never taken back into a draft: others may have read on."""

    message = mark("Votre avis est déjà donné. Vous pouvez le changer, mais pas le reprendre en brouillon.")


class ReviewChangedMeanwhile(Conflict):
    """Another tab saved something else."""

    message = mark("Vous avez enregistré autre chose entre-temps, dans une autre fenêtre. Relisez, puis recommencez.")


class NotInTheJury(Conflict):
    """This reviewer was removed, or has not accepted yet."""

    message = mark("%(name)s ne fait pas partie du jury. Rechargez la page.")


class InvitationAnswered(Conflict):
    """The invitation got its answer, or was taken back."""

    message = mark("Cette invitation n’attend plus de réponse.")


class NobodyNew(RuleBroken):
    """Everyone on the list is invited already."""

    message = mark("Ces personnes sont déjà invitées.")
    field = "lines"


class NobodyToRemind(Conflict):
    """Nobody owes anything, or they were written to today already."""

    message = mark("Personne à relancer : chacun a répondu, ou a reçu un courriel depuis moins d’un jour.")


class NoReviewer(RuleBroken):
    """Files can be shared once somebody accepted."""

    message = mark(
        "Personne n’a encore accepté de faire partie du jury : il n’y a personne à qui confier les dossiers."
    )


class NewDeadlineTooEarly(RuleBroken):
    """Reopened until a moment that is past."""

    message = mark("Choisissez un moment à venir.")
    field = "until"


class OwnDeadline(RuleBroken):
    """An organiser in the jury saw the scores once it was over."""

    message = mark("Vous avez pu lire les avis des autres : demandez à un autre organisateur de rouvrir pour vous.")


class DecisionsTold(Conflict):
    """Too late for any score."""

    message = mark("Les décisions sont annoncées : le jury ne peut plus être rouvert.")
