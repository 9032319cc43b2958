"""The series of a demonstration: what they are, the first morning as its review told it, the next one, who waits.

The morning of May 2018 is made as an organiser makes one, with the settings of the morning before it.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.models import Event
from openmap.events.queries import find_event, find_series
from openmap.organisations.enums import Sector
from openmap.pitches.models import Criterion
from openmap.pitches.operations.calling import CallDetails, publish_call, save_call
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.operations import Wording, add_question
from openmap.series.enums import Part
from openmap.series.operations.drafting import Identity, copy_morning, publish_morning
from openmap.series.operations.wishes import confirm_wish, make_wish
from openmap.series.settings import call_of

NEXT = "ess-2018-05-17"
DESCRIPTIONS = {
    "openmap-numeriques": "Des acheteurs publics d’Île-de-France et des entreprises du numérique se rencontrent avant "
    "les appels d’offres, pour que chacun sache ce que l’autre prépare.",
    "openmap-ess": "Des acheteurs publics d’Île-de-France et des structures de l’économie sociale et solidaire : "
    "entreprises d’insertion, entreprises adaptées, ESAT, associations, coopératives.\n\n"
    "Un secteur à chaque fois. Le matin, une table ronde, des pitchs, puis des rendez-vous en tête à tête.",
}
FIRST = Identity(
    title="1re OpenMap ESS : numérique",
    slug="ess-2017-05-18",
    held_on=date(2017, 5, 18),
    venue="Nanterre",
    address="Hauts-de-Seine (92)",
    sector=Sector.IT,
)
FIRST_REPORTED = {"participants": 180, "pitches": 6, "exhibitors_about": 12}
SECOND_NEXT = Identity(
    title="3e OpenMap ESS : restauration",
    slug=NEXT,
    held_on=date(2018, 5, 17),
    venue="Lieu annoncé en janvier",
    address="Île-de-France",
    sector=Sector.CATERING,
)
INTRODUCTION = (
    "Traiteurs, cuisines centrales, légumeries, restaurants d’application : des structures de l’économie sociale et "
    "solidaire et les acheteurs qui nourrissent écoles, agents et visiteurs."
)
CRITERIA = (
    ("Utilité sociale", "Les emplois, les personnes, le territoire.", 2),
    ("Réponse à un besoin d’acheteur", "Ce qu’un service achèterait demain.", 2),
    ("Clarté", "Cinq minutes, et tout le monde a compris.", 1),
)
WISHES = (
    ("cuisine@la-popote.example", Sector.CATERING),
    ("bonjour@traiteur-d-ici.example", Sector.CATERING),
    ("achats@college-jean-moulin.example", None),
    ("contact@laverie-du-canal.example", Sector.LAUNDRY),
    ("direction@chantiers-ecole.example", Sector.CONSTRUCTION),
)


def add_series(source: Event, *, by: Person, at: datetime) -> None:
    """Say what each series is, and give that of `source` its first morning, its next one and people who wait; once."""
    for slug, description in DESCRIPTIONS.items():
        series = find_series(slug)
        if series is not None:
            series.description = series.description or description
    if find_event(NEXT) is not None:
        return
    _add_archive(source)
    event = copy_morning(source, SECOND_NEXT, parts=list(Part), by=by, at=at)
    event.introduction = INTRODUCTION
    session.flush()
    publish_morning(event, by=by, at=at)
    _open_call(event, by=by, at=at)
    _add_wishes(source, at=at)


def _add_archive(source: Event) -> None:
    """The first morning: only its review is known."""
    zone = ZoneInfo(source.timezone)
    closed = [datetime.combine(FIRST.held_on - timedelta(days=days), time(23, 59), zone) for days in (8, 6, 3)]
    session.add(
        Event(
            series_id=source.series_id,
            slug=FIRST.slug,
            title=FIRST.title,
            sector=FIRST.sector,
            held_on=FIRST.held_on,
            timezone=source.timezone,
            venue=FIRST.venue,
            address=FIRST.address,
            registration_closes_at=closed[0],
            requests_close_at=closed[1],
            answers_close_at=closed[2],
            reported=dict(FIRST_REPORTED),
        )
    )
    session.flush()


def _open_call(event: Event, *, by: Person, at: datetime) -> None:
    """Take pitch files from today on; criteria and questions are those of the morning before, where it had any."""
    copied = call_of(event)
    zone = event.zone
    details = CallDetails(
        opens_at=at - timedelta(minutes=1),
        closes_at=datetime(2018, 3, 30, 18, 0, tzinfo=zone),
        jury_closes_at=datetime(2018, 4, 13, 18, 0, tzinfo=zone),
        places=copied.row.places if copied else 6,
        reserve_places=copied.row.reserve_places if copied else 2,
        pitch_minutes=copied.row.pitch_minutes if copied else 5,
        guidance=copied.row.guidance if copied else "Cinq minutes, sans diapositives : dites ce que vous cuisinez.",
    )
    call = save_call(event, details, by=by, at=at)
    if copied is None or not copied.criteria:
        for position, (label, help_text, weight) in enumerate(CRITERIA, start=1):
            session.add(Criterion(call_id=call.id, label=label, help_text=help_text, weight=weight, position=position))
        asked = Wording(QuestionKind.LONG_TEXT, "Que cuisinez-vous, et pour qui ?", is_required=True)
        add_question(event, QuestionPurpose.PITCH, asked, by=by, at=at)
        session.flush()
    session.expire(call)
    publish_call(call, by=by, at=at)


def _add_wishes(source: Event, *, at: datetime) -> None:
    secret_key = str(current_app.config["SECRET_KEY"])
    for days, (email, sector) in enumerate(WISHES, start=3):
        asked_at = at - timedelta(days=days, hours=days)
        wish = make_wish(source.series, email=email, sector=sector, locale="fr", secret_key=secret_key, at=asked_at)
        confirm_wish(wish, at=asked_at + timedelta(minutes=7))
