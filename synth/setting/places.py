"""Public places of Wales: what they are, where they stand, how many people go there, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAY_S, WEEK_S, week_begin
from darkfigure.synth.setting.coordinates import KM_A_DEGREE, coordinates, points_within, radius_km
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.place_names import Named, place_names, place_streets
from darkfigure.synth.setting.schools import school_sites
from darkfigure.synth.setting.siting import drawn_sites, landmark_sites, landmarks, street_sites
from darkfigure.synth.setting.town_centres import town_centres

KINDS = tuple(load("place_kinds")["kind"].to_pylist())
LICENSED = tuple(KINDS.index(kind) for kind in ("pub", "bar", "nightclub"))
_ARRAYS = ("kind", "lsoa", "latitude", "longitude", "crowd", "number", "code", "key")
_LANDMARKS = ("station", "bus_station", "hospital", "custody")
# Keys of places that are not drawn, above those of places that are.
_LANDMARK, _SCHOOL, _STREET = 1 << 30, 1 << 31, 1 << 32
_LEAST_DEPRIVED = 5  # fifth of neighbourhoods; the first is the most deprived; no rate
_CENTRE_KM = 0.25  # premises of a town centre lie this near to its middle; assumed
_DAYS = {
    "all": range(7),
    "mon_thu": range(4),
    "fri": (4,),
    "fri_sat": (4, 5),
    "sun": (6,),
}


@dataclass(frozen=True)
class Places:
    """The public places, ordered by kind and neighbourhood; arrays have one entry per place."""

    kind: Ints  # index into `KINDS`
    lsoa: Ints  # index into the arrays of `wales()`
    latitude: Floats  # WGS 84, degrees
    longitude: Floats
    crowd: Floats  # visitors, relative to an ordinary place of the kind and by what it is
    number: Ints  # within kind and LSOA, from 0; pubs, bars and nightclubs are numbered together
    code: Ints  # of a hospital: index into schema.WELSH_SITES; of a school: its code; of others -1
    key: Ints  # of draws about the place
    chance: Stream

    def __len__(self) -> int:
        return len(self.kind)

    def rows(self, *kinds: str) -> Ints:
        """Give the places of some kinds, in ascending order."""
        return np.flatnonzero(np.isin(self.kind, [KINDS.index(kind) for kind in kinds]))

    def at(self, rows: Ints) -> Places:
        """Give chosen places, with kind, neighbourhood and coordinates of each.

        Parameters
        ----------
        rows
            Of the places, shape (n,); a place may be chosen more than once.
        """
        arrays = {name: getattr(self, name)[rows] for name in _ARRAYS}
        return replace(self, **arrays)

    def names(self, rows: Ints) -> pa.StringArray:
        """Name places; a street has no name of its own and is null.

        Licensed premises have the names that `premises_names` gives them.

        Parameters
        ----------
        rows
            Of the places, shape (n,).
        """
        return place_names(self._named(rows), KINDS, self.chance)

    def streets(self, rows: Ints) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
        """Give the street and the post town in which places stand.

        Parameters
        ----------
        rows
            Of the places, shape (n,).
        """
        return place_streets(self._named(rows), self.chance)

    def open_at(self, rows: Ints, seconds: Ints) -> Mask:
        """Tell whether places are open.

        Parameters
        ----------
        rows
            Of the places, shape (n,).
        seconds
            Since 1970-01-01, shape (n,).
        """
        within = seconds - week_begin(seconds)
        return np.asarray(
            opening_hours()[self.kind[rows], within // DAY_S, within % DAY_S // 3_600]
        )

    def _named(self, rows: Ints) -> Named:
        parts = (self.kind, self.lsoa, self.number, self.key, self.code)
        return Named(*(part[rows] for part in parts))


@lru_cache(maxsize=2)
def places(chance: Stream) -> Places:
    """Make the public places of a world; cached.

    Parameters
    ----------
    chance
        The world's stream.

    References
    ----------
    place_kinds.csv, facilities.csv, town_centres.csv, hospital_sites.csv,
    landmarks.csv.
    """
    own = chance.stage("places")
    kind, key, lsoa, code = _sites(own)
    order = np.lexsort((key, lsoa, kind))
    kind, key, lsoa, code = kind[order], key[order], lsoa[order], code[order]
    latitude, longitude = _points(kind, key, lsoa, own)
    return Places(
        kind=kind,
        lsoa=lsoa,
        latitude=latitude,
        longitude=longitude,
        crowd=_crowds(kind, key, lsoa, own),
        number=_numbers(kind, lsoa),
        code=code,
        key=key,
        chance=chance,
    )


@cache
def opening_hours() -> Mask:
    """Give the hours of the week at which places of each kind are open, Monday first.

    Returns
    -------
    Shape (kinds, 7, 24). Kinds without hours are always open.

    References
    ----------
    opening_hours.csv.
    """
    table = load("opening_hours").to_pylist()
    week = np.zeros((len(KINDS), WEEK_S // 3_600), bool)
    listed = {row["kind"] for row in table}
    week[[kind not in listed for kind in KINDS]] = True
    for row in table:
        for day in _DAYS[row["days"]]:
            hours = np.arange(day * 24 + row["opens"], day * 24 + row["closes"])
            week[KINDS.index(row["kind"]), hours % week.shape[1]] = True
    return week.reshape(len(KINDS), 7, 24)


def _sites(chance: Stream) -> tuple[Ints, Ints, Ints, Ints]:
    """Give kind, key, LSOA and code of every place."""
    parts = []
    for kind, name in enumerate(KINDS):
        key, lsoa = _keyed(kind, name, chance)
        code = key - _SCHOOL if name == "school" else np.full(len(key), -1)
        if name == "hospital":  # landmarks begin with them, in the order of schema.WELSH_SITES
            code = key - _LANDMARK
        parts.append((np.full(len(key), kind), key, lsoa, code))
    kinds, keys, lsoas, codes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return kinds, keys, lsoas, codes


def _keyed(kind: int, name: str, chance: Stream) -> tuple[Ints, Ints]:
    """Give key and LSOA of every place of a kind."""
    if name in _LANDMARKS:
        row, lsoa = landmark_sites(name)
        return row + _LANDMARK, lsoa
    if name == "school":
        return school_sites().code + _SCHOOL, school_sites().lsoa
    if name == "street":
        lsoa = street_sites()
        return np.arange(len(lsoa)) + _STREET, lsoa
    return drawn_sites(kind, chance)


def _points(kind: Ints, key: Ints, lsoa: Ints, chance: Stream) -> tuple[Floats, Floats]:
    """Give every place its point: landmarks their own, the others one in their neighbourhood."""
    centre = town_centres().draw[lsoa] > 0
    radius = radius_km()[lsoa]
    reach = np.where(centre, np.minimum(radius, _CENTRE_KM), radius)
    away = reach * np.sqrt(chance.uniform("away", key))
    turn = 2 * np.pi * chance.uniform("direction", key)
    landmark = np.flatnonzero(np.isin(kind, [KINDS.index(name) for name in _LANDMARKS]))
    middle = coordinates()
    table, row = landmarks(), key[landmark] - _LANDMARK
    latitude, longitude = (table[name].to_numpy()[row] for name in ("latitude", "longitude"))
    own = lsoa[landmark]
    north = (latitude - middle[0][own]) * KM_A_DEGREE
    east = (longitude - middle[1][own]) * KM_A_DEGREE * np.cos(np.radians(middle[0][own]))
    # The arrangement of neighbourhoods is assumed, so a landmark may lie outside the nearest one.
    away[landmark] = np.minimum(np.hypot(north, east), radius[landmark])
    turn[landmark] = np.arctan2(east, north)
    return points_within(lsoa, away, turn)


def _crowds(kind: Ints, key: Ints, lsoa: Ints, chance: Stream) -> Floats:
    """Draw how many people go to every place: heavy-tailed, and more in poor areas."""
    table = load("place_kinds")
    crowd, spread, deprived = (
        table[name].to_numpy().astype(float)[kind] for name in ("crowd", "spread", "deprived_gain")
    )
    usual = np.exp(spread * chance.normal("crowd", key) - spread**2 / 2)
    poor = 1 + deprived * (_LEAST_DEPRIVED - wales().quintile[lsoa])
    landmark = np.isin(kind, [KINDS.index(name) for name in _LANDMARKS])
    size = np.ones(len(kind))
    size[landmark] = landmarks()["size"].to_numpy()[key[landmark] - _LANDMARK]
    return np.asarray(crowd * usual * poor * size)


def _numbers(kind: Ints, lsoa: Ints) -> Ints:
    """Count up the places of a kind in each neighbourhood, all licensed premises together."""
    group = np.where(np.isin(kind, LICENSED), LICENSED[0], kind)
    order = np.lexsort((np.arange(len(kind)), lsoa, group))
    run = (group * len(wales().code) + lsoa)[order]
    number = np.empty(len(kind), np.int64)
    number[order] = np.arange(len(run)) - np.searchsorted(run, run)
    return number
