"""Intervals of ratios: right on average, and functions of nothing but the data and the seed."""

import numpy as np
from scipy.stats import binom

from darkfigure.linkage_eval.links.truth import Groups
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.stats.ratios import REPLICATES, Ratio, measure_ratios
from darkfigure.synth.core.chance import Stream

RATE = metric(name="rate", label="Rate", formula="hits / pairs", unit="share", needs=("judged",))
RATIO = Ratio(RATE, above=(1, 0), below=(0, 1))


def measure(counts, seed=1):
    """Measure the ratio of one group."""
    counts = np.asarray(counts)
    everybody = Groups("all", ("all",), np.zeros(len(counts), np.int64))
    return measure_ratios(counts, [everybody], [RATIO], Stream(seed))[0]


def people(stream, trial, n, rate):
    """Make people with one or two pairs each, which are hit or missed together."""
    ids = np.arange(n) + trial * n
    size = 1 + stream.below("size", ids, 2)
    return np.column_stack([size * stream.happens("hit", ids, rate), size])


def test_the_interval_covers_the_truth():
    """In 200 worlds of 300 people the 95 % interval holds the true rate about 190 times.

    The bootstrap's true coverage is within 2 points of 95 % here; fewer than 176 of 200 hits
    would come with probability 1e-6 if it were 94 %.
    """
    stream = Stream(7)
    found = [measure(people(stream, trial, 300, 0.3), seed=trial) for trial in range(200)]
    hits = sum(one.low <= 0.3 <= one.high for one in found)
    assert binom.cdf(hits, 200, 0.94) > 1e-6
    assert hits < 200


def test_whole_people_are_resampled():
    """Two pairs of one person tell no more than one: counting them twice keeps the interval."""
    single = people(Stream(3), 0, 400, 0.4)
    single[:, 0] = single[:, 0] > 0
    single[:, 1] = 1
    once, twice = measure(single), measure(single * 2)
    assert abs((once.high - once.low) - (twice.high - twice.low)) < 0.01


def test_more_people_narrow_the_interval():
    """Four times the people, half the width, within sampling error of 500 replicates."""
    few, many = (measure(people(Stream(5), 0, n, 0.4)) for n in (500, 2000))
    assert 1.6 < (few.high - few.low) / (many.high - many.low) < 2.5


def test_certain_values_have_wilsons_interval():
    """A rate of 1 among 4 people is not known to be 1: Wilson gives [0.51, 1]."""
    found = measure([[1, 1]] * 4)
    assert (1.0, 1.0) == (found.value, found.high)
    assert 0.5101 == round(found.low, 4)
    found = measure([[0, 1]] * 4)
    assert (0.0, 0.4899) == (found.low, round(found.high, 4))


def test_nothing_counted_has_no_value():
    """Without a denominator there is no value and no interval."""
    found = measure([[0, 0], [0, 0]])
    assert (None, None, None, 0) == (found.value, found.low, found.high, found.n)


def test_people_without_pairs_change_nothing():
    """Somebody who counts nowhere leaves the interval as it is, wherever they stand."""
    counts = people(Stream(9), 0, 200, 0.5)
    padded = np.insert(counts, [0, 50, 200], 0, axis=0)
    assert measure(counts) == measure(padded)


def test_there_are_as_many_replicates_as_their_ids_hold():
    """The replicate's number takes nine bits of the id."""
    assert REPLICATES <= 512
