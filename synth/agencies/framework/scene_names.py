"""Names of the places where assaults happened, for notes that people make of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.setting.geography import Addresses
from darkfigure.synth.setting.places import places
from darkfigure.synth.setting.premises import PREMISES, premises_names


def scene_names(
    site: Ints, lsoa: Ints, near: Addresses, ids: Ints, chance: Stream
) -> tuple[pa.StringArray, pa.StringArray, pa.StringArray]:
    """Name the premises, street and town of places.

    Parameters
    ----------
    site
        Row of `setting.places.places`, shape (n,); -1 for any premises, and an address nearby.
    lsoa
        Number of the neighbourhood, shape (n,).
    near
        An address in the neighbourhood of each.
    ids
        Keys of the draws, shape (n,).
    chance
        The world's stream; an assault has the same place for every agency.

    Returns
    -------
    Premises (null for streets without), street and town, each of shape (n,).
    """
    own, every = chance.stage("scene_names"), places(chance)
    names = premises_names(lsoa, own.below("premises", ids, PREMISES), chance)
    parts = [names, *(part.cast(pa.string()) for part in (near.street, near.town))]
    known = np.flatnonzero(site >= 0)
    there = every.streets(site[known])
    true = [every.names(site[known]), *(part.cast(pa.string()) for part in there)]
    premises, street, town = (
        pc.coalesce(with_gaps(new, known, len(site)), old)
        for new, old in zip(true, parts, strict=True)
    )
    return premises, street, town
