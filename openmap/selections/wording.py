"""Rules, changes and reasons in words, in the language of the page."""

from collections.abc import Mapping, Sequence

from flask_babel import format_decimal, ngettext

from openmap.core.wording import say as _
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.organisations.enums import Sector, StructureKind
from openmap.selections.board import Board, Move
from openmap.selections.enums import BalanceKind, ChangeKind, Outcome
from openmap.selections.models import BoardChange, SelectionConstraint
from openmap.selections.traits import Rule

DEPARTEMENTS = ILE_DE_FRANCE | ELSEWHERE
MOVES_TOLD = 5  # of one change; the others are counted
HUNDREDTHS = 100
LEAVING = (ChangeKind.DECLINED, ChangeKind.UNANSWERED, ChangeKind.WITHDRAWN)


def value_words(kind: BalanceKind, value: str) -> str:
    """« 93 – Seine-Saint-Denis », or the label of a kind or a sector."""
    if kind is BalanceKind.STRUCTURE_KIND:
        return next((_(each.label) for each in StructureKind if each == value), value)
    if kind is BalanceKind.SECTOR:
        return next((_(each.label) for each in Sector if each == value), value)
    if kind is BalanceKind.DEPARTEMENT:
        return f"{value} – {DEPARTEMENTS[value]}" if value in DEPARTEMENTS else value
    return _("Premier pitch")


def short_value(kind: BalanceKind, value: str) -> str:
    """« ESAT », « 93 », « Restauration »: where there is little room."""
    if kind in {BalanceKind.STRUCTURE_KIND, BalanceKind.DEPARTEMENT}:
        return value
    return value_words(kind, value)


def whom_words(kind: BalanceKind, values: Sequence[str]) -> str:
    """What a rule counts: « ESAT ou EA », « du département 93 », « par département »."""
    if kind is BalanceKind.FIRST_TIME:
        return _("structures qui pitchent pour la première fois")
    if not values:
        return {
            BalanceKind.STRUCTURE_KIND: _("de chaque type"),
            BalanceKind.DEPARTEMENT: _("par département"),
            BalanceKind.SECTOR: _("par secteur"),
        }[kind]
    listed = _(" ou ").join(short_value(kind, value) for value in values)
    if kind is BalanceKind.DEPARTEMENT:
        return str(ngettext("du département %(listed)s", "des départements %(listed)s", len(values), listed=listed))
    if kind is BalanceKind.SECTOR:
        return _("du secteur %(listed)s", listed=listed)
    return listed


def bounds_words(at_least: int | None, at_most: int | None) -> str:
    """« au moins 2 », « au plus 2 », « entre 2 et 3 », « exactement 2 »."""
    if at_least is None:
        return _("au plus %(most)s", most=at_most)
    if at_most is None:
        return _("au moins %(least)s", least=at_least)
    if at_least == at_most:
        return _("exactement %(count)s", count=at_least)
    return _("entre %(least)s et %(most)s", least=at_least, most=at_most)


def constraint_words(constraint: SelectionConstraint) -> str:
    """« au moins 2 ESAT ou EA »."""
    whom = whom_words(constraint.kind, constraint.values)
    return f"{bounds_words(constraint.at_least, constraint.at_most)} {whom}"


def rule_words(rule: Rule) -> str:
    """« au plus 2 du département 93 »."""
    return f"{bounds_words(rule.at_least, rule.at_most)} {whom_words(rule.kind, rule.values)}"


def rule_state(rule: Rule, count: int) -> str:
    """How far the board keeps to a rule."""
    if lacking := rule.lacking(count):
        return str(
            ngettext(
                "%(count)s choisi : il en manque %(num)d",
                "%(count)s choisis : il en manque %(num)d",
                lacking,
                count=count,
            )
        )
    if excess := rule.excess(count):
        return str(
            ngettext("%(count)s choisis : %(num)d de trop", "%(count)s choisis : %(num)d de trop", excess, count=count)
        )
    return str(ngettext("%(num)d choisi", "%(num)d choisis", count))


def points(score: int) -> str:
    """« 642 » or « 74,25 » points, from hundredths."""
    return str(format_decimal(score / HUNDREDTHS, "#,##0.##"))


def value_points(value: float | None) -> str:
    """« 74,3 », or a dash without any score."""
    return "–" if value is None else str(format_decimal(round(value, 1), "0.#"))


def outcome_words(outcome: Outcome | None, rank: int | None = None) -> str:
    """« retenu », « en réserve, n° 2 », « non retenu », « à décider »."""
    if outcome is Outcome.SELECTED:
        return _("retenu")
    if outcome is Outcome.RESERVE:
        return _("en réserve, n° %(rank)s", rank=rank) if rank else _("en réserve")
    return _("à décider") if outcome is None else _("non retenu")


def rank_words(rank: int) -> str:
    """« 1re », « 2e »."""
    return _("1re") if rank == 1 else _("%(rank)se", rank=rank)


def move_words(move: Move, titles: Mapping[int, str]) -> str:
    """« Halage : à décider → retenu »."""
    before = outcome_words(move.before.outcome, move.before.rank)
    after = outcome_words(move.after.outcome, move.after.rank)
    who = titles.get(move.application_id, "")
    return _("%(structure)s : %(before)s → %(after)s", structure=who, before=before, after=after)


def change_words(change: BoardChange, titles: Mapping[int, str]) -> list[str]:
    """What one change did, a line for each file up to a few."""
    moves = Board.from_json(change.before).moves_to(Board.from_json(change.after))
    told = [move for move in moves if move.before.outcome is not move.after.outcome] or moves
    left = change.kind in LEAVING  # the title says how; « à décider » would be wrong
    lines = [titles.get(move.application_id, "") if left else move_words(move, titles) for move in told[:MOVES_TOLD]]
    if rest := len(told) - MOVES_TOLD:
        lines += [str(ngettext("et %(num)d autre dossier", "et %(num)d autres dossiers", rest))] if rest > 0 else []
    return lines or ([change.note] if change.note else [])


def change_title(change: BoardChange) -> str:
    """What kind of change it was."""
    if change.kind is ChangeKind.ADOPTED and change.note:
        return _("Proposition n° %(number)s adoptée", number=change.note)
    return _(change.kind.label)
