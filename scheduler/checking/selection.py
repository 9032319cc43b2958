"""A selection as the checker reads it from two JSON documents: a second reading on purpose, as of a schedule."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from json import JSONEncoder

from scheduler.checking.fingerprint import Json

_canonical = JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Selection:
    """An openmap-selection-answer/1 seen beside the openmap-selection/1 that it answers."""

    def __init__(self, question: Json, answer: Json) -> None:
        self.question = question
        self.answer = answer
        self.candidates: dict[str, Json] = {each["id"]: each for each in question["candidates"]}
        self.rules: dict[str, Json] = {each["id"]: each for each in question.get("rules", ())}
        self.fixed: dict[str, bool] = {each["candidate"]: each["chosen"] for each in question.get("fixed", ())}
        self.chosen: list[str] = [name for name in answer["chosen"] if name in self.candidates]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The rank of each candidate by score, then by order."""
        ranked = sorted(
            self.candidates, key=lambda name: (-self.candidates[name]["score"], self.candidates[name]["order"])
        )
        return {name: rank for rank, name in enumerate(ranked)}

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """Those that each rule is about."""
        return {
            name: frozenset(
                each
                for each, said in self.candidates.items()
                if not set(rule["groups"]).isdisjoint(said.get("groups", ()))
            )
            for name, rule in self.rules.items()
        }

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the question in full: keys sorted, no spaces, UTF-8."""
        question = self.question
        full = {
            "format": question["format"],
            "name": question.get("name", ""),
            "places": question["places"],
            "reserve": question.get("reserve", 0),
            "candidates": [{"groups": []} | each for each in question["candidates"]],
            "rules": [{"at_least": None, "at_most": None} | each for each in question.get("rules", ())],
            "fixed": question.get("fixed", []),
        }
        return sha256(_canonical(full).encode()).hexdigest()

    @cached_property
    def last(self) -> str | None:
        """The last of the chosen by rank who isn't fixed, if all places are filled: whose place is at stake."""
        free = [name for name in self.chosen if name not in self.fixed]
        is_full = len(self.chosen) == self.question["places"]
        return max(free, key=self.ranks.__getitem__, default=None) if is_full else None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of the chosen each rule counts."""
        return {name: len(members.intersection(self.chosen)) for name, members in self.members.items()}

    def broken(self, coming: str | None = None, leaving: str | None = None) -> dict[str, str]:
        """Return the rules broken by the chosen ones, after one came and another left, each with its limit."""
        found = {}
        for name, rule in self.rules.items():
            members = self.members[name]
            count = self.counts[name] + (coming in members) - (leaving in members)
            if rule.get("at_most") is not None and count > rule["at_most"]:
                found[name] = "at_most"
            elif rule.get("at_least") is not None and count < rule["at_least"]:
                found[name] = "at_least"
        return found

    def score(self, names: Iterable[str]) -> int:
        """Return the total score of some candidates."""
        return sum(self.candidates[name]["score"] for name in names)
