"""Who speaks for whom in a demonstration, whom its organiser invited, and two organisations that look alike."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from stdnum import luhn

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.demo.people import name_of
from openmap.events.models import Event
from openmap.invitations import operations, queries
from openmap.invitations.models import Invitation
from openmap.invitations.reading import Guest
from openmap.organisations.contacts import add_contact, vouch_for
from openmap.organisations.enums import ContactRole, OrganisationKind
from openmap.organisations.models import Contact
from openmap.organisations.operations import (
    ContactDetails,
    StructureProfile,
    find_or_add_contact,
    find_or_add_structure,
)
from openmap.registrations.models import Registration

EARLIER = timedelta(days=13)
REMINDED = timedelta(days=6)
STRUCTURES = (
    ("contact@recyclerie-des-lilas.example", "Recyclerie des Lilas", "93"),
    ("accueil@boucles-vertes.example", "Boucles vertes", "92"),
    ("direction@esat-les-marronniers.example", "ESAT Les Marronniers", "94"),
    ("bonjour@bois-debout.example", "Bois debout", "77"),
    ("contact@textile-en-seine.example", "Textile en Seine", "78"),
    ("equipe@la-benne-partagee.example", "La Benne partagée", "91"),
    ("contact@papier-second.example", "Papier second", "95"),
    ("atelier@les-mains-habiles.example", "Les Mains habiles", "75"),
    ("candidature1@exemple.fr", "Les Ateliers du Canal", "93"),  # who registers afterwards
)
BUYERS = (
    ("achats@ville-de-montreuil.example", "Ville de Montreuil", "93"),
    ("commande.publique@ville-d-ivry.example", "Ville d’Ivry-sur-Seine", "94"),
)
DECLINED, STARTED, REFUSED_BY_THE_SERVER = 1, 3, 5  # places in the list


def let_contacts_speak(event: Event, *, by: Person, at: datetime) -> None:
    """An organisation's only contact speaks for it; the first structure has two colleagues with roles."""
    rows = (
        select(Contact)
        .join(Registration, Registration.contact_id == Contact.id)
        .where(Registration.event_id == event.id)
    )
    for contact in session.scalars(rows.order_by(Contact.id)).unique():
        vouch_for(contact)
    structures = select(Registration).filter_by(event_id=event.id, kind=OrganisationKind.STRUCTURE)
    first = session.scalars(structures.order_by(Registration.ref).limit(1)).unique().one().organisation
    colleagues = (({ContactRole.MEETINGS, ContactRole.PITCH}, "commercial"), ({ContactRole.ADMINISTRATION}, "compta"))
    for roles, task in colleagues:
        email = f"{task}-{first.id}@exemple.fr"
        add_contact(first, ContactDetails(name_of(email), email), roles=roles, by=by, at=at)


def add_guests(event: Event, *, by: Person, at: datetime) -> None:
    """Guests of two weeks ago: most did not answer and were reminded once, the others did something."""
    secret_key = str(current_app.config["SECRET_KEY"])
    people = [(OrganisationKind.STRUCTURE, *guest) for guest in STRUCTURES]
    people += [(OrganisationKind.BUYER, *guest) for guest in BUYERS]
    guests = [
        Guest(line, kind, email, name=name_of(email), body=body, departement=departement)
        for line, (kind, email, body, departement) in enumerate(people, 2)
    ]
    prepared = operations.prepare_invitations(event, guests, message="", locale="fr", secret_key=secret_key)
    operations.invite_guests(event, prepared, by=by, at=at - EARLIER)
    rows = session.scalars(select(Invitation).filter_by(event_id=event.id).order_by(Invitation.id)).all()
    operations.decline_invitation(rows[DECLINED], for_good=False, at=at - REMINDED - timedelta(days=1))
    operations.start_registration(rows[STARTED], secret_key=secret_key, locale="fr", at=at - REMINDED)
    rows[REFUSED_BY_THE_SERVER].bounced_at = at - EARLIER
    targets = queries.reminders(event, at=at - REMINDED).targets
    reminders = operations.prepare_reminders(targets, secret_key=secret_key, at=at - REMINDED)
    operations.remind_guests(event, reminders, by=by, at=at - REMINDED)


def add_a_likeness(event: Event, *, at: datetime) -> None:
    """The same company under another establishment's number, as it happens when a colleague registers it anew."""
    known = select(Registration).filter_by(event_id=event.id, kind=OrganisationKind.STRUCTURE)
    twin = session.scalars(known.order_by(Registration.ref.desc()).limit(1)).unique().one().organisation
    if not twin.siret or twin.structure_kind is None:
        return
    number = f"{twin.siret[:9]}0009"
    siret = number + luhn.calc_check_digit(number)
    profile = StructureProfile(siret, f"{twin.name.upper()} (SAS)", twin.structure_kind, twin.departement)
    email = f"siege-{twin.id}@exemple.fr"
    find_or_add_contact(find_or_add_structure(profile, at=at), ContactDetails(name_of(email), email), at=at)
