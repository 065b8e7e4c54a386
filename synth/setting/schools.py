"""Schools of Wales: as many of each kind as were counted, where they stand, how many places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.reference import load
from darkfigure.synth.setting.catchments import Spacing, spaced
from darkfigure.synth.setting.geography import wales

KINDS = ("primary", "secondary", "all_through", "special", "pru")
PRIMARY, SECONDARY, ALL_THROUGH, SPECIAL, PRU = range(len(KINDS))
# Schools are the same in every world, as neighbourhoods are.
FIXED = Stream(0).stage("schools")
_FIRST_NUMBER = 100  # real school numbers begin at 1000
# A rural neighbourhood has more schools for its children, and smaller ones; how schools of one kind
# differ in size besides. Assumed.
_RURAL_SCHOOLS, _RURAL_PLACES, _SIZE_SD = 2.5, 0.45, 0.35
_PRU_PLACES = 25  # assumed, since none are counted
_BANDS = {PRIMARY: ("0_4", "5_10"), SECONDARY: ("11_15",)}


@dataclass(frozen=True)
class SchoolSites:
    """Schools in order of authority and number; arrays have one entry per school."""

    kind: Ints  # index into `KINDS`
    authority: Ints  # index into `Geography.authorities`
    number: Ints  # within the authority, from 0
    medium: Ints  # row of the table `school_media`
    faith: Ints  # row of the table `school_faiths`
    places: Floats
    lsoa: Ints  # where it stands

    @property
    def code(self) -> Ints:
        """Seven digits: the authority's number, and a school number that no real school has."""
        education = wales().authorities["education_number"].to_numpy()[self.authority]
        return np.asarray(education * 10_000 + _FIRST_NUMBER + self.number)


def children(kind: int) -> Floats:
    """Give the children of each neighbourhood of an age for primary or secondary schools."""
    share = sum(wales().age_share(band) for band in _BANDS[kind])
    return np.asarray(share * wales().residents)


@cache
def school_sites() -> SchoolSites:
    """Give the schools of Wales; cached.

    References
    ----------
    school_counts.csv.
    """
    table = load("school_counts").to_pylist()
    authorities = wales().authorities["la_code"].to_pylist()
    media, faiths = (
        load(name)[column].to_pylist()
        for name, column in (("school_media", "medium"), ("school_faiths", "faith"))
    )
    group = np.repeat(np.arange(len(table)), [row["schools"] for row in table])
    columns = (
        [KINDS.index(row["kind"]) for row in table],
        [authorities.index(row["la_code"]) for row in table],
        [media.index(row["medium"]) for row in table],
        [faiths.index(row["faith"]) for row in table],
    )
    kind, authority, medium, faith = (np.array(column)[group] for column in columns)
    lsoa = _sites(group, kind, authority)
    pupils = np.array([row["pupils"] or row["schools"] * _PRU_PLACES for row in table], float)
    number = place_in_runs(authority)
    return SchoolSites(kind, authority, number, medium, faith, _places(group, lsoa, pupils), lsoa)


def school_rows(code: Ints) -> Ints:
    """Find schools by their codes; rows of `school_sites()`."""
    order = np.argsort(school_sites().code)
    return np.asarray(order[np.searchsorted(school_sites().code, code, sorter=order)])


def _sites(group: Ints, kind: Ints, authority: Ints) -> Ints:
    """Space the schools of each group evenly over the children of its authority."""
    thick = np.where(wales().rural, _RURAL_SCHOOLS, 1.0)
    lsoa = np.empty(len(kind), np.int64)
    for phase, weight in ((PRIMARY, children(PRIMARY) * thick), (SECONDARY, children(SECONDARY))):
        own = np.flatnonzero((kind == PRIMARY) == (phase == PRIMARY))
        # The first of each group stands anywhere in its stretch, the others as far into theirs.
        within = FIXED.uniform("begins", group[own])
        spacing = Spacing(np.ones(len(own)), group[own], authority[own], within)
        lsoa[own] = spaced(weight, wales().authority, spacing)
    return lsoa


def _places(group: Ints, lsoa: Ints, pupils: Floats) -> Floats:
    """Share out the pupils of each group over its schools."""
    spread = FIXED.normal("places", np.arange(len(group)))
    size = np.exp(_SIZE_SD * spread) * np.where(wales().rural[lsoa], _RURAL_PLACES, 1.0)
    return np.asarray(size * (pupils / np.bincount(group, size))[group])
