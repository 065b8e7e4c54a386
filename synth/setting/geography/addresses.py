"""Addresses of dwellings: house, street, post town and postcode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import HOME
from darkfigure.synth.setting.geography.houses import Dwellings, houses
from darkfigure.synth.setting.geography.neighbourhoods import communal_kind
from darkfigure.synth.setting.geography.postcodes import (
    UNIT_PLOTS,
    unit_and_plot,
    unit_towns,
    units,
)
from darkfigure.synth.setting.geography.streets import streets

HOMELESS_POSTCODE = "ZZ99 3VZ"  # NHS Data Dictionary: no fixed abode


@dataclass(frozen=True)
class Addresses:
    """Addresses as text, one per dwelling that was asked for."""

    house: pa.DictionaryArray
    street: pa.DictionaryArray
    town: pa.DictionaryArray
    postcode: pa.DictionaryArray


def addresses(lsoa: Ints, dwelling: Ints, chance: Stream) -> Addresses:
    """Name the dwellings of neighbourhoods.

    Parameters
    ----------
    lsoa
        Number of the LSOA, shape (n,).
    dwelling
        Number of the dwelling within its LSOA, from 0, shape (n,).
    chance
        Stream of the geography; draws are keyed by dwelling and by street.

    Returns
    -------
    One address for each row.
    """
    unit, place = unit_and_plot(lsoa, dwelling)
    plot, every = unit * UNIT_PLOTS + place, streets(chance)
    street = every.of_plot[plot].astype(np.int64)
    homeless = communal_kind(lsoa, dwelling) == list(HOME).index("no_fixed_abode")
    return Addresses(
        house=houses(Dwellings(lsoa, dwelling, plot, street), every, chance),
        street=_of_street(every.name, street, homeless),
        town=unit_towns().take(pa.array(unit)),
        postcode=_with_homeless(_of_unit(unit), homeless),
    )


def _of_street(names: pa.DictionaryArray, street: Ints, missing: Mask) -> pa.DictionaryArray:
    """Write the names of streets, with a vocabulary of those that occur."""
    code = names.indices.to_numpy()[street]
    occurs = np.bincount(code, minlength=len(names.dictionary)) > 0
    place = np.cumsum(occurs, dtype=np.int32) - 1
    return pa.DictionaryArray.from_arrays(
        pa.array(place[code], pa.int32(), mask=missing), names.dictionary.filter(pa.array(occurs))
    )


def _of_unit(unit: Ints) -> pa.DictionaryArray:
    near, row = np.unique(unit, return_inverse=True)
    return units().postcode.take(pa.array(near)).dictionary_encode().take(pa.array(row))


def _with_homeless(postcode: pa.DictionaryArray, homeless: Mask) -> pa.DictionaryArray:
    """Give people without an abode the postcode that the NHS writes for them."""
    vocabulary = pa.concat_arrays([postcode.dictionary, pa.array([HOMELESS_POSTCODE])])
    code = np.where(homeless, len(vocabulary) - 1, postcode.indices.to_numpy())
    return pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), vocabulary)
