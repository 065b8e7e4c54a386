"""Numbers of contacts: one for each incident and source, whichever agencies are installed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.record_draws import thrown
from darkfigure.synth.schema import AGENCIES, codes_of
from darkfigure.synth.schema.registry import registry

# Sources whose numbers run on beside each other; agencies that came later, and those of other
# distributions, take a hash instead, so that they leave all numbers as they are.
_NUMBERED = 20
# Above all numbers that run on, within the 48 bits of an id: of a million contacts two share a hash
# in one world of three hundred.
_HASHED = np.uint64(1 << 47)


def contact_ids(incident_id: Ints, source: pa.Array) -> Ints:
    """Give each contact of an incident with a source its number.

    Parameters
    ----------
    incident_id
        Ids of the incidents, shape (n,).
    source
        Source of each contact, as text or coded text, shape (n,).

    Returns
    -------
    Shape (n,).
    """
    number = codes_of(source, _numbered())
    ids = incident_id * _NUMBERED + number
    names = source.cast(pa.string())
    for name in names.filter(pa.array(number < 0)).unique().to_pylist():
        own = np.flatnonzero(names.to_numpy(zero_copy_only=False) == name)
        hashed = thrown(incident_id[own].astype(np.uint64), name) >> np.uint64(17) | _HASHED
        ids[own] = hashed.astype(np.int64)
    return ids


@cache
def _numbered() -> tuple[str, ...]:
    ours = [source for name in registry().ours for source in AGENCIES[name].subjects]
    return tuple(ours[:_NUMBERED])
