"""Schools of Wales: their catchments, where they stand, and the school that each pupil goes to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.geography import wales

# About 1,200 primary and 180 secondary schools in Wales (well known), for 1,917 neighbourhoods.
_LSOAS_A_SCHOOL = (1.6, 10.5)
_MOST = 500  # schools of one phase in an authority; real school numbers begin at 1000
_SECONDARY_AGE = 11
_ELSEWHERE_RATE = 0.12  # pupils at another school of the authority; assumed
_PATRONS = ("Brynglas", "Maes-y-dref", "Pant-yr-eos", "Coed-y-wern", "Glan-nant", "Heol-y-parc")


@dataclass(frozen=True)
class SchoolSites:
    """Schools in order of phase, authority and number; arrays have one entry per school."""

    phase: Ints  # 0 primary, 1 secondary
    authority: Ints  # index into `Geography.authorities`
    number: Ints  # within phase and authority, from 0
    code: Ints  # seven digits
    lsoa: Ints  # where it stands


@dataclass(frozen=True)
class _Catchments:
    """Per phase: the school of each LSOA, and the number of schools of each authority."""

    school: Ints  # (2, LSOAs), within the authority
    schools: Ints  # (2, authorities)


@cache
def _catchments() -> _Catchments:
    """Cut each authority's neighbourhoods, in order of their codes, into catchments."""
    authority = wales().authority
    size = np.bincount(authority)
    place = np.arange(len(authority)) - (np.cumsum(size) - size)[authority]
    schools = np.array([np.maximum(size / lsoas, 1).round() for lsoas in _LSOAS_A_SCHOOL], np.int64)
    school = place * schools[:, authority] // size[authority]
    return _Catchments(school, schools)


def schools_attended(lsoa: Ints, age_years: Floats, ids: Ints, chance: Stream) -> Ints:
    """Give each pupil's school: the neighbourhood's own, or another of the authority.

    Parameters
    ----------
    lsoa
        Number of each pupil's LSOA, shape (n,).
    age_years
        Shape (n,).
    ids
        Ids of the pupils, which key the draws, shape (n,).
    chance
        Stream of the schools, `education` of the world's.

    Returns
    -------
    Seven digits, shape (n,): the authority's number, and a school number below 1000, which no real
    school has.
    """
    geography, catchments = wales(), _catchments()
    phase = (age_years >= _SECONDARY_AGE).astype(np.int64)
    authority = geography.authority[lsoa]
    count = catchments.schools[phase, authority]
    away = chance.happens("other_school", ids, _ELSEWHERE_RATE)
    other = chance.below("which_school", ids, count)
    return _codes(authority, phase, np.where(away, other, catchments.school[phase, lsoa]))


def school_sites(authorities: Ints) -> SchoolSites:
    """Give the schools of some authorities.

    Parameters
    ----------
    authorities
        Numbers of local authorities.
    """
    geography, catchments = wales(), _catchments()
    phase, authority = (part.ravel() for part in np.meshgrid([0, 1], authorities, indexing="ij"))
    count = catchments.schools[phase, authority]
    row = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    phase, authority = phase[row], authority[row]
    first = np.searchsorted(geography.authority, authority)
    size = np.bincount(geography.authority)[authority]
    stands = first + -(-number * size // catchments.schools[phase, authority])
    return SchoolSites(phase, authority, number, _codes(authority, phase, number), stands)


def school_names(sites: SchoolSites, chance: Stream) -> pa.StringArray:
    """Name schools; every name is invented.

    Parameters
    ----------
    sites
        The schools.
    chance
        Stream of the schools, `education` of the world's; draws are keyed by school.
    """
    names = np.array(wales().authorities["name"].to_pylist(), object)[sites.authority]
    patron = np.array(_PATRONS, object)[chance.below("patron", sites.code, len(_PATRONS))]
    kind = np.array(["Primary", "Secondary"], object)[sites.phase]
    turn = (sites.number + 1).astype(str).astype(object)
    return pa.array(names + " " + patron + " " + kind + " " + turn, pa.string())


def _codes(authority: Ints, phase: Ints, number: Ints) -> Ints:
    education = wales().authorities["education_number"].to_numpy()[authority]
    return np.asarray(education * 10_000 + phase * _MOST + number)
