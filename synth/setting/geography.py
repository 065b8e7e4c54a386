"""Places of Wales: neighbourhoods (LSOAs), the areas that they form, and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import SpecError, UnknownNameError
from darkfigure.synth.reference import load
from darkfigure.synth.schema import FORCES, HOME

UNIT_DWELLINGS = 16  # a unit postcode holds about fifteen addresses (Royal Mail; rounded)
STREET_UNITS = 2  # postcodes a street; assumed
SPARE_DWELLINGS = 1.5  # dwellings per household, so that movers find one; assumed
FIRST_SPARE = 8  # after a neighbourhood's households, whose numbers leave room for communal homes
RURAL_NAMED_RATE = 0.3  # rural houses with a name for a number; assumed
TOWN_NAMED_RATE = 0.03  # assumed
WELSH_STREET_RATE, WELSH_STREET_SLOPE = 0.1, 0.7  # share of Welsh names by speakers; assumed

HOMELESS_POSTCODE = "ZZ99 3VZ"  # NHS Data Dictionary: no fixed abode

# No real inward code has any of these letters, so a code with one of them is never issued.
_NEVER_INWARD = "CIKMOV"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAIRS = [a + b for a in _LETTERS for b in _LETTERS if {a, b} & set(_NEVER_INWARD)]
INWARD = tuple(f"{digit}{pair}" for digit in range(10) for pair in _PAIRS)


@dataclass(frozen=True)
class Geography:
    """The neighbourhoods of Wales in a fixed order; arrays have one entry per LSOA.

    Residents and households are those of the census, shifted by a few between neighbourhoods so
    that they add up to the published totals of their local authority.
    """

    code: NDArray[np.object_]
    authority: Ints  # index into `authorities`
    force: Ints  # index into schema.FORCES
    quintile: Ints
    rural: Mask
    residents: Ints
    households: Ints
    ethnic: Floats  # (LSOAs, 5): shares in the order of schema.ETHNIC_GROUP
    flats: Floats  # share of dwellings
    authorities: pa.Table

    def age_share(self, band: str) -> Floats:
        """Give the share of each LSOA's residents in an age band.

        Parameters
        ----------
        band
            Band of the table `lsoa_ages`, such as "75_89".
        """
        return _age_share(band)

    @property
    def welsh_speaker_rate(self) -> Floats:
        """Share of Welsh speakers in each LSOA's local authority."""
        return np.asarray(_floats(self.authorities["welsh_speaker_rate"])[self.authority])

    def select(self, areas: tuple[str, ...]) -> Ints:
        """Give the numbers of the LSOAs in some local authorities.

        Parameters
        ----------
        areas
            Names of local authorities; empty for all of Wales.

        Returns
        -------
        Ascending indices into the arrays.

        Raises
        ------
        UnknownNameError
            Wales has no such local authority.
        SpecError
            An area is named twice.
        """
        names = self.authorities["name"].to_pylist()
        for area in areas:
            if area not in names:
                raise UnknownNameError.of("local authority", area, names)
        if len(set(areas)) < len(areas):
            raise SpecError(f"areas names an area twice: {', '.join(areas)}. Name it once.")
        authorities = [names.index(area) for area in areas or names]
        return np.flatnonzero(np.isin(self.authority, authorities))


@cache
def wales() -> Geography:
    """Read the geography of Wales; cached."""
    lsoa, authorities = load("lsoa"), load("local_authorities")
    codes = authorities["la_code"].combine_chunks()
    authority = pc.index_in(lsoa["la_code"].combine_chunks(), codes).to_numpy().astype(np.int64)
    force = [list(FORCES).index(name) for name in authorities["force"].to_pylist()]
    ethnic = np.column_stack(
        [_floats(lsoa[name]) for name in ("white", "asian", "black", "mixed", "other")]
    )
    built = [_floats(lsoa[name]) for name in ("flat", "detached", "semi", "terraced")]
    return Geography(
        code=lsoa["lsoa_code"].to_numpy(),
        authority=authority,
        force=np.array(force)[authority],
        quintile=lsoa["deprivation_quintile"].to_numpy().astype(np.int64),
        rural=lsoa["rural"].to_numpy() == 1,
        residents=_add_up(lsoa["residents"], authority, authorities["population"]),
        households=_add_up(lsoa["households"], authority, authorities["households"]),
        ethnic=ethnic / ethnic.sum(1, keepdims=True),
        flats=built[0] / np.maximum(sum(built), 1),
        authorities=authorities,
    )


@cache
def _age_share(band: str) -> Floats:
    table = load("lsoa_ages")
    counts = {name: _floats(table[name]) for name in table.column_names[1:]}
    return np.asarray(counts[f"age_{band}"] / sum(counts.values()))


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(), float)


def _add_up(parts: pa.ChunkedArray, authority: Ints, totals: pa.ChunkedArray) -> Ints:
    """Add to the counts of an authority's LSOAs, largest first, until they sum to its total."""
    counts = parts.to_numpy().astype(np.int64)
    for number, total in enumerate(totals.to_numpy()):
        members = np.flatnonzero(authority == number)
        members = members[np.argsort(-counts[members], kind="stable")]
        missing = int(total) - int(counts[members].sum())
        each, over = divmod(abs(missing), len(members))
        counts[members] += np.sign(missing) * (each + (np.arange(len(members)) < over))
    return counts


@cache
def spare_dwellings() -> Ints:
    """Count the dwellings of each LSOA that are empty when the study begins."""
    return np.asarray(wales().households * (SPARE_DWELLINGS - 1), np.int64)


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
    units, row_unit = np.unique(
        lsoa * _MOST_UNITS + dwelling // UNIT_DWELLINGS, return_inverse=True
    )
    unit_lsoa, unit = units // _MOST_UNITS, units % _MOST_UNITS
    postcodes, towns = _postcodes(unit_lsoa, unit)
    streets = _streets(unit_lsoa * _MOST_UNITS + unit // STREET_UNITS, chance)
    homeless = communal_kind(lsoa, dwelling) == list(HOME).index("no_fixed_abode")
    return Addresses(
        house=_houses(lsoa, dwelling, chance),
        street=pa.DictionaryArray.from_arrays(
            pa.array(streets.indices.to_numpy()[row_unit], mask=homeless), streets.dictionary
        ),
        town=towns.take(pa.array(row_unit)),
        postcode=_with_homeless(postcodes.take(pa.array(row_unit)), homeless),
    )


def communal_kind(lsoa: Ints, dwelling: Ints) -> Ints:
    """Give the kind of home that each dwelling is.

    Parameters
    ----------
    lsoa
        Number of the LSOA, shape (n,).
    dwelling
        Number of the dwelling within its LSOA, from 0, shape (n,).

    Returns
    -------
    Index into `schema.HOME`, shape (n,); 0 is a private home.
    """
    kind = dwelling - wales().households[lsoa] + 1
    return np.where((kind > 0) & (kind < len(HOME)), kind, 0)


def _with_homeless(postcode: pa.DictionaryArray, homeless: Mask) -> pa.DictionaryArray:
    """Give people without an abode the postcode that the NHS writes for them."""
    vocabulary = pa.concat_arrays([postcode.dictionary, pa.array([HOMELESS_POSTCODE])])
    code = np.where(homeless, len(vocabulary) - 1, postcode.indices.to_numpy())
    return pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), vocabulary)


_MOST_UNITS = 1 << 12  # postcodes an LSOA may have; the largest needs about 160


@dataclass(frozen=True)
class _Outcodes:
    outcode: NDArray[np.object_]  # per LSOA
    town: NDArray[np.object_]  # per LSOA
    first_unit: Ints  # per LSOA: its first unit within the outcode


@cache
def _outcodes() -> _Outcodes:
    """Give each LSOA an outcode of its authority; both run from north to south."""
    geography, table = wales(), load("outcodes")
    table = table.sort_by([("latitude", "descending")])
    codes = geography.authorities["la_code"].to_pylist()
    main = np.array([codes.index(code) for code in table["la_code"].to_pylist()])
    dwellings = geography.households + FIRST_SPARE + spare_dwellings()
    units = -(-dwellings // UNIT_DWELLINGS)
    chosen = np.zeros(len(units), np.int64)
    first = np.zeros(len(units), np.int64)
    for authority in range(len(codes)):
        members = np.flatnonzero(geography.authority == authority)
        own = np.flatnonzero(main == authority)
        middle = np.cumsum(units[members]) - units[members] / 2
        chosen[members] = own[(middle / units[members].sum() * len(own)).astype(np.int64)]
        for outcode in own:
            inside = members[chosen[members] == outcode]
            first[inside] = np.cumsum(units[inside]) - units[inside]
    outcode, town = table["outcode"].to_numpy()[chosen], table["town"].to_numpy()[chosen]
    return _Outcodes(outcode, town, first)


def _postcodes(lsoa: Ints, unit: Ints) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    known = _outcodes()
    inward = np.array(INWARD, object)[(known.first_unit[lsoa] + unit) * _STRIDE % len(INWARD)]
    postcode = pa.array(known.outcode[lsoa] + " " + inward, pa.string())
    return postcode.dictionary_encode(), pa.array(known.town[lsoa], pa.string()).dictionary_encode()


def outcode_of(lsoa: Ints) -> NDArray[np.object_]:
    """Give the postcode district of each neighbourhood; `lsoa` holds their numbers, shape (n,)."""
    return np.asarray(_outcodes().outcode[lsoa])


_STRIDE = 1_361  # coprime to len(INWARD): neighbours get unlike inward codes, none gets another's


def _streets(street: Ints, chance: Stream) -> pa.DictionaryArray:
    """Name streets, in Welsh more often where more people speak it."""
    table = load("street_names")
    names = table["name"].combine_chunks()
    english, in_welsh = (_where(table["language"], language) for language in ("en", "cy"))
    welsh = chance.happens("street_language", street, _welsh_rate(street // _MOST_UNITS))
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


def _houses(lsoa: Ints, dwelling: Ints, chance: Stream) -> pa.DictionaryArray:
    """Give each house its number, its flat or its name."""
    geography, key = wales(), lsoa * (_MOST_UNITS * UNIT_DWELLINGS) + dwelling
    number = dwelling % (UNIT_DWELLINGS * STREET_UNITS) + 1
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
_LAST_NUMBER = UNIT_DWELLINGS * STREET_UNITS
_NUMBERS = pa.array([str(number) for number in range(_LAST_NUMBER + 1)])
_FLATS = pa.array(
    [f"Flat {n % _FLATS_A_HOUSE + 1}, {n // _FLATS_A_HOUSE + 1}" for n in range(_LAST_NUMBER + 1)]
)
