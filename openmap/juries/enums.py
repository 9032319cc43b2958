"""Where a reviewer stands, where one file of one reviewer stands, and why somebody may not judge a file."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class ReviewerState(LabelledEnum):
    """What became of an invitation to the jury."""

    INVITED = "invited", mark("Invitation envoyée")
    ACTIVE = "active", mark("Dans le jury")
    DECLINED = "declined", mark("A décliné")
    REMOVED = "removed", mark("N’est plus dans le jury")


class FileState(LabelledEnum):
    """How far one reviewer is with one file."""

    TO_READ = "to_read", mark("À évaluer")
    DRAFT = "draft", mark("Brouillon")
    GIVEN = "given", mark("Avis donné")
    ABSTAINED = "abstained", mark("Abstention")
    SET_ASIDE = "set_aside", mark("Conflit d’intérêts")
    WITHDRAWN = "withdrawn", mark("Dossier retiré")


class Obstacle(LabelledEnum):
    """Why a reviewer is not given a file; the first two forbid it, the last one only warns."""

    APPLICANT = "applicant", mark("parle pour cette structure")
    DECLARED = "declared", mark("a déclaré un conflit d’intérêts")
    SAME_BODY = "same_body", mark("est du même organisme")
