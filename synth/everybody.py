"""Everybody of some areas, their lives and the violence among them, whoever is in the sample.

A sample of 30,000 people of Wales lives among three million, and what happens to it depends on them
all. Another sample of them, or other records of it, need not imagine them again: large worlds are
kept (`storage/kept.py`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from darkfigure.synth.core.versions import program, versions
from darkfigure.synth.lives.life_courses import LifeCourses, plan_life_courses
from darkfigure.synth.population import take_census
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.storage.kept import kept
from darkfigure.synth.violence.acts import AllViolence, simulate_violence

WORTH_KEEPING = 300_000  # inhabitants; fewer are imagined in a few seconds
# What decides about everybody; the rest of a scenario is about samples, agencies and records.
_DECIDES = {"seed", "areas", "start", "years", "population", "lives", "violence"}


@dataclass(frozen=True)
class Everybody:
    """All people of a scenario's areas, with their life courses and all acts of violence."""

    life_courses: LifeCourses
    violence: AllViolence


def everybody(scenario: Scenario) -> Everybody:
    """Give everybody of a scenario: as kept from an earlier call, or imagined anew."""
    chosen = wales().select(scenario.areas)
    inhabitants = int(wales().residents[chosen].sum())
    # A salted world is a secret, and not left lying about.
    if inhabitants < WORTH_KEEPING or scenario.salt:
        return _imagine(scenario)
    of = {0: "wales", 1: "one-authority"}.get(
        len(scenario.areas), f"{len(scenario.areas)}-authorities"
    )
    title = f"{of}-seed-{scenario.seed}-{scenario.start}-{scenario.years}-years"
    return kept(title, _recipe(scenario), lambda: _imagine(scenario))


def _imagine(scenario: Scenario) -> Everybody:
    chance, geography, period = scenario.chance, wales(), scenario.period
    lsoas = geography.select(scenario.areas)
    # Threads that wait for each other's small matrices cost more than they do.
    with threadpool_limits(1, "blas"):
        census = take_census(geography, lsoas, scenario.population, chance.stage("population"))
    specs = scenario.lives.ways
    life_courses = plan_life_courses(census, geography, period, specs, chance.stage("lives"))
    census = life_courses.census
    violence = simulate_violence(census, geography, period, scenario.violence, chance)
    return Everybody(life_courses, violence)


def _recipe(scenario: Scenario) -> str:
    """Write down all that determines everybody."""
    decides = scenario.model_dump(mode="json", include=_DECIDES)
    facts = {**decides, "program": program("synth"), "versions": versions()}
    return json.dumps(facts, sort_keys=True)
