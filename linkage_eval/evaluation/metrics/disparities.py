"""Disparities: differences between groups in the rates of missed matches and false links.

In each division of people the largest group is the reference. The interval of a difference
d = p1 - p2 is put together from those of both rates (MOVER):

    [d - sqrt((p1 - l1)^2 + (u2 - p2)^2), d + sqrt((u1 - p1)^2 + (p2 - l2)^2)]

Its p-value is that of a normal deviate with the standard errors that the intervals imply. Since
many groups are compared at once, p-values are adjusted by Holm's method over all differences of
one linker on one task: of all those declared at 5 %, with probability 95 % not one is false.

References
----------
Zou and Donner (2008) for the interval; Holm (1979), "A simple sequentially rejective multiple
test procedure"; GUILD guidance (Gilbert et al. 2018) on reporting rates by group.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from scipy.special import ndtr

from darkfigure.linkage_eval.rows import Disparity, Measurement, contents_of
from darkfigure.synth.core.arrays import Floats

_RATES = ("missed_match_rate", "false_link_rate")
_DEVIATE = 1.959963984540054  # 97.5 % point of the normal distribution

DISPARITIES = contents_of(Disparity)


def find_disparities(measured: Sequence[Measurement]) -> pa.Table:
    """Compare each group with the largest of its division (schema `DISPARITIES`).

    Parameters
    ----------
    measured
        Measurements with the rates of missed matches and false links by group, with intervals;
        others are ignored.
    """
    rows = []
    for metric in _RATES:
        known = [
            measurement
            for measurement in measured
            if measurement.metric == metric and measurement.value is not None
        ]
        for kind in dict.fromkeys(measurement.stratum_kind for measurement in known):
            groups = [measurement for measurement in known if measurement.stratum_kind == kind]
            reference = max(groups, key=lambda measurement: measurement.n)
            rows += [
                _differ(measurement, reference)
                for measurement in groups
                if measurement is not reference
            ]
    adjusted = holm(np.array([row["p_value"] for row in rows], float))
    rows = [row | {"p_holm": float(p)} for row, p in zip(rows, adjusted, strict=True)]
    return pa.Table.from_pylist(rows, DISPARITIES)


def holm(p_values: Floats) -> Floats:
    """Adjust p-values: the i-th smallest of m times m - i + 1, never falling, at most 1."""
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * np.arange(len(order), 0, -1)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def _differ(group: Measurement, reference_group: Measurement) -> dict[str, object]:
    value, low, high = _known(group)
    reference, reference_low, reference_high = _known(reference_group)
    difference = value - reference
    down = np.hypot(value - low, reference_high - reference)
    up = np.hypot(high - value, reference - reference_low)
    # The side of the interval that faces 0 gives the standard error.
    towards = (down if difference > 0 else up) / _DEVIATE
    return {
        "stratum_kind": group.stratum_kind,
        "stratum": group.stratum,
        "reference": reference_group.stratum,
        "metric": group.metric,
        "value": value,
        "reference_value": reference,
        "difference": difference,
        "low": difference - float(down),
        "high": difference + float(up),
        "p_value": float(2 * ndtr(-abs(difference) / towards)) if towards > 0 else 1.0,
        "n": group.n,
    }


def _known(measurement: Measurement) -> tuple[float, float, float]:
    value = measurement.value or 0.0
    return (
        value,
        value if measurement.low is None else measurement.low,
        value if measurement.high is None else measurement.high,
    )
