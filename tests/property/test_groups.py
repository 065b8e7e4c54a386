"""Runs of equal groups, against counting row by row."""

from __future__ import annotations

from itertools import accumulate, groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.synth.core.groups import add_up_in_runs, place_in_runs, starts_of_runs

RUNS = st.lists(st.integers(-2, 2), max_size=30)


@given(groups=RUNS)
def test_rows_know_their_run(groups: list[int]):
    """Each row has the first of its run, and its number in it."""
    first, place = [], []
    for _, run in groupby(range(len(groups)), groups.__getitem__):
        rows = list(run)
        first += [rows[0]] * len(rows)
        place += range(len(rows))
    assert starts_of_runs(np.array(groups, np.int64)).tolist() == first
    assert place_in_runs(np.array(groups, np.int64)).tolist() == place


@given(groups=RUNS, data=st.data())
def test_values_add_up_within_a_run(groups: list[int], data: st.DataObject):
    """Each run begins anew."""
    values = data.draw(st.lists(st.integers(-9, 9), min_size=len(groups), max_size=len(groups)))
    expected: list[int] = []
    for _, run in groupby(range(len(groups)), groups.__getitem__):
        expected += accumulate(values[row] for row in run)
    found = add_up_in_runs(np.array(groups, np.int64), np.array(values, np.int64))
    assert found.tolist() == expected
