"""Intervals of ratios: right on average, with people as the units, and false links with two."""

import numpy as np
import pytest
from scipy.stats import binom

from darkfigure.linkage_eval.links.truth import Groups
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.stats.clustered import cluster_variance, share_interval
from darkfigure.linkage_eval.stats.ratios import Crossed, Ratio, measure_ratios
from darkfigure.synth.core.chance import Stream

RATE = metric(name="rate", label="Rate", formula="hits / pairs", unit="share", needs=("judged",))
RATIO = Ratio(RATE, above=(1, 0), below=(0, 1))
# Fifteen units in six clusters of either kind. Variances as other code and R's sandwich give them.
FIRST = np.array([1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6]) - 1
SECOND = np.array([1, 2, 3, 1, 4, 2, 5, 5, 3, 6, 4, 6, 1, 2, 6]) - 1
HIT = np.array([1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1])


def measure(counts, crossed=None):
    """Measure the ratio of one group."""
    counts = np.asarray(counts)
    everybody = Groups("all", ("all",), np.zeros(len(counts), np.int64))
    return measure_ratios(counts, [everybody], [RATIO], crossed)[0]


def people(stream, trial, n, rate):
    """Make people with one or two pairs each, which are hit or missed together."""
    ids = np.arange(n) + trial * n
    size = 1 + stream.below("size", ids, 2)
    return np.column_stack([size * stream.happens("hit", ids, rate), size])


def test_a_heavy_person_counts_as_when_left_out():
    """The spread is that of the ratio without each person in turn, the jackknife's."""
    counts = np.array([[30, 40], [2, 2], [0, 1], [3, 3], [1, 2], [2, 2]])
    hits, pairs = counts.T
    without = (hits.sum() - hits) / (pairs.sum() - pairs)
    value, n = hits.sum() / pairs.sum(), len(counts)
    spread = ((without - value) ** 2).sum() * (n - 1) / n
    # And as few degrees of freedom as squares of people of these weights have.
    degrees = (pairs**2).sum() ** 2 / (pairs**4).sum()
    expected = share_interval(value, spread * (n - 1) / n, n, max(degrees, 1))
    found = measure(counts)
    assert expected == pytest.approx((found.low, found.high))


def test_intervals_cover_where_a_few_people_weigh_much():
    """Of 1,000 samples 950 hold the truth; with the normal's 1.96 it would be 904.

    Fewer than 921 come with probability 1e-4 if coverage is 95 %.
    """
    stream = Stream(11)
    ids = np.arange(40_000).reshape(1_000, 40)
    size = np.floor(stream.uniform("size", ids.ravel()) ** -0.9).clip(max=60).astype(int)
    hit = size * stream.happens("hit", ids.ravel(), 0.85)
    found = [measure(np.column_stack([hit[some], size[some]])) for some in ids]
    covered = sum(one.low <= 0.85 <= one.high for one in found)
    assert 921 <= covered <= 990


def test_variances_meet_known_values():
    """One way, the other way, and both ways."""
    residuals, n = HIT - HIT.mean(), len(HIT) ** 2
    assert 0.0152888889 == pytest.approx(cluster_variance(residuals, FIRST) / n)
    assert 0.0064 == pytest.approx(cluster_variance(residuals, SECOND) / n)
    assert 0.00801975309 == pytest.approx(cluster_variance(residuals, FIRST, SECOND) / n)


def test_intervals_meet_known_values():
    """Six clusters: Student's t with five degrees of freedom; the factor 6/5 is in the variance."""
    low, high = share_interval(HIT.mean(), 0.0113060589 * 5 / 6, 6)
    assert (0.42754974, 0.91011640) == pytest.approx((low, high))


@pytest.mark.parametrize(("n_people", "rate"), [(300, 0.3), (12, 0.6)])
def test_the_interval_covers_the_truth(n_people, rate):
    """In 200 worlds the 95 % interval holds the true rate about 190 times, few people or many.

    Fewer than 172 of 200 would come with probability 1e-6 if coverage were 93 %.
    """
    stream = Stream(7)
    found = [measure(people(stream, trial, n_people, rate)) for trial in range(200)]
    hits = sum(one.low <= rate <= one.high for one in found)
    assert binom.cdf(hits, 200, 0.93) > 1e-6
    assert hits < 200


def test_whole_people_are_the_units():
    """Two pairs of one person tell no more than one: counting them twice keeps the interval."""
    single = people(Stream(3), 0, 400, 0.4)
    single[:, 0] = single[:, 0] > 0
    single[:, 1] = 1
    once, twice = measure(single), measure(single * 2)
    assert (once.low, once.high) == pytest.approx((twice.low, twice.high))


def test_more_people_narrow_the_interval():
    """Four times the people, half the width."""
    counts = people(Stream(5), 0, 500, 0.4)
    few, many = measure(counts), measure(np.tile(counts, (4, 1)))
    assert 2 == pytest.approx((few.high - few.low) / (many.high - many.low), rel=0.01)


def test_certain_values_have_the_interval_of_as_many_people():
    """A rate of 1 among 30 people is not known to be 1: Wilson gives [0.886, 1]."""
    found = measure([[1, 1]] * 30)
    assert (1.0, 1.0, 0.8865) == (found.value, found.high, round(found.low, 4))
    found = measure([[0, 1]] * 30)
    assert (0.0, 0.1135) == (found.low, round(found.high, 4))


def test_one_person_tells_nothing_of_others():
    """One of three pairs of one person is a third, and nobody knows how people differ."""
    found = measure([[1, 3], [0, 0]])
    assert (1 / 3, None, None) == (found.value, found.low, found.high)


def test_nothing_counted_has_no_value():
    """Without a denominator there is no value and no interval."""
    found = measure([[0, 0], [0, 0]])
    assert (None, None, None, 0) == (found.value, found.low, found.high, found.n)


def test_people_without_pairs_change_nothing():
    """Somebody who counts nowhere leaves the interval as it is, wherever they stand."""
    counts = people(Stream(9), 0, 200, 0.5)
    padded = np.insert(counts, [0, 50, 200], 0, axis=0)
    assert measure(counts) == measure(padded)


def test_false_links_count_with_both_their_people():
    """Twenty false links of twenty people to one tell no more than one person would."""
    right = np.array([[1, 1]] * 80)
    counts = np.vstack([right, np.array([[0, 1]] * 20)])
    left = np.arange(80, 100)
    apart = measure(counts, Crossed(1, left, left + 100))
    to_one = measure(counts, Crossed(1, left, np.full(20, 100)))
    alone = measure(counts)
    assert alone.value == apart.value == to_one.value == 0.8
    assert (alone.low, alone.high) == pytest.approx((apart.low, apart.high))
    assert (to_one.high - to_one.low) > 2 * (apart.high - apart.low)
