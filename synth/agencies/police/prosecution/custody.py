"""Custody: how long somebody is detained, and what is decided at the station or later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.prosecution.arrests import (
    CHARGED,
    STREAM,
    CaseArrests,
)
from darkfigure.synth.agencies.police.prosecution.codes import RELEASE
from darkfigure.synth.agencies.police.prosecution.spec import Detention
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import DAY_S, HOUR_S, MINUTE_S
from darkfigure.synth.setting.working_days import remand_court_day, working_day

NEVER = 1 << 40  # seconds: beyond every study; no rate
_CODES = list(OFFENCES)
# Murder, grave assault, rape and robbery, which go to the Crown Court alone. Source: well known
INDICTABLE = np.array([_CODES.index(code) for code in ("1", "5D", "19C", "19D", "19F", "34B")])
MURDER = _CODES.index("1")
# Harassment, malicious communications, stalking, control, threats to kill.
HARASSING = np.array([_CODES.index(code) for code in ("8L", "8R", "8Q", "8U", "3B")])
_REFORM = 19_293  # 28 October 2022, day since 1970-01-01. Source: Police, Crime, Sentencing and
# Courts Act 2022, commencement
_LEAST_HOURS, _MOST_HOURS, _EXTENDED_HOURS = 1.0, 23.5, 11.0  # Source: PACE, sections 41 and 42
_TO_STATION_S = (15 * MINUTE_S, 25 * MINUTE_S)  # the least, and the mean beyond it; assumed
# Shares decided at once, by disposal: charged, cautioned, resolved, dropped; charged in domestic
# and in grave cases. Assumed.
_AT_ONCE = np.array([0.33, 0.55, 0.5, 0.3])
_AT_ONCE_DOMESTIC, _AT_ONCE_GRAVE = 0.5, 0.6
_REMANDED, _REMANDED_DOMESTIC, _REMANDED_GRAVE = 0.06, 0.15, 0.55  # of those; assumed
# Days of bail before charge, the least and the span: up to 28 days before the reform, up to three
# months after. Source of the limits: PACE, section 47ZB; the rest assumed
_BAIL_DAYS, _BAIL_DAYS_NOW = (14, 10), (28, 55)
# Shares of conditions in the order of CONDITIONS: domestic, with another victim, without one.
# Assumed.
_CONDITIONS = np.array(
    [[0.05, 0.25, 0.6, 0.0, 0.1], [0.3, 0.45, 0.05, 0.2, 0.0], [0.6, 0, 0, 0.15, 0.25]]
)
_OFFICE = (9, 8)  # hours at which decisions are made by day: the first, and how many; assumed
_COURT_OPENS, _FETCHED_HOUR = 7, 8  # last hour of a charge for the same day's court; assumed


@dataclass(frozen=True)
class Custody:
    """What happens after each arrest; arrays have one entry per arrest."""

    held: Mask  # detained; others came by appointment
    detained_s: Ints
    released_s: Ints
    extended: Mask
    release: Ints  # index into RELEASE, -1 of whom was not held
    remanded: Mask
    bail_until: Ints  # day, -1 without bail before charge
    conditions: Ints  # index into CONDITIONS, as drawn for any bail
    close: Mask  # domestic, or harassment
    grave: Mask
    disposed_s: Ints  # when charged, cautioned, resolved or dropped; NEVER while open


def detain(
    simulated: SimulatedEvents,
    arrests: CaseArrests,
    cases: dict[str, Ints],
    spec: Detention,
    chance: Stream,
) -> Custody:
    """Draw detention, release and the time of the decision.

    Parameters
    ----------
    simulated
        The simulated events.
    arrests
        The arrests.
    cases
        Columns of `PoliceCases`: `offence`, `domestic` and `victim`.
    spec
        Rates of detention and bail.
    chance
        Stream of the police; draws are keyed by event.
    """
    own, event = chance.stage("custody"), arrests.event
    offence = cases["offence"][arrests.case]
    # In harassment too the victim is to be kept from the suspect.
    close = cases["domestic"][arrests.case].astype(bool) | np.isin(offence, HARASSING)
    grave = np.isin(offence, INDICTABLE)
    came = own.happens("voluntary", event, spec.voluntary_rate)
    held = arrests.drawn | close | grave | ~came
    extended = held & grave & own.happens("extended", event, spec.extended_rate)
    detained_s, decided_s = _detained(simulated, arrests, extended, spec, own)
    likely = own.happens("at_once", event, _at_once(arrests.disposal, close, grave))
    able = arrests.closed & held
    disposed_s, at_once = _decided(simulated, arrests, (able & likely, able), decided_s, spec)
    remanded = at_once & (arrests.disposal == CHARGED)
    remanded &= own.happens("remanded", event, _remanded(cases, arrests, close, grave))
    to_court = next_court(decided_s) * DAY_S + _FETCHED_HOUR * HOUR_S
    bailed = held & ~at_once & own.happens("bailed", event, _bailed(decided_s, close, spec))
    group = np.where(close, 0, np.where(cases["victim"][arrests.case] >= 0, 1, 2))
    after = np.where(bailed, list(RELEASE).index("bail"), list(RELEASE).index("rui"))
    return Custody(
        held=held,
        detained_s=detained_s,
        released_s=np.where(remanded, to_court, decided_s),
        extended=extended,
        release=np.where(held, np.where(at_once, arrests.disposal, after), -1),
        remanded=remanded,
        bail_until=np.where(bailed, _until(decided_s, event, own), -1),
        conditions=own.pick_by_group("conditions", event, _CONDITIONS, group),
        close=close,
        grave=grave,
        disposed_s=disposed_s,
    )


def _detained(
    simulated: SimulatedEvents, arrests: CaseArrests, extended: Mask, spec: Detention, own: Stream
) -> tuple[Ints, Ints]:
    """Draw when detention begins, and when it is decided how it ends."""
    event, (least, mean) = arrests.event, _TO_STATION_S
    way_s = least + (mean * own.exponential("to_station", event)).astype(np.int64)
    detained_s = arrests.arrested_s + way_s
    hours = _hours(event, extended, spec, own)
    gone_s = simulated.victims.census.gone_day[arrests.person] * DAY_S - 1
    decided_s = detained_s + (hours * HOUR_S).astype(np.int64)
    return detained_s, np.minimum(decided_s, np.maximum(gone_s, detained_s + HOUR_S))


def _decided(
    simulated: SimulatedEvents,
    arrests: CaseArrests,
    marks: tuple[Mask, Mask],
    decided_s: Ints,
    spec: Detention,
) -> tuple[Ints, Mask]:
    """Give the time of the decision, and whether it was made in detention.

    `marks` say who is likely to have it at once, and who could. What must be decided before the
    study ends, or the suspect is gone, is.
    """
    at_once, able = marks
    gone_s = simulated.victims.census.gone_day[arrests.person] * DAY_S - 1
    limit_s = np.minimum(simulated.period.end_s - 1, gone_s)
    since_s = np.where(able | ~arrests.closed, decided_s, arrests.arrested_s)
    later_s = _later(arrests.event, since_s, limit_s, simulated, spec)
    at_once = at_once | (able & (later_s <= decided_s))
    disposed_s = np.where(at_once, decided_s, np.maximum(later_s, arrests.arrested_s + HOUR_S))
    return np.where(arrests.closed, disposed_s, NEVER), at_once


def next_court(charged_s: Ints) -> Ints:
    """Give the day on which somebody kept in custody comes before a court."""
    late = charged_s % DAY_S >= _COURT_OPENS * HOUR_S
    return remand_court_day(charged_s // DAY_S + late)


def _hours(event: Ints, extended: Mask, spec: Detention, chance: Stream) -> Floats:
    hours = spec.median_hours * np.exp(spec.sd_log * chance.normal("hours", event))
    longer = _MOST_HOURS + 1 + (_EXTENDED_HOURS - 1) * chance.uniform("longer", event)
    # Nobody waits for the last minute: who would be held for longer is released at any hour.
    sooner = _LEAST_HOURS + (_MOST_HOURS - _LEAST_HOURS) * chance.uniform("sooner", event)
    hours = np.where(hours > _MOST_HOURS, sooner, np.maximum(hours, _LEAST_HOURS))
    return np.where(extended, longer, hours)


def _at_once(disposal: Ints, domestic: Mask, grave: Mask) -> Floats:
    charged = np.where(grave, _AT_ONCE_GRAVE, np.where(domestic, _AT_ONCE_DOMESTIC, _AT_ONCE[0]))
    return np.where(disposal == CHARGED, charged, _AT_ONCE[disposal])


def _remanded(cases: dict[str, Ints], arrests: CaseArrests, domestic: Mask, grave: Mask) -> Floats:
    """Give the shares kept for court: somebody charged with murder always is."""
    usual = np.where(domestic, _REMANDED_DOMESTIC, _REMANDED)
    rate = np.where(grave, _REMANDED_GRAVE, usual)
    return np.where(cases["offence"][arrests.case] == MURDER, 1.0, rate)


def _bailed(decided_s: Ints, domestic: Mask, spec: Detention) -> Floats:
    now = decided_s // DAY_S >= _REFORM
    rate = np.where(now, spec.bailed_rate, spec.bailed_before_rate)
    return np.minimum(rate * np.where(domestic, spec.bailed_domestic_factor, 1.0), 1)


def _until(decided_s: Ints, event: Ints, chance: Stream) -> Ints:
    day, drawn = decided_s // DAY_S, chance.uniform("bail_days", event)
    (least, span), (least_now, span_now) = _BAIL_DAYS, _BAIL_DAYS_NOW
    days = np.where(day >= _REFORM, least_now + drawn * span_now, least + drawn * span)
    return working_day(day + days.astype(np.int64))


def _later(
    event: Ints, since_s: Ints, limit_s: Ints, simulated: SimulatedEvents, spec: Detention
) -> Ints:
    """Give the time of a later decision: by day, on a working day if there is one before a limit.

    Waits are exponential; of waits that would end after the limit nobody knows anything, so what is
    known to be decided was decided sooner.
    """
    day = since_s // DAY_S + 1
    room = np.maximum(limit_s // DAY_S - day, 0)
    wait = simulated.chance.stage(STREAM).exponential("disposed", event)
    within = -np.expm1(-wait) * -np.expm1(-room / spec.decided_later_days)
    days = (-spec.decided_later_days * np.log1p(-within)).astype(np.int64)
    first, hours = _OFFICE
    office = simulated.chance.stage("police").stage("custody").uniform("office", event)
    second = ((first + office * hours) * HOUR_S).astype(np.int64)
    at_most = day + np.minimum(days, room)
    in_office = working_day(at_most)
    decided = np.where(in_office <= limit_s // DAY_S, in_office, at_most)
    return np.minimum(decided * DAY_S + second, limit_s)
