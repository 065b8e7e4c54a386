"""What binds everybody of the census: kin, fates, moves; decided at once for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives.fates import NEVER, Births, Ends, Fates, draw_births, draw_ends
from darkfigure.synth.lives.migration import Migration, welcome
from darkfigure.synth.lives.moves import Plan, plan_moves
from darkfigure.synth.lives.moving import Moves, Moving
from darkfigure.synth.lives.stays import ARRIVAL
from darkfigure.synth.population import ALWAYS, CHILD, Census
from darkfigure.synth.population.kin import NOBODY, Kin, Kinship, find_kin, heirs, surname_roots
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import Geography


@dataclass(frozen=True)
class LifeCourses:
    """Everybody of the census with what becomes of them.

    Parameters
    ----------
    census
        With those who come during the study, and everybody's days of coming and going.
    heirs, roots
        Shape (households,): whose surname each household's family bears, as a census index, and
        the household of the forebears it comes from.
    window
        First day of the histories, first and last day of the study.
    marries_after_years
        Mean time from moving in together to the wedding.
    """

    census: Census
    kin: Kin
    ends: Ends
    births: Births
    plan: Plan
    heirs: Ints
    roots: Ints
    window: tuple[int, int, int]
    marries_after_years: float


@dataclass(frozen=True)
class LifeCourseSpecs:
    """The specs that shape a society, and how many years before the study histories begin."""

    kinship: Kinship
    fates: Fates
    migration: Migration
    moves: Moves
    years_before: float


def plan_life_courses(
    census: Census, geography: Geography, period: Period, ways: LifeCourseSpecs, chance: Stream
) -> LifeCourses:
    """Decide who comes to Wales, who is kin to whom, who is born, dies, and moves.

    Parameters
    ----------
    census
        Of the scenario.
    geography
        Of Wales.
    period
        Of the study.
    ways
        How often what happens.
    chance
        Stream of the lives; draws are keyed by person and household.
    """
    census = welcome(census, period, ways.migration, chance.stage("migration"))
    kin = find_kin(census, geography, ways.kinship, chance.stage("kin"))
    leaving = ways.migration.leaves_a_year * ways.migration.factors(census)
    ends = draw_ends(census, period, ways.fates, leaving, chance.stage("fates"))
    births = draw_births(census, ends, period, ways.fates, chance.stage("fates"))
    window = (period.start - round(ways.years_before * DAYS_A_YEAR), period.start, period.end - 1)
    plan = plan_moves(Moving(census, kin, ends, window, ways.moves, chance.stage("moves")))
    heir = heirs(census)
    return LifeCourses(
        census=replace(census, came_day=_came_day(census, plan), gone_day=ends.gone_day),
        kin=kin,
        ends=ends,
        births=births,
        plan=plan,
        heirs=heir,
        roots=surname_roots(heir, kin),
        window=window,
        marries_after_years=ways.moves.new_couples.marries_after_years,
    )


def _came_day(census: Census, plan: Plan) -> Ints:
    """Give everybody's first day in Wales: before the study too, some households came."""
    stays = plan.households
    first = np.searchsorted(stays.owner, census.household)
    begins = stays.day[first]
    came = (stays.cause[first] == ARRIVAL) & (plan.joined_day <= begins)
    return np.where(came, begins, ALWAYS)


def other_homes(life_courses: LifeCourses, person: Ints, home: Ints) -> Ints:
    """Give the household of the absent parent for children who live in two homes, else NOBODY."""
    other = life_courses.kin.other_parent[home]
    known = (person < len(life_courses.kin.two_homes)) & (other != NOBODY)
    known[known] = life_courses.kin.two_homes[person[known]]
    return np.where(known, life_courses.census.household[np.maximum(other, 0)], NOBODY)


def parted_parents(life_courses: LifeCourses, person: Ints, home: Ints) -> Ints:
    """Give who left of their parents, for children who since live with both in turn, else NOBODY.

    Parameters
    ----------
    society
        With the plan of everybody's moves.
    person
        Census indices; children born in the study stay with their mothers.
    home
        Household of each.
    """
    census, plan = life_courses.census, life_courses.plan
    found = np.full(len(person), NOBODY)
    child = np.flatnonzero(person < len(census.role))
    child = child[census.role[person[child]] == CHILD]
    child = child[(plan.separated[home[child]] < NEVER) & life_courses.kin.alternates[home[child]]]
    parted, first = plan.separated[home[child]], census.household_first[home[child]]
    for parent in (first, first + 1):
        left = plan.left_day[parent] == parted
        found[child[left]] = parent[left]
    return found


def while_there(incidents: pa.Table, census: Census) -> pa.Table:
    """Drop what would befall people, or be done by them, while they are not in Wales, or dead."""
    day = incidents["occurred_s"].to_numpy() // DAY_S
    there = np.ones(len(day), bool)
    for who in ("victim", "offender"):
        there &= census.there(incidents[who].to_numpy(), day)
    return incidents.filter(pa.array(there))
