"""What a selection says, in English sentences."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.selection.answer import Contradiction, SelectionAnswer
from scheduler.selection.question import GroupRule, SelectionQuestion


def conflict_sentences(question: SelectionQuestion, conflict: tuple[Contradiction, ...]) -> Iterator[str]:
    """Say which rules and fixed candidates can't be kept together, one a line."""
    rules = {rule.id: rule for rule in question.rules}
    fixed = {each.candidate: each.chosen for each in question.fixed}
    if not conflict:
        yield f"no selection for {_counted(question.places, 'place')} keeps all rules"
        return
    yield f"no selection for {_counted(question.places, 'place')} keeps all of these:"
    for each in conflict:
        if each.rule is not None:
            yield _rule_sentence(question, rules[each.rule])
        elif each.candidate is not None:
            yield f"{each.candidate} is {'chosen' if fixed[each.candidate] else 'left out'} whatever its score"


def _rule_sentence(question: SelectionQuestion, rule: GroupRule) -> str:
    limits = [
        f"{words} {limit}"
        for words, limit in (("at least", rule.at_least), ("at most", rule.at_most))
        if limit is not None
    ]
    there = sum(not set(each.groups).isdisjoint(rule.groups) for each in question.candidates)
    return f"{rule.id}: {' and '.join(limits)} of {', '.join(rule.groups)} ({_counted(there, 'candidate')} in all)"


def answer_sentences(answer: SelectionAnswer) -> Iterator[str]:
    """Say that a selection is right, and how far it is proven."""
    if not answer.objectives:
        yield f"There is no selection to check: {answer.status}."
        return
    yield f"Right: {_counted(len(answer.chosen), 'chosen one')} keep every rule, the figures and reasons are true."
    for level in answer.objectives:
        proof = "proven optimal" if level.proven else f"bound {level.bound}, not proven"
        yield f"{level.name}: {level.value} ({proof})"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
