"""Life courses of everybody in the census: kin, births, deaths and moves, decided at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives.adoptions import Adoptions, adopted_days
from darkfigure.synth.lives.fates import NEVER, Births, Ends, Fates, draw_births, draw_ends
from darkfigure.synth.lives.migration import Migration, welcome
from darkfigure.synth.lives.moves import Plan, plan_moves
from darkfigure.synth.lives.moving import Moves, Moving
from darkfigure.synth.lives.refuge import Refuge, given_birthdays, seek_refuge
from darkfigure.synth.lives.stays import ARRIVAL
from darkfigure.synth.lives.visitors import Visitors, invite
from darkfigure.synth.population import ALWAYS, CHILD, Census
from darkfigure.synth.population.kin import NOBODY, Kin, Kinship, find_kin, heirs, surname_roots
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import Geography

_LINGERS_RATE = 0.23  # people killed who die on a ward, some on the day itself; assumed
_LINGERS_DAYS = 3.0  # mean until they die, a median of two (assumed)


@dataclass(frozen=True)
class LifeCourses:
    """Everybody of the census with their life courses.

    Parameters
    ----------
    census
        The census with arrivals during the study, and everybody's days of coming and going.
    heirs, roots
        Shape (households,): census index of the person whose surname a household's family has, and
        the household of the forebears that it comes from.
    window
        First day of the histories, first and last day of the study, since 1970-01-01.
    marries_after_years
        Mean time from moving in together to the wedding.
    adopted_day
        Day on which each child of the census is adopted, NEVER for most.
    refuge
        Who of the census came as a refugee, and whose birthday the authorities gave.
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
    adopted_day: Ints
    refuge: Refuge


@dataclass(frozen=True)
class LifeCourseSpecs:
    """Specs of the life courses, and the years before the study at which histories begin."""

    kinship: Kinship
    fates: Fates
    migration: Migration
    visitors: Visitors
    moves: Moves
    adoptions: Adoptions
    years_before: float


def plan_life_courses(
    census: Census, geography: Geography, period: Period, specs: LifeCourseSpecs, chance: Stream
) -> LifeCourses:
    """Decide who comes to Wales or visits it, who is kin to whom, who is born, dies, and moves.

    Parameters
    ----------
    census
        Census of the scenario.
    geography
        Geography of Wales.
    period
        Period of the study.
    specs
        Rates of these events.
    chance
        Stream of the lives; draws are keyed by person and household.
    """
    census = welcome(census, period, specs.migration, chance.stage("migration"))
    census = invite(census, specs.visitors, chance.stage("visitors"))
    kin = find_kin(census, geography, specs.kinship, chance.stage("kin"))
    leaving = specs.migration.leaves_a_year * specs.migration.factors(census)
    ends = draw_ends(census, period, specs.fates, leaving, chance.stage("fates"))
    births = draw_births(census, kin, ends, period, specs.fates, chance.stage("fates"))
    window = (period.start - round(specs.years_before * DAYS_A_YEAR), period.start, period.end - 1)
    adopted_day = adopted_days(census, period.start, specs.adoptions, chance)
    placed_day = adopted_day - round(specs.adoptions.placed_days)
    moving = Moving(census, kin, ends, window, specs.moves, placed_day, chance.stage("moves"))
    plan = plan_moves(moving)
    heir = heirs(census)
    roots = surname_roots(heir, kin)
    refuge = seek_refuge(census, partial(_lineages, census, kin, roots), chance)
    census = replace(
        given_birthdays(census, refuge, window[1]),
        household_lineage=census.household_id[roots],
        came_day=_came_day(census, plan),
        gone_day=ends.gone_day,
    )
    return LifeCourses(
        census=census,
        kin=kin,
        ends=ends,
        births=births,
        plan=plan,
        heirs=heir,
        roots=roots,
        window=window,
        marries_after_years=specs.moves.new_couples.marries_after_years,
        adopted_day=adopted_day,
        refuge=refuge,
    )


def lineages(life_courses: LifeCourses, person: Ints, home: Ints) -> Ints:
    """Give the keys of the families from which people have the tradition of their names.

    Parameters
    ----------
    life_courses
        Life courses of everybody.
    person
        Census indices, or numbers beyond for children born in the study, shape (n,).
    home
        Census indices of their households, shape (n,).
    """
    return _lineages(life_courses.census, life_courses.kin, life_courses.roots, person, home)


def _lineages(census: Census, kin: Kin, roots: Ints, person: Ints, home: Ints) -> Ints:
    parents = np.full(len(person), NOBODY)
    resident = person < len(census.person_id)
    parents[resident] = kin.parents[person[resident]]
    origin = np.where(parents != NOBODY, parents, home)
    return np.asarray(census.household_id[roots[origin]])


def _came_day(census: Census, plan: Plan) -> Ints:
    """Give everybody's first day in Wales; some households came in the years before the study."""
    stays = plan.households
    first = np.searchsorted(stays.owner, census.household)
    begins = stays.day[first]
    came = (stays.cause[first] == ARRIVAL) & (plan.joined_day <= begins)
    return np.where(came, begins, ALWAYS)


def other_homes(life_courses: LifeCourses, person: Ints, home: Ints) -> Ints:
    """Give the absent parent's household for children who live in two homes, else NOBODY.

    Parameters
    ----------
    life_courses
        Life courses of everybody.
    person
        Census indices, shape (n,).
    home
        Household of each, shape (n,).

    Returns
    -------
    Census indices of households, shape (n,).
    """
    other = life_courses.kin.other_parent[home]
    known = (person < len(life_courses.kin.two_homes)) & (other != NOBODY)
    known[known] = life_courses.kin.two_homes[person[known]]
    return np.where(known, life_courses.census.household[np.maximum(other, 0)], NOBODY)


def parted_parents(life_courses: LifeCourses, person: Ints, home: Ints) -> Ints:
    """Give the parent who left, for children who since live with both in turn, else NOBODY.

    Parameters
    ----------
    life_courses
        Life courses of everybody.
    person
        Census indices, shape (n,); children born in the study stay with their mothers.
    home
        Household of each, shape (n,).

    Returns
    -------
    Census indices, shape (n,).
    """
    census, plan = life_courses.census, life_courses.plan
    parents = np.full(len(person), NOBODY)
    child = np.flatnonzero(person < len(census.role))
    child = child[census.role[person[child]] == CHILD]
    child = child[(plan.separated[home[child]] < NEVER) & life_courses.kin.alternates[home[child]]]
    parted, first = plan.separated[home[child]], census.household_first[home[child]]
    for parent in (first, first + 1):
        left = plan.left_day[parent] == parted
        parents[child[left]] = parent[left]
    return parents


def cut_short(life_courses: LifeCourses, incidents: pa.Table, chance: Stream) -> LifeCourses:
    """End the lives of people who are killed.

    Parameters
    ----------
    life_courses
        Life courses of everybody.
    incidents
        Acts of violence, with columns `incident_id`, `victim`, `severity` and `occurred_s`, in
        order of `incident_id`.
    chance
        Stream of the violence; draws are keyed by incident.

    Returns
    -------
    The life courses with the first fatal act as an end, and without the births after it.
    """
    fatal = incidents.filter(pc.equal(incidents["severity"].cast(pa.string()), "fatal"))
    victim, ids = fatal["victim"].to_numpy(), fatal["incident_id"].to_numpy()
    lingers = chance.happens("lingers", ids, _LINGERS_RATE)
    wait = np.where(lingers, chance.exponential("lingers_days", ids) * _LINGERS_DAYS, 0)
    day = fatal["occurred_s"].to_numpy() // DAY_S
    alive = life_courses.census.there(victim, day)
    before, births = life_courses.ends, life_courses.births
    died = np.full(len(before.death_day), NEVER)
    np.minimum.at(died, victim[alive], (day + wait.astype(np.int64))[alive])
    killed = died < NEVER
    # Nobody lingers beyond the day on which they would have gone anyway, or the study.
    last = np.minimum(
        np.minimum(before.death_day, before.departure_day - 1), life_courses.window[2]
    )
    died = np.minimum(died, last)
    ends = replace(before, death_day=np.where(killed, died, before.death_day), killed=killed)
    born = births.day < ends.gone_day[births.mother]
    return replace(
        life_courses,
        census=replace(life_courses.census, gone_day=ends.gone_day),
        ends=ends,
        births=births.where(born),
    )


def while_there(incidents: pa.Table, census: Census) -> pa.Table:
    """Drop incidents whose victim or offender is dead or not in Wales.

    Parameters
    ----------
    incidents
        Acts of violence, with columns `victim`, `offender` and `occurred_s`.
    census
        Census with everybody's days of coming and going.
    """
    day = incidents["occurred_s"].to_numpy() // DAY_S
    there = np.ones(len(day), bool)
    for role in ("victim", "offender"):
        there &= census.there(incidents[role].to_numpy(), day)
    return incidents.filter(pa.array(there))
