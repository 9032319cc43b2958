"""Reasons, in words."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.catalogue.reasons import Reason, Why
from openmap.organisations.departements import departement_label
from openmap.organisations.enums import OrganisationKind, Sector, Service


def said(reason: Reason, kind: OrganisationKind) -> str:
    """One sentence about a participant of `kind`, as its reader sees it."""
    if reason.needs:
        return _about_needs(reason)
    if reason.why is Why.TOGETHER:
        return str(
            _(
                "Même secteur que vous (%(sectors)s), avec un autre service : %(services)s. Vous pourriez répondre "
                "ensemble.",
                sectors=sectors_in_words(reason.sectors),
                services=", ".join(_(Service.of(word).label).lower() for word in reason.services),
            )
        )
    return _about_sectors(reason, kind) if reason.why is Why.SECTORS else _about_area(reason, kind)


def _about_sectors(reason: Reason, kind: OrganisationKind) -> str:
    sectors = sectors_in_words(reason.sectors)
    if kind is OrganisationKind.BUYER:
        return str(_("Achète dans vos secteurs : %(sectors)s.", sectors=sectors))
    if kind is OrganisationKind.PARTNER:
        return str(_("Connaît vos secteurs : %(sectors)s.", sectors=sectors))
    return str(_("Travaille dans vos secteurs : %(sectors)s.", sectors=sectors))


def _about_area(reason: Reason, kind: OrganisationKind) -> str:
    place = ", ".join(departement_label(code) for code in reason.departements)
    if kind is OrganisationKind.BUYER:
        return str(_("Se trouve dans votre zone : %(place)s.", place=place))
    return str(_("Intervient dans votre département : %(place)s.", place=place))


def sectors_in_words(sectors: Iterable[str]) -> str:
    """« Collecte et traitement des déchets, Restauration »."""
    return ", ".join(_(Sector.of(word).label) for word in sectors)


def _about_needs(reason: Reason) -> str:
    title, count = reason.needs[0].title, len(reason.needs)
    if reason.why is Why.THIS_NEED:
        return _about_this_need(reason)
    if reason.why is Why.OUR_NEEDS:
        sentence = ngettext(
            "Travaille dans le secteur de votre besoin « %(title)s ».",
            "Travaille dans le secteur de %(num)d de vos besoins, dont « %(title)s ».",
            count,
            title=title,
        )
    else:
        sentence = ngettext(
            "A publié un besoin dans vos secteurs : « %(title)s ».",
            "A publié %(num)d besoins dans vos secteurs, dont « %(title)s ».",
            count,
            title=title,
        )
    if not reason.shares_service:
        return str(sentence)
    service = _(Service.of(reason.needs[0].service).label).lower()
    return str(_("%(sentence)s Le service convient aussi : %(service)s.", sentence=sentence, service=service))


def _about_this_need(reason: Reason) -> str:
    need = reason.needs[0]
    common = [str(_("le secteur (%(sector)s)", sector=_(Sector.of(need.sector).label)))]
    if reason.shares_service:
        common.append(str(_("le service (%(service)s)", service=_(Service.of(need.service).label).lower())))
    if reason.shares_area:
        common.append(str(_("le lieu (%(place)s)", place=departement_label(need.departement))))
    return str(_("En commun avec ce besoin : %(common)s.", common=", ".join(common)))
