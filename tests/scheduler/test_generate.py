"""Generated instances are what was ordered, the same on every machine."""

import json
from collections import Counter
from dataclasses import asdict, replace
from hashlib import sha256

import pytest

from scheduler import InvalidInput, instance_document
from scheduler.generate import Recipe, generate

MORNING = Recipe(buyers=16, structures=120, requests=343, slots=8, seed=3)


def test_the_numbers_are_those_ordered() -> None:
    instance = generate(MORNING)
    groups = Counter(participant.group for participant in instance.participants)
    assert groups == {"buyer": 16, "structure": 120}
    assert (len(instance.requests), instance.slots) == (343, 8)
    assert len({request.between for request in instance.requests}) == 343


def drawn(recipe: Recipe) -> str:
    """The first digits of the fingerprint of everything that was drawn."""
    document = instance_document(generate(recipe))
    return sha256(json.dumps([document["participants"], document["requests"]]).encode()).hexdigest()[:12]


def test_a_seed_means_the_same_instance_for_ever() -> None:
    # Published figures name their seed: other draws would make them meaningless.
    assert drawn(MORNING) == "0726a1be38e8"
    assert drawn(replace(MORNING, skew=1.5, half_days=True)) == "c1e9992a7ddf"
    assert drawn(replace(MORNING, seed=4)) == "915eec665127"


@pytest.mark.parametrize("skew", [0.8, 1.5])
def test_popular_buyers_are_asked_more(skew: float) -> None:
    instance = generate(Recipe(buyers=100, structures=500, requests=4_000, slots=8, skew=skew))
    asked = Counter(request.between[1] for request in instance.requests)
    first, last = (sum(asked[f"B{rank:03}"] for rank in ranks) for ranks in (range(1, 11), range(91, 101)))
    assert first > 3 * last


def test_each_structures_choices_weigh_less_and_less() -> None:
    requests = [request for request in generate(MORNING).requests if request.between[0] == "S001"]
    assert [request.weight for request in requests] == [10, 9, 8]


def test_absences_make_up_the_share_ordered() -> None:
    people = generate(replace(MORNING, structures=2_000, requests=2_000, unavailability=0.3)).participants
    assert sum(len(each.unavailable) for each in people) / (len(people) * 8) == pytest.approx(0.3, abs=0.02)


def test_half_days_are_missed_as_a_whole() -> None:
    people = generate(replace(MORNING, half_days=True, unavailability=0.5)).participants
    assert {tuple(sorted(each.unavailable)) for each in people} == {
        (),
        (0, 1, 2, 3),
        (4, 5, 6, 7),
        (0, 1, 2, 3, 4, 5, 6, 7),
    }


def test_everybody_may_ask_everybody() -> None:
    instance = generate(Recipe(buyers=4, structures=5, requests=20, slots=2, unavailability=0))
    assert len({request.between for request in instance.requests}) == 20


@pytest.mark.parametrize(
    ("field", "value"),
    [("buyers", 0), ("structures", 0), ("requests", 1921), ("slots", 0), ("skew", -1), ("unavailability", 1.1)],
)
def test_an_impossible_order_names_its_field(field: str, value: float) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}: must be between"):
        Recipe(**asdict(MORNING) | {field: value})
