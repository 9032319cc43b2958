"""What a buyer says of a need, whether typed in a form or read from a sheet."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from openmap.core.text import plain
from openmap.organisations.enums import Sector, Service
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.models import Need


@dataclass(frozen=True, slots=True)
class NeedDetails:
    """The columns of a need that its buyer writes; see Need for units and for what None and "" mean."""

    title: str
    sector: Sector
    service: Service
    quarter: int
    clause: SocialClause
    reference: str = ""
    amount_low: int | None = None
    amount_high: int | None = None
    departement: str = ""
    city: str = ""
    lot_count: int | None = None
    is_open_to_cocontracting: bool = False
    contact_id: int | None = None
    notes: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """The values of the row, with the words that searches look into."""
        said = (self.reference, self.title, self.notes, self.city, self.sector.label, self.service.label)
        return asdict(self) | {"words": plain(" ".join(said))}


def details_of(need: Need) -> NeedDetails:
    """What is written of a need now."""
    return NeedDetails(**{field.name: getattr(need, field.name) for field in fields(NeedDetails)})


def changed_fields(need: Need, details: NeedDetails) -> list[str]:
    """The names of what `details` would change."""
    return [field.name for field in fields(NeedDetails) if getattr(need, field.name) != getattr(details, field.name)]
