"""What forbids a step of the selection, in words."""

from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark


class BoardChanged(Conflict):
    """Somebody else, or another window, changed the board since this form was shown."""

    message = mark(
        "Le tableau a changé pendant que vous décidiez. Rien n’est perdu : relisez, puis appliquez de nouveau."
    )


class FileNotThere(Conflict):
    """The file was withdrawn, or never sent."""

    message = mark("Le dossier de %(structure)s n’est plus là : la structure l’a retiré, ou ne l’a pas envoyé.")


class NoPlaceLeft(Conflict):
    """As many files are chosen as there are pitches."""

    message = mark("Les %(places)s places sont prises. Libérez-en une d’abord, ou mettez ce dossier en réserve.")


class AlreadyReleased(Conflict):
    """The decisions were told; the board is a record now."""

    message = mark(
        "Les décisions sont déjà annoncées. Passez par la page du dossier : le changement aura son courriel."
    )


class NotReleased(Conflict):
    """Nothing was told yet."""

    message = mark("Les décisions ne sont pas encore annoncées.")


class NothingToUndo(Conflict):
    """The board is as it was at its first day, or what was done cannot be taken back."""

    message = mark("Il n’y a rien à annuler.")


class FilesUndecided(RuleBroken):
    """Everybody gets an answer on the same day."""

    message = mark("Dossiers encore à décider : %(count)s. Chacun doit recevoir sa réponse le même jour.")


class NobodySelected(RuleBroken):
    """A release without a pitch is a mistake."""

    message = mark("Aucun dossier n’est retenu. Retenez-en au moins un avant d’annoncer.")


class MailsNotRead(RuleBroken):
    """A mail that nobody read must not leave."""

    message = mark("Courriels à relire, neufs ou changés depuis : %(count)s. Relisez-les avant d’annoncer.")


class MailNotRead(RuleBroken):
    """What somebody typed changed the mail that the page showed."""

    message = mark("Voici le courriel tel qu’il partira : relisez-le, puis envoyez-le.")


class CallStillOpen(RuleBroken):
    """Somebody may still send a file."""

    message = mark("L’appel est encore ouvert : attendez sa fin, ou fermez-le plus tôt, avant d’annoncer.")


class NotTakingPart(RuleBroken):
    """Whoever pitches takes part in the morning."""

    message = mark("%(structure)s n’est pas inscrite à la matinale : validez d’abord son inscription.")


class DeadlineMissing(RuleBroken):
    """Those who are chosen must know until when to answer."""

    message = mark("Dites d’abord jusqu’à quand les structures retenues doivent confirmer.")
    field = "confirm_before"


class DeadlineIsPast(RuleBroken):
    """Nobody can answer in time."""

    message = mark("Choisissez un moment à venir, avant le début de la matinale.")
    field = "confirm_before"


class ReviewerNamed(RuleBroken):
    """Reviewers are promised that applicants never learn who they are."""

    message = mark("Ces mots nomment un membre du jury (%(name)s). Retirez ce nom : le jury reste anonyme.")
    field = "message"


class NothingToAnswer(Conflict):
    """The file is not chosen, or gave its place up already."""

    message = mark("Il n’y a plus rien à confirmer pour ce dossier : sa place a été rendue.")


class ReasonMissing(RuleBroken):
    """The organiser must understand why."""

    message = mark("Dites en une phrase pourquoi vous renoncez : l’organisateur en tiendra compte.")
    field = "reason"


class StillTime(RuleBroken):
    """The structure may still answer."""

    message = mark("La structure a jusqu’au %(moment)s pour répondre. Appelez-la, ou attendez.")


class BreaksARule(Conflict):
    """The next of the reserve would break a constraint; the organiser may overrule it."""

    message = mark("Avec %(structure)s, une de vos règles ne serait plus tenue. Confirmez que vous le voulez.")


class ConstraintSaysNothing(RuleBroken):
    """A rule without a number."""

    message = mark("Écrivez au moins un des deux nombres.")
    field = "at_least"


class BoundsCrossed(RuleBroken):
    """At least more than at most."""

    message = mark("« Au moins » ne peut pas dépasser « au plus ».")
    field = "at_least"


class TooManyConstraints(RuleBroken):
    """Nobody could read them any more."""

    message = mark("Vous avez déjà %(most)s règles. Retirez-en une d’abord.")
    field = "kind"


class NoFiles(RuleBroken):
    """There is nothing to choose from."""

    message = mark("Aucun dossier n’est envoyé : il n’y a rien à proposer.")


class ProposalOutdated(Conflict):
    """A chosen file was withdrawn after the proposal was made."""

    message = mark("Dossiers de cette proposition retirés depuis : %(count)s. Demandez-en une nouvelle.")


class ProposalImpossible(Conflict):
    """Contradicting rules have no selection to adopt."""

    message = mark("Cette proposition n’a pas de sélection : ses règles se contredisent.")
