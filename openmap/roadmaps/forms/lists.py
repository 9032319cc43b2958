"""By what lists of needs are narrowed: filters that live in the address."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import SelectField, StringField
from wtforms.validators import Length

from openmap.core.choices import choices_from, choices_of
from openmap.core.text import clean_text
from openmap.organisations.departements import DEPARTEMENTS, departement_label
from openmap.organisations.enums import Sector, Service
from openmap.roadmaps.enums import AmountBand, NeedState, SocialClause
from openmap.roadmaps.forms.choices import choices, member
from openmap.roadmaps.narrowing import ANYWHERE, NeedFilters, NeedList
from openmap.roadmaps.words import quarter_name


class NeedFilterForm(PlainForm):
    """Search and filters of a list of needs; they live in the address, so nothing is posted."""

    q = StringField(_l("Chercher un mot"), [Length(max=100)])
    sector = SelectField(_l("Secteur"))
    quarter = SelectField(_l("Publication prévue"))
    departement = SelectField(_l("Département"))
    buyer = SelectField(_l("Acheteur"))
    service = SelectField(_l("Type de prestation"))
    clause = SelectField(_l("Clause sociale"))
    amount = SelectField(_l("Montant hors taxes"))
    cocontracting = SelectField(_l("Co-traitance"))

    def __init__(self, args: MultiDict[str, str]) -> None:
        super().__init__(args)
        self.filters = NeedFilters(
            words=clean_text(self.q.data or "")[:100],
            sector=member(Sector, self.sector.data),
            service=member(Service, self.service.data),
            quarter=_quarter(self.quarter.data),
            departement=self.departement.data if self.departement.data in DEPARTEMENTS else "",
            clause=member(SocialClause, self.clause.data),
            amount=member(AmountBand, self.amount.data),
            buyer=clean_text(self.buyer.data or "")[:80],
            cocontracting={"yes": True, "no": False}.get(self.cocontracting.data or ""),
        )

    def offer(self, found: NeedList) -> "NeedFilterForm":
        """Offer only what leaves something, with how many needs it leaves."""
        counts = found.counts
        everything = _("Tous")
        self._fill(self.sector, everything, counts["sector"], choices(Sector))
        self._fill(self.service, everything, counts["service"], choices(Service))
        self._fill(self.clause, _("Toutes"), counts["clause"], choices(SocialClause))
        self._fill(self.amount, everything, counts["amount"], choices(AmountBand))
        quarters = sorted({*counts["quarter"], *([self.filters.quarter] if self.filters.quarter else [])})
        self._fill(
            self.quarter, everything, counts["quarter"], [(quarter, quarter_name(quarter)) for quarter in quarters]
        )
        places = sorted({*counts["departement"], self.filters.departement} - {ANYWHERE})
        self._fill(
            self.departement, everything, counts["departement"], [(code, departement_label(code)) for code in places]
        )
        buyers = sorted(found.buyers.items(), key=lambda buyer: buyer[1])
        self._fill(self.buyer, everything, counts["buyer"], buyers)
        yes_no = [(True, _("Ouverts à la co-traitance")), (False, _("Sans co-traitance"))]
        self._fill(self.cocontracting, everything, counts["cocontracting"], yes_no)
        return self

    @staticmethod
    def _fill(field: SelectField, first: str, counts: Any, named: Sequence[tuple[Any, str]]) -> None:
        values = {True: "yes", False: "no"} if named and named[0][0] is True else {}
        offered = [
            (str(values.get(value, value)), f"{label} ({counts.get(value, 0)})", counts.get(value, 0))
            for value, label in named
        ]
        kept = [(value, label) for value, label, count in offered if count or value == field.data]
        field.choices = choices_from([("", first), *kept])

    @property
    def kept(self) -> dict[str, str]:
        """The filters for the address of another page of the list."""
        return {name: value for name, value in self.data.items() if value}

    @property
    def has_more(self) -> bool:
        """Whether one of the filters that are folded away is in use."""
        return any(self[name].data for name in ("buyer", "service", "clause", "amount", "cocontracting"))


def _quarter(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 5 else None


class OwnNeedsForm(PlainForm):
    """Search and state of a buyer's own needs."""

    q = StringField(_l("Chercher un mot"), [Length(max=100)])
    state = SelectField(_l("État"))

    def __init__(self, args: MultiDict[str, str]) -> None:
        super().__init__(args)
        self.state.choices = choices_of(NeedState, first=_("En cours"))
        self.words = clean_text(self.q.data or "")[:100]
        self.chosen = member(NeedState, self.state.data)

    @property
    def kept(self) -> dict[str, str]:
        """The filters for the address of another page of the list."""
        return {name: value for name, value in self.data.items() if value}
