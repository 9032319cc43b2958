"""Dull rows for stories: each factory makes one valid thing, and takes only what the story is about.

They run inside `unit_of_work()`; `build_event` gives a morning of four quarter-hour slots and four tables.
"""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from openmap.accounts.models import Person
from openmap.coaching.models import Coach, CoachingBooking, CoachingSession
from openmap.core.db import session
from openmap.core.files import CheckedFile, StoredFile, keep_file
from openmap.core.spreadsheets import Sheet
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, MeetingSession, ProgrammeItem, Series, Table, TimeSlot
from openmap.exhibition.models import Exhibition, Stand
from openmap.invitations.models import GuestSheet, Invitation
from openmap.juries.models import Assignment, PitchReview, Reviewer, Score
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.delegating import Delegation
from openmap.organisations.enums import BuyerKind, OrganisationKind, PartnerKind, Sector, Service, StructureKind
from openmap.organisations.models import ColleagueInvitation, Contact, Organisation
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import Criterion, PitchApplication, PitchCall
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.models import Answer, Question
from openmap.questions.operations import Wording, add_question, keep_answers
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Capacity, Desk, Registration, RegistrationDraft, Unavailability
from openmap.registrations.operations import start_draft
from openmap.roadmaps.details import NeedDetails
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.models import Need, NeedSheet, Roadmap
from openmap.roadmaps.operations import add_need, begin_roadmap, keep_sheet
from openmap.roadmaps.quarters import quarter_of

_numbers = count(1)
OWN_COMPANIES = 1_000_000  # beyond the numbers that stories type themselves


def build_person(name: str = "", *, email: str = "", is_organiser: bool = False, at: datetime) -> Person:
    """Someone with a mail address of their own."""
    person = Person(
        name=name, email=email or f"personne{next(_numbers)}@exemple.fr", is_organiser=is_organiser, created_at=at
    )
    session.add(person)
    return person


def build_event(*, at: datetime, slug: str = "", slot_count: int = 4, table_count: int = 4, quota: int = 5) -> Event:
    """A morning a month after `at`, open for registration, requests and answers."""
    number = next(_numbers)
    series = Series(slug=f"serie-{number}", name="OpenMap ESS")
    session.add(series)
    session.flush()
    start = (at + timedelta(days=30)).replace(hour=9, minute=30, second=0, microsecond=0)
    event = Event(
        series_id=series.id,
        slug=slug or f"matinale-{number}",
        title="Matinale de l’économie circulaire",
        sector=Sector.WASTE,
        held_on=date(start.year, start.month, start.day),
        venue="Ressourcerie du Spectacle",
        address="Vitry-sur-Seine (94)",
        registration_closes_at=at + timedelta(days=10),
        requests_close_at=at + timedelta(days=15),
        answers_close_at=at + timedelta(days=20),
        request_quota=quota,
    )
    session.add(event)
    session.flush()
    _add_slots(event, start, slot_count)
    session.add_all(Table(event_id=event.id, number=number) for number in range(1, table_count + 1))
    session.flush()
    return event


def _add_slots(event: Event, start: datetime, slot_count: int) -> None:
    meeting_session = MeetingSession(event_id=event.id, position=0)
    session.add(meeting_session)
    session.flush()
    quarter = timedelta(minutes=15)
    for position in range(slot_count):
        session.add(
            TimeSlot(
                event_id=event.id,
                meeting_session_id=meeting_session.id,
                position=position,
                starts_at=start + position * quarter,
                ends_at=start + (position + 1) * quarter,
            )
        )
    end = start + slot_count * quarter
    session.add(
        ProgrammeItem(event_id=event.id, kind=ProgrammeKind.MEETINGS, title="Rendez-vous", starts_at=start, ends_at=end)
    )


def build_structure(
    event: Event,
    name: str = "Atelier Soleil",
    *,
    at: datetime,
    contact: Person | None = None,
    state: RegistrationState = RegistrationState.APPROVED,
    unavailable: tuple[int, ...] = (),
) -> Registration:
    """An approved ESAT; `unavailable` are slot positions."""
    organisation = Organisation(
        kind=OrganisationKind.STRUCTURE,
        name=name,
        siret=valid_siret(OWN_COMPANIES + next(_numbers)),
        departement="93",
        structure_kind=StructureKind.ESAT,
        created_at=at,
    )
    return _register(event, organisation, contact, state, unavailable, at=at)


def build_desk(
    event: Event,
    name: str = "DSI",
    *,
    body: str = "Ville de Paris",
    at: datetime,
    contact: Person | None = None,
    table_number: int | None = None,
    state: RegistrationState = RegistrationState.APPROVED,
    unavailable: tuple[int, ...] = (),
) -> Desk:
    """An approved desk of a local authority, at a table when the story needs one."""
    organisation = Organisation(
        kind=OrganisationKind.BUYER, name=body, departement="75", buyer_kind=BuyerKind.LOCAL_AUTHORITY, created_at=at
    )
    registration = _register(event, organisation, contact, state, unavailable, at=at)
    desk = Desk(
        event_id=event.id, organisation_id=organisation.id, registration_id=registration.id, name=name, table_id=None
    )
    if table_number is not None:
        desk.table_id = next(table.id for table in event.tables if table.number == table_number)
    session.add(desk)
    session.flush()
    return desk


def build_colleague_invitation(contact: Contact, *, at: datetime) -> ColleagueInvitation:
    """A colleague whom `contact` asked to join them; nobody knows the link."""
    invitation = ColleagueInvitation(
        organisation_id=contact.organisation_id,
        email=f"collegue{next(_numbers)}@exemple.fr",
        roles=["meetings"],
        token_hash=f"{next(_numbers):064d}",
        invited_by_id=contact.person_id,
        created_at=at,
        expires_at=at + timedelta(days=14),
    )
    session.add(invitation)
    session.flush()
    return invitation


def build_guest(event: Event, *, at: datetime) -> Invitation:
    """Someone invited to a morning who has not answered; nobody knows the link."""
    number = next(_numbers)
    invitation = Invitation(
        event_id=event.id,
        kind=OrganisationKind.STRUCTURE,
        email=f"invite{number}@exemple.fr",
        nonce=f"{number:032d}",
        invited_at=at,
        last_mail_at=at,
    )
    session.add(invitation)
    session.flush()
    return invitation


def build_guest_sheet(event: Event, by: Person, *, at: datetime) -> GuestSheet:
    """A list of one guest that waits for its confirmation."""
    number = next(_numbers)
    content = {"headers": ["mail"], "rows": [[f"liste{number}@exemple.fr"]], "lines": [2]}
    sheet = GuestSheet(event_id=event.id, sent_by_id=by.id, name="liste.csv", content=content, created_at=at)
    session.add(sheet)
    session.flush()
    return sheet


def build_request(
    requester: Registration,
    desk: Desk,
    *,
    rank: int = 1,
    state: RequestState = RequestState.SENT,
    motive: str = "Présenter notre offre de réemploi",
    at: datetime,
) -> MeetingRequest:
    """A request in any state."""
    answered = state in {RequestState.PREFERRED, RequestState.ACCEPTED, RequestState.DECLINED}
    withdrawn = state is RequestState.WITHDRAWN
    request = MeetingRequest(
        event_id=requester.event_id,
        requester_id=requester.id,
        desk_id=desk.id,
        rank=None if withdrawn else rank,
        motive=motive,
        state=state,
        sent_at=at,
        answered_at=at if answered else None,
        decline_reason="Ce n’est pas notre service" if state is RequestState.DECLINED else "",
        withdrawn_at=at if withdrawn else None,
    )
    session.add(request)
    session.flush()
    return request


def _register(
    event: Event,
    organisation: Organisation,
    contact: Person | None,
    state: RegistrationState,
    unavailable: tuple[int, ...],
    *,
    at: datetime,
) -> Registration:
    person = contact or build_person(at=at)
    session.add_all([organisation, person])
    session.flush()
    link = Contact(organisation_id=organisation.id, person_id=person.id)
    session.add(link)
    session.flush()
    letter = {OrganisationKind.BUYER: "B", OrganisationKind.VISITOR: "V"}.get(organisation.kind, "S")
    decided = state in {RegistrationState.APPROVED, RegistrationState.REFUSED}
    registration = Registration(
        event_id=event.id,
        organisation_id=organisation.id,
        contact_id=link.id,
        kind=organisation.kind,
        ref=f"{letter}{next(_numbers):03d}",
        state=state,
        sector=event.sector,
        offer="Collecte et tri sur site, en Île-de-France.",
        created_at=at,
        decided_at=at if decided else None,
        refusal_reason="Hors du thème de la matinale" if state is RegistrationState.REFUSED else "",
        waiting_since=at if state is RegistrationState.WAITING else None,
        cancelled_at=at if state is RegistrationState.CANCELLED else None,
    )
    session.add(registration)
    session.flush()
    session.add_all(
        Unavailability(registration_id=registration.id, slot_id=slot.id)
        for slot in event.slots
        if slot.position in unavailable
    )
    session.flush()
    return registration


def build_visitor(
    event: Event,
    name: str = "Vera Blanc",
    *,
    at: datetime,
    contact: Person | None = None,
    state: RegistrationState = RegistrationState.APPROVED,
) -> Registration:
    """Somebody who comes to the plenary."""
    organisation = Organisation(kind=OrganisationKind.VISITOR, name=name, departement="94", created_at=at)
    return _register(event, organisation, contact, state, (), at=at)


def build_capacity(event: Event, kind: OrganisationKind, places: int) -> Capacity:
    """A limit on one kind of participant."""
    capacity = Capacity(event_id=event.id, kind=kind, places=places)
    session.add(capacity)
    session.flush()
    return capacity


def build_question(event: Event, label: str = "Avez-vous un régime ?", *, at: datetime, **wording: Any) -> Question:
    """One thing more that everybody is asked when they register, in a short text unless the story says otherwise."""
    said = {"kind": QuestionKind.TEXT, "label": label} | wording
    return add_question(event, QuestionPurpose.REGISTRATION, Wording(**said), by=None, at=at)


def build_file(name: str = "plaquette.pdf", *, at: datetime) -> StoredFile:
    """A small file, whatever it holds."""
    return keep_file(CheckedFile(name, "application/pdf", b"%PDF-1.4 small"), at=at)


def build_answer(
    registration: Registration, question: Question, value: str | StoredFile = "Sans sel", *, at: datetime
) -> Answer:
    """A participant's answer."""
    purpose = QuestionPurpose.REGISTRATION
    given = {question.id: value}
    sheet = keep_answers(registration.answer_sheet, event=registration.event, purpose=purpose, given=given, at=at)
    registration.answer_sheet_id = sheet.id
    session.flush()
    return next(answer for answer in sheet.answers if answer.question_id == question.id)


def build_draft(event: Event, *, at: datetime, **typed: str) -> RegistrationDraft:
    """A structure's half-filled form that no browser of the story holds."""
    held = {name: [value] for name, value in typed.items()}
    return start_draft(event, OrganisationKind.STRUCTURE, held, secret_key="elsewhere", at=at)[0]


def valid_siret(number: int) -> str:
    """The head office of the `number`-th made-up company, with both Luhn keys."""
    return _with_key(_with_key(f"{10_000_000 + number}") + "0001")


def _with_key(digits: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{digits}{-total % 10}"


def build_need(
    buyer: Organisation,
    title: str = "Collecte de papiers de bureau",
    *,
    at: datetime,
    is_published: bool = True,
    **said: Any,
) -> Need:
    """A need of a buyer, to be published in two quarters unless the story says otherwise; begins its roadmap."""
    usual: dict[str, Any] = {
        "sector": Sector.WASTE,
        "service": Service.PROVISION,
        "quarter": quarter_of(at.date()) + 2,
        "clause": SocialClause.TO_STUDY,
    }
    details = NeedDetails(title=title, **(usual | said))
    return add_need(begin_roadmap(buyer, by=None, at=at), details, is_published=is_published, by=None, at=at)


def build_need_sheet(roadmap: Roadmap, *rows: list[str], by: Person, at: datetime) -> NeedSheet:
    """A sheet sent and not confirmed; its first row holds the headings."""
    sheet = Sheet(rows[0], list(rows[1:]), list(range(2, len(rows) + 1)))
    return keep_sheet(roadmap, sheet, filename="besoins.csv", by=by, at=at)


def build_delegation(structure: Registration, *, at: datetime) -> Delegation:
    """A facilitator that asks to act for a structure."""
    facilitator = Organisation(
        kind=OrganisationKind.PARTNER,
        partner_kind=PartnerKind.FACILITATOR,
        name=f"Facilitateur {next(_numbers)}",
        departement="93",
        created_at=at,
    )
    session.add(facilitator)
    session.flush()
    delegation = Delegation(
        structure_id=structure.organisation_id, facilitator_id=facilitator.id, asked_at=at, is_from_structure=False
    )
    session.add(delegation)
    session.flush()
    return delegation


def build_call(
    event: Event, *, at: datetime, criteria: tuple[str, ...] = ("Intérêt pour l’achat",), **said: Any
) -> PitchCall:
    """A published call that is open for ten days, with criteria from 1 to 5; `said` are its columns."""
    usual: dict[str, Any] = {
        "opens_at": at - timedelta(days=1),
        "closes_at": at + timedelta(days=10),
        "jury_closes_at": at + timedelta(days=15),
        "places": 6,
        "reserve_places": 2,
        "guidance": "Dites ce que vous vendez, et à qui.",
        "published_at": at - timedelta(days=1),
        "created_at": at - timedelta(days=1),
    }
    call = PitchCall(event_id=event.id, **(usual | said))
    session.add(call)
    session.flush()
    for position, label in enumerate(criteria, start=1):
        session.add(Criterion(call_id=call.id, label=label, position=position))
    session.flush()
    return call


def build_application(
    call: PitchCall,
    registration: Registration,
    title: str = "Nos vélos livrent vos écoles",
    *,
    state: ApplicationState = ApplicationState.SUBMITTED,
    at: datetime,
    **said: Any,
) -> PitchApplication:
    """A complete file, sent unless the story says otherwise; `said` are its columns."""
    withdrawn = state is ApplicationState.WITHDRAWN
    usual: dict[str, Any] = {
        "title": title,
        "summary": "Un service de proximité, testé avec deux communes et prêt pour d’autres.",
        "speaker": "Amina Diallo, directrice",
        "created_at": at,
        "edited_at": at,
        "submitted_at": at if state not in {ApplicationState.DRAFT, ApplicationState.WITHDRAWN} else None,
        "withdrawn_at": at if withdrawn else None,
        "confirmation": Confirmation.ASKED if state is ApplicationState.SELECTED else None,
        "confirm_before": call.jury_closes_at if state is ApplicationState.SELECTED else None,
    }
    application = PitchApplication(call_id=call.id, registration_id=registration.id, state=state, **(usual | said))
    session.add(application)
    session.flush()
    return application


def build_coaching_session(
    call: PitchCall, *coaches: Person, at: datetime, days: int = 5, places: int = 4, **said: Any
) -> CoachingSession:
    """A session of the morning `days` after `at`, at nine in Paris unless the story says otherwise."""
    starts_at = (at.astimezone(call.event.zone) + timedelta(days=days)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    usual: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3, minutes=30),
        "place": "Halle Papin, Pantin",
        "created_at": at,
        "sequence": 0,
    }
    new = CoachingSession(call=call, places=places, **(usual | said))
    new.coaches = [Coach(name=person.display_name, email=person.email, person=person) for person in coaches]
    session.add(new)
    session.flush()
    return new


def build_coaching_booking(
    coaching_session: CoachingSession, application: PitchApplication, *, at: datetime
) -> CoachingBooking:
    """A place that stands."""
    booking = CoachingBooking(coaching_session=coaching_session, application=application, booked_at=at)
    session.add(booking)
    session.flush()
    return booking


def build_reviewer(call: PitchCall, name: str = "Claire Martin", *, email: str = "", at: datetime) -> Reviewer:
    """Somebody in the jury, whose link nobody knows."""
    person = build_person(name, email=email or f"jury{next(_numbers)}@jury.fr", at=at)
    session.flush()
    reviewer = Reviewer(
        call_id=call.id,
        person_id=person.id,
        email=person.email,
        name=name,
        token_hash=f"{next(_numbers):064d}",
        invited_at=at - timedelta(days=2),
        accepted_at=at - timedelta(days=1),
    )
    session.add(reviewer)
    session.flush()
    return reviewer


def build_assignment(reviewer: Reviewer, application: PitchApplication, *, at: datetime) -> Assignment:
    """A file given to a reviewer."""
    assignment = Assignment(reviewer_id=reviewer.id, application_id=application.id, assigned_at=at)
    session.add(assignment)
    session.flush()
    return assignment


def build_review(assignment: Assignment, *values: int, comment: str = "", at: datetime) -> PitchReview:
    """Scores given, one a criterion in its order; without any an abstention."""
    criteria = assignment.application.call.criteria
    review = PitchReview(assignment=assignment, is_abstention=not values, comment=comment, saved_at=at, submitted_at=at)
    review.scores = [Score(criterion_id=one.id, value=value) for one, value in zip(criteria, values, strict=False)]
    session.add(review)
    session.flush()
    return review


def build_exhibition(event: Event, *, width: int = 20, depth: int = 12, is_public: bool = False) -> Exhibition:
    """A hall that is open from nine to one."""
    opens_at = datetime.combine(event.held_on, time(9), event.zone)
    exhibition = Exhibition(
        event=event,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=4),
        width=width,
        depth=depth,
        room="Grande halle",
        is_public=is_public,
    )
    session.add(exhibition)
    session.flush()
    return exhibition


def build_stand(exhibition: Exhibition, label: str = "A1", *, x: int = 0, y: int = 0, **said: Any) -> Stand:
    """A stand of three metres by two; free unless the story says who holds it."""
    stand = Stand(label=label, x=x, y=y, **({"width": 3, "depth": 2} | said))
    exhibition.stands.append(stand)
    session.flush()
    return stand
