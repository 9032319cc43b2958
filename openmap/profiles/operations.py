"""Saving a profile part by part; every saving leaves a version behind."""

from collections.abc import Collection, Mapping
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.files import CheckedFile, keep_file
from openmap.core.text import mark, plain
from openmap.organisations.delegating import on_behalf_of
from openmap.organisations.enums import Sector, Service
from openmap.organisations.models import Organisation
from openmap.profiles import queries
from openmap.profiles.enums import Part
from openmap.profiles.models import DeskSeat, Profile, ProfileDesk, ProfileDocument, ProfileVersion
from openmap.profiles.sheets import EMPTY, FIELDS, Sheet, content_of, sheet_from, sheet_of

DOCUMENT_LIMIT = 6
DESK_LIMIT = 40


class ChangedMeanwhile(Conflict):
    """A colleague saved the same part after the page was shown."""

    message = mark(
        "%(who)s a modifié cette partie pendant que vous écriviez. Rien n’est perdu : comparez ci-dessous, puis "
        "enregistrez de nouveau pour garder votre version."
    )


class InsertionBeyondStaff(RuleBroken):
    """Part of the staff cannot be more than the staff."""

    message = mark("Le nombre de personnes en insertion ou en situation de handicap est compris dans l’effectif total.")
    field = "insertion_count"


class TooManyDocuments(RuleBroken):
    """Nobody reads more."""

    message = mark("%(limit)s documents au plus : retirez-en un avant d’en ajouter un autre.")


class DeskNameTaken(RuleBroken):
    """Two services of one body have two names."""

    message = mark("Une délégation porte déjà ce nom. Choisissez-en un autre, ou modifiez celle qui existe.")
    field = "name"


class TooManyDesks(RuleBroken):
    """More than any body brings."""

    message = mark("%(limit)s délégations au plus.")


def find_or_add_profile(organisation: Organisation, *, at: datetime) -> Profile:
    """The profile of an organisation, an empty one if it never said anything."""
    profile = queries.profile_of(organisation)
    if profile is None:
        profile = Profile(organisation_id=organisation.id, updated_at=at)
        session.add(profile)
        session.flush()
    return profile


def save_part(
    organisation: Organisation,
    part: Part,
    values: Mapping[str, object],
    *,
    seen: int,
    by: Person | None,
    at: datetime,
) -> Profile:
    """Save one part; `seen` is the version that the page showed, 0 for a profile that did not exist.

    Another part saved meanwhile is no conflict, and what changes nothing leaves no version.
    Raises ChangedMeanwhile, InsertionBeyondStaff.
    """
    profile = lock(find_or_add_profile(organisation, at=at))
    check_unchanged(profile, part, values, seen=seen)
    if all(getattr(profile, field) == values[field] for field in FIELDS[part]):
        return profile
    for field in FIELDS[part]:
        setattr(profile, field, values[field])
    if profile.insertion_count is not None and profile.insertion_count > (profile.staff_count or 0):
        raise InsertionBeyondStaff
    return _saved(profile, part, by=by, at=at)


def seed_profile(
    organisation: Organisation,
    *,
    sector: Sector,
    offer: str,
    services: Collection[Service] = (),
    by: Person | None,
    at: datetime,
) -> Profile:
    """Begin a profile with what a registration says; what the profile says already stays."""
    profile = lock(find_or_add_profile(organisation, at=at))
    before = sheet_of(profile)
    profile.summary = profile.summary or offer
    profile.sectors = profile.sectors or frozenset({sector})
    profile.services = profile.services or frozenset(services)
    return profile if sheet_of(profile) == before else _saved(profile, Part.SUMMARY, by=by, at=at)


def save_sheet(organisation: Organisation, sheet: Sheet, *, by: Person | None, at: datetime) -> Profile:
    """Save everything that can be typed at once, as an import does: desks too, no logo and no documents."""
    profile = lock(find_or_add_profile(organisation, at=at))
    for part in set(FIELDS) - {Part.LOGO, Part.DOCUMENTS, Part.DESKS}:
        for field in FIELDS[part]:
            value = getattr(sheet, field)
            setattr(profile, field, frozenset(value) if isinstance(value, tuple) else value)
    profile.desks = [
        ProfileDesk(
            name=desk.name,
            about=desk.about,
            sectors=frozenset(desk.sectors),
            seats=[DeskSeat(contact_id=contact_id) for contact_id in desk.contact_ids],
        )
        for desk in sheet.desks
    ]
    return _saved(profile, Part.SUMMARY, by=by, at=at)


def add_document(
    organisation: Organisation, checked: CheckedFile, *, title: str, by: Person | None, at: datetime
) -> ProfileDocument:
    """Show one more PDF. Raises TooManyDocuments."""
    profile = lock(find_or_add_profile(organisation, at=at))
    if len(profile.current_documents) >= DOCUMENT_LIMIT:
        raise TooManyDocuments(limit=DOCUMENT_LIMIT)
    document = ProfileDocument(file_id=keep_file(checked, at=at).id, title=title, added_at=at)
    profile.documents.append(document)
    session.flush()
    _saved(profile, Part.DOCUMENTS, by=by, at=at)
    return document


def remove_document(document: ProfileDocument, *, by: Person | None, at: datetime) -> None:
    """Stop showing a PDF; mornings that are past keep it. Removing twice is removing once."""
    profile = lock(document.profile)
    if document.removed_at is None:
        document.removed_at = at
        _saved(profile, Part.DOCUMENTS, by=by, at=at)


def set_logo(
    organisation: Organisation, checked: CheckedFile | None, *, alt: str, by: Person | None, at: datetime
) -> Profile:
    """Show a logo, said in words by `alt`; None keeps the picture and changes the words."""
    profile = lock(find_or_add_profile(organisation, at=at))
    if checked is not None:
        profile.logo_id = keep_file(checked, at=at).id
    profile.logo_alt = alt
    return _saved(profile, Part.LOGO, by=by, at=at)


def remove_logo(organisation: Organisation, *, by: Person | None, at: datetime) -> None:
    """Stop showing the logo; removing twice is removing once."""
    profile = lock(find_or_add_profile(organisation, at=at))
    if profile.logo_id is not None:
        profile.logo_id, profile.logo_alt = None, ""
        _saved(profile, Part.LOGO, by=by, at=at)


def save_desk(
    organisation: Organisation,
    desk_id: int | None,
    *,
    name: str,
    about: str,
    sectors: Collection[Sector],
    contact_ids: Collection[int],
    by: Person | None,
    at: datetime,
) -> ProfileDesk:
    """Say who sits at a desk of a buyer and what it buys; None adds one. Foreign contacts are left out.

    Raises DeskNameTaken, TooManyDesks.
    """
    profile = lock(find_or_add_profile(organisation, at=at))
    others = [desk for desk in profile.desks if desk.id != desk_id]
    if any(plain(other.name) == plain(name) for other in others):
        raise DeskNameTaken
    if len(others) >= DESK_LIMIT:
        raise TooManyDesks(limit=DESK_LIMIT)
    desk = next((desk for desk in profile.desks if desk.id == desk_id), None)
    if desk is None:
        desk = ProfileDesk(name=name)
        profile.desks.append(desk)
    desk.name, desk.about, desk.sectors = name, about, frozenset(sectors)
    _seat(desk, {contact.id for contact in queries.current_contacts(organisation)} & set(contact_ids))
    session.flush()
    _saved(profile, Part.DESKS, by=by, at=at)
    return desk


def remove_desk(desk: ProfileDesk, *, by: Person | None, at: datetime) -> None:
    """Take a service off the profile; what it does at a morning stays."""
    profile = lock(desk.profile)
    if desk in profile.desks:
        profile.desks.remove(desk)
        session.flush()
        _saved(profile, Part.DESKS, by=by, at=at)


def check_unchanged(profile: Profile, part: Part, values: Mapping[str, object], *, seen: int) -> None:
    """Whether `part` is still as the page showed it, or already as it is to be.

    Raises ChangedMeanwhile.
    """
    now, before = sheet_of(profile), sheet_seen(profile, seen)
    differing = [field for field in FIELDS[part] if getattr(now, field) != getattr(before, field)]
    if all(getattr(profile, field) == values[field] for field in differing):
        return
    change = queries.last_change(profile)
    raise ChangedMeanwhile(who=change.saved_by.display_name if change and change.saved_by else "OpenMap")


def sheet_seen(profile: Profile, seen: int) -> Sheet:
    """The sheet that the page showed; of a version that never was, an empty one."""
    version = queries.find_version(profile, seen)
    return sheet_from(version.content) if version else EMPTY


def _seat(desk: ProfileDesk, contact_ids: set[int]) -> None:
    desk.seats = [seat for seat in desk.seats if seat.contact_id in contact_ids]
    seated = {seat.contact_id for seat in desk.seats}
    desk.seats.extend(DeskSeat(contact_id=contact_id) for contact_id in sorted(contact_ids - seated))


def _saved(profile: Profile, part: Part, *, by: Person | None, at: datetime) -> Profile:
    session.flush()
    profile.version += 1
    profile.updated_at = at
    profile.search_text = searchable(sheet_of(profile))
    session.add(
        ProfileVersion(
            profile_id=profile.id,
            number=profile.version,
            saved_at=at,
            saved_by_id=by.id if by else None,
            content=content_of(profile),
        )
    )
    body = profile.organisation_id
    audit.record(by, "profile.saved", profile, at=at, part=str(part), organisation_id=body, **on_behalf_of(body, by))
    return profile


def searchable(sheet: Sheet) -> str:
    """The words by which a profile is found, without accents; the name is its organisation's."""
    words = [sheet.summary, sheet.references, sheet.other_labels, sheet.other_networks]
    words += [member.label for member in (*sheet.services, *sheet.sectors, *sheet.labels, *sheet.networks)]
    words += [f"{desk.name} {desk.about}" for desk in sheet.desks]
    return plain(" ".join(words))
