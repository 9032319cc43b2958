"""What the participants of the two mornings say of themselves: made up, the same at each start.

Nobody said all of this in 2015: names, kinds, départements and sectors are those of the morning, the rest is drawn from
each name. Some profiles are left half filled, as in life.
"""

import io
import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typst
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.core.files import CheckedFile
from openmap.events.models import Event
from openmap.organisations.departements import ILE_DE_FRANCE
from openmap.organisations.enums import OrganisationKind, Sector, Service, StructureKind
from openmap.organisations.models import Organisation
from openmap.profiles.enums import AreaKind, Label, LegalForm, Network
from openmap.profiles.models import Profile
from openmap.profiles.operations import add_document, save_sheet, set_logo
from openmap.profiles.sheets import DeskSheet, Sheet
from openmap.registrations.consent_texts import CONSENT_TEXTS
from openmap.registrations.enums import ConsentPurpose
from openmap.registrations.models import Registration
from openmap.registrations.operations import GivenConsent, give_consent

DATA = Path(__file__).resolve().parent / "data" / "profiles"
LOGOS, DOCUMENTS = 12, 3
LOGO_SIDE = 240
COLOURS = ("#0b5c5c", "#834600", "#1d4f7d", "#93427a", "#18603a", "#9c2418")
IN_DIRECTORY = 0.6
NEIGHBOURS = {
    Sector.IT: (Sector.COMMUNICATION, Sector.CONSULTING, Sector.ADMINISTRATION),
    Sector.COMMUNICATION: (Sector.IT, Sector.CULTURE),
    Sector.CONSULTING: (Sector.IT, Sector.COMMUNICATION),
    Sector.WASTE: (Sector.RECYCLING, Sector.TRANSPORT, Sector.CLEANING),
    Sector.RECYCLING: (Sector.WASTE, Sector.FURNISHING, Sector.REPAIR),
}
COMPANIES = {StructureKind.TPE, StructureKind.PME, StructureKind.ETI, StructureKind.START_UP}
DISABILITY = {StructureKind.EA, StructureKind.EATT, StructureKind.ESAT}
STAFF = {StructureKind.START_UP: 9, StructureKind.TPE: 8, StructureKind.PME: 60, StructureKind.ETI: 400}
REFERENCES = (
    "Ville de Montreuil, refonte d’un service en ligne, 2014",
    "Département de Seine-Saint-Denis, collecte dans douze collèges, 2016",
    "Bailleur social francilien, atelier avec les locataires, 2015",
    "Université de Paris Est, 300 postes reconditionnés, 2016",
    "Ville de Vitry-sur-Seine, inventaire et réemploi de mobilier, 2017",
    "Hôpital public du Val-de-Marne, formation de quarante agents, 2014",
)
BUYERS = (
    "Nous achetons pour les services de la collectivité et préparons nos marchés un an à l’avance. Nous cherchons des "
    "structures capables de répondre à un lot, seules ou à plusieurs."
)


def add_profiles(event: Event, *, at: datetime) -> None:
    """Let everyone at a morning say who they are, before its registrations close; who said it already is left alone."""
    at = min(at, event.registration_closes_at)
    known = set(session.scalars(select(Profile.organisation_id)))
    rows = select(Registration).filter_by(event_id=event.id).options(joinedload(Registration.contact))
    by_organisation: dict[int, list[Registration]] = {}
    for registration in session.scalars(rows.order_by(Registration.ref)).unique():
        if registration.organisation_id not in known:
            by_organisation.setdefault(registration.organisation_id, []).append(registration)
    for registrations in by_organisation.values():
        organisation = registrations[0].organisation
        chance = random.Random(organisation.name)  # noqa: S311 - made-up words, the same at each start
        if organisation.kind is OrganisationKind.BUYER:
            save_sheet(organisation, _buyer(registrations), by=None, at=at)
        elif organisation.kind is OrganisationKind.STRUCTURE:
            save_sheet(organisation, _structure(registrations[0], chance), by=None, at=at)
            if chance.random() < IN_DIRECTORY:
                give_consent(registrations[0], _DIRECTORY, by=None, at=at)
    _add_files([registrations[0].organisation for registrations in by_organisation.values()], at=at)


_DIRECTORY = GivenConsent(
    ConsentPurpose.DIRECTORY,
    CONSENT_TEXTS[ConsentPurpose.DIRECTORY].version,
    CONSENT_TEXTS[ConsentPurpose.DIRECTORY].text,
)


def _buyer(desks: Sequence[Registration]) -> Sheet:
    """A body, and who sits at each of its desks."""
    named = [(desk, desk.desk.name) for desk in desks if desk.desk]
    return Sheet(
        summary=BUYERS,
        services=(Service.PROVISION, Service.GOODS),
        sectors=tuple(sorted({desk.sector for desk in desks})),
        area=AreaKind.DEPARTEMENTS,
        departements=(desks[0].organisation.departement,),
        desks=tuple(
            DeskSheet(name=name, sectors=(desk.sector,), contact_ids=(desk.contact_id,)) for desk, name in named
        ),
    )


def _structure(registration: Registration, chance: random.Random) -> Sheet:
    kind = registration.organisation.structure_kind or StructureKind.OTHER
    is_company, more = kind in COMPANIES, chance.random() > 0.2
    staff = max(2, int(chance.gauss(1, 0.3) * STAFF.get(kind, 35)))
    area = chance.choice((AreaKind.DEPARTEMENTS, AreaKind.DEPARTEMENTS, AreaKind.REGION, AreaKind.COUNTRY))
    near = _departements(registration.organisation.departement, chance)
    return Sheet(
        summary=chance.choice(_summaries(registration.sector)),
        services=_services(kind, chance),
        sectors=_sectors(registration.sector, chance),
        area=area,
        departements=near if area is AreaKind.DEPARTEMENTS else (),
        legal_form=_legal_form(kind, chance),
        staff_count=staff if more else None,
        insertion_count=None if is_company or not more else int(staff * chance.uniform(0.5, 0.9)),
        references="\n".join(chance.sample(REFERENCES, chance.choice((0, 2, 3)))),
        labels=() if is_company else tuple(chance.sample((Label.ESUS, Label.RSEI, Label.ISO_14001), 1)),
        networks=_networks(kind) if more else (),
    )


def _summaries(sector: Sector) -> list[str]:
    lines = [line.split("\t") for line in (DATA / "summaries.txt").read_text(encoding="utf-8").splitlines()]
    return [text for key, text in lines if key == sector] or [text for key, text in lines if key == "*"]


def _services(kind: StructureKind, chance: random.Random) -> tuple[Service, ...]:
    if kind in {StructureKind.ETTI, StructureKind.AI, StructureKind.EATT, StructureKind.GEIQ}:
        return (Service.PLACEMENT,)
    both = chance.random() < 0.35
    return (Service.GOODS, Service.PROVISION) if both else (Service.PROVISION,)


def _sectors(own: Sector, chance: random.Random) -> tuple[Sector, ...]:
    others = NEIGHBOURS.get(own, ())
    return tuple(sorted({own, *chance.sample(others, min(len(others), chance.choice((0, 1, 2))))}))


def _departements(own: str, chance: random.Random) -> tuple[str, ...]:
    return tuple(sorted({own, *chance.sample(sorted(ILE_DE_FRANCE), chance.choice((1, 2, 3)))}))


def _legal_form(kind: StructureKind, chance: random.Random) -> LegalForm:
    if kind is StructureKind.COOPERATIVE:
        return chance.choice((LegalForm.SCOP, LegalForm.SCIC))
    if kind in COMPANIES:
        return chance.choice((LegalForm.SAS, LegalForm.SARL))
    return LegalForm.ASSOCIATION


def _networks(kind: StructureKind) -> tuple[Network, ...]:
    if kind in COMPANIES:
        return ()
    return (Network.GESAT,) if kind in DISABILITY else (Network.FEI,)


def _add_files(organisations: Sequence[Organisation], *, at: datetime) -> None:
    structures = [each for each in organisations if each.kind is OrganisationKind.STRUCTURE]
    for organisation in structures[:LOGOS]:
        drawn = CheckedFile("logo.png", "image/png", _logo(organisation.name))
        set_logo(organisation, drawn, alt=f"Logo de {organisation.name}", by=None, at=at)
    for organisation in structures[:DOCUMENTS]:
        written = CheckedFile("plaquette.pdf", "application/pdf", leaflet(organisation.name))
        add_document(organisation, written, title="Notre plaquette", by=None, at=at)


def _logo(name: str) -> bytes:
    """Initials on a coloured shape."""
    chance = random.Random(name)  # noqa: S311 - as above
    image = Image.new("RGBA", (LOGO_SIDE, LOGO_SIDE), (255, 255, 255, 0))
    draw, box = ImageDraw.Draw(image), (8, 8, LOGO_SIDE - 8, LOGO_SIDE - 8)
    shape = chance.choice((draw.ellipse, draw.rectangle, lambda area, fill: draw.rounded_rectangle(area, 56, fill)))
    shape(box, fill=chance.choice(COLOURS))
    initials = "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper() or "?"
    middle = (LOGO_SIDE / 2, LOGO_SIDE / 2)
    draw.text(middle, initials, fill="white", font=ImageFont.load_default(size=96), anchor="mm")
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def leaflet(name: str) -> bytes:
    """A page of PDF with a title, a paragraph and a list; the name is data, never markup."""
    page = (
        b'#set document(title: sys.inputs.name, date: none)\n#set text(lang: "fr", size: 12pt)\n'
        b"= #sys.inputs.name\n\nUne plaquette de d\xc3\xa9monstration.\n\n"
        b"- Ce que nous faisons\n- Pour qui\n- Comment nous joindre\n"
    )
    return bytes(typst.compile(page, format="pdf", sys_inputs={"name": name}))
