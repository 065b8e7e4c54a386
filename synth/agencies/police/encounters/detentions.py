"""Detentions under section 136: in public, to a unit, a department or, seldom, a station.

Who is taken to a department is one of those whom it sees in a mental crisis; so both have the same
arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.ed.seen import ADMITTED, Seen
from darkfigure.synth.agencies.framework.complaints import complaints
from darkfigure.synth.agencies.framework.service_demand import SELF_HARM, NeedFactors, occasions
from darkfigure.synth.agencies.police.encounters.codes import SAFE_PLACE, TRANSPORT
from darkfigure.synth.agencies.police.encounters.spec import Detentions
from darkfigure.synth.agencies.police.encounters.whereabouts import met_at
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.setting.calendar import (
    DAY_S,
    DAYS_A_YEAR,
    HOUR_S,
    MINUTE_S,
    Period,
    hours_drawn,
    whole_years,
)
from darkfigure.synth.violence.proneness import proneness

_MOST = 31  # of one person in the study; assumed
_UNIT, _DEPARTMENT, _STATION = range(len(SAFE_PLACE))
_BY_POLICE, _BY_AMBULANCE = 0, list(TRANSPORT).index("ambulance")
# Rates by age, from each age on, against all; so that 94 % are adults. Source of that, and of 52 %
# men: Home Office 2021-22; the rest assumed.
_AGES, _BY_AGE = (0, 11, 14, 18, 25, 35, 50, 65), (0.0, 0.2, 1.2, 1.9, 1.7, 1.4, 0.7, 0.25)
_MAN = 1.3  # rate of men against women in units; assumed, so that some 52 % of all are men
_YOUNG_FACTOR = 0.3  # on the share of patients under 18 who were detained; assumed
_ADULT_YEARS, _YOUNGEST = 18, 11  # of majority; the youngest detained, assumed
_NEAR_RATE = 0.55  # detained in the neighbourhood of their home; assumed
_PLACES = np.array([0.84, 0.02, 0.0, 0.0, 0.0, 0.14])  # shares by PLACE; never a home; assumed
_TRANSPORT = np.array([0.55, 0.38, 0.07])  # shares by TRANSPORT; assumed
_WAY_MINUTES = (20, 90)  # to the place of safety: the least and the span; assumed
# Until the end of the detention: median hours and spread of the logarithm, the most, and the share
# extended with up to so many hours more. Source of the limits: Mental Health Act 1983, section
# 136(2A) and 136B; the rest assumed.
_HOURS, _SD, _MOST_HOURS, _EXTENDED, _MORE_HOURS = 9.0, 0.6, 23.5, 0.035, 12.0
_ENDS = np.array([0.17, 0.13, 0.45, 0.25])  # shares by DETENTION_END; assumed
_INFORMAL, _NOT_ADMITTED = 1, np.array([0.0, 0.0, 0.62, 0.38])  # of patients sent home; assumed


@dataclass(frozen=True)
class Detained:
    """Detentions; arrays have one entry per detention."""

    row: Ints
    ids: Ints
    detained_s: Ints
    place: Ints  # index into PLACE
    lsoa: Ints
    safe_place: Ints  # index into SAFE_PLACE
    site: Ints  # index into ED_SITES, -1 where it is no department
    transport: Ints  # index into TRANSPORT
    arrived_s: Ints
    ended_s: Ints
    extended: Mask
    end: Ints  # index into DETENTION_END


def detentions(
    people: NeedFactors, seen: Seen, period: Period, spec: Detentions, chance: Stream
) -> Detained:
    """Draw the detentions of a block's people.

    Parameters
    ----------
    people
        Properties of the people.
    seen
        Whom the departments see.
    period
        Period of the study.
    spec
        Rates of detentions.
    chance
        The world's stream; draws are keyed by person and attendance.
    """
    own = chance.stage("police").stage("detentions")
    parts = [_to_units(people, period, spec, chance), _to_departments(people, seen, spec, own)]
    row, ids, detained, arrived, safe, site, transport, end = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    hours = _HOURS * np.exp(_SD * own.normal("hours", ids))
    hours = np.where(hours > _MOST_HOURS, _MOST_HOURS * own.uniform("sooner", ids), hours)
    extended = own.happens("extended", ids, _EXTENDED)
    more = 1 + (_MORE_HOURS - 1) * own.uniform("more", ids)
    hours = np.where(extended, _MOST_HOURS + more, hours)
    ended = arrived + (hours * HOUR_S).astype(np.int64)
    kept = np.flatnonzero(people.there(row, ended // DAY_S + 1) & (detained >= period.start_s))
    row, ids = row[kept], ids[kept]
    return Detained(
        row=row,
        ids=ids,
        detained_s=detained[kept],
        place=own.pick("place", ids, _PLACES),
        lsoa=met_at(people.lsoa[row], ids, _NEAR_RATE, own),
        safe_place=safe[kept],
        site=site[kept],
        transport=transport[kept],
        arrived_s=arrived[kept],
        ended_s=ended[kept],
        extended=extended[kept],
        end=end[kept],
    )


def _to_units(
    people: NeedFactors, period: Period, spec: Detentions, chance: Stream
) -> tuple[Ints, ...]:
    own = chance.stage("police").stage("detentions")
    prone = np.exp(spec.spread * proneness(people.ids, people.family, chance) - spec.spread**2 / 2)
    middle = ((period.start + period.end) / 2 - people.birth_day) / DAYS_A_YEAR
    by_age = np.array(_BY_AGE)[np.searchsorted(_AGES, np.maximum(middle, 0), side="right") - 1]
    mean = spec.unit_per_1000 / 1_000 * period.years * prone * by_age
    mean = mean * np.where(people.sex == 1, _MAN, 1.0)
    row, turn = occasions(own.poisson("detained", people.ids, mean, most=_MOST))
    ids = (people.ids[row] * (_MOST + 1) + turn) << 1
    when = hours_drawn(period, np.full(len(ids), "crisis"), ids, own)
    age = whole_years(people.birth_day[row], when // DAY_S)
    there = np.flatnonzero(people.there(row, when // DAY_S) & (age >= _YOUNGEST))
    row, ids, when, age = row[there], ids[there], when[there], age[there]
    station = (age >= _ADULT_YEARS) & own.happens("station", ids, spec.station_rate)
    transport = np.where(station, _BY_POLICE, own.pick("transport", ids, _TRANSPORT))
    safe = np.where(station, _STATION, _UNIT)
    none, end = np.full(len(ids), -1), own.pick("end", ids, _ENDS)
    return row, ids, when, when + _way_s(ids, own), safe, none, transport, end


def _to_departments(
    people: NeedFactors, seen: Seen, spec: Detentions, chance: Stream
) -> tuple[Ints, ...]:
    """Take patients in a mental crisis, above all those brought by police."""
    modes = list(meanings("ed_codes", of="arrival_mode"))
    crisis = (seen.reason == SELF_HARM) | (seen.complaint == complaints().number("mental_health"))
    age = whole_years(people.birth_day[seen.row], seen.arrived_s // DAY_S)
    by_police, fetched = (seen.mode == modes.index(code) for code in ("13", "01"))
    rate = np.where(by_police, spec.brought_by_police_rate, 0.0)
    rate = np.where(fetched, spec.brought_by_ambulance_rate, rate)
    rate = rate * np.where(age < _ADULT_YEARS, _YOUNG_FACTOR, 1.0)
    rate = np.where(crisis & (age >= _YOUNGEST), rate, 0.0)
    chosen = np.flatnonzero(chance.happens("from_department", seen.ids, rate))
    ids, arrived = seen.ids[chosen] << 1 | 1, seen.arrived_s[chosen]
    home = chance.pick("sent_home", ids, _NOT_ADMITTED)
    return (
        seen.row[chosen],
        ids,
        arrived - _way_s(ids, chance),
        arrived,
        np.full(len(chosen), _DEPARTMENT),
        seen.site[chosen],
        np.where(by_police[chosen], _BY_POLICE, _BY_AMBULANCE),
        np.where(seen.disposal[chosen] == ADMITTED, _INFORMAL, home),
    )


def _way_s(ids: Ints, chance: Stream) -> Ints:
    least, span = _WAY_MINUTES
    return (least + chance.below("way", ids, span)) * MINUTE_S
