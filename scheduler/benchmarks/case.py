"""What is measured: an instance, what was published about it, or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.instance import Instance


@dataclass(frozen=True, slots=True)
class Published:
    """What a paper reports: `optimal` with the optimum, or `infeasible`, and the seconds of its best method."""

    status: str
    optimum: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Case:
    """One instance to measure; `instance` is None where its file is `refused`, with the reason."""

    name: str
    instance: Instance | None
    published: Published | None = None
    refused: str = ""
