"""Reasons, proofs and figures in sentences, in the language of the moment; `sentences_for` in each reader's own."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import force_locale, ngettext

from openmap.allocation.models import UnmetRequest
from openmap.core.formats import clock_time
from openmap.core.wording import say as _
from openmap.events.models import Event
from openmap.meeting_requests.wording import decline_words
from openmap.registrations.models import Registration
from scheduler import ChangeKind, LevelName, Reason

Level = Mapping[str, Any]  # one entry of Run.objectives
MINIMISED = {LevelName.BREAKS, LevelName.IDLE, LevelName.CHANGES, LevelName.MOVES}


def sentences_for(unmet: Iterable[UnmetRequest], readers: Collection[Registration]) -> dict[int, list[str]]:
    """Return, for each reader left without some meeting, why and what would have given it, in their own language."""
    theirs: dict[int, list[UnmetRequest]] = {}
    for each in unmet:
        for party in each.request.parties:
            theirs.setdefault(party.id, []).append(each)
    told: dict[int, list[str]] = {}
    for reader in readers:
        if reader.desk:  # a desk is told of its meetings; why others are not met stands on its page
            continue
        with force_locale(reader.contact.person.locale):
            own = sorted(theirs.get(reader.id, ()), key=lambda each: (each.request.rank or 0, each.request_id))
            told[reader.id] = [
                f"{unmet_sentence(each, reader=reader)} {unlock_sentence(each, reader=reader)}".strip() for each in own
            ]
    return told


def unmet_sentence(unmet: UnmetRequest, *, to_organiser: bool = False, reader: Registration | None = None) -> str:
    """Say why a request got no meeting, to `reader` (else to the structure that leads), or to an organiser."""
    request = unmet.request
    told = None if to_organiser else reader or request.requester
    is_asked = told is not None and told.id == request.desk.registration_id
    whom = request.askers_title if is_asked else request.desk.title
    return _("Pas de rendez-vous avec %(desk)s : %(why)s", desk=whom, why=_why(unmet, told))


def unlock_sentence(unmet: UnmetRequest, *, to_organiser: bool = False, reader: Registration | None = None) -> str:
    """Say what would have given the meeting, as the scheduler verified it; "" when nothing sure can be said."""
    told = None if to_organiser else reader or unmet.request.requester
    changes = [change_words(each, _called(each.get("participant") or "", unmet, told)) for each in unmet.unlock]
    if changes:
        return unlocked_by(changes)
    is_best = _is_best_selection(unmet.run.objectives or ())
    if unmet.reason == Reason.BUYER_FULL and is_best and unmet.run.all_tried is not False:
        return _("Un seul créneau de plus chez cet acheteur n’aurait pas suffi.")
    return ""


def unlocked_by(changes: Sequence[str]) -> str:
    """Say that a meeting could have been with one of these changes; three are enough to read."""
    return _("Avec %(change)s, ce rendez-vous aurait pu avoir lieu.", change=_(" ou ").join(changes[:3]))


def _is_best_selection(levels: Iterable[Level]) -> bool:
    return all(level["proven"] for level in levels if level["name"] in {LevelName.COVERAGE, LevelName.SATISFACTION})


def _why(unmet: UnmetRequest, reader: Registration | None) -> str:
    to_organiser = reader is None
    if unmet.reason == Reason.DECLINED:
        return _declined(unmet)
    if unmet.reason == Reason.BUYER_FULL:
        return _desk_full(unmet)
    if together := _why_together(unmet, reader):
        return together
    if to_organiser and unmet.reason == Reason.STRUCTURE_FULL:
        return _("la structure a déjà un rendez-vous à chacun de ses créneaux libres.")
    if to_organiser and unmet.reason == Reason.NO_COMMON_SLOT:
        return _("aucun créneau ne convient aux deux.")
    return {
        Reason.STRUCTURE_FULL: _("vous avez déjà un rendez-vous à chacun de vos créneaux libres."),
        Reason.NO_COMMON_SLOT: _("aucun créneau ne convient à la fois à cet acheteur et à vous."),
        **shared_reasons(),
    }[Reason(unmet.reason)]


def shared_reasons() -> dict[Reason, str]:
    """Return the reasons that are told to both sides alike."""
    return {
        Reason.LIMIT: _("la limite de rendez-vous souhaitée est déjà atteinte."),
        Reason.TABLES_FULL: _("toutes les tables sont prises aux créneaux qui restaient possibles."),
        Reason.RULE_ORDER: _(
            "la règle publiée passe d’abord par d’autres demandes : un rendez-vous pour le plus de structures "
            "possible, puis les choix les mieux classés."
        ),
    }


def _why_together(unmet: UnmetRequest, reader: Registration | None) -> str:
    """Name who could not, where more than one structure sits at the table."""
    request = unmet.request
    parties = {each.ref: each for each in request.parties}
    if len(parties) == 2 and request.desk.registration.desk:
        return ""
    if unmet.reason == Reason.NO_COMMON_SLOT:
        names = ", ".join(_called(ref, unmet, reader) for ref in parties)
        return _("aucun créneau ne convient à tous (%(names)s).", names=names)
    full = [ref for ref in unmet.involved if ref in parties and (reader is None or ref != reader.ref)]
    if unmet.reason == Reason.STRUCTURE_FULL and full:
        names = ", ".join(_called(ref, unmet, reader) for ref in full)
        return _("%(names)s : déjà un rendez-vous à chaque créneau libre.", names=names)
    return ""


def _called(ref: str, unmet: UnmetRequest, reader: Registration | None) -> str:
    """Who a participant of the request is to the reader: « vous », « cet acheteur », or a structure by its name."""
    if reader is not None and ref == reader.ref:
        return _("vous")
    asked = unmet.request.desk.registration
    if ref == asked.ref and asked.desk:
        return _("cet acheteur")
    return next((each.title for each in unmet.request.parties if each.ref == ref), ref)


def _declined(unmet: UnmetRequest) -> str:
    reason = decline_words(unmet.request)
    if reason:
        return _("l’acheteur a décliné la demande (« %(reason)s »).", reason=reason)
    return _("l’acheteur a décliné la demande.")


def _desk_full(unmet: UnmetRequest) -> str:
    meetings, only = unmet.desk_meetings, unmet.desk_only_meetings
    if only == meetings:
        told = ngettext(
            "son seul créneau va à une structure dont c’est l’unique rendez-vous.",
            "ses %(num)d créneaux vont à des structures dont c’est l’unique rendez-vous.",
            meetings,
        )
    elif only == 0:
        told = ngettext(
            "son seul créneau va à une demande que la règle place avant.",
            "ses %(num)d créneaux vont à des demandes que la règle place avant.",
            meetings,
        )
    else:
        told = ngettext(
            "ses %(meetings)s créneaux sont pris, dont %(num)d par une structure qui n’a pas d’autre rendez-vous.",
            "ses %(meetings)s créneaux sont pris, dont %(num)d par des structures qui n’ont pas d’autre rendez-vous.",
            only,
            meetings=meetings,
        )
    return str(told)


def change_words(change: Mapping[str, Any], who: str) -> str:
    """Name one change that would have unlocked a request; `who` is its participant, as the reader calls it."""
    return {
        ChangeKind.SLOT: _("un créneau de plus pour %(who)s", who=who),
        ChangeKind.TABLES: _("une table de plus"),
        ChangeKind.CAPACITY: _("un second interlocuteur en même temps pour %(who)s", who=who),
        ChangeKind.LIMIT: _("un rendez-vous de plus dans la limite fixée pour %(who)s", who=who),
    }[ChangeKind(change["change"])]


def reason_title(reason: str) -> str:
    """Name a group of unmet requests."""
    return {
        Reason.BUYER_FULL: _("L’acheteur n’a plus de créneau"),
        Reason.STRUCTURE_FULL: _("La structure n’a plus de créneau"),
        Reason.NO_COMMON_SLOT: _("Aucun créneau commun"),
        Reason.LIMIT: _("Limite de rendez-vous atteinte"),
        Reason.TABLES_FULL: _("Plus de table libre"),
        Reason.RULE_ORDER: _("La règle sert d’abord d’autres demandes"),
        Reason.DECLINED: _("Demande déclinée par l’acheteur"),
    }[Reason(reason)]


def level_title(name: str) -> str:
    """Name one level of the rule as pages do."""
    return {
        LevelName.COVERAGE: _("Structures servies"),
        LevelName.SATISFACTION: _("Vœux satisfaits"),
        LevelName.BREAKS: _("Attentes"),
        LevelName.IDLE: _("Créneaux d’attente"),
        LevelName.CHANGES: _("Changements"),
        LevelName.KEPT: _("Rendez-vous gardés"),
        LevelName.MOVES: _("Rendez-vous déplacés"),
    }[LevelName(name)]


def level_meaning(name: str) -> str:
    """Say what one level counts."""
    return {
        LevelName.COVERAGE: _("structures avec au moins un rendez-vous, puis deux, puis trois"),
        LevelName.SATISFACTION: _(
            "points : 5 pour un premier choix, 4 pour un deuxième…, le double si l’acheteur préfère"
        ),
        LevelName.BREAKS: _("trous entre deux rendez-vous d’une même personne"),
        LevelName.IDLE: _("créneaux que durent ces trous, tous ensemble"),
        LevelName.CHANGES: _("différences avec le planning publié"),
        LevelName.KEPT: _("rendez-vous qui restent où ils étaient"),
        LevelName.MOVES: _("rendez-vous qui changent de créneau"),
    }[LevelName(name)]


def proof_sentence(level: Level) -> str:
    """Say how far a level is proven, honestly: a bound that isn't reached is told as what remains possible."""
    if level["proven"]:
        return _("Aucune autre répartition ne peut faire mieux (prouvé).")
    bound = figures(level["bound"])
    if level["name"] in MINIMISED:
        return _("Pas encore prouvé : aucune répartition ne descend sous %(bound)s.", bound=bound)
    return _("Pas encore prouvé : aucune répartition ne dépasse %(bound)s.", bound=bound)


def figures(value: int | Sequence[int]) -> str:
    """Show the value or bound of a level: « 402 », or « 114 / 2 » for a list of counts."""
    return str(value) if isinstance(value, int) else " / ".join(map(str, value)) or "0"


def conflict_sentences(sentences: Iterable[str], event: Event, people: Mapping[int, Registration]) -> list[str]:
    """Say in people's words which hard rules of a morning contradict each other, from the scheduler's own sentences."""
    titles = {each.ref: each.title for each in people.values()}
    times = [clock_time(slot.starts_at, event.zone) for slot in event.slots]
    return [_conflict(sentence, titles, times) for sentence in sentences]


def _conflict(sentence: str, titles: Mapping[str, str], times: Sequence[str]) -> str:
    if found := re.fullmatch(r"(\S+)-(\S+) is fixed at slot (\d+)", sentence):
        structure, desk, slot = found.groups()
        facts = {"structure": titles[structure], "desk": titles[desk], "time": times[int(slot)]}
        return _("Le rendez-vous de %(structure)s avec %(desk)s est figé à %(time)s.", **facts)
    if found := re.fullmatch(r"(\S+) is unavailable in slots ([\d, ]+)", sentence):
        missed = ", ".join(times[int(slot)] for slot in found[2].split(", "))
        return _("%(who)s n’est pas disponible à : %(times)s.", who=titles[found[1]], times=missed)
    if found := re.fullmatch(r"(\S+) can hold 1 at once, in \d+ slots", sentence):
        return _("%(who)s ne peut avoir qu’un rendez-vous à la fois.", who=titles[found[1]])
    if found := re.fullmatch(r"there are only so many tables per slot: (\d+)", sentence):
        return _("Nombre de tables par créneau : %(count)s.", count=found[1])
    if found := re.fullmatch(r"(\d+) ([\w ]+): (.+) and \d+ others", sentence):
        return _conflict_of_many(int(found[1]), found[2], found[3].split(", "), titles) or sentence
    return sentence


def _conflict_of_many(count: int, kind: str, named: Iterable[str], titles: Mapping[str, str]) -> str:
    """Say what many rules of one kind ask for, with the few that the scheduler names; "" for another kind."""
    if kind == "meetings are fixed at a slot":
        pairs = [re.fullmatch(r"(\S+)-(\S+)", name) for name in named]
        some = [_meeting_title(titles[pair[1]], titles[pair[2]]) for pair in pairs if pair]
        return _("%(count)s rendez-vous sont figés, dont : %(some)s.", count=count, some=", ".join(some))
    some = [titles.get(name, name) for name in named]
    if kind == "participants are unavailable at times":
        return _("%(count)s participants ont des indisponibilités, dont : %(some)s.", count=count, some=", ".join(some))
    if kind == "participants can hold only so many meetings at once":
        return _(
            "%(count)s participants ne peuvent pas avoir deux rendez-vous à la fois, dont : %(some)s.",
            count=count,
            some=", ".join(some),
        )
    return ""


def _meeting_title(structure: str, desk: str) -> str:
    return _("%(structure)s avec %(desk)s", structure=structure, desk=desk)


def phase_title(phase: str) -> str:
    """Say what a running solve is doing; a phase without a sentence is told as itself."""
    return {
        "": _("En attente du calcul"),
        "selection": _("Qui rencontre qui"),
        "slots": _("Un créneau pour chaque rendez-vous"),
        "model": _("Ce qui reste à trancher"),
        "coverage": _("Le plus possible de structures servies"),
        "satisfaction": _("Les vœux les plus forts"),
        "breaks": _("Moins d’attentes entre les rendez-vous"),
        "idle": _("Des attentes plus courtes"),
        "changes": _("Moins de changements"),
        "done": _("Vérification"),
    }.get(phase, phase)
