"""Words of a profile: legal form, area, labels, networks, and the parts in which it is filled."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class LegalForm(LabelledEnum):
    """What the law calls an organisation."""

    ASSOCIATION = "association", mark("Association loi 1901")
    SCOP = "scop", mark("SCOP")
    SCIC = "scic", mark("SCIC")
    OTHER_COOPERATIVE = "cooperative", mark("Autre coopérative")
    SARL = "sarl", mark("SARL ou EURL")
    SAS = "sas", mark("SAS ou SASU")
    SA = "sa", mark("SA")
    FOUNDATION = "fondation", mark("Fondation")
    MUTUAL = "mutuelle", mark("Mutuelle")
    GROUPING = "groupement", mark("Groupement d’employeurs")
    PUBLIC = "public", mark("Établissement public")
    SOLE_TRADER = "entreprise-individuelle", mark("Entreprise individuelle")


class AreaKind(LabelledEnum):
    """How far an organisation works."""

    DEPARTEMENTS = "departements", mark("Dans certains départements")
    REGION = "region", mark("Dans toute l’Île-de-France")
    COUNTRY = "country", mark("Dans toute la France")


class Label(LabelledEnum):
    """Approvals, labels and certificates that buyers know."""

    ESUS = "esus", mark("Agrément ESUS")
    RSEI = "rsei", mark("Label RSEi")
    QUALIOPI = "qualiopi", mark("Qualiopi")
    ISO_9001 = "iso-9001", mark("ISO 9001 (qualité)")
    ISO_14001 = "iso-14001", mark("ISO 14001 (environnement)")
    ISO_26000 = "iso-26000", mark("Évaluation ISO 26000 (RSE)")
    EMPL_ITUDE = "emplitude", mark("Empl’itude")
    ECOLABEL = "ecolabel", mark("Écolabel européen")
    ORGANIC = "bio", mark("Agriculture biologique")
    LUCIE = "lucie", mark("LUCIE")
    EPV = "epv", mark("Entreprise du patrimoine vivant")
    DIGITAL = "nr", mark("Numérique responsable")


class Network(LabelledEnum):
    """Networks to which structures belong."""

    FEI = "fei", mark("Fédération des entreprises d’insertion")
    COORACE = "coorace", mark("COORACE")
    CHANTIER_ECOLE = "chantier-ecole", mark("Chantier école")
    EMMAUS = "emmaus", mark("Emmaüs")
    COCAGNE = "cocagne", mark("Réseau Cocagne")
    GESAT = "gesat", mark("Réseau Gesat")
    UNEA = "unea", mark("UNEA")
    GEIQ = "geiq", mark("Fédération des GEIQ")
    UREI = "grafie", mark("GRAFIE Île-de-France")
    SCOP = "cg-scop", mark("Les Scop et les Scic")
    RESSOURCERIES = "ressourceries", mark("Réseau des ressourceries")
    ENVIE = "envie", mark("Envie")
    APF = "apf", mark("APF France handicap")
    MOUVES = "impact", mark("Impact France")


class Part(LabelledEnum):
    """The parts of a profile, each saved on its own."""

    SUMMARY = "summary", mark("En un paragraphe")
    ACTIVITY = "activity", mark("Services et secteurs")
    AREA = "area", mark("Zone d’intervention")
    TEAM = "team", mark("Votre équipe")
    REFERENCES = "references", mark("Références")
    RECOGNITION = "recognition", mark("Labels et réseaux")
    IDENTITY = "identity", mark("Carte d’identité")
    LOGO = "logo", mark("Logo")
    DOCUMENTS = "documents", mark("Documents")
    DESKS = "desks", mark("Délégations et interlocuteurs")
