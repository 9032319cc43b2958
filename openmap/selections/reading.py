"""A stored proposal as pages show it: its sentence, the price of each rule, and why each good file is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import ngettext

from openmap.core.wording import say as _
from openmap.selections import problem
from openmap.selections.enums import BalanceKind
from openmap.selections.models import SelectionProposal
from openmap.selections.problem import Answer, BindingRule, LeftOut, Question
from openmap.selections.wording import bounds_words, points, whom_words


@dataclass(frozen=True, slots=True)
class Reason:
    """One file that is left out: why, and what would change it."""

    ref: str
    score: int
    why: str
    unlocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """What one rule costs: the value without it."""

    rule: str
    words: str
    costs: bool


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule as the question froze it."""

    words: str
    whom: str
    at_least: int | None
    at_most: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that one proposal says; files by the refs of their structures."""

    question: Question
    answer: Answer
    titles: Mapping[str, str]

    @property
    def is_possible(self) -> bool:
        """Whether there is a selection at all."""
        return bool(self.answer.chosen)

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists."""
        return bool(self.answer.objectives) and all(level.proven for level in self.answer.objectives)

    @property
    def scores(self) -> Mapping[str, int]:
        """The score of each file, in hundredths of a point."""
        return {each.id: each.score for each in self.question.candidates}

    @property
    def total(self) -> int:
        """The points of the chosen together, in hundredths."""
        scores = self.scores
        return sum(scores[ref] for ref in self.answer.chosen)

    def title(self, ref: str) -> str:
        """Who sent a file."""
        return self.titles.get(ref, ref)

    def headline(self) -> str:
        """« 642 points pour 8 pitchs »."""
        count = len(self.answer.chosen)
        return str(
            ngettext(
                "%(points)s points pour %(num)d pitch",
                "%(points)s points pour %(num)d pitchs",
                count,
                points=points(self.total),
            )
        )

    def proof(self) -> str:
        """What is known of the headline."""
        if self.is_proven and self.question.rules:
            return _("Aucun autre choix respectant vos règles ne fait mieux (prouvé).")
        if self.is_proven:
            return _("Aucun autre choix ne fait mieux (prouvé).")
        bound = next((each.bound for each in self.answer.objectives if each.name == "score"), None)
        if bound is None:
            return _("C’est le meilleur choix trouvé ; la preuve n’est pas faite.")
        return _("C’est le meilleur choix trouvé ; aucun ne dépasse %(bound)s points.", bound=points(bound))

    def free_places(self) -> int:
        """Places that the rules, or too few files, leave empty."""
        return self.question.places - len(self.answer.chosen)

    def rule(self, rule_id: str) -> AskedRule:
        """The rule of this name in words."""
        rule = next(each for each in self.question.rules if each.id == rule_id)
        whom = _whom(rule.groups)
        return AskedRule(f"{bounds_words(rule.at_least, rule.at_most)} {whom}", whom, rule.at_least, rule.at_most)

    def prices(self) -> list[Price]:
        """What each rule costs, the dearest first."""
        rows = sorted(self.answer.prices, key=lambda each: (-each.places, -each.score))
        return [
            Price(self.rule(each.rule).words, self._price(each.places, each.score), bool(each.places or each.score))
            for each in rows
        ]

    def _price(self, places: int, score: int) -> str:
        if places:
            return str(ngettext("sans elle, un pitch de plus", "sans elle, %(num)d pitchs de plus", places))
        if not score:
            return _("elle ne coûte rien")
        return _(
            "sans elle, %(total)s points, soit %(more)s de plus", total=points(self.total + score), more=points(score)
        )

    def reasons(self) -> list[Reason]:
        """Why each file is left out, the best first."""
        scores = self.scores
        rows = sorted(self.answer.left_out, key=lambda each: -scores[each.candidate])
        return [Reason(each.candidate, scores[each.candidate], self._why(each), self._unlocks(each)) for each in rows]

    def _why(self, left: LeftOut) -> str:
        if left.reason == "fixed":
            return _("Vous l’avez écarté sur le tableau.")
        if left.reason == "rule" and left.rules:
            return " ".join(self._against(each) for each in left.rules)
        if left.gap is None or left.behind is None:
            return _("Son résultat ne suffit pas.")
        if left.gap == 0:
            return _("Même résultat que %(last)s, envoyé plus tôt.", last=self.title(left.behind))
        gap, last = points(left.gap), self.title(left.behind)
        return _("À %(gap)s points de la dernière retenue, %(last)s.", gap=gap, last=last)

    def _against(self, binding: BindingRule) -> str:
        """« Serait le 3e choix du département 93, pour 2 au plus. »"""
        rule = self.rule(binding.rule)
        names = ", ".join(self.title(each) for each in binding.holders)
        if binding.limit == "at_most" and rule.at_most == 0:
            return _("Une règle l’écarte : %(rule)s.", rule=rule.words)
        if binding.limit == "at_most":
            said, held = (
                _("Serait de trop : %(rule)s.", rule=rule.words),
                _("Ces places vont à %(names)s.", names=names),
            )
        else:
            said = _("Prendrait une place qu’une règle réserve à d’autres : %(rule)s.", rule=rule.words)
            held = _("Elle revient à %(names)s.", names=names)
        return f"{said} {held}" if names else said

    def _unlocks(self, left: LeftOut) -> tuple[str, ...]:
        found = []
        for each in left.unlock:
            if each.change == "score" and each.by is not None:
                found.append(_("Avec %(more)s points de plus, ce dossier serait retenu.", more=points(each.by)))
            elif each.change == "rule" and each.rule is not None:
                found.append(self._relaxed(each.rule, each.by or 1, is_most=each.limit == "at_most"))
        return tuple(found)

    def _relaxed(self, rule_id: str, by: int, *, is_most: bool) -> str:
        rule = self.rule(rule_id)
        if is_most:
            words = f"{bounds_words(None, (rule.at_most or 0) + by)} {rule.whom}"
        elif (least := (rule.at_least or 0) - by) > 0:
            words = f"{bounds_words(least, None)} {rule.whom}"
        else:
            return _("Sans la règle « %(rule)s », ce dossier serait retenu.", rule=rule.words)
        return _("Avec « %(rule)s », ce dossier serait retenu.", rule=words)

    def conflict(self) -> list[str]:
        """The rules, and decisions kept, that cannot hold together; without any one of them there is a selection."""
        said = []
        for each in self.answer.conflict:
            if each.rule is not None:
                said.append(self.rule(each.rule).words)
            elif each.candidate is not None:
                said.append(_("votre décision sur %(structure)s", structure=self.title(each.candidate)))
        return said


def read_proposal(proposal: SelectionProposal, titles: Mapping[str, str]) -> Reading:
    """What a stored proposal says, with the names of the structures by ref."""
    return Reading(problem.read_question(proposal.question), problem.read_answer(proposal.answer), titles)


def _whom(groups: Sequence[str]) -> str:
    """Whom a rule counts, from its groups."""
    parted = [group.partition(":") for group in groups]
    kind = BalanceKind.of(parted[0][0])
    return whom_words(kind, [value for _kind, _colon, value in parted])
