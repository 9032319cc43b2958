"""How far verifying may go, by what was asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How much may be solved again: requests that flows go through, and CP-SAT's deterministic seconds.

    CP-SAT is asked where no more than `literals` requests times slots are open. `doubts` says whether it is also
    asked where the flow speaks but its selection found no timetable. After `seconds` nothing further is begun.
    """

    requests: int
    search_s: float
    literals: int
    doubts: bool
    seconds: float


BRIEF = Effort(requests=0, search_s=0.0, literals=0, doubts=False, seconds=0.0)
WITHIN_A_SOLVE = Effort(requests=15_000, search_s=0.1, literals=1_500, doubts=False, seconds=1.0)
THOROUGH = Effort(requests=150_000, search_s=0.6, literals=20_000, doubts=True, seconds=20.0)
FOR_ONE = Effort(requests=1_000_000, search_s=2.0, literals=20_000, doubts=True, seconds=2.0)
