"""Files shared evenly: as many reviewers each, nobody twice or against a conflict, loads as alike as can be."""

from collections import Counter
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from openmap.juries.evenly import share_evenly

SIZES = st.tuples(st.integers(0, 30), st.integers(1, 7), st.integers(1, 4))
SMALL = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 2))


@st.composite
def conflicts(draw, sizes, *, keeps=False):
    files, reviewers, per_file = draw(sizes)
    pairs = list(product(range(reviewers), range(files)))
    some = st.frozensets(st.sampled_from(pairs), max_size=len(pairs)) if pairs else st.just(frozenset())
    barred = draw(some)
    kept = draw(some) - barred if keeps else frozenset()
    return range(files), range(reviewers), per_file, barred, kept


def loads(pairs, reviewers):
    counted = Counter(reviewer for reviewer, _file in pairs)
    return sorted(counted[reviewer] for reviewer in reviewers)


@given(SIZES, st.integers(1, 99))
def test_without_conflicts_loads_differ_by_one_at_most(sizes, draw):
    files, reviewers, per_file = sizes
    sharing = share_evenly(range(files), range(reviewers), per_file=per_file, draw=draw)
    shared = loads(sharing.pairs, range(reviewers))
    assert shared[-1] - shared[0] <= 1
    assert sum(shared) == files * min(per_file, reviewers)


@given(conflicts(SIZES, keeps=True))
def test_nobody_gets_a_file_twice_or_against_a_conflict_and_each_file_gets_its_number(case):
    files, reviewers, per_file, barred, kept = case
    sharing = share_evenly(files, reviewers, per_file=per_file, barred=barred, kept=kept)
    assert len(set(sharing.pairs)) == len(sharing.pairs)
    assert not set(sharing.pairs) & (barred | kept)
    for file in files:
        has = sum(pair[1] == file for pair in {*sharing.pairs, *kept})
        able = sum((reviewer, file) not in barred for reviewer in reviewers)
        already = sum(pair[1] == file for pair in kept)
        assert has == max(already, min(per_file, able))
        assert sharing.missing.get(file, 0) == max(0, per_file - able)


@settings(max_examples=60)
@given(conflicts(SMALL))
def test_no_other_sharing_is_more_even(case):
    files, reviewers, per_file, barred, _kept = case
    sharing = share_evenly(files, reviewers, per_file=per_file, barred=barred)
    able = [[reviewer for reviewer in reviewers if (reviewer, file) not in barred] for file in files]
    choices = (list(combinations(some, min(per_file, len(some)))) for some in able)
    others = (
        loads([(one, file) for file, chosen in enumerate(choice) for one in chosen], reviewers)
        for choice in product(*choices)
    )
    best = min(sum(load**2 for load in other) for other in others)
    assert sum(load**2 for load in loads(sharing.pairs, reviewers)) == best


@given(conflicts(SIZES, keeps=True), st.integers(1, 9), st.randoms(use_true_random=False))
def test_the_same_draw_gives_the_same_sharing_in_whatever_order_it_is_asked(case, draw, chance):
    files, reviewers, per_file, barred, kept = case
    shuffled = chance.sample(files, len(files))
    first = share_evenly(files, reviewers, per_file=per_file, barred=barred, kept=kept, draw=draw)
    assert first == share_evenly(shuffled, reviewers, per_file=per_file, barred=barred, kept=kept, draw=draw)


def test_another_draw_shares_otherwise():
    sharings = {share_evenly(range(12), range(4), per_file=2, draw=draw).pairs for draw in range(5)}
    assert len(sharings) > 1


def test_who_can_judge_only_one_file_gets_that_one():
    barred = {(0, file) for file in range(1, 6)}
    sharing = share_evenly(range(6), range(3), per_file=1, barred=barred)
    assert (0, 0) in sharing.pairs
