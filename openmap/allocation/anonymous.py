"""A run's question and answer without anybody in them: participants and requests under labels that lead nowhere."""

import json
from collections.abc import Mapping
from typing import Any

from openmap.core.tokens import fingerprint
from scheduler import instance_sha256, read_instance

NAME = "anonymous"
WORDS = frozenset({"format", "group", "coverage_group", "policy", "status", "name", "reason", "change", "versions"})


def anonymised(instance_text: str, solution_text: str, *, key: str) -> tuple[str, str]:
    """Return the instance and its solution under new labels, still right for the independent checker.

    The same run gets the same labels; only who holds `key` could say which participant has which, since neither the
    labels nor the order of the lists follow the old ones. Shapes: docs of the scheduler's formats.
    """
    instance, solution = json.loads(instance_text), json.loads(solution_text)
    labels = _labels(instance, key=f"{key}:{instance['name']}")
    hidden = _relabelled(instance, labels) | {"name": NAME}
    for rows in ("participants", "requests"):
        hidden[rows].sort(key=lambda row: row["id"])
    question = json.dumps(hidden, ensure_ascii=False, indent=1)
    answer = _relabelled(solution, labels)
    answer["instance_sha256"] = instance_sha256(read_instance(question))
    for rows in ("meetings", "unmet"):
        answer[rows].sort(key=lambda row: (row.get("slot", 0), row["request"]))
    return question, json.dumps(answer, ensure_ascii=False, indent=1)


def _labels(instance: Mapping[str, Any], *, key: str) -> dict[str, str]:
    """B1… for buyers, S1… for structures, R1… for requests, in an order that only the key knows."""
    named = [(person["id"], person["group"][:1].upper()) for person in instance["participants"]]
    named += [(request["id"], "R") for request in instance["requests"]]
    labels: dict[str, str] = {}
    counts: dict[str, int] = {}
    for old, letter in sorted(named, key=lambda each: fingerprint(each[0], key=key)):
        counts[letter] = counts.get(letter, 0) + 1
        labels[old] = f"{letter}{counts[letter]}"
    return labels


def _relabelled(part: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: value if name in WORDS else _relabelled(value, labels) for name, value in part.items()}
    if isinstance(part, list):
        return [_relabelled(each, labels) for each in part]
    return labels.get(part, part) if isinstance(part, str) else part
