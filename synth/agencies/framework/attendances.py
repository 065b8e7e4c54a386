"""People who come to emergency departments for other reasons than violence: when, and with what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.complaints import age_bands, complaints
from darkfigure.synth.agencies.framework.conditions import relative_risk
from darkfigure.synth.agencies.framework.service_demand import (
    ACCIDENT,
    SELF_HARM,
    SPORT,
    TRAFFIC,
    NeedFactors,
    Needs,
    occasions,
)
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import DAY_S, Period, hours_drawn
from darkfigure.synth.violence.proneness import proneness

_MOST_ATTENDANCES = 127  # of one person in the study; assumed
_HALF_DAY = 0.5  # of the study, at which a person's rate is reckoned; no rate
# Odds of admission, and of coming by ambulance, by triage category against those of the complaint
# as a whole. Assumed, so that one in three of the most urgent and one in fifty of the least is
# admitted beyond what the complaint says. Source of the direction: odds 4.9 of categories 1 and 2
# against the rest (hospital admissions in England, ed_flow, grade A)
ADMISSION_ODDS = np.array([5.0, 2.2, 1.25, 0.5, 0.2])
_AMBULANCE_ODDS = np.array([6.0, 2.2, 1.2, 0.6, 0.3])
# Bands of age in which sport is played, and from which there are injuries in traffic; assumed.
_SPORT_BANDS, _TRAFFIC_BAND = (1, 5), 1
_YOUNG_BAND = 2  # nobody in a younger band harms themselves, or is drunk; assumed
_DRINK = "alcohol"
# Complaints that only people with a long-term condition have; well known.
_OF_CONDITION = {"copd": "copd", "asthma": "asthma", "seizure": "epilepsy"}


@dataclass(frozen=True)
class Attendances:
    """Unplanned attendances that are not about violence; arrays have one entry per attendance."""

    row: Ints  # of the person
    ids: Ints  # below 2**31
    arrived_s: Ints
    complaint: Ints  # index into `complaints().names`
    reason: Ints  # as in `service_demand`
    triage: Ints  # 0 for the most urgent
    admitted: Mask
    by_ambulance: Mask


def attendances(people: NeedFactors, period: Period, needs: Needs, chance: Stream) -> Attendances:
    """Draw people who attend an emergency department for other reasons than violence.

    Parameters
    ----------
    people
        Properties of the people.
    period
        Period of the study.
    needs
        Rates of the demand.
    chance
        The world's stream; draws are keyed by person.
    """
    prone = proneness(people.ids, people.family, chance)
    world, chance = chance, chance.stage("needs")
    row, ids = _occasions(people, prone, period, needs, chance)
    known = complaints()
    band = age_bands(people.birth_day[row], _middle(people, row, period))
    group = people.sex[row] * known.weight.shape[1] + band
    complaint = _complaint(group, band, ids, prone[row], needs, chance)
    when = hours_drawn(period, _profile(complaint), ids, chance, "ill_when")
    there = people.there(row, when // DAY_S)
    row, ids, when, complaint = (part[there] for part in (row, ids, when, complaint))
    complaint = _in_season(people, row, when, complaint, ids, world)
    band = age_bands(people.birth_day[row], when // DAY_S)
    triage = chance.pick_by_group("triage", ids, known.urgency, complaint)
    share = known.admitted[band, complaint] * needs.admitted_rate / known.admitted_share
    fetched = _at_odds(known.ambulance[band, complaint], _AMBULANCE_ODDS[triage])
    return Attendances(
        row=row,
        ids=ids,
        arrived_s=when,
        complaint=complaint,
        reason=_reasons(complaint, band, ids, chance),
        triage=triage,
        admitted=chance.happens("admitted", ids, _at_odds(share, ADMISSION_ODDS[triage])),
        by_ambulance=chance.happens("by_ambulance", ids, fetched),
    )


def _middle(people: NeedFactors, row: Ints, period: Period) -> Ints:
    """Give the middle of the time that each person spends in the study."""
    first = np.maximum(people.birth_day[row], period.start)
    return np.asarray((first + np.minimum(people.gone_day[row], period.end)) // 2)


def _occasions(
    people: NeedFactors, prone: Floats, period: Period, needs: Needs, chance: Stream
) -> tuple[Ints, Ints]:
    """Draw how often each person comes."""
    everybody = np.arange(len(people.ids))
    band = age_bands(people.birth_day, _middle(people, everybody, period))
    ill = needs.illness_sd * chance.normal("frail", people.ids) + needs.proneness_power * prone
    variance = needs.illness_sd**2 + needs.proneness_power**2
    own = complaints().relative[people.sex, band] * np.exp(ill - variance / 2)
    mean = needs.attendances_a_year * period.years * own
    row, turn = occasions(chance.poisson("ill", people.ids, mean, most=_MOST_ATTENDANCES))
    return row, people.ids[row] * (_MOST_ATTENDANCES + 1) + turn


def _complaint(
    group: Ints, band: Ints, ids: Ints, prone: Floats, needs: Needs, chance: Stream
) -> Ints:
    """Draw the complaint of each attendance, whatever its month; self-harm by proneness."""
    known = complaints()
    weight = known.weight.mean(axis=2).reshape(-1, len(known.names))
    oneself = known.reason == SELF_HARM
    share = (weight * oneself).sum(axis=1) / weight.sum(axis=1)
    power = needs.self_harm_power
    # Those who attend more are the more prone: the factor keeps the share over all attendances.
    own = np.exp(power * prone - power**2 / 2 - power * needs.proneness_power)
    harms = chance.happens("self_harm", ids, share[group] * own) & (band >= _YOUNG_BAND)
    drawn = chance.pick_by_group("complaint", ids, weight * ~oneself, group)
    return np.where(harms, np.flatnonzero(oneself)[0], drawn)


def _profile(complaint: Ints) -> np.ndarray:
    """Name the hours at which people come with each complaint."""
    known = complaints()
    names = np.where(known.reason == ACCIDENT, "injury", "illness").astype("U7")
    names[(known.reason == SELF_HARM) | (np.array(known.names) == _DRINK)] = "drink"
    return np.asarray(names[complaint])


def _in_season(
    people: NeedFactors, row: Ints, when: Ints, complaint: Ints, ids: Ints, world: Stream
) -> Ints:
    """Draw illnesses and accidents anew by the age of the day and the month, within their kind.

    What comes of a long-term condition, those alone have who have it.
    """
    known, chance = complaints(), world.stage("needs")
    day = when // DAY_S
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    n_bands, n_months = known.weight.shape[1:3]
    band = age_bands(people.birth_day[row], day)
    group = (people.sex[row] * n_bands + band) * n_months + month
    weight = known.weight.reshape(-1, len(known.names))
    names = _profile(np.arange(len(known.names)))
    free = (known.reason != SELF_HARM) & ~np.isin(known.names, list(_OF_CONDITION))
    for profile in np.unique(names):
        own = np.flatnonzero((names[complaint] == profile) & (known.reason[complaint] != SELF_HARM))
        part = weight * ((names == profile) & free)
        has = part.sum(axis=1)[group[own]] > 0
        own = own[has]
        part = np.where(part.sum(axis=1, keepdims=True) > 0, part, 1)
        complaint[own] = chance.pick_by_group("in_season", ids[own], part, group[own])
    ill = np.flatnonzero((names[complaint] == "illness") & (known.reason[complaint] != SELF_HARM))
    total = (weight * (names == "illness")).sum(axis=1)[group[ill]]
    for name, condition in _OF_CONDITION.items():
        number = known.number(name)
        risk = relative_risk(
            condition,
            people.sex[row[ill]],
            people.birth_day[row[ill]],
            people.ids[row[ill]],
            day[ill],
            world,
        )
        share = weight[group[ill], number] / total * risk
        complaint[ill[chance.happens(f"with_{name}", ids[ill], share)]] = number
    return complaint


def _at_odds(share: Floats, odds: Floats) -> Floats:
    """Multiply the odds of shares."""
    share = np.minimum(share, 1)
    return np.asarray(share * odds / (1 - share + share * odds))


def _reasons(complaint: Ints, band: Ints, ids: Ints, chance: Stream) -> Ints:
    """Tell traffic and sport from other accidents."""
    known = complaints()
    first, last = _SPORT_BANDS
    sport = known.sport[complaint] * ((band >= first) & (band <= last))
    traffic = known.traffic[complaint] * (band >= _TRAFFIC_BAND)
    drawn = chance.uniform("reason", ids)
    reason = np.where(drawn < traffic, TRAFFIC, known.reason[complaint])
    return np.where((drawn >= traffic) & (drawn < traffic + sport), SPORT, reason)
