"""Places of ids in a list of ascending ids: many times as fast as numpy's `isin`."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Ints


def places(ids: Ints, known: Ints) -> Ints:
    """Find ids among ascending ones.

    Parameters
    ----------
    ids
        Shape (n,).
    known
        Shape (m,), ascending, each once.

    Returns
    -------
    Shape (n,); the place of each id in `known`, -1 where it is not there.
    """
    if not len(known):
        return np.full(len(ids), -1)
    nearest = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.where(known[nearest] == ids, nearest, -1)
