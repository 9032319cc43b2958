"""The published rule of selections by exhaustion: every set of a tiny question is judged, every change is tried.

It shares no code with the package, so that search, checker and this file must agree by themselves.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

Document = Mapping[str, Any]
Names = tuple[str, ...]


def ranked(question: Document) -> list[Document]:
    """The candidates by score, then by order."""
    return sorted(question["candidates"], key=lambda each: (-each["score"], each["order"]))


def best(question: Document) -> Names | None:
    """The names that the rule chooses, by rank; None when no set keeps all rules."""
    order = [each["id"] for each in ranked(question)]
    right = [names for size in range(question["places"] + 1) for names in combinations(order, size)]
    kept = [names for names in right if is_right(question, names)]
    return min(kept, key=lambda names: (-len(names), -score(question, names), [*map(order.index, names)]), default=None)


def is_right(question: Document, names: Names) -> bool:
    """Whether a set keeps all rules, places apart."""
    by_hand = all((each["candidate"] in names) == each["chosen"] for each in question["fixed"])
    return by_hand and not list(broken(question, names))


def broken(question: Document, names: Names) -> Iterator[tuple[str, str]]:
    """The rules that a set breaks, each with the limit."""
    for rule in question["rules"]:
        count = len(holders(question, names, rule["id"]))
        if rule["at_least"] is not None and count < rule["at_least"]:
            yield rule["id"], "at_least"
        if rule["at_most"] is not None and count > rule["at_most"]:
            yield rule["id"], "at_most"


def holders(question: Document, names: Names, rule: str) -> list[str]:
    """Those of a set that a rule counts, in its order."""
    groups = {each["id"]: set(each["groups"]) for each in question["candidates"]}
    counted = next(set(each["groups"]) for each in question["rules"] if each["id"] == rule)
    return [name for name in names if groups[name] & counted]


def score(question: Document, names: Names) -> int:
    scores = {each["id"]: each["score"] for each in question["candidates"]}
    return sum(scores[name] for name in names)


def answer(question: Document) -> Document:
    """Every field of the answer that isn't about how it was found."""
    chosen = best(question)
    if chosen is None:
        return {"chosen": [], "conflict": conflict(question)}
    left = [each["id"] for each in ranked(question) if each["id"] not in chosen]
    return {
        "chosen": list(chosen),
        "objectives": [("places", len(chosen)), ("score", score(question, chosen))],
        "reserve": reserve(question, chosen, left),
        "left_out": [left_out(question, chosen, name) for name in left],
        "prices": [price(question, chosen, index) for index in range(len(question["rules"]))],
    }


def reserve(question: Document, chosen: Names, left: list[str]) -> list[Document]:
    out = {each["candidate"] for each in question["fixed"] if not each["chosen"]}
    listed = [name for name in left if name not in out][: question["reserve"]]
    return [{"candidate": name, "replaces": [x for x in chosen if fits(question, chosen, name, x)]} for name in listed]


def fits(question: Document, chosen: Names, name: str, instead: str) -> bool:
    return not list(broken(question, (*(each for each in chosen if each != instead), name)))


def left_out(question: Document, chosen: Names, name: str) -> Document:
    by_hand = {each["candidate"]: each["chosen"] for each in question["fixed"]}
    if name in by_hand:
        free = changed(question, fixed=[each for each in question["fixed"] if each["candidate"] != name])
        is_chosen = name in (best(free) or ())
        return {"candidate": name, "reason": "fixed", "unlock": [{"change": "fixed"}] if is_chosen else []}
    movable = [each for each in chosen if each not in by_hand]
    is_full = len(chosen) == question["places"]
    if is_full and not movable:
        return {"candidate": name, "reason": "fixed", "unlock": []}
    gain = smallest_gain(question, name)
    scores = {each["id"]: each["score"] for each in question["candidates"]}
    unlock: list[Document] = [{"change": "score", "by": gain}] if gain else []
    order = [each["id"] for each in ranked(question)]
    last = movable[-1] if is_full else None
    if last is not None and order.index(name) > order.index(last) and gain is not None:
        behind: Document = {"gap": scores[last] - scores[name], "behind": last}
        return {"candidate": name, "reason": "score", **behind, "unlock": unlock}
    tried = (*(each for each in chosen if each != last), name)
    limits = list(broken(question, tried))
    binding = [{"rule": rule, "limit": limit, "holders": holders(question, chosen, rule)} for rule, limit in limits]
    wider = [widening(question, name, rule, limit) for rule, limit in limits]
    return {"candidate": name, "reason": "rule", "rules": binding, "unlock": unlock + [each for each in wider if each]}


def smallest_gain(question: Document, name: str) -> int | None:
    """The smallest gain with which a candidate is chosen, found by trying; more than all the others have is in vain."""
    for gain in range(1, 2 + sum(each["score"] for each in question["candidates"])):
        if name in (best(with_score(question, name, gain)) or ()):
            return gain
    return None


def with_score(question: Document, name: str, gain: int) -> Document:
    candidates = [
        each | {"score": each["score"] + (gain if each["id"] == name else 0)} for each in question["candidates"]
    ]
    return changed(question, candidates=candidates)


def widening(question: Document, name: str, rule: str, limit: str) -> Document | None:
    for by in range(1, len(question["candidates"]) + 1):
        rules = copy.deepcopy(question["rules"])
        its = next(each for each in rules if each["id"] == rule)
        its[limit] += by if limit == "at_most" else -by
        if name in (best(changed(question, rules=rules)) or ()):
            return {"change": "rule", "rule": rule, "limit": limit, "by": by}
    return None


def price(question: Document, chosen: Names, index: int) -> Document:
    rules = question["rules"]
    without = changed(question, rules=[*rules[:index], *rules[index + 1 :]])
    other = best(without)
    assert other is not None
    more = score(question, other) - score(question, chosen)
    return {"rule": rules[index]["id"], "places": len(other) - len(chosen), "score": more, "proven": True}


def conflict(question: Document) -> list[Document]:
    """What is left of the fixed candidates, then of the rules, when each that can be spared, the last first, is."""
    now = question
    for key in ("fixed", "rules"):
        for each in reversed(question[key]):
            fewer = changed(now, **{key: [other for other in now[key] if other != each]})
            if best(fewer) is None:
                now = fewer
    return [{"rule": each["id"]} for each in now["rules"]] + [{"candidate": each["candidate"]} for each in now["fixed"]]


def changed(question: Document, **more: Any) -> Document:
    return {**question, **more}
