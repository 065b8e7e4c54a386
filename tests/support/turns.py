"""Cases of which some are tried always and the others where there is time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def some_always(cases: Iterable[str], *, one_in: int) -> list[Any]:
    """Mark all cases as slow but the first and each so many after it.

    Parameters
    ----------
    cases
        Names of the cases; neighbours are alike.
    one_in
        How many cases share one that is tried always.
    """
    return [
        pytest.param(name, marks=[pytest.mark.slow] if turn % one_in else [], id=name)
        for turn, name in enumerate(cases)
    ]
