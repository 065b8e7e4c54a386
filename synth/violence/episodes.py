"""Episodes of violence: a single act, or a series by the same offender that goes on for a while.

An episode begins by chance, at a rate that depends on the person. Its first act is followed by a
second with one probability, and each later one by a further with another, so that most victims are
harmed once and a few many times. Episodes may begin before the study: a person in the midst of a
series when the study begins suffers the rest of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.reference import load
from darkfigure.synth.schema import VIOLENCE
from darkfigure.synth.setting.calendar import (
    WEEK_S,
    Period,
    hours_drawn,
    times_within_week,
    week_begin,
)

KINDS = tuple(VIOLENCE)
_PARTNER, _WORK = KINDS.index("partner"), KINDS.index("work")
_DOMESTIC = ("partner", "family")
_LEAD_DAYS = 730  # before the study, in which an episode may have begun
_OLDEST = 110  # age of a victim; assumed

# An incident's id holds victim, kind, episode and turn, each kind's apart, so that a higher rate of
# one kind leaves the others as they are; the most of each are assumed.
_MOST_ONSETS = 8
_MOST_TURNS = 16


@dataclass(frozen=True)
class Hazards:
    """Factors on people's rates of suffering violence; arrays have one entry per person."""

    person_id: Ints
    sex: Ints
    age_years: Floats
    public_factor: Floats  # on the rates of violence outside the family
    domestic_factor: Floats  # on the rates of abuse by partners and kin
    partner_factor: Floats  # on the rates of abuse by partners, besides
    job_factor: Floats  # on the rates of violence at work, besides
    scale: Floats  # on the rates of each kind of episode, shape (kinds,)


@dataclass(frozen=True)
class Episodes:
    """Episodes in order of id; arrays per episode."""

    ids: Ints
    kind: Ints
    row: Ints  # of the victim among the people
    began_s: Ints


@dataclass(frozen=True)
class Timed:
    """The acts of episodes that fall in the study, in order of id; arrays per act."""

    ids: Ints
    episode: Ints  # index among the episodes
    turn: Ints  # 0 = first of its episode
    occurred_s: Ints


def begin_episodes(hazards: Hazards, period: Period, chance: Stream) -> Episodes:
    """Draw the episodes of each person that begin before the study's end.

    Parameters
    ----------
    hazards
        Factors of each person, in order of `person_id`.
    period
        Period of the study; episodes begin up to two years before it.
    chance
        Stream of the stage; draws are keyed by person and episode.
    """
    longer = Period(period.start - _LEAD_DAYS, period.end)
    ids, rows, kinds = [], [], []
    for code in range(len(KINDS)):
        count = _onsets(hazards, longer, code, chance)
        victims = np.flatnonzero(count)
        row_of_episode = np.repeat(victims, count[victims])
        onset = place_in_runs(row_of_episode)
        number = (hazards.person_id[row_of_episode] * len(KINDS) + code) * _MOST_ONSETS + onset
        ids.append(number * _MOST_TURNS)
        rows.append(row_of_episode)
        kinds.append(np.full(len(row_of_episode), code))
    every, row, kind = np.concatenate(ids), np.concatenate(rows), np.concatenate(kinds)
    order = np.argsort(every)
    every, row, kind = every[order], row[order], kind[order]
    return Episodes(every, kind, row, hours_drawn(longer, _profile(kind), every, chance))


def follow_episodes(episodes: Episodes, period: Period, chance: Stream) -> Timed:
    """Draw the lengths of episodes and the times of their acts; keep acts in the study.

    Parameters
    ----------
    episodes
        Episodes in order of id.
    period
        Period of the study.
    chance
        Stream of the stage; draws are keyed by episode and act.
    """
    table = load("violence_kinds")
    count = _length(episodes, chance)
    episode = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(episode)) - (np.cumsum(count) - count)[episode]
    ids = episodes.ids[episode] + turn
    gap = np.zeros(len(ids), np.int64)
    later = np.flatnonzero(turn)
    kind = episodes.kind[episode[later]]
    # Gaps shorten as an escalating episode goes on.
    pace = table["gap_weeks"].to_numpy()[kind] * table["quickening"].to_numpy()[kind] ** turn[later]
    gap[later] = 1 + (pace * chance.exponential("gap", ids[later])).astype(np.int64)
    weeks = np.cumsum(gap)
    weeks -= weeks[(np.cumsum(count) - count)[episode]]
    occurred = episodes.began_s[episode]
    week_s = week_begin(occurred[later]) + weeks[later] * WEEK_S
    occurred[later] = times_within_week(week_s, _profile(kind), ids[later], chance)
    # Weeks without hours, as of schools in August, give way to later ones: keep the order of turns.
    occurred = occurred[order_of(episode, occurred)]
    inside = (occurred >= period.start_s) & (occurred < period.end_s)
    return Timed(ids[inside], episode[inside], turn[inside], occurred[inside])


def _onsets(hazards: Hazards, period: Period, kind: int, chance: Stream) -> Ints:
    """Draw the number of episodes of a kind that begin for each person."""
    years = hazards.age_years.astype(np.int64)
    domestic = KINDS[kind] in _DOMESTIC
    mean = _rates()[kind][hazards.sex, years] * (hazards.scale[kind] * period.years)
    mean *= hazards.domestic_factor if domestic else hazards.public_factor
    if kind == _PARTNER:
        mean *= hazards.partner_factor
    if kind == _WORK:
        mean *= hazards.job_factor
    exposed = np.flatnonzero(mean)
    count = np.zeros(len(mean), np.int64)
    ids = hazards.person_id[exposed]
    count[exposed] = chance.poisson(f"{KINDS[kind]}_courses", ids, mean[exposed], most=_MOST_ONSETS)
    return count


def _length(episodes: Episodes, chance: Stream) -> Ints:
    """Draw the number of acts of each episode: one, or two and more with a geometric end."""
    table = load("violence_kinds")
    repeat, further = (table[name].to_numpy()[episodes.kind] for name in ("repeat", "again"))
    drawn = chance.uniform("length", episodes.ids)
    goes_on = drawn < repeat
    share = np.where(goes_on, (drawn + 2.0**-54) / np.maximum(repeat, 1e-9), 1.0)
    more = np.where(goes_on, 1 + np.floor(np.log(share) / np.log(further)), 0)
    return 1 + np.minimum(more, _MOST_TURNS - 1).astype(np.int64)


def _profile(kind: Ints) -> NDArray[np.str_]:
    """Name the hour-of-week profile of each episode."""
    return np.asarray(load("violence_kinds")["profile"].to_pylist())[kind]


@cache
def _rates() -> list[Floats]:
    """Give the yearly rates at which episodes begin, by kind: sex (women, men) by age."""
    table = load("violence_rates").to_pylist()
    rates = [np.zeros((2, _OLDEST)) for _ in KINDS]
    for line in table:  # ascending by age
        own = rates[KINDS.index(line["kind"])]
        own["FM".index(line["sex"]), int(line["age_from"]) :] = line["per_1000_a_year"] / 1000
    return rates
