"""A profile as pages show it: today's, or the one that a past morning showed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from openmap.organisations.departements import DEPARTEMENTS, ILE_DE_FRANCE
from openmap.organisations.enums import Sector, Service
from openmap.profiles.enums import AreaKind, Label, LegalForm, Network, Part
from openmap.profiles.models import Profile

FIELDS: Mapping[Part, tuple[str, ...]] = {
    Part.SUMMARY: ("summary",),
    Part.ACTIVITY: ("services", "sectors"),
    Part.AREA: ("area", "departements"),
    Part.TEAM: ("staff_count", "insertion_count"),
    Part.REFERENCES: ("references",),
    Part.RECOGNITION: ("labels", "other_labels", "networks", "other_networks"),
    Part.IDENTITY: ("legal_form", "website"),
    Part.LOGO: ("logo_id", "logo_alt"),
    Part.DOCUMENTS: ("documents",),
    Part.DESKS: ("desks",),
}


@dataclass(frozen=True, slots=True)
class DeskSheet:
    """One service of a buyer; `contact_ids` sit there."""

    name: str
    about: str = ""
    sectors: tuple[Sector, ...] = ()
    contact_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentSheet:
    """One PDF, by the key of its row."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an organisation said of itself at one moment; its values are JSON's, enums being words."""

    summary: str = ""
    services: tuple[Service, ...] = ()
    sectors: tuple[Sector, ...] = ()
    area: AreaKind | None = None
    departements: tuple[str, ...] = ()
    legal_form: LegalForm | None = None
    website: str = ""
    staff_count: int | None = None
    insertion_count: int | None = None
    references: str = ""
    labels: tuple[Label, ...] = ()
    other_labels: str = ""
    networks: tuple[Network, ...] = ()
    other_networks: str = ""
    logo_id: int | None = None
    logo_alt: str = ""
    documents: tuple[DocumentSheet, ...] = ()
    desks: tuple[DeskSheet, ...] = ()

    @property
    def reach(self) -> frozenset[str]:
        """The départements in which the organisation works."""
        if self.area is AreaKind.REGION:
            return frozenset(ILE_DE_FRANCE)
        return frozenset(DEPARTEMENTS) if self.area is AreaKind.COUNTRY else frozenset(self.departements)

    @property
    def reference_lines(self) -> list[str]:
        """The references, one a line."""
        return [line.strip() for line in self.references.splitlines() if line.strip()]

    def has(self, part: Part) -> bool:
        """Whether anything is said in `part`."""
        return any(getattr(self, field) not in {None, "", ()} for field in FIELDS[part])

    def desk_named(self, name: str) -> DeskSheet | None:
        """What is said of the service that holds a desk of this name."""
        return next((desk for desk in self.desks if desk.name.casefold() == name.casefold()), None)


EMPTY = Sheet()


def sheet_of(profile: Profile | None) -> Sheet:
    """Today's sheet; an organisation that said nothing yet has an empty one."""
    if profile is None:
        return EMPTY
    return Sheet(
        summary=profile.summary,
        services=tuple(sorted(profile.services)),
        sectors=tuple(sorted(profile.sectors)),
        area=profile.area,
        departements=tuple(sorted(profile.departements)),
        legal_form=profile.legal_form,
        website=profile.website,
        staff_count=profile.staff_count,
        insertion_count=profile.insertion_count,
        references=profile.references,
        labels=tuple(sorted(profile.labels)),
        other_labels=profile.other_labels,
        networks=tuple(sorted(profile.networks)),
        other_networks=profile.other_networks,
        logo_id=profile.logo_id,
        logo_alt=profile.logo_alt,
        documents=tuple(DocumentSheet(document.id, document.title) for document in profile.current_documents),
        desks=tuple(
            DeskSheet(
                desk.name,
                desk.about,
                tuple(sorted(desk.sectors)),
                tuple(seat.contact_id for seat in desk.seats),
            )
            for desk in profile.desks
        ),
    )


def content_of(profile: Profile) -> dict[str, Any]:
    """Today's sheet and the words it is found by as JSON values, for a version."""
    return asdict(sheet_of(profile)) | {"search_text": profile.search_text}


def sheet_from(content: Mapping[str, Any]) -> Sheet:
    """The sheet that `content_of` wrote."""
    said = {name: value for name, value in content.items() if name != "search_text"}
    return Sheet(
        **said
        | {
            "services": tuple(Service.of(word) for word in content["services"]),
            "sectors": tuple(Sector.of(word) for word in content["sectors"]),
            "area": AreaKind.of(content["area"]) if content["area"] else None,
            "departements": tuple(content["departements"]),
            "legal_form": LegalForm.of(content["legal_form"]) if content["legal_form"] else None,
            "labels": tuple(Label.of(word) for word in content["labels"]),
            "networks": tuple(Network.of(word) for word in content["networks"]),
            "documents": tuple(DocumentSheet(**each) for each in content["documents"]),
            "desks": tuple(_desk_from(each) for each in content["desks"]),
        }
    )


def _desk_from(content: Mapping[str, Any]) -> DeskSheet:
    return DeskSheet(
        content["name"],
        content["about"],
        tuple(Sector.of(word) for word in content["sectors"]),
        tuple(content["contact_ids"]),
    )
