"""The organisations a person speaks for: their profile, what it lacks, who may act for them, what they gave."""

from dataclasses import dataclass

from openmap.accounts.models import Person
from openmap.organisations.delegating import Delegation, delegations_of
from openmap.organisations.enums import OrganisationKind, PartnerKind
from openmap.organisations.models import Organisation
from openmap.organisations.queries import organisations_of
from openmap.profiles.completeness import Completeness, completeness
from openmap.profiles.models import ProfileDocument
from openmap.profiles.queries import profiles_of
from openmap.profiles.sheets import sheet_of
from openmap.roadmaps.queries import roadmap_slugs


@dataclass(frozen=True, slots=True)
class Body:
    """One organisation as its own people see it; `delegations` are open ones, asked for or active."""

    organisation: Organisation
    progress: Completeness
    documents: tuple[ProfileDocument, ...]
    delegations: tuple[Delegation, ...]
    roadmap_slug: str | None

    @property
    def is_facilitator(self) -> bool:
        """Whether it may act for structures."""
        return self.organisation.partner_kind is PartnerKind.FACILITATOR

    @property
    def asked(self) -> list[Delegation]:
        """What it was asked and has not answered."""
        waiting = [each for each in self.delegations if not each.is_active]
        return [each for each in waiting if each.structure_id == self.organisation.id and not each.is_from_structure]


def bodies_of(person: Person) -> list[Body]:
    """Everyone a person speaks for, by name; visitors have no page of their own."""
    known = [each for each in organisations_of(person) if each.kind is not OrganisationKind.VISITOR]
    ids = [each.id for each in known]
    profiles, slugs = profiles_of(ids), roadmap_slugs(known)
    return [
        Body(
            organisation=each,
            progress=completeness(sheet_of(profiles.get(each.id)), each.kind),
            documents=tuple(profiles[each.id].current_documents) if each.id in profiles else (),
            delegations=tuple(delegations_of(each)),
            roadmap_slug=slugs.get(each.id),
        )
        for each in known
    ]
