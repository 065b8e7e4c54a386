"""Addresses of dwellings: house, street, post town and postcode."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import HOME
from darkfigure.synth.setting.geography.neighbourhoods import communal_kind, wales
from darkfigure.synth.setting.geography.postcodes import (
    UNIT_PLOTS,
    unit_and_plot,
    unit_towns,
    units,
)

RURAL_NAMED_RATE = 0.3  # rural houses with a name for a number; assumed
TOWN_NAMED_RATE = 0.03  # assumed
WELSH_STREET_RATE, WELSH_STREET_SLOPE = 0.1, 0.7  # share of Welsh names by speakers; assumed
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
    unit, plot = unit_and_plot(lsoa, dwelling)
    near, row_unit = np.unique(unit, return_inverse=True)
    streets = _streets(near, chance)
    homeless = communal_kind(lsoa, dwelling) == list(HOME).index("no_fixed_abode")
    postcodes = units().postcode.take(pa.array(near)).dictionary_encode()
    return Addresses(
        house=_houses(lsoa, dwelling, plot, chance),
        street=pa.DictionaryArray.from_arrays(
            pa.array(streets.indices.to_numpy()[row_unit], mask=homeless), streets.dictionary
        ),
        town=unit_towns().take(pa.array(unit)),
        postcode=_with_homeless(postcodes.take(pa.array(row_unit)), homeless),
    )


def _with_homeless(postcode: pa.DictionaryArray, homeless: Mask) -> pa.DictionaryArray:
    """Give people without an abode the postcode that the NHS writes for them."""
    vocabulary = pa.concat_arrays([postcode.dictionary, pa.array([HOMELESS_POSTCODE])])
    code = np.where(homeless, len(vocabulary) - 1, postcode.indices.to_numpy())
    return pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), vocabulary)


def _streets(street: Ints, chance: Stream) -> pa.DictionaryArray:
    """Name streets, in Welsh more often where more people speak it."""
    table = load("street_names")
    names = table["name"].combine_chunks()
    english, in_welsh = (_where(table["language"], language) for language in ("en", "cy"))
    welsh = chance.happens("street_language", street, _welsh_rate(units().lsoa[street]))
    code = np.where(
        welsh,
        in_welsh[chance.below("welsh_street", street, len(in_welsh))],
        english[chance.below("english_street", street, len(english))],
    )
    return pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), names)


def _welsh_rate(lsoa: Ints) -> Floats:
    """Give the share of Welsh names among the streets and named houses of neighbourhoods."""
    speakers = wales().welsh_speaker_rate[lsoa]
    return np.minimum(WELSH_STREET_RATE + WELSH_STREET_SLOPE * speakers, 1)


def _where(column: pa.ChunkedArray, value: str) -> Ints:
    return np.flatnonzero(pc.equal(column, value).to_numpy())


def _houses(lsoa: Ints, dwelling: Ints, plot: Ints, chance: Stream) -> pa.DictionaryArray:
    """Give each house its number, its flat or its name."""
    geography, key = wales(), lsoa << 16 | dwelling
    number = plot + 1
    table = load("house_names")
    names, languages = table["name"].combine_chunks(), table["language"]
    named_rate = np.where(geography.rural[lsoa], RURAL_NAMED_RATE, TOWN_NAMED_RATE)
    draw = chance.uniform("house_kind", key)
    kind = np.where(draw < named_rate, 2, 0)
    kind[draw > 1 - geography.flats[lsoa]] = 1
    vocabulary = pa.concat_arrays([_NUMBERS, _FLATS, names])
    flat = len(_NUMBERS) + number
    welsh = chance.happens("house_language", key, _welsh_rate(lsoa))
    english, in_welsh = (_where(languages, language) for language in ("en", "cy"))
    chosen = np.where(
        welsh,
        in_welsh[chance.below("welsh_house", key, len(in_welsh))],
        english[chance.below("english_house", key, len(english))],
    )
    name = len(_NUMBERS) + len(_FLATS) + chosen
    code = np.choose(kind, [number, flat, name])
    communal = communal_kind(lsoa, dwelling)
    homes, first = _communal_names()
    n_names = np.diff(first, append=len(homes))[communal]
    named = first[communal] + chance.below("home_name", key, n_names)
    code = np.where(communal > 0, len(vocabulary) + named, code)
    vocabulary = pa.concat_arrays([vocabulary, homes])
    return pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), vocabulary)


@cache
def _communal_names() -> tuple[pa.StringArray, Ints]:
    """Name communal homes: the names of all kinds, and the index of each kind's first."""
    names = load("house_names")["name"].to_pylist()
    named = {
        "private": [],
        "care_home": [f"{name} Care Home" for name in names],
        "student_hall": [f"{name} Hall" for name in names],
        "prison": ["HM Prison"],
        "hostel": [f"{name} Hostel" for name in names],
        "no_fixed_abode": ["No fixed abode"],
    }
    counts = [len(named[kind]) for kind in HOME]
    every = [name for kind in HOME for name in named[kind]]
    return pa.array(every), np.cumsum([0, *counts[:-1]])


_FLATS_A_HOUSE = 4
_LAST_NUMBER = UNIT_PLOTS
_NUMBERS = pa.array([str(number) for number in range(_LAST_NUMBER + 1)])
_FLATS = pa.array(
    [f"Flat {n % _FLATS_A_HOUSE + 1}, {n // _FLATS_A_HOUSE + 1}" for n in range(_LAST_NUMBER + 1)]
)
