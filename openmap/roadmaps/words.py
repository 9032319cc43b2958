"""Quarters, amounts, lots and places as people read them, in the language of the page."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from openmap.core.models import LabelledEnum
from openmap.organisations.departements import departement_label
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.models import Need
from openmap.roadmaps.quarters import first_day


def quarter_name(quarter: int) -> str:
    """« 3e trimestre 2027 »."""
    return str(format_date(first_day(quarter), "QQQQ y"))


def quarter_short(quarter: int) -> str:
    """« T3 2027 »."""
    return str(format_date(first_day(quarter), "QQQ y"))


def euros(amount: int) -> str:
    """« 50 000 € », or "€50,000" in English."""
    return str(_("%(amount)s €", amount=format_decimal(amount)))


def amount_range(low: int | None, high: int | None) -> str:
    """« 40 000 à 90 000 € HT »; "" when nothing is said of it."""
    if low is None and high is None:
        return ""
    if low == high and low is not None:
        return str(_("environ %(amount)s HT", amount=euros(low)))
    if high is None:
        return str(_("à partir de %(amount)s HT", amount=euros(low or 0)))
    if not low:
        return str(_("jusqu’à %(amount)s HT", amount=euros(high)))
    return str(_("%(low)s à %(high)s HT", low=format_decimal(low), high=euros(high)))


def lots(count: int | None) -> str:
    """« non alloti », « 3 lots »; "" while nobody knows."""
    if count is None:
        return ""
    return str(_("non alloti") if count == 1 else ngettext("%(num)d lot", "%(num)d lots", count))


def place(need: Need) -> str:
    """« Bobigny, Seine-Saint-Denis (93) », the département alone, or « plusieurs départements »."""
    area = departement_label(need.departement) if need.departement else str(_("plusieurs départements"))
    is_said = not need.city or area.startswith(f"{need.city} (")  # Paris is both
    return area if is_said else f"{need.city}, {area}"


def clause_short(clause: SocialClause) -> str:
    """A clause in two words, "" when nothing is decided: details are on the page of the need."""
    words = {
        SocialClause.INSERTION: _("Clause d’insertion"),
        SocialClause.RESERVED: _("Marché réservé"),
        SocialClause.CRITERION: _("Critère social"),
    }
    return str(words.get(clause, ""))


def written(name: str, value: Any) -> str:
    """One thing that is written of a need, by its name in NeedDetails, as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, LabelledEnum):
        return str(_(value.label))
    if isinstance(value, bool):
        return str(_("oui") if value else _("non"))
    readers: dict[str, Callable[[Any], str]] = {
        "quarter": quarter_name,
        "amount_low": euros,
        "amount_high": euros,
        "departement": departement_label,
    }
    return readers.get(name, str)(value)


def register_filters(blueprint: Blueprint) -> None:
    """Make them filters and functions of every template."""
    for function in (quarter_name, quarter_short, lots, place, clause_short):
        blueprint.add_app_template_filter(function)
    blueprint.add_app_template_global(amount_range)
    blueprint.add_app_template_global(written)
