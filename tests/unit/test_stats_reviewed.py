"""Shares that reviewers tell, corrected for their errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from darkfigure.linkage_eval.stats.reviewed import Rate, correct_share
from darkfigure.synth.core.chance import Stream


def test_a_common_share_meets_known_values():
    """352 of 400, sensitivity .95 of 200, specificity .90 of 100: computed by other code."""
    found = correct_share(352 / 400, 400, Rate(0.95, 200), Rate(0.90, 100))
    expected = (0.917647059, 0.025507903, 0.86688904, 0.97039111)
    assert (found.value, found.se, found.low, found.high) == pytest.approx(expected)


def test_a_rare_share_meets_known_values():
    """11 of 1,000: where few are right, specificity decides all."""
    found = correct_share(0.011, 1_000, Rate(0.95, 200), Rate(0.99, 100))
    expected = (0.0010638298, 0.011140728, 0, 0.021476549)
    assert (found.value, found.se, found.low, found.high) == pytest.approx(expected)


def test_a_coin_tells_nothing():
    """Sensitivity and specificity of a half each."""
    with pytest.raises(ValueError, match="no better than a coin"):
        correct_share(0.5, 100, Rate(0.5, 10), Rate(0.5, 10))


def test_the_interval_covers_the_true_share():
    """In 1,000 studies of .92 right pairs and a reviewer of .95 and .90.

    Other code found a coverage of .954; fewer than 912 of 1,000 come at .94 with probability 1e-4.
    """
    stream, ids, hits = Stream(3), np.arange(1_000), 0

    def drawn(name: str, n: int, rate: float) -> np.ndarray:
        return binom.ppf(stream.uniform(name, ids), n, rate) / n

    apparent = drawn("called", 400, 0.92 * 0.95 + 0.08 * 0.1)
    studies = zip(apparent, drawn("s", 200, 0.95), drawn("c", 100, 0.9), strict=True)
    for share, s, c in studies:
        found = correct_share(share, 400, Rate(s, 200), Rate(c, 100))
        hits += found.low <= 0.92 <= found.high
    assert hits >= 912
