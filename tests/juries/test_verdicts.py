"""What scores say together, whoever gave them and in whatever order."""

from itertools import pairwise
from statistics import pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmap.juries.verdicts import DISPUTED_SPREAD, GivenReview, Scale, normalised_totals, total_of, verdicts_of

FILES, REVIEWERS = range(1, 9), range(1, 6)
TOTALS = st.one_of(st.none(), st.integers(0, 100).map(float))
JURIES = st.dictionaries(st.tuples(st.sampled_from(FILES), st.sampled_from(REVIEWERS)), TOTALS, max_size=40)


def reviews(jury):
    return [GivenReview(file, reviewer, total) for (file, reviewer), total in jury.items()]


def test_a_total_brings_each_criterion_to_a_hundred_and_counts_its_weight():
    scales = {1: Scale(1, 5, 1), 2: Scale(0, 10, 3)}
    assert total_of({1: 5, 2: 0}, scales) == 25
    assert total_of({1: 1, 2: 10}, scales) == 75
    assert total_of({1: 3, 2: 5}, scales) == 50


def test_a_retired_criterion_counts_no_more_and_one_alone_is_no_total():
    assert total_of({1: 5, 7: 1}, {1: Scale(1, 5, 2)}) == 100
    assert total_of({7: 1}, {1: Scale(1, 5, 2)}) is None


def test_three_who_do_not_agree_are_said_to():
    verdict = verdicts_of([GivenReview(1, 1, 25), GivenReview(1, 2, 50), GivenReview(1, 3, 100)])[1]
    assert (verdict.mean, verdict.median, verdict.spread) == (58.333333, 50, 31.180478)
    assert verdict.is_disputed
    assert verdict.spread is not None
    assert verdict.spread > DISPUTED_SPREAD


def test_one_review_has_no_spread_and_is_not_disputed():
    verdict = verdicts_of([GivenReview(1, 1, 40), GivenReview(1, 2, None)])[1]
    assert (verdict.review_count, verdict.abstention_count, verdict.mean) == (1, 1, 40)
    assert verdict.spread is None
    assert not verdict.is_disputed


def test_nobody_but_those_who_abstain_says_nothing():
    verdict = verdicts_of([GivenReview(1, 1, None)])[1]
    assert (verdict.mean, verdict.median, verdict.normalised, verdict.abstention_count) == (None, None, None, 1)


def test_the_severe_and_the_generous_count_alike_once_normalised():
    severe = [GivenReview(file, 1, total) for file, total in ((1, 0), (2, 20), (3, 40))]
    generous = [GivenReview(file, 2, total) for file, total in ((1, 60), (2, 80), (3, 100))]
    moved = normalised_totals(severe + generous)
    assert [moved[file, 1] for file in (1, 2, 3)] == [moved[file, 2] for file in (1, 2, 3)]
    assert moved[2, 1] == 50


def test_two_files_are_too_few_to_know_a_reviewer_by():
    few = [GivenReview(1, 1, 10), GivenReview(2, 1, 20)]
    others = [GivenReview(file, 2, 50.0 + 10 * file) for file in (1, 2, 3)]
    moved = normalised_totals(few + others)
    assert (moved[1, 1], moved[2, 1]) == (10, 20)


def test_a_reviewer_who_tells_no_file_from_another_is_left_as_is():
    flat = [GivenReview(file, 1, 70) for file in (1, 2, 3)]
    others = [GivenReview(file, 2, 30.0 * file) for file in (1, 2, 3)]
    moved = normalised_totals(flat + others)
    assert {moved[file, 1] for file in (1, 2, 3)} == {70}


@given(JURIES, st.permutations(REVIEWERS), st.randoms(use_true_random=False))
def test_who_the_reviewers_are_and_in_which_order_they_come_changes_nothing(jury, others, chance):
    names = dict(zip(REVIEWERS, others, strict=True))
    renamed = [GivenReview(file, names[reviewer], total) for (file, reviewer), total in jury.items()]
    chance.shuffle(renamed)
    assert verdicts_of(renamed) == verdicts_of(reviews(jury))


@given(JURIES)
def test_everything_stays_within_the_scale_and_in_order(jury):
    for verdict in verdicts_of(reviews(jury)).values():
        said = [verdict.mean, verdict.median, verdict.normalised, *verdict.totals, *verdict.normalised_totals]
        assert all(value is None or 0 <= value <= 100 for value in said)
        assert verdict.spread is None or 0 <= verdict.spread <= 50
        assert verdict.review_count == len(verdict.totals) == len(verdict.normalised_totals)
        assert (verdict.mean is None) == (verdict.normalised is None) == (verdict.review_count == 0)


@given(st.lists(st.integers(0, 100).map(float), min_size=3, max_size=8), st.integers(1, 4))
def test_reviewers_who_give_the_same_are_unchanged_by_normalisation(totals, reviewer_count):
    given_by_all = [
        GivenReview(file, reviewer, total) for file, total in enumerate(totals) for reviewer in range(reviewer_count)
    ]
    for verdict in verdicts_of(given_by_all).values():
        assert verdict.normalised == pytest.approx(verdict.mean, abs=1e-5)


@settings(max_examples=50)
@given(JURIES)
def test_normalisation_keeps_the_order_in_which_a_reviewer_puts_the_files(jury):
    given_reviews = reviews(jury)
    moved = normalised_totals(given_reviews)
    for reviewer in REVIEWERS:
        own = sorted(
            (each.total, moved[each.application_id, reviewer])
            for each in given_reviews
            if each.reviewer_id == reviewer and each.total is not None
        )
        assert all(one <= other for (_, one), (_, other) in pairwise(own))


def test_the_spread_is_that_of_the_whole_jury():
    verdict = verdicts_of([GivenReview(1, reviewer, total) for reviewer, total in enumerate((25.0, 50.0, 75.0))])[1]
    assert verdict.spread == pytest.approx(pstdev([25, 50, 75]))
