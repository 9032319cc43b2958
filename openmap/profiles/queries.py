"""Profiles, as pages need them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from openmap.core.db import session
from openmap.core.files import StoredFile
from openmap.organisations.models import Contact, Organisation
from openmap.profiles.models import Profile, ProfileDesk, ProfileDocument, ProfileVersion
from openmap.profiles.sheets import Sheet, sheet_from, sheet_of

WHOLE = (
    selectinload(Profile.documents),
    selectinload(Profile.desks).selectinload(ProfileDesk.seats),
)


def profile_of(organisation: Organisation) -> Profile | None:
    """What an organisation says of itself, if it ever did."""
    own = select(Profile).filter_by(organisation_id=organisation.id).options(*WHOLE)
    return session.scalars(own).one_or_none()


def profiles_of(organisation_ids: Iterable[int]) -> Mapping[int, Profile]:
    """The profiles of several organisations, by the organisation's key, in a constant number of queries."""
    own = select(Profile).where(Profile.organisation_id.in_(list(organisation_ids))).options(*WHOLE)
    return {profile.organisation_id: profile for profile in session.scalars(own)}


def current_sheets(organisation_ids: Iterable[int]) -> Mapping[int, Sheet]:
    """Today's sheets of several organisations, by the organisation's key; those without a profile are left out."""
    return {key: sheet_of(profile) for key, profile in profiles_of(organisation_ids).items()}


def versions_as_of(organisation_ids: Select[Any] | Collection[int], moment: datetime) -> Select[Any]:
    """The last saving of each organisation's profile up to `moment`: organisation, content, instant."""
    latest = (
        select(ProfileVersion.profile_id, func.max(ProfileVersion.number).label("number"))
        .join(Profile, Profile.id == ProfileVersion.profile_id)
        .where(Profile.organisation_id.in_(organisation_ids), ProfileVersion.saved_at <= moment)
        .group_by(ProfileVersion.profile_id)
        .subquery()
    )
    return (
        select(Profile.organisation_id, ProfileVersion.content, ProfileVersion.saved_at)
        .join(ProfileVersion, ProfileVersion.profile_id == Profile.id)
        .join(latest, (latest.c.profile_id == Profile.id) & (latest.c.number == ProfileVersion.number))
    )


def sheets_as_of(organisation_ids: Collection[int], moment: datetime) -> Mapping[int, Sheet]:
    """The sheets as they were at `moment`: the snapshot that a past morning shows; who had none is left out."""
    rows = session.execute(versions_as_of(organisation_ids, moment))
    return {organisation_id: sheet_from(content) for organisation_id, content, _saved_at in rows}


def find_version(profile: Profile, number: int) -> ProfileVersion | None:
    """One saving of a profile."""
    return session.scalars(select(ProfileVersion).filter_by(profile_id=profile.id, number=number)).one_or_none()


def last_change(profile: Profile) -> ProfileVersion | None:
    """The last saving, with who did it."""
    found = select(ProfileVersion).filter_by(profile_id=profile.id, number=profile.version)
    return session.scalars(found.options(joinedload(ProfileVersion.saved_by))).one_or_none()


def find_document(organisation: Organisation, document_id: int) -> ProfileDocument | None:
    """A document of this organisation, removed or not."""
    own = (
        select(ProfileDocument)
        .join(ProfileDocument.profile)
        .where(Profile.organisation_id == organisation.id, ProfileDocument.id == document_id)
    )
    return session.scalars(own).one_or_none()


def logo_of(sheet: Sheet) -> StoredFile | None:
    """The logo that a sheet shows."""
    return session.get(StoredFile, sheet.logo_id) if sheet.logo_id else None


def find_desk(profile: Profile, desk_id: int) -> ProfileDesk | None:
    """A service of this buyer."""
    return session.scalars(select(ProfileDesk).filter_by(profile_id=profile.id, id=desk_id)).one_or_none()


def current_contacts(organisation: Organisation) -> Sequence[Contact]:
    """Who may sit at a desk: the people of the organisation who have not left it, in the order of their coming."""
    present = (
        select(Contact)
        .where(Contact.organisation_id == organisation.id, Contact.left_at.is_(None))
        .options(joinedload(Contact.person))
        .order_by(Contact.id)
    )
    return session.scalars(present).all()


def seated_contacts(contact_ids: Iterable[int]) -> Mapping[int, Contact]:
    """The people who sit at desks, by key; who left since is left out."""
    present = select(Contact).where(Contact.id.in_(list(contact_ids)), Contact.left_at.is_(None))
    return {contact.id: contact for contact in session.scalars(present.options(joinedload(Contact.person)))}
