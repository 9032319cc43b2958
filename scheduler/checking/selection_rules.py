"""Is this selection right? Each rule of a selection, and each figure and reason of its answer.

Works on two documents whose shapes are valid, and shares nothing with the search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from scheduler.checking.fingerprint import Json
from scheduler.checking.reading import Violation
from scheduler.checking.selection import Selection

Check = Callable[[Selection], Iterator[Violation]]


def made_for_this_question(selection: Selection) -> Iterator[Violation]:
    claimed = selection.answer["question_sha256"]
    if claimed != selection.fingerprint:
        yield Violation(
            "made_for_this_question",
            f"the answer was made for another question ({claimed[:12]}…, this one is {selection.fingerprint[:12]}…)",
            {"claimed": claimed, "actual": selection.fingerprint},
        )


def known_candidates(selection: Selection) -> Iterator[Violation]:
    counts: Counter[str] = Counter(selection.answer["chosen"])
    for name, count in counts.items():
        if name not in selection.candidates:
            yield Violation("known_candidates", f"no candidate {name!r} in the question", {"candidate": name})
        elif count > 1:
            yield Violation("known_candidates", f"{name} is chosen {count} times", {"candidate": name})


def chosen_by_rank(selection: Selection) -> Iterator[Violation]:
    if selection.chosen != sorted(selection.chosen, key=selection.ranks.__getitem__):
        yield Violation("chosen_by_rank", "the chosen are not in the order of score and submission")


def enough_places(selection: Selection) -> Iterator[Violation]:
    count, places = len(selection.chosen), selection.question["places"]
    if count > places:
        yield Violation("enough_places", f"{count} are chosen, there are {places} places")


def rules_kept(selection: Selection) -> Iterator[Violation]:
    for name, limit in selection.broken().items():
        count, allowed = selection.counts[name], selection.rules[name][limit]
        yield Violation(
            "rules_kept",
            f"{name} wants {limit.replace('_', ' ')} {allowed}, {count} are chosen",
            {"rule": name, "limit": limit, "count": count},
        )


def fixed_kept(selection: Selection) -> Iterator[Violation]:
    for name, chosen in selection.fixed.items():
        if (name in selection.chosen) != chosen:
            yield Violation(
                "fixed_kept", f"{name} is fixed as {'chosen' if chosen else 'left out'} but isn't", {"candidate": name}
            )


def true_objectives(selection: Selection) -> Iterator[Violation]:
    levels = selection.answer["objectives"]
    truth = {"places": len(set(selection.chosen)), "score": selection.score(set(selection.chosen))}
    if [level["name"] for level in levels] != list(truth):
        yield Violation("true_objectives", "the levels are places, then score, each once")
        return
    for level in levels:
        if level["value"] != truth[level["name"]]:
            yield Violation(
                "true_objectives",
                f"{level['name']} is reported as {level['value']}, the chosen have {truth[level['name']]}",
                {"objective": level["name"], "reported": level["value"], "recomputed": truth[level["name"]]},
            )


def founded_proofs(selection: Selection) -> Iterator[Violation]:
    for level in selection.answer["objectives"]:
        name, value, bound = level["name"], level["value"], level["bound"]
        if value > bound:
            yield Violation("founded_proofs", f"{name} {value} is better than its bound {bound}", {"objective": name})
        elif level["proven"] != (value == bound):
            said = "proven" if level["proven"] else "not proven"
            yield Violation(
                "founded_proofs", f"{name} {value} is called {said} with bound {bound}", {"objective": name}
            )
        elif selection.answer["status"] == "optimal" and not level["proven"]:
            yield Violation("founded_proofs", f"status optimal, but {name} is unproven", {"objective": name})


def reserve_in_order(selection: Selection) -> Iterator[Violation]:
    left = [
        name
        for name in sorted(selection.candidates, key=selection.ranks.__getitem__)
        if name not in selection.chosen and selection.fixed.get(name) is not False
    ]
    expected = left[: selection.question.get("reserve", 0)]
    listed = [each["candidate"] for each in selection.answer.get("reserve", ())]
    if listed != expected:
        yield Violation("reserve_in_order", f"the reserve is {_told(listed)}, it should be {_told(expected)}")
        return
    for each in selection.answer.get("reserve", ()):
        fit = [name for name in selection.chosen if not selection.broken(each["candidate"], name)]
        if each.get("replaces", []) != fit:
            yield Violation(
                "reserve_in_order",
                f"{each['candidate']} may replace {_told(fit)}, not {_told(each.get('replaces', []))}",
                {"candidate": each["candidate"], "replaces": fit},
            )


def each_left_out_explained(selection: Selection) -> Iterator[Violation]:
    listed = [each["candidate"] for each in selection.answer["left_out"]]
    expected = sorted(selection.candidates.keys() - set(selection.chosen), key=selection.ranks.__getitem__)
    if listed != expected:
        differing = next((name for name in [*listed, *expected] if listed.count(name) != expected.count(name)), None)
        about = "their order isn't the rank's" if differing is None else f"not so for {differing}"
        yield Violation("each_left_out_explained", f"each one not chosen is listed once, by rank: {about}")


def true_reasons(selection: Selection) -> Iterator[Violation]:
    for each in selection.answer["left_out"]:
        if each["candidate"] in selection.candidates:
            wrong = _wrong_reason(selection, each)
            if wrong:
                yield Violation("true_reasons", f"{each['candidate']} {wrong}", {"candidate": each["candidate"]})


def _wrong_reason(selection: Selection, left_out: Json) -> str:
    """Return what is wrong with a reason, as the end of a sentence."""
    name, last, reason = left_out["candidate"], selection.last, left_out["reason"]
    is_full = len(selection.chosen) == selection.question["places"]
    is_fixed = selection.fixed.get(name) is False or (is_full and last is None)
    if (reason == "fixed") != is_fixed:
        return "is left out by hand" if is_fixed else "is not left out by hand"
    if reason == "score":
        if last is None or selection.ranks[name] < selection.ranks[last]:
            return "is not behind the last of the chosen"
        gap = selection.candidates[last]["score"] - selection.candidates[name]["score"]
        return "" if (left_out.get("gap"), left_out.get("behind")) == (gap, last) else f"is {gap} behind {last}"
    if reason == "rule":
        broken = selection.broken(name, last)
        said = {rule["rule"]: (rule["limit"], rule["holders"]) for rule in left_out.get("rules", ())}
        truth = {
            rule: (limit, [each for each in selection.chosen if each in selection.members[rule]])
            for rule, limit in broken.items()
        }
        return "" if broken and said == truth else f"would break {_told(broken) or 'no rule'}, held otherwise than said"
    return ""


def possible_unlocks(selection: Selection) -> Iterator[Violation]:
    for each in selection.answer["left_out"]:
        for unlock in each.get("unlock", ()):
            wrong = _wrong_unlock(selection, each, unlock)
            if wrong:
                yield Violation("possible_unlocks", f"{each['candidate']} {wrong}", {"candidate": each["candidate"]})


def _wrong_unlock(selection: Selection, left_out: Json, unlock: Json) -> str:
    by = unlock.get("by")
    if unlock["change"] == "fixed":
        return "" if selection.fixed.get(left_out["candidate"]) is False else "can't be freed, it isn't fixed"
    if by is None or by < 1:
        return "is unlocked by a change of nothing"
    if unlock["change"] == "score":
        return ""
    named = {(rule["rule"], rule["limit"]) for rule in left_out.get("rules", ())}
    return "" if (unlock.get("rule"), unlock.get("limit")) in named else "is unlocked by a rule that doesn't bind"


def possible_prices(selection: Selection) -> Iterator[Violation]:
    prices = selection.answer.get("prices", ())
    if [each["rule"] for each in prices] != list(selection.rules):
        yield Violation("possible_prices", "each rule has one price, in the order of the question")
    for each in prices:
        if (each["places"], each["score"]) < (0, 0):
            yield Violation(
                "possible_prices", f"{each['rule']} can't make the selection better", {"rule": each["rule"]}
            )


def known_conflict(selection: Selection) -> Iterator[Violation]:
    for each in selection.answer.get("conflict", ()):
        rule, candidate = each.get("rule"), each.get("candidate")
        is_known = rule in selection.rules if candidate is None else rule is None and candidate in selection.fixed
        if not is_known:
            yield Violation("known_conflict", f"neither a rule nor fixed: {rule if candidate is None else candidate}")


def nothing_claimed(selection: Selection) -> Iterator[Violation]:
    for key in ("chosen", "reserve", "objectives", "left_out", "prices"):
        if selection.answer.get(key):
            yield Violation("nothing_claimed", f"status {selection.answer['status']} goes with no {key}")


def _told(names: Iterable[str]) -> str:
    return ", ".join(names) or "nobody"


WITHOUT_SELECTION: tuple[Check, ...] = (made_for_this_question, nothing_claimed, known_conflict)
SELECTION_RULES: tuple[Check, ...] = (
    made_for_this_question,
    known_candidates,
    chosen_by_rank,
    enough_places,
    rules_kept,
    fixed_kept,
    true_objectives,
    founded_proofs,
    reserve_in_order,
    each_left_out_explained,
    true_reasons,
    possible_unlocks,
    possible_prices,
)


def selection_violations(question: Json, answer: Json) -> list[Violation]:
    """Return everything wrong with an answer to a selection, both as parsed JSON; an empty list means right."""
    selection = Selection(question, answer)
    rules = SELECTION_RULES if answer["status"] in {"optimal", "feasible"} else WITHOUT_SELECTION
    return [violation for rule in rules for violation in rule(selection)]
