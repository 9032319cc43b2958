"""Kinds of organisation and sectors, with the field's French labels."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class OrganisationKind(LabelledEnum):
    """What an organisation comes for."""

    BUYER = "buyer", mark("Acheteur public")
    STRUCTURE = "structure", mark("Structure")
    PARTNER = "partner", mark("Partenaire")
    VISITOR = "visitor", mark("Visiteur de la plénière")


class BuyerKind(LabelledEnum):
    """Public buyers, as the procurement code knows them."""

    LOCAL_AUTHORITY = "collectivite", mark("Collectivité")
    PUBLIC_BODY = "etablissement-public", mark("Établissement public")
    STATE = "etat", mark("Ministère ou service de l’État")
    SOCIAL_LANDLORD = "bailleur-social", mark("Bailleur social")
    OTHER = "autre", mark("Autre acheteur soumis au code")


class StructureKind(LabelledEnum):
    """Kinds of ESS structure, then the company sizes of a Numériques morning."""

    EI = "EI", mark("EI – Entreprise d’insertion")
    AI = "AI", mark("AI – Association intermédiaire")
    ACI = "ACI", mark("ACI – Atelier et chantier d’insertion")
    ETTI = "ETTI", mark("ETTI – Entreprise de travail temporaire d’insertion")
    EITI = "EITI", mark("EITI – Entreprise d’insertion par le travail indépendant")
    GEIQ = "GEIQ", mark("GEIQ – Groupement d’employeurs pour l’insertion et la qualification")
    SEP = "SEP", mark("SEP – Produits et services réalisés en prison")
    EA = "EA", mark("EA – Entreprise adaptée")
    EATT = "EATT", mark("EATT – Entreprise adaptée de travail temporaire")
    ESAT = "ESAT", mark("ESAT – Établissement et service d’accompagnement par le travail")
    COOPERATIVE = "COOP", mark("Coopérative (SCOP, SCIC)")
    ASSOCIATION = "ASSO", mark("Association")
    ESUS = "ESUS", mark("Entreprise solidaire d’utilité sociale (ESUS)")
    TPE = "TPE", mark("TPE – Très petite entreprise")
    PME = "PME", mark("PME – Petite ou moyenne entreprise")
    ETI = "ETI", mark("ETI – Entreprise de taille intermédiaire")
    START_UP = "START-UP", mark("Start-up")
    OTHER = "AUTRE", mark("Autre structure de l’ESS")


class PartnerKind(LabelledEnum):
    """Who stands beside buyers and structures."""

    FACILITATOR = "facilitateur", mark("Facilitateur des clauses sociales")
    IAE_NETWORK = "reseau-iae", mark("Réseau de l’IAE")
    DISABILITY_NETWORK = "reseau-handicap", mark("Réseau du handicap")
    NETWORK = "reseau", mark("Réseau professionnel")
    STATE = "etat", mark("Service de l’État")
    PUBLIC_BODY = "organisme-public", mark("Organisme public")
    PRIVATE_BODY = "organisme-prive", mark("Organisme privé")


class Sector(LabelledEnum):
    """The fixed list of sector groups."""

    GREEN_SPACES = "green-spaces", mark("Espaces verts et extérieurs")
    HEALTH_SOCIAL = "health-social", mark("Médico-social")
    REPAIR = "repair", mark("Réparation et dépannage")
    LAUNDRY = "laundry", mark("Entretien du linge")
    SECURITY = "security", mark("Sécurité et prévention")
    AGRI_FOOD = "agri-food", mark("Agroalimentaire")
    CLEANING = "cleaning", mark("Hygiène et propreté")
    CONSTRUCTION = "construction", mark("Bâtiment et travaux publics")
    ADMINISTRATION = "administration", mark("Assistance générale et administrative")
    IT = "it", mark("Prestations informatiques")
    FURNISHING = "furnishing", mark("Ameublement, décoration, textile et artisanat")
    COMMUNICATION = "communication", mark("Communication et marketing")
    INDUSTRY = "industry", mark("Sous-traitance industrielle")
    TRANSPORT = "transport", mark("Déménagement, livraison et transport")
    WASTE = "waste", mark("Collecte et traitement des déchets")
    RECYCLING = "recycling", mark("Recyclage et économie circulaire")
    CULTURE = "culture", mark("Culture, divertissement et tourisme")
    CONSULTING = "consulting", mark("Prestations intellectuelles")
    PERSONAL_SERVICES = "personal-services", mark("Services à la personne")
    CATERING = "catering", mark("Restauration")


class Service(LabelledEnum):
    """The three ways in which a structure works for a buyer."""

    PLACEMENT = "placement", mark("Mise à disposition ou intérim")
    PROVISION = "provision", mark("Prestation de service")
    GOODS = "goods", mark("Fabrication et vente de biens")


class ContactRole(LabelledEnum):
    """What a contact may do for the whole organisation, beside the registrations that are in their own name."""

    MEETINGS = "meetings", mark("Rendez-vous")
    PROFILE = "profile", mark("Fiche et besoins")
    PITCH = "pitch", mark("Pitch")
    ADMINISTRATION = "administration", mark("Administratif et facturation")
