"""What today's demand leaves to hope for each request: the flow bound over many demands that may come of it.

docs/decisions/013 tells the method and how well its ranges held when they were put to the test.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, sqrt
from random import Random

from scheduler import Instance, Request
from scheduler.flow.relaxation import relax
from scheduler.problem import Problem

DRAWS = 60
MOST_REQUESTS = 5_000  # beyond, the draws take longer than the worker should
SCALE, NOISE = 10_000, 20  # ties fall to chance: all noise together weighs less than one point
CONFIDENCE = 1.64  # nine ranges of ten should hold what the draws estimate
MARGIN = 0.05  # for what the draws do not know, on either side: docs/decisions/013
DECLINED, PREFERRED, OTHERS = 1.0, 3.0, 16.0  # answers of a morning as if seen, before any is given


@dataclass(frozen=True, slots=True)
class Demand:
    """A morning's question and what is still uncertain of it.

    `open_requests` have no answer yet; `silent` structures may still ask, none once the requests are closed.
    """

    instance: Instance
    open_requests: frozenset[str]
    answers: Mapping[str, int]  # how many were declined, preferred, accepted so far
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """Chances out of ten, from `low` to `high`; `ahead` requests for the same desk are met more often."""

    low: int
    high: int
    ahead: int
    asking: int
    places: int


def chances(demand: Demand, *, seed: int = 0, draws: int = DRAWS) -> dict[str, Chance]:
    """Return the chance of each request by its id; empty where the demand is too large, or is no demand."""
    instance = _of_pairs(demand.instance)
    if not instance.requests or len(instance.requests) > MOST_REQUESTS:
        return {}
    met: Counter[str] = Counter()
    for draw in range(draws):
        met.update(_met(demand, instance, Random(f"{seed}:{draw}")))  # noqa: S311 - repeatable, no secret
    asking = Counter(request.between[-1] for request in instance.requests)
    places = {each.id: instance.slots - len(each.unavailable) for each in instance.participants}
    found = {}
    for request in instance.requests:
        desk = request.between[-1]
        rivals = (each for each in instance.requests if each.between[-1] == desk)
        ahead = sum(met[rival.id] > met[request.id] for rival in rivals)
        low, high = interval(met[request.id], draws)
        found[request.id] = Chance(low, high, ahead, asking[desk], places[desk])
    return found


def interval(met: int, draws: int) -> tuple[int, int]:
    """Wilson's interval of a share, widened by MARGIN and rounded outwards to tenths."""
    share, square = met / draws, CONFIDENCE**2
    middle = (share + square / (2 * draws)) / (1 + square / draws)
    half = CONFIDENCE / (1 + square / draws) * sqrt(share * (1 - share) / draws + square / (4 * draws**2))
    low, high = max(0.0, middle - half - MARGIN), min(1.0, middle + half + MARGIN)
    return floor(10 * low + 1e-9), ceil(10 * high - 1e-9)


def _of_pairs(instance: Instance) -> Instance:
    """The same question with two sides: of a group who leads stays, and what structures ask each other is left out."""
    covered = {each.id for each in instance.participants if each.group == instance.coverage_group}
    pairs = tuple(
        replace(each, between=(each.between[0], each.between[-1]))
        for each in instance.requests
        if each.between[-1] not in covered
    )
    return replace(instance, requests=pairs, pins=(), previous=())


def _met(demand: Demand, instance: Instance, chance: Random) -> list[str]:
    """The requests that the best selection meets in one demand that may come of today's."""
    requests = [*_answered(demand, instance.requests, chance), *_to_come(demand, instance.requests, chance)]
    weighed = tuple(replace(each, weight=each.weight * SCALE + chance.randrange(NOISE)) for each in requests)
    problem = Problem(replace(instance, requests=weighed), instance.policy)
    best = relax(problem, {})
    return [weighed[place].id for place in best.chosen] if best else []


def _answered(demand: Demand, requests: Sequence[Request], chance: Random) -> list[Request]:
    """Answers that have not come yet, as often no and yes as those that have."""
    seen = demand.answers
    weights = (
        DECLINED + seen.get("declined", 0),
        PREFERRED + seen.get("preferred", 0),
        OTHERS + seen.get("accepted", 0),
    )
    found = []
    for request in requests:
        if request.id in demand.open_requests:
            answer = chance.choices(("no", "wish", "yes"), weights)[0]
            if answer == "no":
                continue
            found.append(replace(request, weight=2 * request.weight) if answer == "wish" else request)
        else:
            found.append(request)
    return found


def _to_come(demand: Demand, requests: Sequence[Request], chance: Random) -> list[Request]:
    """Requests of structures that are silent today: nobody knows how many come, each asks as another one does."""
    if not demand.silent:
        return []
    lists: dict[str, list[Request]] = {}
    for request in requests:
        lists.setdefault(request.between[0], []).append(request)
    share = chance.random()
    coming = [each for each in demand.silent if chance.random() < share]
    return [
        replace(model, id=f"{newcomer}+{model.id}", between=(newcomer, model.between[1]))
        for newcomer in coming
        for model in chance.choice(list(lists.values()))
    ]
