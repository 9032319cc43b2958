"""What the scores of a jury say together: pure functions, on a scale from 0 to 100.

A reviewer's *total* of one file is the weighted mean of its criteria, each brought to 0–100 first:

    total = 100 × Σ weight × (value - lowest) / (highest - lowest) / Σ weight

over the criteria that the reviewer judged. The *spread* of a file is the standard deviation of its totals (that of
the whole jury, not of a sample). *Normalisation* puts each reviewer's totals on the mean and the spread of all the
totals that the jury gave, so that the severe and the generous, the bold and the cautious count alike:

    normalised = jury's mean + jury's spread × (total - reviewer's mean) / reviewer's spread,   kept within 0–100

A reviewer with fewer than three files, or who gave the same total to all, is left as is: there is nothing to measure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from statistics import fmean, median, pstdev

DISPUTED_SPREAD = 20.0  # two reviewers 40 points apart, or one of three who sees it quite otherwise
FEWEST_FILES = 3  # below, a reviewer's own mean and spread say nothing
FULL_MARKS = 100.0
DIGITS = 6  # beyond, two equal files would differ by the noise of a division


@dataclass(frozen=True, slots=True)
class Scale:
    """One criterion's values, from `lowest` to `highest`, counted `weight` times."""

    lowest: int
    highest: int
    weight: int


@dataclass(frozen=True, slots=True, order=True)
class GivenReview:
    """What one reviewer gave one file: its total from 0 to 100, or None for an abstention."""

    application_id: int
    reviewer_id: int
    total: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the jury says of one file: `totals` in ascending order, without names; None where nothing can be said.

    `mean`, `median` and `normalised` need one total, `spread` needs two.
    """

    review_count: int
    abstention_count: int
    mean: float | None
    median: float | None
    spread: float | None
    is_disputed: bool
    normalised: float | None
    totals: tuple[float, ...] = ()
    normalised_totals: tuple[float, ...] = ()


NO_VERDICT = Verdict(0, 0, None, None, None, is_disputed=False, normalised=None)


def total_of(values: Mapping[int, int], scales: Mapping[int, Scale]) -> float | None:
    """The total of one review, from its values by criterion; None when no value stands on a scale that counts."""
    judged = [(scales[key], value) for key, value in values.items() if key in scales]
    weights = sum(scale.weight for scale, _value in judged)
    if not weights:
        return None
    reached = fmean(
        [(value - scale.lowest) / (scale.highest - scale.lowest) for scale, value in judged],
        [scale.weight for scale, _value in judged],
    )
    return round(_within(FULL_MARKS * reached), DIGITS)


def verdicts_of(reviews: Iterable[GivenReview]) -> Mapping[int, Verdict]:
    """The verdict on each file that somebody gave a review of, by its key, in whatever order the reviews come."""
    given = sorted(reviews, key=attrgetter("application_id", "reviewer_id"))
    normalised = normalised_totals(given)
    return {
        application_id: _verdict(list(of_one_file), normalised)
        for application_id, of_one_file in groupby(given, key=attrgetter("application_id"))
    }


def normalised_totals(reviews: Sequence[GivenReview]) -> Mapping[tuple[int, int], float]:
    """Each total on the jury's mean and spread, by file and reviewer (the formula stands above)."""
    totals = [review.total for review in reviews if review.total is not None]
    if not totals:
        return {}
    jury_mean, jury_spread = fmean(totals), pstdev(totals)
    by_reviewer: dict[int, dict[int, float]] = defaultdict(dict)
    for review in reviews:
        if review.total is not None:
            by_reviewer[review.reviewer_id][review.application_id] = review.total
    found = {}
    for reviewer_id, own in by_reviewer.items():
        mean, spread = fmean(own.values()), pstdev(own.values())
        counts = len(own) >= FEWEST_FILES and spread > 0
        for application_id, total in own.items():
            moved = jury_mean + jury_spread * (total - mean) / spread if counts else total
            found[application_id, reviewer_id] = round(_within(moved), DIGITS)
    return found


def _verdict(reviews: Sequence[GivenReview], normalised: Mapping[tuple[int, int], float]) -> Verdict:
    scored = [review for review in reviews if review.total is not None]
    totals = tuple(sorted(review.total for review in scored if review.total is not None))
    moved = tuple(sorted(normalised[review.application_id, review.reviewer_id] for review in scored))
    spread = round(pstdev(totals), DIGITS) if len(totals) > 1 else None
    return Verdict(
        review_count=len(totals),
        abstention_count=len(reviews) - len(totals),
        mean=_mean(totals),
        median=round(median(totals), DIGITS) if totals else None,
        spread=spread,
        is_disputed=spread is not None and spread >= DISPUTED_SPREAD,
        normalised=_mean(moved),
        totals=totals,
        normalised_totals=moved,
    )


def _mean(totals: Sequence[float]) -> float | None:
    return round(fmean(totals), DIGITS) if totals else None


def _within(total: float) -> float:
    return min(FULL_MARKS, max(0.0, total))
