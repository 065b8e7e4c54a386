"""Moves of everybody, planned at once, since dwellings pass from hand to hand.

A household moves together. Some people join it later than the others, and some leave it: grown
children, people who share a house, and one of a couple that separates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.lives.couples import move_in_together
from darkfigure.synth.lives.fates import NEVER, day_after
from darkfigure.synth.lives.moving import Moving, destination
from darkfigure.synth.lives.stays import (
    ARRIVAL,
    DAY_BITS,
    DEPARTURE,
    LEFT_HOME,
    MOVE,
    SEPARATION,
    START,
    TERM,
    Stays,
)
from darkfigure.synth.lives.vacancies import DWELLINGS, OUTSIDE, Vacated, settle_arrivals
from darkfigure.synth.population import ALWAYS
from darkfigure.synth.population.backgrounds import TRAVELLER
from darkfigure.synth.population.families import CHILD, ELDER, GROWN_CHILD, OTHER, PARTNER
from darkfigure.synth.population.institutions import (
    CARE_HOME,
    HOSTEL,
    NO_FIXED_ABODE,
    OUTSIDE_WALES,
    PRISON,
    STUDENT_HALL,
)
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import wales

_MOST_MOVES = 8  # of one household before the study, and again in it; assumed
_PLACES = 64  # keys the places that one household or person ever moves to; no rate
_BEFORE, _AFTER, _ALONE = 0, 16, 32  # first keys of these places; no rate
_TERM_STARTS = 166  # days from the first of April to the middle of September; assumed
# Yearly rates of moving in before the study, and out in it, by kind of home; assumed.
_TURNOVER = {
    CARE_HOME: (0.45, 0.03),
    STUDENT_HALL: (1.0, 1.0),
    PRISON: (1.2, 1.0),
    HOSTEL: (1.5, 1.5),
    NO_FIXED_ABODE: (1.0, 1.0),
    OUTSIDE_WALES: (0.0, 0.0),
}
_YEAR_DAYS = 365
_TERM_DAYS = 21  # in which students move in; assumed
_PARTS_UNTIL = 60  # age from which couples no longer part; assumed
# Years since elders, and since others, joined a household, mean; assumed.
_ELDER_JOINED_YEARS, _OTHER_JOINED_YEARS = 6.0, 1.6
# Couples live together from the first age on or from one in this share of the years since, at the
# last from the third; their eldest child is younger by so many years, unless they are a step
# family, as this share is. Assumed.
_TOGETHER_FROM, _TOGETHER_SHARE, _TOGETHER_UNTIL = 18, 0.6, 40
_BEFORE_CHILD_YEARS, _STEP_RATE = 0.8, 0.12


@dataclass(frozen=True)
class Plan:
    """Homes of everybody over time.

    Parameters
    ----------
    households
        Stays of each household of the census, by its index.
    persons
        Stays of people on their own: before they joined their household, or after they left it.
    joined_day, left_day
        Shape (persons,): days on which they began and ceased to share their household's stays.
    separated
        Shape (households,): the day on which its couple parts, NEVER for most.
    partner, coupled_day
        Shape (persons,): census index of the person with whom they move in during the study, or
        NOBODY, and the day from which both live there.
    """

    households: Stays
    persons: Stays
    joined_day: Ints
    left_day: Ints
    separated: Ints
    partner: Ints
    coupled_day: Ints


def plan_moves(moving: Moving) -> Plan:
    """Plan everybody's moves, before the study backwards from the census and then onwards."""
    taken = np.zeros(len(wales().code), np.int64)  # spare dwellings, by LSOA
    before = _before(moving, taken)
    leaving = _leaving(moving)
    after, alone = _after(moving, leaving, taken)
    couples, stream = moving.spec.new_couples, moving.chance.stage("couples")
    alone, partner, coupled_day = move_in_together(moving.census, alone, couples, stream)
    joined_day, joiners = _joiners(moving)
    return Plan(
        households=Stays.join(before, after),
        persons=Stays.join(joiners, alone),
        joined_day=joined_day,
        left_day=leaving.day,
        separated=leaving.separated,
        partner=partner,
        coupled_day=coupled_day,
    )


def _rates(moving: Moving) -> tuple[Floats, Floats]:
    """Give each household's yearly rates of moving, before the study and in it."""
    census, spec = moving.census, moving.spec
    first = census.household_first
    step = np.searchsorted(spec.from_age, census.age_years[first], side="right") - 1
    rate = np.array(spec.a_year)[step]
    rate = rate * np.where(census.role[first] == OTHER, spec.sharers, 1.0)
    rate = rate * np.where(census.background[first] == TRAVELLER, spec.travellers, 1.0)
    came, went = rate.copy(), rate.copy()
    for home, (moves_in, moves_out) in _TURNOVER.items():
        came[census.household_home == home] = moves_in
        went[census.household_home == home] = moves_out
    return came, went


def _times(
    decision: str, ids: Ints, rate: Floats, span: tuple[int, int], chance: Stream
) -> tuple[Ints, Ints]:
    """Draw the moves of households in a span: row and day of each move, in order."""
    mean = rate * (span[1] - span[0]) / DAYS_A_YEAR
    count = chance.poisson(decision, ids, mean, most=_MOST_MOVES)
    row = np.repeat(np.arange(len(ids)), count)
    turn = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    when = chance.uniform(f"{decision}_day", ids[row] * _MOST_MOVES + turn)
    day = span[0] + 1 + np.floor(when * (span[1] - span[0])).astype(np.int64)
    order = order_of((row << DAY_BITS) + day)
    return row, day[order]


def _before(moving: Moving, taken: Ints) -> Stays:
    """Lead each household back from the census to its home at the beginning of its history.

    Seen backwards, a household that moves in leaves the dwelling to the people before it.
    """
    census, window, ids = moving.census, moving.window, moving.census.household_id
    still = (census.household_home == STUDENT_HALL) | ~census.household_resident
    rate = np.where(still, 0, _rates(moving)[0])
    row, day = _times("moves_in", ids, rate, window[:2], moving.chance)
    halls = np.flatnonzero(census.household_home == STUDENT_HALL)
    first = window[1] - _YEAR_DAYS + _TERM_STARTS
    since = first + moving.chance.below("term", ids[halls], _TERM_DAYS)
    if window[0] < window[1] - _YEAR_DAYS:
        row, day = np.append(row, halls), np.append(day, since)
    order = order_of((row << DAY_BITS) + day)
    row, day = row[order], day[order]
    back = place_in_runs(row[::-1])[::-1]
    current, arrived = moving.home.copy(), np.empty(len(row), np.int64)
    for step in range(_MOST_MOVES):
        moves = np.flatnonzero(back == step)
        movers = row[moves]
        arrived[moves] = current[movers]
        chosen = destination(ids[movers] * _PLACES + _BEFORE + step, current[movers], moving)
        freed = (census.household_home[movers] == 0) | (step > 0)
        vacated = Vacated(current[movers][freed], -day[moves][freed])
        current[movers] = settle_arrivals(chosen, -day[moves], vacated, first_spare=taken)
    cause = np.where(census.household_home[row] == STUDENT_HALL, TERM, MOVE)
    return _begun(moving, Stays(row, day, arrived, cause), current)


def _begun(moving: Moving, moves: Stays, origin: Ints) -> Stays:
    """Let each history begin: for some households on the day they came from abroad.

    Households that come during the study have no history before.
    """
    census, window = moving.census, moving.window
    rate = moving.spec.from_abroad_a_year
    ago = moving.chance.uniform("from_abroad", census.household_id) / max(rate, 1e-9) * DAYS_A_YEAR
    comes = (ago < window[1] - window[0]) & (census.household_home == 0)
    begins = np.where(comes, window[1] - np.minimum(ago, NEVER).astype(np.int64), window[0])
    later = moves.day > begins[moves.owner]
    # The place before the first later move is the one they came to.
    previous = np.where(
        np.diff(moves.owner, prepend=-1) == 0, np.roll(moves.place, 1), origin[moves.owner]
    )
    place = np.where(comes, moving.home, origin)
    rows = np.flatnonzero(later)[::-1]
    place[moves.owner[rows]] = previous[rows]
    start = Stays(np.arange(len(begins)), begins, place, np.where(comes, ARRIVAL, START))
    there = np.flatnonzero(~census.household_arrives)
    return Stays.join(start.take(there), moves.take(later))


@dataclass(frozen=True)
class _Leaving:
    """People who leave their household in the study."""

    day: Ints  # of each person of the census, NEVER for people who stay
    cause: Ints  # of each person
    separated: Ints  # day, of each household


def _leaving(moving: Moving) -> _Leaving:
    """Draw the people who move out alone, and the couples who part."""
    census, spec, chance = moving.census, moving.spec, moving.chance
    step = np.searchsorted(spec.leaving_from_age, census.age_years, side="right") - 1
    may = (census.role == GROWN_CHILD) | ((census.role == OTHER) & (census.place > 0))
    rate = np.array(spec.leaves_a_year)[np.maximum(step, 0)] * may
    waits = chance.exponential("leaves_home", census.person_id)
    day = _wait(waits, rate, moving, census.came_day)
    partner = np.flatnonzero((census.role == PARTNER) & (census.age_years < _PARTS_UNTIL))
    home = census.household[partner]
    ids = census.household_id[home]
    rate = np.full(len(ids), spec.separates_a_year)
    parts = _wait(chance.exponential("separates", ids), rate, moving, census.came_day[partner])
    separated = np.full(len(census.household_size), NEVER)
    separated[home] = parts
    second_leaves = chance.happens("man_leaves", ids, spec.man_leaves_rate)
    goes = np.where(second_leaves, partner, partner - 1)
    day[goes] = parts
    cause = np.full(len(day), LEFT_HOME)
    cause[goes] = SEPARATION
    return _Leaving(np.where(day < moving.ends.gone_day, day, NEVER), cause, separated)


def _wait(waits: Floats, rate: Floats, moving: Moving, since: Ints) -> Ints:
    return day_after(waits, rate, Period(moving.window[1], moving.window[2] + 1), since)


def _after(moving: Moving, leaving: _Leaving, taken: Ints) -> tuple[Stays, Stays]:
    """Follow households, and people who leave them, from the census onwards."""
    census, window, ids = moving.census, moving.window, moving.census.household_id
    row, day = _times("moves_out", ids, _rates(moving)[1], window[1:], moving.chance)
    gone = moving.ends.departure_day[census.household_first]
    there = (day < gone[row]) & (day > moving.came_day[row])
    row, day = _with_arrivals(moving, row[there], day[there])
    comes = day == moving.came_day[row]
    turn = place_in_runs(row)
    alone = np.flatnonzero(leaving.day < NEVER)
    origin = moving.home[census.household[alone]]
    key = census.person_id[alone] * _PLACES + _ALONE
    chosen = destination(key, origin, moving)
    current, arrived = moving.home.copy(), np.empty(len(row), np.int64)
    settled = np.empty(0, np.int64)
    for step in range(_MOST_MOVES + 1):
        moves = np.flatnonzero(turn == step)
        movers, when = row[moves], day[moves]
        freed = ((census.household_home[movers] == 0) | (step > 0)) & ~comes[moves]
        vacated = Vacated(current[movers][freed], when[freed])
        lsoa = destination(ids[movers] * _PLACES + _AFTER + step, current[movers], moving)
        lsoa = np.where(comes[moves], census.household_lsoa[movers], lsoa)
        if step == 0:  # people who leave a household choose among the first empty dwellings
            vacated = _with_emptied(moving, vacated, row)
            lsoa, when = np.append(lsoa, chosen), np.append(when, leaving.day[alone])
        place = settle_arrivals(lsoa, when, vacated, first_spare=taken)
        arrived[moves] = current[movers] = place[: len(moves)]
        settled = np.append(settled, place[len(moves) :])
    cause = np.where(census.household_home[row] == STUDENT_HALL, TERM, MOVE)
    cause[comes] = ARRIVAL
    departed = np.flatnonzero(gone < NEVER)
    outside = np.full(len(departed), OUTSIDE)
    away = Stays(departed, gone[departed], outside, np.full(len(departed), DEPARTURE))
    own_place = Stays(alone, leaving.day[alone], settled, leaving.cause[alone])
    return Stays.join(Stays(row, day, arrived, cause), away), own_place


def _with_arrivals(moving: Moving, row: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Add the arrival of households that come to Wales before their moves."""
    new = np.flatnonzero(moving.census.household_arrives)
    row, day = np.append(row, new), np.append(day, moving.came_day[new])
    order = order_of((row << DAY_BITS) + day)
    return row[order], day[order]


def _with_emptied(moving: Moving, vacated: Vacated, movers: Ints) -> Vacated:
    """Add the homes of households that never move and end: by death, or by leaving Wales."""
    census, ends = moving.census, moving.ends
    last = np.maximum.reduceat(ends.gone_day, census.household_first)
    ended = (last <= moving.window[2]) & (census.household_home == 0)
    ended[movers] = False
    return Vacated(
        np.append(vacated.place, moving.home[ended]), np.append(vacated.day, last[ended])
    )


def _joiners(moving: Moving) -> tuple[Ints, Stays]:
    """Give the day on which people joined their household, and their stays before.

    Partners came from their parents' home where that is known; elders, people who share a house and
    adopted children, from anywhere.
    """
    census, chance, kin = moving.census, moving.chance, moving.kin
    joined = np.full(len(census.role), ALWAYS)
    placed = moving.placed_day < moving.window[1]
    sharer = (census.role == OTHER) & (census.place > 0)
    person = np.flatnonzero(
        (np.isin(census.role, (PARTNER, ELDER)) | sharer | placed) & census.resident
    )
    ids, role, placed = census.person_id[person], census.role[person], placed[person]
    ago = np.where(
        role == PARTNER,
        _together_years(moving, person),
        np.where(role == ELDER, _ELDER_JOINED_YEARS, _OTHER_JOINED_YEARS)
        * chance.exponential("joined", ids),
    )
    day = moving.window[1] - np.floor(ago * DAYS_A_YEAR).astype(np.int64)
    day = np.where(placed, moving.placed_day[person], day)
    late = placed | chance.happens("joins", ids, moving.spec.joins_rate)
    late &= day > moving.window[0]
    person, day = person[late], day[late]
    joined[person] = day
    parents = kin.parents[person]
    origin = moving.home[census.household[person]]
    key = census.person_id[person] * _PLACES + _ALONE + 1
    lsoa = destination(key, origin, moving)
    spare = chance.below("before_joining", key, wales().households[lsoa])
    elsewhere = np.where(parents != NOBODY, moving.home[parents], lsoa * DWELLINGS + spare)
    first = np.full(len(person), moving.window[0])
    return joined, Stays(person, first, elsewhere, np.full(len(person), START))


def _together_years(moving: Moving, partner: Ints) -> Floats:
    """Draw the years that couples have lived together: more than their eldest child's age."""
    census, chance = moving.census, moving.chance
    young = np.where(np.isin(census.role, (CHILD, GROWN_CHILD)), census.age_years, 0.0)
    eldest = np.maximum.reduceat(young, census.household_first)[census.household[partner]]
    both = np.minimum(census.age_years[partner], census.age_years[partner - 1])
    drawn = chance.uniform("together", census.person_id[partner])
    since = _TOGETHER_FROM + (both - _TOGETHER_FROM) * drawn * _TOGETHER_SHARE
    started = np.minimum(since, _TOGETHER_UNTIL)
    home = census.household_id[census.household[partner]]
    stepped = chance.happens("step_family", home, _STEP_RATE)
    years = both - started
    return np.where((eldest > 0) & ~stepped, np.maximum(years, eldest + _BEFORE_CHILD_YEARS), years)
