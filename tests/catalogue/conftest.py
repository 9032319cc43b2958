"""A morning of bicycles and waste: Amina's workshop, Bruno's company, two desks of two buyers, a network.

Dora buys waste collection for Paris and has published two needs; Yann buys software for the region and nothing else.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.text import plain
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind, PartnerKind, Sector, Service
from openmap.organisations.models import Contact, Organisation
from openmap.profiles.enums import AreaKind
from openmap.profiles.operations import save_sheet
from openmap.profiles.sheets import DeskSheet, Sheet
from openmap.registrations.consent_texts import CONSENT_TEXTS
from openmap.registrations.enums import ConsentPurpose, RegistrationState
from openmap.registrations.models import Registration
from openmap.registrations.operations import GivenConsent, give_consent
from openmap.roadmaps.enums import NeedState, SocialClause
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.quarters import quarter_of
from tests.factories import build_desk, build_event, build_person, build_structure
from tests.people import Visitor

WASTE = Sheet(
    summary="Collecte à vélo des déchets de bureau",
    services=(Service.PROVISION,),
    sectors=(Sector.TRANSPORT, Sector.WASTE),
    area=AreaKind.DEPARTEMENTS,
    departements=("75", "93"),
)
SOFTWARE = Sheet(
    summary="Développement de logiciels libres",
    services=(Service.GOODS,),
    sectors=(Sector.IT,),
    area=AreaKind.COUNTRY,
)


class Fair:
    """Everyone of the story, by first name; `path` is the catalogue."""

    def __init__(self, app: Flask) -> None:
        self.app, self.at = app, now() - timedelta(days=1)
        self.path = "/events/matinale/catalogue"
        with unit_of_work():
            self.event: Event = build_event(slug="matinale", at=self.at)
            self.amina = self.structure("Amina", "Vélos & Déchets", WASTE)
            self.bruno = self.structure("Bruno", "Œuvre Logicielle", SOFTWARE)
            self.dora = self.buyer("Dora", "Ville de Paris", "Propreté", Sector.WASTE)
            self.yann = self.buyer("Yann", "Région Île-de-France", "DSI", Sector.IT)
            self.nina = self.partner("Nina", "Réseau 93")
            self.collection = self.need(self.dora, "Collecte des cartons", Sector.WASTE, Service.PROVISION, "75")
            self.compost = self.need(self.dora, "Composteurs à livrer", Sector.WASTE, Service.GOODS, "93")
            build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=self.at)
            build_person("Mallory", email="mallory@exemple.fr", at=self.at)

    def person(self, name: str):
        """Somebody with a mail address of their own."""
        return build_person(name, email=f"{name.lower()}@exemple.fr", at=self.at)

    def structure(self, person: str, name: str, sheet: Sheet | None, **options: Any) -> Registration:
        """A structure let in, with or without a profile."""
        registration = build_structure(self.event, name, contact=self.person(person), at=self.at, **options)
        if sheet is not None:
            save_sheet(registration.organisation, sheet, by=None, at=self.at)
        return registration

    def buyer(self, person: str, body: str, desk: str, sector: Sector) -> Registration:
        """A desk let in, whose body says who sits there."""
        registration = build_desk(self.event, desk, body=body, contact=self.person(person), at=self.at).registration
        registration.sector = sector
        sheet = Sheet(
            summary=f"{body} achète",
            sectors=(sector,),
            desks=(DeskSheet(desk, about="Achats du service", contact_ids=(registration.contact_id,)),),
        )
        save_sheet(registration.organisation, sheet, by=None, at=self.at)
        return registration

    def partner(self, person: str, name: str) -> Registration:
        """A network of Seine-Saint-Denis."""
        organisation = Organisation(
            kind=OrganisationKind.PARTNER,
            name=name,
            departement="93",
            partner_kind=PartnerKind.NETWORK,
            created_at=self.at,
        )
        session.add(organisation)
        session.flush()
        contact = Contact(organisation_id=organisation.id, person=self.person(person))
        session.add(contact)
        session.flush()
        registration = Registration(
            event_id=self.event.id,
            organisation_id=organisation.id,
            contact_id=contact.id,
            kind=OrganisationKind.PARTNER,
            ref="P01",
            state=RegistrationState.APPROVED,
            sector=Sector.CONSULTING,
            created_at=self.at,
            decided_at=self.at,
        )
        session.add(registration)
        session.flush()
        return registration

    def need(self, buyer: Registration, title: str, sector: Sector, service: Service, departement: str) -> Need:
        """A published need for the quarter after the morning."""
        roadmap = session.query(Roadmap).filter_by(organisation_id=buyer.organisation_id).one_or_none()
        if roadmap is None:
            roadmap = Roadmap(
                organisation_id=buyer.organisation_id, slug=f"acheteur-{buyer.organisation_id}", created_at=self.at
            )
            session.add(roadmap)
            session.flush()
        after: date = self.event.held_on
        need = Need(
            roadmap_id=roadmap.id,
            reference=plain(title),
            position=1,
            state=NeedState.PUBLISHED,
            title=title,
            sector=sector,
            service=service,
            quarter=quarter_of(after) + 1,
            departement=departement,
            clause=SocialClause.INSERTION,
            words=plain(title),
            created_at=self.at,
            updated_at=self.at,
            published_at=self.at,
        )
        session.add(need)
        session.flush()
        return need

    def agrees_to_the_directory(self, registration: Registration) -> None:
        """Let everybody read this one's page."""
        words = CONSENT_TEXTS[ConsentPurpose.DIRECTORY]
        given = GivenConsent(ConsentPurpose.DIRECTORY, words.version, words.text)
        give_consent(registration, given, by=None, at=self.at)

    def visitor(self, name: str) -> Visitor:
        """Someone signed in."""
        return Visitor(self.app, f"{name.lower()}@exemple.fr").signs_in()


@pytest.fixture
def fair(app: Flask) -> Fair:
    return Fair(app)
