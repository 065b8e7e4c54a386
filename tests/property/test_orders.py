"""Orders of rows, against numpy's stable ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.synth.core.orders import distinct, order_of

SMALL, WIDE = st.integers(-2, 2), st.integers(-(2**63), 2**63 - 1)
DECIMALS = st.sampled_from([-1.5, -0.0, 0.0, 1e-300, 0.25, 7.0])
ROWS = st.lists(st.tuples(SMALL, WIDE, DECIMALS, st.booleans()), max_size=40)
KEYS = st.lists(st.integers(0, 3), min_size=1, max_size=4)


@given(rows=ROWS, chosen=KEYS)
def test_rows_are_ordered_as_by_lexsort(rows: list[tuple[int, int, float, bool]], chosen: list):
    """Whole numbers that fill all bits, decimals and truth values, with ties, in any succession."""
    kinds = (np.int64, np.int64, np.float64, np.bool_)
    columns = [np.array([row[n] for row in rows], kind) for n, kind in enumerate(kinds)]
    keys = [columns[number] for number in chosen]
    assert order_of(*keys).tolist() == np.lexsort(keys[::-1]).tolist()


@given(numbers=st.lists(SMALL | WIDE, max_size=40))
def test_numbers_are_given_once(numbers: list[int]):
    """Ascending, each once."""
    assert distinct(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))
