"""Which school a child goes to: by distance, the language of the home, and faith.

Schools have places, of which published counts tell the sum of each kind, medium and faith in each
authority. Families of three sorts (who speak Welsh at home, who are Catholic, and all others) draw
on them by distance and liking, and each school's draw is balanced until its places are taken.
Children of one family go to one school; twins all the more. A few go to special schools and to
pupil referral units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.catchments import Catchments, balanced, nearby
from darkfigure.synth.setting.coordinates import coordinates, distance_km
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.schools import (
    ALL_THROUGH,
    PRIMARY,
    PRU,
    SECONDARY,
    SPECIAL,
    children,
    school_sites,
)

_OTHERS, _WELSH, _CATHOLIC = range(3)
_STEEPNESS = 3.5  # power of the distance; assumed
_OWN_AUTHORITY = 8.0  # factor on schools of the authority; assumed
_AT_HOME_RATE = 0.6  # families that speak Welsh at home, of their area's rate of speakers; assumed
_HOMES = "welsh_speaking_home"  # the draw by which `names` gives a family Welsh names, too; no rate
_CATHOLIC_RATE = 0.07  # families who call themselves Catholic, of all; assumed
_SIBLING_APART_RATE = 0.08  # children who go to another school than their siblings; assumed
_TWIN_APART_RATE = 0.02  # children whose parents parted them from a twin, of all; assumed
_PRU_RATES = (0.0003, 0.0035)  # of primary and secondary pupils in referral units; assumed
_ALL_THROUGH_PRIMARY = 0.45  # pupils of all-through schools who are of primary age; assumed
_AGES = 64  # no rate


@dataclass(frozen=True)
class Schoolchildren:
    """Children who go to school; arrays have one entry per child.

    Parameters
    ----------
    lsoa
        Neighbourhood that decides on the school.
    person_id, family
        Ids of the child and of the household.
    age_years
        When the study begins; negative before birth.
    secondary
        Whether the child is in year 7 or above.
    background
        Index into `schema.ETHNIC_BACKGROUND`.
    welsh_home
        Whether the family speaks Welsh at home.
    """

    lsoa: Ints
    person_id: Ints
    family: Ints
    age_years: Floats
    secondary: Mask
    background: Ints
    welsh_home: Mask

    def at(self, rows: Ints) -> Schoolchildren:
        """Select some children."""
        return replace(self, **{name: values[rows] for name, values in vars(self).items()})


def schools_attended(pupils: Schoolchildren, chance: Stream) -> Ints:
    """Give each child's school.

    Parameters
    ----------
    pupils
        The children.
    chance
        Stream of the schools, `education` of the world's; draws are keyed by family and child.

    Returns
    -------
    Rows of `school_sites()`, shape (n,).
    """
    draw = _draws(pupils, chance)
    group = _groups(pupils, chance)
    phase = pupils.secondary.astype(np.int64)
    school = np.empty(len(draw), np.int64)
    for number in (PRIMARY, SECONDARY):
        own = np.flatnonzero(phase == number)
        school[own] = _mainstream(number).drawn(pupils.lsoa[own], group[own], draw[own])
    apart = chance.uniform("special_or_unit", pupils.person_id)
    special = apart < _special_rates()[pupils.lsoa]
    unit = apart > 1 - np.array(_PRU_RATES)[phase]
    school = np.where(special, _nearest(SPECIAL)[pupils.lsoa], school)
    return np.where(unit, _nearest(PRU)[pupils.lsoa], school)


def speaks_welsh_at_home(lsoa: Ints, lineage: Ints, world: Stream) -> Mask:
    """Tell which children's families speak Welsh at home: some of those that give Welsh names.

    Parameters
    ----------
    lsoa
        Number of each family's neighbourhood, shape (n,).
    lineage
        Keys of the families whose tradition of names they have, shape (n,).
    world
        The world's stream; the draw is that of the families' names.
    """
    rate = _AT_HOME_RATE * wales().welsh_speaker_rate[lsoa]
    return world.stage("lives").happens(_HOMES, lineage, rate)


def _draws(pupils: Schoolchildren, chance: Stream) -> Floats:
    """Draw where each child stands among the choices of its family: siblings alike, twins too."""
    family = chance.uniform("school", pupils.family)
    # Children of a household who are of one age are twins.
    age = np.floor(pupils.age_years).astype(np.int64) % _AGES
    twins = pupils.family * _AGES + age
    other = chance.happens("other_school", twins, _SIBLING_APART_RATE)
    parted = chance.happens("parted", pupils.person_id, _TWIN_APART_RATE)
    draw = np.where(other, chance.uniform("sibling_school", twins), family)
    return np.where(parted, chance.uniform("own_school", pupils.person_id), draw)


def _groups(pupils: Schoolchildren, chance: Stream) -> Ints:
    shares = load("national_identities")["catholic"].to_numpy()[pupils.background]
    catholic = chance.happens("catholic", pupils.family, shares)
    return np.where(catholic, _CATHOLIC, np.where(pupils.welsh_home, _WELSH, _OTHERS))


@cache
def _mainstream(phase: int) -> Catchments:
    """Balance the choices of a phase until each school has as many children as places."""
    sites = school_sites()
    rows = np.flatnonzero(np.isin(sites.kind, (phase, ALL_THROUGH)))
    near = nearby(sites.lsoa[rows])
    school = rows[near.place]
    own = sites.authority[school] == wales().authority[:, None]
    reach = near.km**-_STEEPNESS * np.where(own, _OWN_AUTHORITY, 1.0)
    draw = reach[:, None, :] * _liking()[:, school].transpose(1, 0, 2)
    families = children(phase)[:, None] * _families()
    found = balanced(near, draw, families, _phase_places(phase)[rows])
    return replace(found, place=school)


def _phase_places(phase: int) -> Floats:
    """Give the places of schools for one phase."""
    part = _ALL_THROUGH_PRIMARY if phase == PRIMARY else 1 - _ALL_THROUGH_PRIMARY
    return school_sites().places * np.where(school_sites().kind == ALL_THROUGH, part, 1.0)


def _families() -> Floats:
    """Give the shares of the sorts of families in each neighbourhood; (LSOAs, sorts)."""
    welsh = _AT_HOME_RATE * wales().welsh_speaker_rate * (1 - _CATHOLIC_RATE)
    catholic = np.full(len(welsh), _CATHOLIC_RATE)
    return np.column_stack([1 - welsh - catholic, welsh, catholic])


def _liking() -> Floats:
    """Give how each sort of family likes each school for medium and faith; (sorts, schools)."""
    media, faiths, sites = load("school_media"), load("school_faiths"), school_sites()
    other, welsh, catholic = "other_homes", "welsh_homes", "catholic_homes"
    return np.array(
        [
            media[medium].to_numpy()[sites.medium] * faiths[faith].to_numpy()[sites.faith]
            for medium, faith in ((other, other), (welsh, other), (other, catholic))
        ],
        float,
    )


@cache
def _nearest(kind: int) -> Ints:
    """Give the nearest school of a kind to each neighbourhood, of its authority if there is one."""
    sites = school_sites()
    rows = np.flatnonzero(sites.kind == kind)
    latitude, longitude = coordinates()
    there = latitude[sites.lsoa[rows]], longitude[sites.lsoa[rows]]
    away = distance_km((latitude[:, None], longitude[:, None]), there)
    away *= np.where(sites.authority[rows] == wales().authority[:, None], 1.0, _OWN_AUTHORITY)
    return np.asarray(rows[away.argmin(axis=1)])


@cache
def _special_rates() -> Floats:
    """Give the share of each neighbourhood's children who go to special schools, as published."""
    sites, authority = school_sites(), wales().authority
    taught = np.bincount(sites.authority, sites.places, len(wales().authorities))
    special = np.bincount(
        sites.authority, sites.places * (sites.kind == SPECIAL), len(wales().authorities)
    )
    return np.asarray((special / taught)[authority])
