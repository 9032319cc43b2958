"""Roadmaps and needs, as pages and other features need them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from openmap.accounts.models import Person
from openmap.core.db import page_of, session
from openmap.core.text import plain
from openmap.events.models import Event
from openmap.organisations.enums import ContactRole, OrganisationKind, Sector, Service
from openmap.organisations.models import Contact, Organisation
from openmap.organisations.queries import ids_open_to, not_merged, surviving
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.roadmaps.enums import NeedState
from openmap.roadmaps.models import Follower, HiddenRoadmap, Need, NeedSheet, Roadmap
from openmap.roadmaps.quarters import horizon, quarter_of

NEEDS_A_PAGE = 20


def find_roadmap(slug: str) -> Roadmap | None:
    """The roadmap with this address; that of a buyer merged into another leads to the other's."""
    found = session.scalars(select(Roadmap).filter_by(slug=slug)).one_or_none()
    if found is None:
        return None
    owner = surviving(found.organisation)
    return found if owner is found.organisation else roadmap_of(owner)


def roadmap_of(organisation: Organisation) -> Roadmap | None:
    """The roadmap of a buyer, if it has begun one."""
    return session.scalars(select(Roadmap).filter_by(organisation_id=organisation.id)).one_or_none()


def own_buyers(person: Person) -> Select[Organisation]:
    """The buyers whose needs a person may write: as one of its people for that, or as the contact of a desk let in."""
    desks = (
        select(Registration.organisation_id)
        .join(Registration.contact)
        .where(Contact.person_id == person.id, Contact.left_at.is_(None), _is_buyer_let_in())
    )
    own = or_(Organisation.id.in_(ids_open_to(person, ContactRole.PROFILE)), Organisation.id.in_(desks))
    return select(Organisation).where(Organisation.kind == OrganisationKind.BUYER, own).order_by(Organisation.name)


def buyers_of(person: Person) -> Sequence[Organisation]:
    """The same, by name; an organiser has none but their own."""
    return session.scalars(own_buyers(person)).unique().all()


def buyer_with(organisation_id: int) -> Organisation | None:
    """A public buyer by its id."""
    return session.scalars(
        select(Organisation).filter_by(id=organisation_id, kind=OrganisationKind.BUYER)
    ).one_or_none()


def may_write(person: Person, organisation_id: int) -> bool:
    """Whether `person` may write the needs of a buyer; organisers may write everybody's."""
    own = own_buyers(person).where(Organisation.id == organisation_id)
    return person.is_organiser or session.scalars(own).unique().first() is not None


def on_behalf_of(organisation_id: int, by: Person | None) -> dict[str, int]:
    """What the trace adds when an organiser writes the needs of a buyer."""
    own = by is None or session.scalars(own_buyers(by).where(Organisation.id == organisation_id)).unique().first()
    return {} if own else {"on_behalf_of_organisation": organisation_id}


def roadmap_slugs(organisations: Iterable[Organisation]) -> dict[int, str]:
    """The addresses of the roadmaps of some buyers, by organisation id."""
    ids = [organisation.id for organisation in organisations]
    rows = select(Roadmap.organisation_id, Roadmap.slug).where(Roadmap.organisation_id.in_(ids))
    return dict(session.execute(rows).all())


def all_buyers(words: str = "") -> Sequence[Organisation]:
    """Every buyer whose name holds all of `words`, whatever the accents; for organisers."""
    buyers = select(Organisation).where(Organisation.kind == OrganisationKind.BUYER, not_merged())
    rows = buyers.order_by(Organisation.name)
    wanted = plain(words).split()
    return [buyer for buyer in session.scalars(rows) if all(word in plain(buyer.name) for word in wanted)]


# --- needs


def needs_of_roadmap(roadmap: Roadmap) -> Sequence[Need]:
    """Every need of one buyer in its own order, whatever their state; with their contacts."""
    own = select(Need).filter_by(roadmap_id=roadmap.id).order_by(Need.position, Need.id)
    return session.scalars(own.options(joinedload(Need.contact).joinedload(Contact.person))).all()


def own_needs_page(roadmap: Roadmap, words: str, state: NeedState | None, *, page: int) -> Pagination:
    """One page of a buyer's needs in its own order, with their contacts; without `state`, those not archived."""
    own = select(Need).filter_by(roadmap_id=roadmap.id).order_by(Need.position, Need.id)
    rows = own.where(Need.state != NeedState.ARCHIVED if state is None else Need.state == state)
    for word in plain(words).split():
        rows = rows.where(Need.words.contains(word, autoescape=True))
    return page_of(rows.options(joinedload(Need.contact).joinedload(Contact.person)), page=page, size=NEEDS_A_PAGE)


def state_counts(roadmap: Roadmap) -> Mapping[NeedState, int]:
    """How many needs of a buyer are in each state; states without any are left out."""
    counted = select(Need.state, func.count()).filter_by(roadmap_id=roadmap.id).group_by(Need.state)
    return dict(session.execute(counted).all())


def need_of(roadmap: Roadmap, need_id: int) -> Need | None:
    """One need of one buyer, in any state."""
    found = select(Need).filter_by(roadmap_id=roadmap.id, id=need_id)
    return session.scalars(found.options(joinedload(Need.roadmap))).one_or_none()


def published(*, day: date) -> Select[Need]:
    """Every need that everybody may read on `day`: published, and not of a quarter that is over; unordered."""
    return (
        select(Need)
        .join(Need.roadmap)
        .join(Roadmap.organisation)
        .where(Need.state == NeedState.PUBLISHED, Need.quarter >= quarter_of(day))
    )


def published_at_morning(event: Event) -> Select[Need]:
    """The needs shown at a morning: of the buyers let in, over the 18 months from its day, unless hidden; unordered."""
    span = horizon(event.held_on)
    return published(day=event.held_on).where(Need.quarter < span.stop, _is_shown_at(event))


def _is_shown_at(event: Event) -> ColumnElement[bool]:
    comes = exists().where(
        Registration.organisation_id == Roadmap.organisation_id, Registration.event_id == event.id, _is_buyer_let_in()
    )
    hidden = exists().where(HiddenRoadmap.roadmap_id == Roadmap.id, HiddenRoadmap.event_id == event.id)
    return and_(comes, ~hidden)


def _is_buyer_let_in() -> ColumnElement[bool]:
    return and_(
        Registration.kind == OrganisationKind.BUYER,
        Registration.state == RegistrationState.APPROVED,
    )


def loaded(needs: Select[Need]) -> Select[Need]:
    """The same needs with their roadmap and buyer, in the order of quarters, buyers and their own."""
    return needs.options(contains_eager(Need.roadmap).contains_eager(Roadmap.organisation)).order_by(
        Need.quarter, Organisation.name, Need.position, Need.id
    )


def needs_of(organisation: Organisation, event: Event) -> Sequence[Need]:
    """The needs of one buyer that a morning shows, the nearest quarter first."""
    own = published_at_morning(event).where(Roadmap.organisation_id == organisation.id)
    return session.scalars(loaded(own)).unique().all()


def alike(need: Need, *, day: date, limit: int) -> Sequence[Need]:
    """Needs of other buyers in the same sector that everybody may read on `day`, the nearest first."""
    others = published(day=day).where(Need.sector == need.sector, Need.roadmap_id != need.roadmap_id)
    return session.scalars(loaded(others).limit(limit)).unique().all()


@dataclass(frozen=True, slots=True)
class NeedMatch:
    """A need and what it shares with a structure: its sector, always, and perhaps its service and its area."""

    need: Need
    shares_service: bool
    shares_area: bool

    @property
    def strength(self) -> int:
        """How many things are shared; for the order of a list, never to be shown."""
        return 1 + self.shares_service + self.shares_area


def match(
    need: Need, services: Collection[Service], sectors: Collection[Sector], departements: Collection[str]
) -> NeedMatch | None:
    """What a need shares with who works so; None when not even the sector.

    A need for several départements is in everybody's area; an empty `services` or `departements` shares nothing.
    """
    if need.sector not in sectors:
        return None
    in_area = bool(departements) and (not need.departement or need.departement in departements)
    return NeedMatch(need, need.service in services, in_area)


def needs_for(
    services: Collection[Service], sectors: Collection[Sector], departements: Collection[str], event: Event
) -> Sequence[NeedMatch]:
    """The needs of a morning that may interest who works so, those that share most first, then the nearest; one query.

    Each need comes with its roadmap and organisation.
    """
    alike = loaded(published_at_morning(event).where(Need.sector.in_(sectors)))
    found = (match(need, services, sectors, departements) for need in session.scalars(alike).unique())
    return sorted((each for each in found if each is not None), key=lambda each: -each.strength)


# --- mornings of a roadmap


def mornings_of(roadmap: Roadmap) -> Sequence[tuple[Event, bool]]:
    """The mornings a buyer is let in to, the latest first, and whether its roadmap is shown there."""
    hidden = exists().where(HiddenRoadmap.roadmap_id == roadmap.id, HiddenRoadmap.event_id == Event.id)
    own = Event.id.in_(_events_of(roadmap.organisation_id))
    rows = select(Event, ~hidden).where(own, Event.is_draft.is_(False))
    return [(event, shown) for event, shown in session.execute(rows.order_by(Event.held_on.desc()))]


def desks_for(need: Need, *, at: datetime) -> Sequence[Registration]:
    """Where a structure may ask for a meeting about a need: the desks of its buyer at mornings open for requests."""
    rows = (
        select(Registration)
        .join(Registration.event)
        .where(
            Registration.organisation_id == need.roadmap.organisation_id,
            _is_buyer_let_in(),
            Event.requests_close_at > at,
            Event.is_draft.is_(False),
        )
        .options(contains_eager(Registration.event))
        .order_by(Event.held_on, Registration.ref)
    )
    return session.scalars(rows).unique().all()


def structures_of(person: Person, events: Collection[int]) -> dict[int, Registration]:
    """How a person's structure takes part in some mornings, let in, by event id."""
    own = (
        select(Registration)
        .join(Registration.contact)
        .where(
            Contact.person_id == person.id,
            Registration.event_id.in_(events),
            Registration.kind == OrganisationKind.STRUCTURE,
            Registration.state == RegistrationState.APPROVED,
        )
    )
    return {registration.event_id: registration for registration in session.scalars(own).unique()}


def _events_of(organisation_id: int) -> Select[int]:
    return select(Registration.event_id).where(Registration.organisation_id == organisation_id, _is_buyer_let_in())


# --- sheets and followers


def sheet_of(roadmap: Roadmap, sheet_id: int) -> NeedSheet | None:
    """A sheet sent for this roadmap and not purged yet."""
    return session.scalars(select(NeedSheet).filter_by(roadmap_id=roadmap.id, id=sheet_id)).one_or_none()


def follower_of(person: Person) -> Follower | None:
    """What a person wants to be told of."""
    return session.scalars(select(Follower).filter_by(person_id=person.id)).one_or_none()


def follower_with(follower_id: int) -> Follower | None:
    """A follower by its id."""
    return session.scalars(select(Follower).filter_by(id=follower_id)).one_or_none()


def published_since(since: Mapping[Sector, datetime], until: datetime) -> Sequence[Need]:
    """The needs first published after the instant of their sector, up to `until`, and still published."""
    new = [and_(Need.sector == sector, Need.published_at > instant) for sector, instant in since.items()]
    rows = published(day=until.date()).where(Need.published_at <= until, or_(false(), *new))
    return session.scalars(loaded(rows)).unique().all()


def contacts_of(roadmap: Roadmap) -> Sequence[Contact]:
    """The people of a buyer who may be named as the contact of a need."""
    present = select(Contact).filter_by(organisation_id=roadmap.organisation_id, left_at=None)
    return session.scalars(present.options(joinedload(Contact.person)).order_by(Contact.id)).all()


def contacts_in_words(roadmap: Roadmap) -> dict[str, int]:
    """The ids of a buyer's contacts by mail address and by name, in plain words."""
    contacts = contacts_of(roadmap)
    named = {plain(contact.person.name): contact.id for contact in contacts if contact.person.name}
    return named | {plain(contact.person.email): contact.id for contact in contacts}
