"""Scores that a file knows become reviews that count; a demonstration's jury has names and work left."""

from pathlib import Path

from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.demo.juries import LEFT, add_jury
from openmap.demo.mornings import DATA, OPEN, PUBLISHED
from openmap.demo.queries import busiest_reviewer
from openmap.juries.enums import FileState
from openmap.juries.models import Reviewer
from openmap.juries.queries import verdicts
from openmap.juries.standings import progress_of, standings
from openmap.mornings.files import read_morning
from openmap.mornings.operations import import_morning
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import call_of, submitted_applications


def imported(slug: str):
    with unit_of_work():
        return import_morning(read_morning(DATA / slug), by=None, at=now())


def the_call(event) -> PitchCall:
    call = call_of(event)
    assert call is not None
    return call


def test_each_column_of_scores_is_a_reviewer_and_each_score_counts(app):
    lines = {line.structure: line.scores for line in read_morning(DATA / PUBLISHED).pitches}
    call = the_call(imported(PUBLISHED))
    found = verdicts(call)
    for file in submitted_applications(call):
        given = [25.0 * (score - 1) for score in lines[file.registration.ref] if score is not None]
        assert list(found[file.id].totals) == sorted(given)
    assert [reviewer.name for reviewer in session.scalars(select(Reviewer))] == ["Jury 1", "Jury 2", "Jury 3"]


def test_an_empty_cell_gave_nobody_the_file(app, tmp_path: Path):
    for source in (DATA / OPEN).iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    sheet = tmp_path / "pitch_applications.csv"
    first, second, *others = sheet.read_text(encoding="utf-8").splitlines()
    cells = second.split(",")
    cells[3] = ""
    sheet.write_text("\n".join([first, ",".join(cells), *others]), encoding="utf-8")
    with unit_of_work():
        call = the_call(import_morning(read_morning(tmp_path), by=None, at=now()))
    counts = sorted(verdict.review_count for verdict in verdicts(call).values())
    assert (counts[0], counts[1]) == (2, 3)


def test_the_jury_of_the_coming_morning_has_names_and_reviews_to_come(app):
    event = imported(OPEN)
    with unit_of_work():
        event.held_on = now().date()
        add_jury(event, at=now())
        add_jury(event, at=now())
    call = the_call(event)
    reviewers = list(session.scalars(select(Reviewer).order_by(Reviewer.id)))
    last = progress_of(reviewers, standings(call))[-1]
    assert (last.owed_count, last.draft_count) == (LEFT, 1)
    assert FileState.ABSTAINED in {one.state for one in standings(call)}
    assert busiest_reviewer(event) == reviewers[-1].person
    assert all(" " in reviewer.name for reviewer in reviewers)
