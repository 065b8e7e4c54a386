"""Addresses in England, of people whom agencies of Wales meet.

Districts and post towns exist; the inward halves of postcodes are never issued.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import FORCES, coded
from darkfigure.synth.setting.geography.addresses import Addresses
from darkfigure.synth.setting.geography.postcodes import INWARD

_HOUSES = 160  # of a street; assumed
_TOWNS = 8  # of Wales that have a street of a name, for it to be one of England; assumed


def english_police() -> list[str]:
    """Give the police force of each district."""
    return [str(name) for name in load("english_districts")["police"].to_pylist()]


def visitors_by_force() -> Floats:
    """Give the weight of each district among visitors, shape (forces of Wales, districts)."""
    table = load("english_districts")
    return np.array([np.asarray(table[force].to_numpy(), float) for force in FORCES])


def addresses_in_england(district: Ints, ids: Ints, chance: Stream) -> Addresses:
    """Write an address in each district.

    Parameters
    ----------
    district
        Row of `english_districts`, shape (n,).
    ids
        Ids of the people who live there, shape (n,).
    chance
        The stream; draws are keyed by person.

    Returns
    -------
    One address for each row.
    """
    table, streets = load("english_districts"), _streets()
    outward = np.array(table["outcode"].to_pylist(), object)[district]
    inward = np.array(INWARD, object)[chance.below("inward", ids, len(INWARD))]
    number = (1 + chance.below("house", ids, _HOUSES)).astype(str)
    return Addresses(
        house=pa.array(number, pa.string()).dictionary_encode(),
        street=coded(chance.below("street", ids, len(streets)), streets),
        town=coded(district, table["town"].to_pylist()),
        postcode=pa.array(outward + " " + inward, pa.string()).dictionary_encode(),
    )


@cache
def _streets() -> list[str]:
    """List English street names that many towns have."""
    table = load("street_names")
    common = (np.asarray(table["language"]) == "en") & (table["towns"].to_numpy() >= _TOWNS)
    return [str(name) for name in table.filter(common)["name"].to_pylist()]
