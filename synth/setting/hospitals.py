"""Hospitals of Wales and across the border: where they stand, when they are open, who goes there.

People go to what is near by road. A site draws in proportion to its attraction and to a steep power
of the distance; detours around mountains and estuaries lengthen it. Departments of the own health
board draw more, since ambulances and practices send people there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAY_S, HOUR_S
from darkfigure.synth.setting.coordinates import coordinates, distance_km
from darkfigure.synth.setting.geography import outcode_of, wales

_STEEPNESS = 4.0  # power of the distance; assumed, so that nine in ten go to the usual department
_NEAREST_KM = 2.0  # nearer than that all are alike; assumed
# Factors on sites of the own health board, and on those in England, against those of other boards;
# assumed, so that most of Deeside go to Chester and of Caerphilly to the Grange.
_OWN_BOARD, _ENGLAND = 8.0, 2.0
# Whom a minor injury unit can treat, it draws this many times as strongly as a department does at
# the same distance: waits are short there, and 111 sends people. Assumed.
_MINOR_PREFERRED = 5.0
# Wards for planned admissions draw by their beds, and less steeply; smaller hospitals have none of
# their own. Assumed.
_PLANNED_STEEPNESS, _PLANNED_BEDS = 3.0, 140
_DAY_HOURS, _WEEK_DAYS, _SATURDAY = 24, 7, 5  # no rate
# Of those whom the unit near them could treat, and who would come while it is closed, so many wait
# until it opens, and come then within these hours, on average; the others go to a department.
# Nobody waits over a weekend. Assumed: most of what such units treat is not urgent.
_WAITS_RATE, _WAITS_HOURS, _LONGEST_WAIT_HOURS = 0.6, 1.5, 18
_FIRST_WEEKDAY = 3  # 1970-01-01 was a Thursday; no rate


@dataclass(frozen=True)
class HospitalSites:
    """The sites of the table `hospital_sites`, in its order; arrays have one entry per site."""

    latitude: Floats  # WGS 84, degrees
    longitude: Floats
    major: Mask  # departments that take everybody, day and night
    minor: Mask  # minor injury units
    welsh: Mask
    beds: Ints
    opens: Ints  # hour
    closes: Ints  # hour; above 24 on the next day
    weekend: Mask  # open at weekends

    def open_at(self, site: Ints, seconds: Ints) -> Mask:
        """Tell whether sites are open to whoever comes.

        Parameters
        ----------
        site
            Rows of the table, shape (n,).
        seconds
            Since 1970-01-01, shape (n,).
        """
        hour = seconds // HOUR_S % _DAY_HOURS
        closes = self.closes[site]
        in_hours = ((hour >= self.opens[site]) & (hour < closes)) | (hour + _DAY_HOURS < closes)
        weekday = (seconds // DAY_S + _FIRST_WEEKDAY) % _WEEK_DAYS
        return np.asarray(in_hours & (self.weekend[site] | (weekday < _SATURDAY)))

    def opens_s(self, site: Ints, seconds: Ints) -> Ints:
        """Give the next opening of sites that are closed; parameters and unit as of `open_at`."""
        hour, day = seconds // HOUR_S % _DAY_HOURS, seconds // DAY_S
        day = day + (hour >= self.opens[site])
        weekday = (day + _FIRST_WEEKDAY) % _WEEK_DAYS
        rests = ~self.weekend[site] & (weekday >= _SATURDAY)
        day = day + np.where(rests, _WEEK_DAYS - weekday, 0)
        return np.asarray(day * DAY_S + self.opens[site] * HOUR_S)


@cache
def hospitals() -> HospitalSites:
    """Give the hospitals; cached.

    References
    ----------
    hospital_sites.csv.
    """
    table = load("hospital_sites")
    kind, board, weekend = (
        np.array(table[name].to_pylist()) for name in ("type", "health_board", "weekend")
    )
    return HospitalSites(
        latitude=table["latitude"].to_numpy().astype(float),
        longitude=table["longitude"].to_numpy().astype(float),
        major=kind == "major",
        minor=kind == "miu",
        welsh=board != "England",
        beds=table["size"].to_numpy(),
        opens=table["opens"].to_numpy(),
        closes=table["closes"].to_numpy(),
        weekend=weekend == "yes",
    )


def departments(lsoa: Ints, minor: Mask, arrived_s: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw the department or minor injury unit that each patient comes to.

    Parameters
    ----------
    lsoa
        Number of the neighbourhood that each patient comes from, shape (n,).
    minor
        Whether a minor injury unit can treat what ails them, shape (n,).
    arrived_s
        When they come, seconds since 1970-01-01, shape (n,).
    ids
        Keys of the draws, shape (n,).
    chance
        The world's stream, so that every agency draws the same site for an attendance.

    Returns
    -------
    Rows of the table `hospital_sites`, shape (n,); some are in England.
    """
    every, major = hospitals(), major_departments(lsoa, ids, chance)
    nearby = _drawn(lsoa, "any", chance.stage("hospitals").uniform("any", ids))
    treats = minor & every.open_at(nearby, arrived_s)
    # Who crosses the border does so for whatever it is.
    return np.where(treats & every.welsh[major] & every.welsh[nearby], nearby, major)


def when_open(lsoa: Ints, minor: Mask, wanted_s: Ints, ids: Ints, chance: Stream) -> Ints:
    """Let some who would come to a closed unit wait for its opening.

    Parameters
    ----------
    lsoa, minor, ids, chance
        As of `departments`.
    wanted_s
        When they would come if it were open, seconds since 1970-01-01, shape (n,).

    Returns
    -------
    When they come, likewise.
    """
    every, own = hospitals(), chance.stage("hospitals")
    nearby = _drawn(lsoa, "any", own.uniform("any", ids))
    waits = minor & every.minor[nearby] & ~every.open_at(nearby, wanted_s)
    opens_s = every.opens_s(nearby, wanted_s)
    waits &= (opens_s - wanted_s <= _LONGEST_WAIT_HOURS * HOUR_S) & own.happens(
        "waits", ids, _WAITS_RATE
    )
    after = (_WAITS_HOURS * HOUR_S * own.exponential("after_opening", ids)).astype(np.int64)
    return np.where(waits, opens_s + after, wanted_s)


def major_departments(lsoa: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw the department of patients who need a major one; parameters as of `departments`."""
    return _drawn(lsoa, "major", chance.stage("hospitals").uniform("major", ids))


def planned_sites(lsoa: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw the hospital of planned admissions; parameters and values as of `departments`."""
    return _drawn(lsoa, "planned", chance.stage("hospitals").uniform("planned", ids))


def _drawn(lsoa: Ints, purpose: str, chance: Floats) -> Ints:
    shares, sites = _shares(purpose), len(hospitals().beds)
    place = np.searchsorted(shares, lsoa + chance, side="right") - lsoa * sites
    return np.asarray(np.clip(place, 0, sites - 1))


@cache
def _shares(purpose: str) -> Floats:
    """Add up each neighbourhood's shares over the sites, one neighbourhood after another."""
    every = hospitals()
    attraction = {
        "major": every.major.astype(float),
        "any": every.major + _MINOR_PREFERRED * every.minor,
        "planned": every.beds * (every.beds >= _PLANNED_BEDS).astype(float),
    }[purpose]
    steepness = _PLANNED_STEEPNESS if purpose == "planned" else _STEEPNESS
    draw = attraction * _board_factors() * np.maximum(_by_road_km(), _NEAREST_KM) ** -steepness
    total = np.cumsum(draw, axis=1)
    total /= total[:, -1:]
    return np.asarray((np.arange(len(total))[:, None] + total).ravel())


def _board_factors() -> Floats:
    """Give the factor of sites by whose they are; (LSOAs, sites)."""
    board = np.array(wales().authorities["health_board"].to_pylist())[wales().authority]
    sites = np.array(load("hospital_sites")["health_board"].to_pylist())
    others = np.where(sites == "England", _ENGLAND, 1.0)
    return np.where(board[:, None] == sites, _OWN_BOARD, others)


def _by_road_km() -> Floats:
    """Give the distance of each neighbourhood from each site, detours included.

    References
    ----------
    road_detours.csv.
    """
    latitude, longitude = coordinates()
    there = hospitals().latitude, hospitals().longitude
    away = distance_km((latitude[:, None], longitude[:, None]), there)
    district = np.array(outcode_of(np.arange(len(latitude))))
    codes = load("hospital_sites")["site_code"].to_pylist()
    for detour in load("road_detours").to_pylist():
        away[district == detour["outcode"], codes.index(detour["site_code"])] *= detour["factor"]
    return np.asarray(away)
