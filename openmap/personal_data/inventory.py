"""Every table that holds something about a person: why, how long, how it is found, and what an erasure does to it.

A table that points at a person, a contact or a mailbox and stands neither in `INVENTORY` nor in `ACTS` fails a test.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from openmap.core.text import mark


class OnErasure(enum.StrEnum):
    """Take the rows away, empty some columns, or leave them: they say nothing of a person whose own row is empty."""

    DELETE = "delete"
    BLANK = "blank"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: `through` leads from known rows to its own, `mailbox` is a column that holds a mail address.

    `through` maps a column to the table whose ids it holds, or to columns of known rows ("registration.x other.x").
    """

    label: str
    purpose: str
    until: str
    through: Mapping[str, str] = field(default_factory=dict)
    mailbox: str = ""
    on_erasure: OnErasure = OnErasure.KEEP
    blanks: Mapping[str, object] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


GONE = "efface-{id}@efface.invalid"  # one per row: addresses are unique
ACCOUNT = mark("Vous reconnaître et vous écrire")
TAKING_PART = mark("Organiser votre participation")
MEETINGS = mark("Décider des rendez-vous et pouvoir les justifier")
JUDGING = mark("Choisir les pitchs, et pouvoir justifier ce choix")
PROOF = mark("Prouver ce qui a été fait, et par qui")
UNTIL_ERASED = mark("Jusqu’à ce que vous demandiez l’effacement")
UNTIL_USED = mark("Quelques heures ou jours, puis plus rien ne s’ouvre avec")
WITH_THE_EVENT = mark("Avec la matinale ; votre nom en disparaît à l’effacement")

INVENTORY: Mapping[str, Kept] = {
    "person": Kept(
        mark("Votre compte"),
        ACCOUNT,
        UNTIL_ERASED,
        {"id": "person"},
        on_erasure=OnErasure.BLANK,
        blanks={"email": GONE, "name": "", "is_organiser": False},
    ),
    "contact": Kept(
        mark("Les organismes pour lesquels vous parlez"),
        ACCOUNT,
        UNTIL_ERASED,
        {"person_id": "person"},
        on_erasure=OnErasure.BLANK,
        blanks={"phone": ""},
    ),
    "organisation": Kept(mark("Vos organismes"), TAKING_PART, WITH_THE_EVENT, {"id": "contact.organisation_id"}),
    "contact_role": Kept(
        mark("Vos rôles"), ACCOUNT, UNTIL_ERASED, {"contact_id": "contact"}, on_erasure=OnErasure.DELETE
    ),
    "login_session": Kept(
        mark("Vos connexions"),
        ACCOUNT,
        UNTIL_USED,
        {"person_id": "person"},
        on_erasure=OnErasure.DELETE,
        hidden=frozenset({"key_hash"}),
    ),
    "sign_in_challenge": Kept(
        mark("Les liens de connexion envoyés"),
        ACCOUNT,
        UNTIL_USED,
        {"person_id": "person"},
        on_erasure=OnErasure.DELETE,
        hidden=frozenset({"link_hash", "code_hash"}),
    ),
    "mail_change": Kept(
        mark("Vos changements d’adresse"),
        ACCOUNT,
        UNTIL_USED,
        {"person_id": "person"},
        mailbox="email",
        on_erasure=OnErasure.DELETE,
        hidden=frozenset({"link_hash"}),
    ),
    "follower": Kept(
        mark("Votre abonnement aux nouveaux besoins"),
        mark("Vous prévenir des besoins de vos secteurs"),
        UNTIL_ERASED,
        {"person_id": "person"},
        on_erasure=OnErasure.DELETE,
    ),
    "followed_sector": Kept(
        mark("Les secteurs que vous suivez"),
        mark("Vous prévenir des besoins de vos secteurs"),
        UNTIL_ERASED,
        {"follower_id": "follower"},
        on_erasure=OnErasure.DELETE,
    ),
    "registration": Kept(mark("Vos inscriptions"), TAKING_PART, WITH_THE_EVENT, {"contact_id": "contact"}),
    "unavailability": Kept(
        mark("Vos indisponibilités"), TAKING_PART, WITH_THE_EVENT, {"registration_id": "registration"}
    ),
    "appearance": Kept(
        mark("Vos interventions au programme"),
        TAKING_PART,
        WITH_THE_EVENT,
        {"registration_id": "registration"},
        on_erasure=OnErasure.BLANK,
        blanks={"person_name": "", "function": ""},
    ),
    "line_reservation": Kept(
        mark("Vos places réservées au programme"),
        TAKING_PART,
        WITH_THE_EVENT,
        {"registration_id": "registration"},
    ),
    "consent": Kept(
        mark("Vos accords"),
        mark("Prouver à quoi vous avez dit oui, et quand vous avez changé d’avis"),
        mark("Avec l’inscription, comme preuve"),
        {"registration_id": "registration"},
    ),
    "feed": Kept(
        mark("Vos adresses de calendrier"),
        TAKING_PART,
        UNTIL_ERASED,
        {"registration_id": "registration"},
        on_erasure=OnErasure.DELETE,
        hidden=frozenset({"nonce"}),
    ),
    "registration_draft": Kept(
        mark("Vos inscriptions commencées"),
        mark("Vous laisser reprendre plus tard"),
        mark("Un mois, puis elles s’effacent d’elles-mêmes"),
        mailbox="email",
        on_erasure=OnErasure.BLANK,
        blanks={"email": "", "typed": {}, "link_hash": None},
        hidden=frozenset({"browser_hash", "link_hash"}),
    ),
    "draft_file": Kept(
        mark("Les fichiers de ces inscriptions"),
        mark("Vous laisser reprendre plus tard"),
        mark("Un mois, puis ils s’effacent d’eux-mêmes"),
        {"draft_id": "registration_draft"},
        on_erasure=OnErasure.DELETE,
    ),
    "pitch_application": Kept(
        mark("Vos dossiers de pitch"),
        mark("Choisir qui monte sur scène"),
        WITH_THE_EVENT,
        {"registration_id": "registration"},
        on_erasure=OnErasure.BLANK,
        blanks={"speaker": ""},
    ),
    "pitch_document": Kept(
        mark("Les documents de ces dossiers"),
        mark("Choisir qui monte sur scène"),
        WITH_THE_EVENT,
        {"application_id": "pitch_application"},
    ),
    "answer_sheet": Kept(
        mark("Vos réponses aux questions des matinales"),
        TAKING_PART,
        WITH_THE_EVENT,
        {"id": "registration.answer_sheet_id pitch_application.answer_sheet_id"},
    ),
    "answer": Kept(
        mark("Chaque réponse"),
        TAKING_PART,
        mark("Le temps annoncé à côté de chaque question"),
        {"sheet_id": "answer_sheet"},
    ),
    "meeting_request": Kept(
        mark("Vos demandes de rendez-vous"), MEETINGS, WITH_THE_EVENT, {"requester_id": "registration"}
    ),
    "request_member": Kept(
        mark("Les demandes faites à plusieurs"), MEETINGS, WITH_THE_EVENT, {"registration_id": "registration"}
    ),
    "meeting_invitation": Kept(
        mark("Les invitations d’acheteurs"), MEETINGS, WITH_THE_EVENT, {"registration_id": "registration"}
    ),
    "meeting_participant": Kept(mark("Vos rendez-vous"), MEETINGS, WITH_THE_EVENT, {"registration_id": "registration"}),
    "need": Kept(mark("Les besoins dont vous êtes le contact"), TAKING_PART, WITH_THE_EVENT, {"contact_id": "contact"}),
    "profile_desk_seat": Kept(
        mark("Les délégations où vous siégez"),
        TAKING_PART,
        UNTIL_ERASED,
        {"contact_id": "contact"},
        on_erasure=OnErasure.DELETE,
    ),
    "invitation": Kept(
        mark("Les invitations reçues"),
        mark("Vous inviter, et ne pas vous relancer quand vous avez répondu"),
        WITH_THE_EVENT,
        mailbox="email",
        on_erasure=OnErasure.BLANK,
        blanks={"email": GONE, "name": "", "phone": ""},
        hidden=frozenset({"nonce"}),
    ),
    "invitation_opt_out": Kept(
        mark("Votre refus d’être invité"),
        mark("Ne plus vous écrire"),
        mark("Tant que vous ne voulez plus d’invitation"),
        mailbox="email",
    ),
    "colleague_invitation": Kept(
        mark("Les invitations de collègues"),
        ACCOUNT,
        UNTIL_USED,
        mailbox="email",
        on_erasure=OnErasure.DELETE,
        hidden=frozenset({"token_hash"}),
    ),
    "next_edition_wish": Kept(
        mark("Les prochaines matinales dont vous voulez être prévenu"),
        mark("Vous écrire une fois par nouvelle matinale, et rien d’autre"),
        mark("Trois ans au plus, sept jours sans votre confirmation"),
        mailbox="email",
        on_erasure=OnErasure.DELETE,
        hidden=frozenset({"nonce"}),
    ),
    "edition_news": Kept(
        mark("Les matinales dont nous vous avons prévenu"),
        mark("Ne pas vous écrire deux fois"),
        mark("Avec votre demande d’être prévenu"),
        {"wish_id": "next_edition_wish"},
        on_erasure=OnErasure.DELETE,
    ),
    "coach": Kept(
        mark("Les séances de coaching que vous animez"),
        mark("Organiser les séances, vous dire qui vient"),
        WITH_THE_EVENT,
        {"person_id": "person"},
        mailbox="email",
        on_erasure=OnErasure.BLANK,
        blanks={"email": GONE, "name": ""},
    ),
    "coaching_booking": Kept(
        mark("Vos places de coaching"), TAKING_PART, WITH_THE_EVENT, {"application_id": "pitch_application"}
    ),
    "coaching_note": Kept(
        mark("Vos notes de coaching"),
        mark("Aider les structures à préparer leur pitch"),
        WITH_THE_EVENT,
        {"author_id": "person"},
    ),
    "stand": Kept(
        mark("Les stands d’exposition dont vous êtes le contact"),
        mark("Dire aux visiteurs à qui s’adresser"),
        WITH_THE_EVENT,
        mailbox="contact_email",
        on_erasure=OnErasure.BLANK,
        blanks={"contact_name": "", "contact_email": "", "contact_phone": ""},
    ),
    "pitch_reviewer": Kept(
        mark("Les jurys dont vous faites partie"),
        JUDGING,
        WITH_THE_EVENT,
        {"person_id": "person"},
        mailbox="email",
        on_erasure=OnErasure.BLANK,
        blanks={"email": GONE, "name": "", "body": ""},
        hidden=frozenset({"token_hash"}),
    ),
    "pitch_assignment": Kept(
        mark("Les dossiers de pitch qui vous sont confiés"),
        JUDGING,
        WITH_THE_EVENT,
        {"reviewer_id": "pitch_reviewer"},
    ),
    "pitch_review": Kept(
        mark("Vos avis sur ces dossiers"), JUDGING, WITH_THE_EVENT, {"assignment_id": "pitch_assignment"}
    ),
    "pitch_score": Kept(mark("Vos notes"), JUDGING, WITH_THE_EVENT, {"review_id": "pitch_review"}),
    "outbox_mail": Kept(
        mark("Les courriels que nous vous avons écrits"),
        ACCOUNT,
        UNTIL_ERASED,
        mailbox="recipient",
        on_erasure=OnErasure.BLANK,
        blanks={"recipient": GONE, "subject": "", "text": "", "html": "", "calendar": None, "unsubscribe": None},
        hidden=frozenset({"html", "leased_by", "leased_until", "last_error"}),
    ),
    "audit_entry": Kept(
        mark("Ce que vous avez fait ici"), PROOF, mark("Sans votre nom après l’effacement"), {"actor_id": "person"}
    ),
    "erasure": Kept(mark("Votre demande d’effacement"), PROOF, mark("Sans votre nom"), {"person_id": "person"}),
}

# What JSON about others says of a person: no table of its own, found by looking for the address and the name.
MENTIONS = Kept(
    mark("Ce que d’autres ont saisi de vous"),
    mark("Préparer la matinale : listes d’invités, tableaux de besoins, inscriptions au téléphone, journal"),
    UNTIL_ERASED,
    on_erasure=OnErasure.BLANK,
)

# Columns that say who did something as an organiser, a buyer or a colleague: found again in "audit_entry", and they
# name nobody once the person's own row is empty.
ACTS = frozenset(
    {
        ("coaching_booking", "booked_by_id"),
        ("colleague_invitation", "invited_by_id"),
        ("delegation", "accepted_by_id"),
        ("delegation", "asked_by_id"),
        ("delegation", "ended_by_id"),
        ("consent", "noted_by_id"),
        ("distinct_organisations", "said_by_id"),
        ("guest_sheet", "sent_by_id"),
        ("invitation", "invited_by_id"),
        ("meeting_request", "answered_by_id"),
        ("merged_organisation", "merged_by_id"),
        ("need_sheet", "sent_by_id"),
        ("pin", "created_by_id"),
        ("pitch_decision", "decided_by_id"),
        ("pitch_decision", "mail_read_by_id"),
        ("profile_version", "saved_by_id"),
        ("registration", "decided_by_id"),
        ("registration_draft", "entered_by_id"),
        ("run", "created_by_id"),
        ("schedule_version", "published_by_id"),
        ("selection_change", "by_id"),
        ("selection_proposal", "created_by_id"),
    }
)
