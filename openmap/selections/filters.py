"""Which files of the board to look at."""

from dataclasses import dataclass

from openmap.core.text import plain
from openmap.selections.enums import BalanceKind
from openmap.selections.queries import Candidate
from openmap.selections.traits import value_of


@dataclass(frozen=True, slots=True)
class FileFilter:
    """Words of a name or a title, stored words of its kind, département and sector, and what to show."""

    q: str = ""
    kind: str = ""
    departement: str = ""
    sector: str = ""
    show: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether every file is shown."""
        return not (self.q or self.kind or self.departement or self.sector or self.show)

    def keeps(self, candidate: Candidate) -> bool:
        """Whether this file is shown."""
        wanted = (
            (BalanceKind.STRUCTURE_KIND, self.kind),
            (BalanceKind.DEPARTEMENT, self.departement),
            (BalanceKind.SECTOR, self.sector),
        )
        if any(value and value_of(candidate.application, kind) != value for kind, value in wanted):
            return False
        if self.show == "first-time" and not candidate.application.is_first_time:
            return False
        if self.show == "disputed" and not candidate.verdict.is_disputed:
            return False
        said = plain(f"{candidate.registration.title} {candidate.application.title}")
        return all(word in said for word in plain(self.q).split())

    def arguments(self) -> dict[str, str]:
        """What an address says of it."""
        found = {"q": self.q, "kind": self.kind, "departement": self.departement, "sector": self.sector}
        return {name: value for name, value in (found | {"show": self.show}).items() if value}
