"""The filters of the catalogue; they live in the address, so nothing is posted."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms import Form as PlainForm

from openmap.catalogue.narrowing import CatalogueFilters, Order
from openmap.catalogue.queries import SHOWN_KINDS, family_of
from openmap.core.choices import choices_from
from openmap.core.models import LabelledEnum
from openmap.core.text import clean_text, plain
from openmap.core.web import LARGEST_KEY
from openmap.organisations.departements import DEPARTEMENTS, ILE_DE_FRANCE, departement_label
from openmap.organisations.enums import BuyerKind, OrganisationKind, PartnerKind, Sector, Service, StructureKind

LONGEST_SEARCH = 100
FAMILIES: Mapping[str, LabelledEnum] = {
    family_of(kind, member): member
    for kind, members in (
        (OrganisationKind.STRUCTURE, StructureKind),
        (OrganisationKind.BUYER, BuyerKind),
        (OrganisationKind.PARTNER, PartnerKind),
    )
    for member in members
}
ORDERS = {
    Order.CONCERNED: _l("D’abord ce qui vous concerne"),
    Order.NAME: _l("Par nom"),
    Order.RECENT: _l("Fiches modifiées récemment"),
}


def filters_of(args: MultiDict[str, str]) -> CatalogueFilters:
    """What the address asks for; words it cannot mean are no filter."""
    need, words = args.get("need", ""), clean_text(args.get("q", ""))[:LONGEST_SEARCH]
    return CatalogueFilters(
        q=words if plain(words) else "",  # signs alone are no word
        who=_known(args.get("who"), SHOWN_KINDS),
        sector=_known(args.get("sector"), Sector),
        service=_known(args.get("service"), Service),
        family=_known(args.get("family"), FAMILIES),
        departement=_known(args.get("departement"), DEPARTEMENTS),
        need=int(need)
        if need.isascii() and need.isdecimal() and 0 < len(need) < 11 and int(need) <= LARGEST_KEY
        else 0,
        mine=args.get("mine") == "1",
        order=_known(args.get("order"), Order),
    )


def _known(value: str | None, known: Iterable[str]) -> str:
    return next((str(each) for each in known if each == value), "")


class FilterForm(PlainForm):
    """The fields of a list, each choice with how many it would leave."""

    q = StringField(_l("Chercher un nom, un mot"))
    who = SelectField(_l("Qui"))
    sector = SelectField(_l("Secteur"))
    service = SelectField(_l("Service"))
    family = SelectField(_l("Type"))
    departement = SelectField(_l("Département"))
    order = SelectField(_l("Trier"))
    mine = BooleanField(_l("Seulement ce qui me concerne : mes besoins ou mes secteurs"))
    need = HiddenField()

    def __init__(self, filters: CatalogueFilters, counts: Mapping[str, Mapping[str, int]], *, has_reader: bool) -> None:
        super().__init__(data={name: getattr(filters, name) for name in CatalogueFilters.__dataclass_fields__})
        self.who.choices = _counted(_("Tout le monde"), counts["who"], filters.who, _label_in(OrganisationKind))
        self.sector.choices = _counted(_("Tous"), counts["sector"], filters.sector, _label_in(Sector))
        self.service.choices = _counted(_("Tous"), counts["service"], filters.service, _label_in(Service))
        self.family.choices = _counted(_("Tous"), counts["family"], filters.family, _family)
        self.departement.choices = _counted(
            _("Tous"), counts["departement"], filters.departement, departement_label, by=_place
        )
        offered = [order for order in ORDERS if has_reader or order is not Order.CONCERNED]
        self.order.choices = choices_from((str(order), ORDERS[order]) for order in offered)
        self.order.data = filters.order if filters.order in offered else offered[0]


def _label_in(kind: type[LabelledEnum]) -> Callable[[str], str]:
    return lambda word: str(_(kind.of(word).label))


def _family(word: str) -> str:
    return str(_(FAMILIES[word].label)) if word in FAMILIES else str(_("Autre"))


def _place(choice: tuple[str, str]) -> tuple[bool, str]:
    """Île-de-France first, since that is where most are."""
    return choice[0] not in ILE_DE_FRANCE, choice[0]


def _counted(
    everything: str,
    counts: Mapping[str, int],
    chosen: str,
    label: Callable[[str], str],
    *,
    by: Callable[[tuple[str, str]], object] = lambda choice: choice[1],
) -> list[Any]:
    """« Restauration (12) », without the values that would leave nothing, but for the chosen one."""
    words = {word for word, count in counts.items() if count and word} | ({chosen} if chosen else set())
    choices = sorted(((word, f"{label(word)} ({counts.get(word, 0)})") for word in words), key=by)  # type: ignore[arg-type] # tuples and words both compare
    return choices_from([("", everything), *choices])
