"""Calls, criteria and files, as rules and pages need them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from openmap.core.db import page_of, session
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind, Sector, StructureKind
from openmap.organisations.models import Contact, Organisation
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import ApplicationDocument, Criterion, PitchApplication, PitchCall
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration

ROWS_A_PAGE = 20
SENT = frozenset(set(ApplicationState) - {ApplicationState.DRAFT, ApplicationState.WITHDRAWN})
STANDING = frozenset({RegistrationState.PENDING, RegistrationState.WAITING, RegistrationState.APPROVED})


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of files is narrowed to; None and "" mean everything."""

    words: str = ""
    state: ApplicationState | None = None
    kind: StructureKind | None = None
    departement: str = ""
    sector: Sector | None = None
    is_first_time: bool | None = None


def call_of(event: Event) -> PitchCall | None:
    """The call of a morning, published or not."""
    return session.scalars(select(PitchCall).filter_by(event_id=event.id)).one_or_none()


def criteria_of(call: PitchCall, *, with_retired: bool = False) -> Sequence[Criterion]:
    """What the jury judges, in its order; what it judges no more only on demand."""
    rows = select(Criterion).filter_by(call_id=call.id).order_by(Criterion.position, Criterion.id)
    return session.scalars(rows if with_retired else rows.where(Criterion.retired_at.is_(None))).all()


def find_criterion(call: PitchCall, criterion_id: int) -> Criterion | None:
    """One criterion of a call, judged or retired."""
    return session.scalars(select(Criterion).filter_by(call_id=call.id, id=criterion_id)).one_or_none()


def application_of(call: PitchCall, registration: Registration) -> PitchApplication | None:
    """The file of one participant, in any state."""
    own = select(PitchApplication).filter_by(call_id=call.id, registration_id=registration.id)
    return session.scalars(own).one_or_none()


def find_application(call: PitchCall, application_id: int) -> PitchApplication | None:
    """One file of a call by its key, in any state."""
    found = select(PitchApplication).filter_by(call_id=call.id, id=application_id)
    return session.scalars(found.options(*_WITH_WHO)).unique().one_or_none()


def applications_of(registration_ids: Collection[int]) -> Mapping[int, PitchApplication]:
    """The files of many participants, by participant; one query."""
    rows = select(PitchApplication).where(PitchApplication.registration_id.in_(registration_ids))
    found = session.scalars(rows.options(joinedload(PitchApplication.call)))
    return {application.registration_id: application for application in found}


@dataclass(frozen=True, slots=True)
class OwnPitch:
    """The call of a morning as one structure stands before it, with its file if it has begun one."""

    call: PitchCall
    application: PitchApplication | None

    def sendable_until(self, at: datetime) -> datetime | None:
        """Until when its file may still be sent; None once it is sent, withdrawn or too late."""
        if self.application is not None and self.application.state is not ApplicationState.DRAFT:
            return None
        until = self.application.deadline() if self.application else self.call.closes_at
        is_open = self.call.released_at is None and self.call.opens_at <= at < until
        return until if is_open else None


def own_pitch(registration: Registration) -> OwnPitch | None:
    """What a structure has at hand of the published call of its morning."""
    call = call_of(registration.event)
    if call is None or call.published_at is None or registration.kind is not OrganisationKind.STRUCTURE:
        return None
    return OwnPitch(call, application_of(call, registration))


def submitted_applications(call: PitchCall) -> Sequence[PitchApplication]:
    """Every file that was sent and not withdrawn, with its structure, in the order of their refs."""
    rows = (
        select(PitchApplication)
        .join(PitchApplication.registration)
        .where(PitchApplication.call_id == call.id, PitchApplication.state.in_(SENT))
        .options(*_WITH_WHO)
        .order_by(Registration.ref)
    )
    return session.scalars(rows).unique().all()


def files_under_way(call: PitchCall) -> Sequence[PitchApplication]:
    """Every file that another deadline concerns: drafts, and those that were sent and may still change."""
    rows = select(PitchApplication).filter_by(call_id=call.id)
    rows = rows.where(PitchApplication.state.in_((ApplicationState.DRAFT, ApplicationState.SUBMITTED)))
    return session.scalars(rows.options(*_WITH_WHO).order_by(PitchApplication.id)).unique().all()


def applications_page(call: PitchCall, filters: Filters, *, page: int) -> Pagination:
    """One page of the files, the last edited first."""
    rows = _narrowed(call, filters).options(
        contains_eager(PitchApplication.registration).contains_eager(Registration.organisation),
        contains_eager(PitchApplication.registration)
        .contains_eager(Registration.contact)
        .contains_eager(Contact.person),
        selectinload(PitchApplication.documents),
    )
    ordered = rows.order_by(PitchApplication.edited_at.desc(), PitchApplication.id.desc())
    return page_of(ordered, page=page, size=ROWS_A_PAGE)


def narrowed_applications(call: PitchCall, filters: Filters) -> Sequence[PitchApplication]:
    """Every file that the filters leave, for a table."""
    rows = _narrowed(call, filters).options(
        contains_eager(PitchApplication.registration).contains_eager(Registration.organisation),
        contains_eager(PitchApplication.registration)
        .contains_eager(Registration.contact)
        .contains_eager(Contact.person),
        selectinload(PitchApplication.documents),
    )
    return session.scalars(rows.order_by(Registration.ref)).unique().all()


def state_counts(call: PitchCall) -> Mapping[ApplicationState, int]:
    """How many files are in each state; states without any are left out."""
    counted = select(PitchApplication.state, func.count()).filter_by(call_id=call.id).group_by(PitchApplication.state)
    return dict(session.execute(counted).all())


def structures_without_file(call: PitchCall, words: str, *, page: int) -> Pagination:
    """One page of the structures of the morning that have begun no file, by name."""
    rows = (
        select(Registration)
        .join(Registration.organisation)
        .outerjoin(
            PitchApplication,
            and_(PitchApplication.registration_id == Registration.id, PitchApplication.call_id == call.id),
        )
        .where(
            Registration.event_id == call.event_id,
            Registration.kind == OrganisationKind.STRUCTURE,
            Registration.state.in_(STANDING),
            PitchApplication.id.is_(None),
        )
        .options(contains_eager(Registration.organisation))
        .order_by(Organisation.name, Registration.ref)
    )
    for word in words.split():
        said_in = (Organisation.name, Organisation.siret, Registration.ref)
        rows = rows.where(or_(*(column.icontains(word, autoescape=True) for column in said_in)))
    return page_of(rows, page=page, size=ROWS_A_PAGE)


def open_drafts(*, closing_before: datetime, at: datetime) -> Sequence[PitchApplication]:
    """Drafts that can still be sent, whose call or own deadline comes before `closing_before`."""
    ends_at = func.coalesce(PitchApplication.extended_until, PitchCall.closes_at)
    rows = (
        select(PitchApplication)
        .join(PitchApplication.call)
        .join(PitchApplication.registration)
        .where(
            PitchApplication.state == ApplicationState.DRAFT,
            PitchCall.published_at.is_not(None),
            PitchCall.opens_at <= at,
            Registration.state.in_(STANDING),
            or_(PitchCall.closes_at > at, PitchApplication.extended_until > at),
            or_(ends_at <= closing_before, PitchCall.closes_at <= closing_before),
        )
        .options(contains_eager(PitchApplication.call).joinedload(PitchCall.event), *_WITH_WHO)
        .order_by(PitchApplication.id)
    )
    return session.scalars(rows).unique().all()


def find_document(application: PitchApplication, document_id: int) -> ApplicationDocument | None:
    """One document of a file."""
    own = select(ApplicationDocument).filter_by(application_id=application.id, id=document_id)
    return session.scalars(own).one_or_none()


def _narrowed(call: PitchCall, filters: Filters) -> Select[PitchApplication]:
    rows = (
        select(PitchApplication)
        .join(PitchApplication.registration)
        .join(Registration.organisation)
        .join(Registration.contact)
        .join(Contact.person)
        .where(PitchApplication.call_id == call.id)
    )
    wanted = {
        PitchApplication.state: filters.state,
        Organisation.structure_kind: filters.kind,
        Organisation.departement: filters.departement or None,
        Registration.sector: filters.sector,
        PitchApplication.is_first_time: filters.is_first_time,
    }
    for column, value in wanted.items():
        if value is not None:
            rows = rows.where(column == value)
    for word in filters.words.split():
        said_in = (
            PitchApplication.title,
            PitchApplication.speaker,
            Organisation.name,
            Organisation.siret,
            Registration.ref,
        )
        rows = rows.where(or_(*(column.icontains(word, autoescape=True) for column in said_in)))
    return rows


_WITH_WHO = (
    joinedload(PitchApplication.registration).joinedload(Registration.organisation),
    joinedload(PitchApplication.registration).joinedload(Registration.contact).joinedload(Contact.person),
)
