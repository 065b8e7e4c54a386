"""Neighbourhoods of Wales (LSOAs), the areas that they form, and their dwellings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.errors import SpecError, UnknownNameError
from darkfigure.synth.reference import load
from darkfigure.synth.schema import FORCES, HOME

SPARE_DWELLINGS = 1.5  # dwellings per household, so that movers find one; assumed
_KINDS = len(HOME) - 1  # of homes in Wales; the last is outside; no rate
FIRST_SPARE = 8  # after a neighbourhood's households, whose numbers leave room for communal homes


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
    return np.where((kind > 0) & (kind < _KINDS), kind, 0)
