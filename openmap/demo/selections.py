"""How the pitches of the two mornings were chosen: told and confirmed in 2015, half decided in the coming one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.models import Event
from openmap.mornings.files import PitchDecision, PitchLine
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import call_of
from openmap.selections import operations, problem
from openmap.selections.emails import digest
from openmap.selections.enums import BalanceKind, Outcome
from openmap.selections.queries import Candidate, candidates, comments_on, constraints_of
from openmap.selections.traits import rules_from

RESERVE = 2
DECIDED = 3  # pitches of the coming morning that are chosen already
SHELTERED = ("ESAT", "EA", "EATT")
TOLD_AFTER = timedelta(hours=10, minutes=1)  # the morning after the jury's last day
TO_CONFIRM, CONFIRMED_AFTER = timedelta(hours=32), timedelta(hours=4)


def add_selection(event: Event, lines: Sequence[PitchLine], *, by: Person, at: datetime) -> None:
    """Decide as the files say: everything in a past morning, the beginning of it in a coming one; once."""
    call = call_of(event)
    if call is None or call.board_version or call.released_at:
        return
    found = candidates(call)
    chosen = {line.structure for line in lines if line.decision is PitchDecision.SELECTED}
    kept = [each for each in found if each.registration.ref in chosen]
    others = [each for each in found if each.registration.ref not in chosen]
    if event.is_past(at):
        told_at = call.jury_closes_at + TOLD_AFTER
        _decide(call, kept, Outcome.SELECTED, by=by, at=told_at)
        _decide(call, others[:RESERVE], Outcome.RESERVE, by=by, at=told_at)
        operations.reject_rest(call, seen=call.board_version, by=by, at=told_at)
        _release(call, by=by, at=told_at)
        return
    _add_rules(call, by=by, at=at)
    _decide(call, kept[:DECIDED], Outcome.SELECTED, by=by, at=at)
    _decide(call, others[:1], Outcome.RESERVE, by=by, at=at)
    _decide(call, found[-2:], Outcome.REJECTED, by=by, at=at)
    rules = rules_from(constraints_of(call), [each.application for each in found])
    operations.store_proposal(call, problem.ask(call, found, rules), by=by, at=at)


def _decide(call: PitchCall, found: Sequence[Candidate], outcome: Outcome, *, by: Person, at: datetime) -> None:
    for each in found:
        operations.decide(each.application, outcome, seen=call.board_version, by=by, at=at)


def _add_rules(call: PitchCall, *, by: Person, at: datetime) -> None:
    rules = ((BalanceKind.STRUCTURE_KIND, SHELTERED, 2, None), (BalanceKind.DEPARTEMENT, (), None, 2))
    for kind, values, least, most in rules:
        operations.add_constraint(call, kind, values=values, at_least=least, at_most=most, by=by, at=at)


def _release(call: PitchCall, *, by: Person, at: datetime) -> None:
    """Tell everybody, and let the chosen confirm the same day."""
    call.confirm_before = at + TO_CONFIRM
    for letter in operations.prepare_release(call).letters:
        comments = comments_on(letter.application)
        if letter.decision.outcome is not Outcome.SELECTED and comments:
            told = {comments[0].id: comments[0].comment}
            operations.write_letter(letter.decision, call, message="", feedback=told, by=by, at=at)
    session.flush()
    for letter in operations.prepare_release(call).letters:
        operations.mark_read(letter.decision, digest(letter.mail), by=by, at=at)
    operations.release_decisions(call, operations.prepare_release(call), by=by, at=at)
    session.flush()
    for each in candidates(call):
        if each.application.confirmation is not None:
            person = each.registration.contact.person
            operations.confirm_pitch(each.application, by=person, at=at + CONFIRMED_AFTER)
