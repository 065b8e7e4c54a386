"""The whole simulation, stage by stage: read this first.

::

    population -> violence -> contacts -> cases        everybody at once, in arrays
    lives -> agencies -> entry -> truth                block by block of households

Stages that need all people at once come first: they decide what happens and who learns of it.
The records follow from that for each block of households on its own. So blocks can be worked in
any order, in one process or several. Papers about people of several blocks come last: they name
people as the blocks wrote them down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from darkfigure.synth import schema, truth
from darkfigure.synth.agencies.framework.agency import SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add
from darkfigure.synth.agencies.framework.writers import writer_of
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.choices import Engine
from darkfigure.synth.core.orders import distinct
from darkfigure.synth.core.versions import versions
from darkfigure.synth.everybody import everybody
from darkfigure.synth.hard_cases import hard_cases
from darkfigure.synth.lives import live
from darkfigure.synth.lives.life_courses import LifeCourses, cut_short, while_there
from darkfigure.synth.lives.relationships import relationships
from darkfigure.synth.population import sample_households
from darkfigure.synth.reporting import contacts
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.manifest import write_manifest
from darkfigure.synth.storage.parts import Store
from darkfigure.synth.violence.acts import Victims
from darkfigure.synth.violence.witnesses import child_witnesses
from darkfigure.synth.workers.engine import worker_count, worker_pool
from darkfigure.synth.workers.resumable import unfinished

Progress = Callable[[str, int, int], None]

# A block costs as much as 7,000 more households would, whatever its size, and this many take some
# 600 MB as they are written (docs/scale.md).
BLOCK_HOUSEHOLDS = 65_536
WORTH_HALVING = 8_192  # households of a small world, so that two cores have something to do


@dataclass(frozen=True)
class HouseholdBlock:
    """Households whose records are written together."""

    households: Ints
    sampled: bool  # false for outsiders, of whom the sample's agencies only name somebody


@dataclass(frozen=True)
class World:
    """All that happens in a scenario, before anything is written down."""

    scenario: Scenario
    simulated: SimulatedEvents
    life_courses: LifeCourses
    households: Ints  # of the sample
    prepared: dict[str, Any]  # by agency

    @property
    def named(self) -> Ints:
        """Everybody whom an agency names, as census indices."""
        agencies = self.scenario.agencies
        parts = [writer_of(name).named(self.prepared[name]) for name in agencies]
        return distinct(np.concatenate([np.empty(0, np.int64), *parts]))

    @property
    def persons(self) -> int:
        """Number of people of the sample who live there when the study begins."""
        victims = self.simulated.victims
        return int(victims.census.resident[victims.person].sum())

    def blocks(self) -> Iterator[HouseholdBlock]:
        """Cut the sample's households, and those of named outsiders, into blocks."""
        named = distinct(self.simulated.victims.census.household[self.named])
        outside = np.setdiff1d(named, self.households)
        for households, sampled in ((self.households, True), (outside, False)):
            n_blocks = -(-len(households) // BLOCK_HOUSEHOLDS)
            if n_blocks == 1 and len(households) >= WORTH_HALVING:
                n_blocks = 2
            for block in np.array_split(households, n_blocks) if n_blocks else []:
                yield HouseholdBlock(block, sampled)


def simulate_world(scenario: Scenario) -> World:
    """Decide who lives, what happens to them, and which agency learns of it."""
    chance, geography, period = scenario.chance, wales(), scenario.period
    every = everybody(scenario)
    life_courses = every.life_courses
    households = sample_households(life_courses.census, scenario.persons, chance.stage("sample"))
    victims = Victims.of(life_courses.census, households)
    violence = every.violence.suffered_by(victims, period, scenario.violence, chance)
    life_courses = cut_short(life_courses, violence.incidents, chance.stage("violence"))
    census = life_courses.census
    victims = replace(victims, census=census)
    suffered, own = while_there(violence.incidents, census), chance.stage("contacts")
    heard = "police" in scenario.agencies
    incidents = contacts.follow(
        suffered, census, scenario.contacts, own, police=heard, world=chance
    )
    witnesses = child_witnesses(incidents, census, period, chance.stage("witnesses"))
    prepared: dict[str, Any] = {}
    simulated = SimulatedEvents(
        geography=geography,
        period=period,
        victims=victims,
        incidents=incidents,
        roles=violence.roles_of(incidents, census),
        witnesses=witnesses,
        kin=life_courses.kin,
        needs=scenario.needs,
        chance=chance,
        prepared=prepared,
    )
    for name in scenario.agencies:
        prepared[name] = writer_of(name).prepare(simulated, getattr(scenario, name))
    return World(scenario, simulated, life_courses, households, prepared)


def write_block(world: World, block: HouseholdBlock) -> Tables:
    """Live the lives of a block's households and write the agencies' records of them."""
    scenario, simulated, out = world.scenario, world.simulated, Tables()
    period, chance = simulated.period, simulated.chance
    people = live(world.life_courses, block.households, scenario.lives, chance.stage("lives"))
    context = RecordingContext.of(people, period, scenario.profiles(), chance)
    if block.sampled:
        in_sample = np.zeros(len(world.life_courses.roots), bool)
        in_sample[world.households] = True
        ties = relationships(people, world.life_courses, in_sample)
        add(out, schema.RELATIONSHIPS, ties)
        residents = people.person[: people.residents]
        _write_sample(world, SampleBlock(context, simulated.incidents_of(residents)), out)
        add(out, schema.HARD_CASES, hard_cases(context, out))
        shown = np.ones(len(people.person), bool)
    else:
        for name in scenario.agencies:
            spec = getattr(scenario, name)
            writer_of(name).write_outsiders(context, world.prepared[name], spec, out)
        shown = np.isin(people.person, world.named)
    truth.write_people(context, shown, simulated.geography, out, sampled=block.sampled)
    return out


def _write_sample(world: World, block: SampleBlock, out: Tables) -> None:
    for name in world.scenario.agencies:
        spec = getattr(world.scenario, name)
        writer_of(name).write_block(block, world.prepared[name], spec, out)


def generate(
    scenario: Scenario,
    out: str | Path,
    *,
    workers: int | None = 1,
    engine: Engine = Engine.local,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Dataset:
    """Simulate a scenario and write its dataset.

    Parameters
    ----------
    scenario
        The world to simulate; of its salt the manifest keeps the fingerprint.
    out
        Folder to make. Unfinished work lies beside it (`workers/resumable.py`); after an
        interruption the same call goes on from there.
    workers
        Number of processes; the tables are the same for any number. None: one for each core, if
        the sample is large enough to be worth starting them.
    engine
        Spark leaves each table as a folder of parts, which a `Dataset` reads alike.
    overwrite
        Replace a dataset that `out` holds already.
    progress
        Called with the name of the step, steps done, and steps in all.

    Returns
    -------
    The dataset, opened.

    Raises
    ------
    TargetError
        The scenario sets a target that cannot be met.
    OutputError
        `out` is occupied or cannot be written.
    InterruptionError
        A worker was killed.
    """
    facts = {"scenario": scenario.resolved(), "seed": scenario.seed, "versions": versions()}
    facts |= {"salt": scenario.salt.fingerprint} if scenario.salt else {}
    tell = progress or (lambda *_: None)
    spread = engine is Engine.spark
    with unfinished(Path(out).resolve(), facts, overwrite=overwrite, spread=spread) as store:
        tell("imagining", 0, 1)
        count = workers or worker_count(scenario.persons)
        with worker_pool(partial(simulate_world, scenario), store, engine, count) as pool:
            world, finished = pool.world, store.finished()
            facts["persons"] = world.persons
            blocks = list(enumerate([*world.blocks(), None]))
            todo = [(store, number, block) for number, block in blocks if number not in finished]
            # The last one reads what the others wrote.
            steps = chain(*(pool.each(_keep_block, part) for part in (todo[:-1], todo[-1:])))
            for n_done, _ in enumerate(steps, 1):
                tell("writing records", len(finished) + n_done, len(blocks))
            shapes = store.shapes({"truth", *scenario.agencies})
            missing = [(store, shape) for shape in shapes if not store.holds(shape)]
            for n_done, _ in enumerate(pool.each(_assemble, missing), 1):
                tell("writing tables", n_done, len(missing))
        write_manifest(store.tables, facts, store.described(shapes))
    return Dataset.open(out)


def _keep_block(world: World, task: tuple[Store, int, HouseholdBlock | None]) -> None:
    """Write a block, or the tables that belong to no block."""
    store, number, block = task
    store.keep(number, write_block(world, block) if block else _write_shared(world, store))


def _assemble(_: World, task: tuple[Store, schema.Table]) -> None:
    store, shape = task
    store.assemble(shape)


def _write_shared(world: World, store: Store) -> Tables:
    out: Tables = {}
    # Profiles cannot travel to other processes; this one makes them again.
    profiles = world.scenario.profiles()
    simulated = replace(world.simulated, profiles=profiles, written=store.rows)
    truth.write_incidents(simulated, out)
    truth.write_neighbourhoods(simulated, out)
    truth.write_population(world.life_courses.census, simulated.geography, out)
    truth.write_vital_events(world.life_courses, simulated.geography, out)
    for name in world.scenario.agencies:
        writer_of(name).write_whole(simulated, world.prepared[name], out)
    return out
