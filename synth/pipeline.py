"""The whole simulation, stage by stage: read this first.

::

    population -> violence -> contacts -> cases        everybody at once, in arrays
    lives -> agencies -> entry -> truth                block by block of households

Stages that need all people at once come first: they decide what happens and who learns of it.
What is written about whom follows from that for each block of households on its own, so blocks
can be worked in any order, in one process or several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth import contacts, schema, truth
from synth.agencies import AGENCIES
from synth.agencies.agency import Happenings, Sampled
from synth.agencies.records import Office, Tables, add
from synth.dataset import Dataset
from synth.engine import Engine, crew, hands_for
from synth.geography import wales
from synth.lives import live
from synth.lives.relationships import relationships
from synth.lives.society import Society, settle, while_there
from synth.making import unfinished
from synth.manifest import write_manifest
from synth.parts import Store
from synth.population import sample_households, take_census
from synth.scenario import Scenario
from synth.versions import versions
from synth.violence import Victims, simulate_violence
from synth.witnesses import child_witnesses

Ints = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

# A block costs as much as 7,000 more households would, whatever its size, and this many take some
# 600 MB as they are written (docs/scale.md).
BLOCK_HOUSEHOLDS = 65_536
WORTH_HALVING = 8_192  # households of a small world, so that two cores have something to do


@dataclass(frozen=True)
class Block:
    """Households whose records are written together."""

    households: Ints
    sampled: bool  # false for those of whom the sample's agencies only name somebody


@dataclass(frozen=True)
class World:
    """What happens in a scenario: everything but what is written down."""

    scenario: Scenario
    happened: Happenings
    society: Society
    households: Ints  # of the sample
    prepared: dict[str, Any]  # by agency

    @property
    def named(self) -> Ints:
        """Everybody whom an agency names, as census indices."""
        agencies = self.scenario.agencies
        parts = [AGENCIES[name].named(self.prepared[name]) for name in agencies]
        return np.unique(np.concatenate([np.empty(0, np.int64), *parts]))

    @property
    def persons(self) -> int:
        """How many people of the sample live there when the study begins."""
        victims = self.happened.victims
        return int(victims.census.resident[victims.person].sum())

    def blocks(self) -> Iterator[Block]:
        """Cut the sample's households, and those of outsiders who are named, into blocks."""
        named = np.unique(self.happened.victims.census.household[self.named])
        outside = np.setdiff1d(named, self.households)
        for households, sampled in ((self.households, True), (outside, False)):
            n_blocks = -(-len(households) // BLOCK_HOUSEHOLDS)
            if n_blocks == 1 and len(households) >= WORTH_HALVING:
                n_blocks = 2
            for block in np.array_split(households, n_blocks) if n_blocks else []:
                yield Block(block, sampled)


def imagine(scenario: Scenario) -> World:
    """Decide who lives, what happens to them, and which agency learns of it."""
    chance, geography, period = scenario.chance, wales(), scenario.period
    lsoas = geography.select(scenario.areas)
    census = take_census(geography, lsoas, scenario.population, chance.stage("population"))
    ways = scenario.lives.ways
    society = settle(census, geography, period, ways, chance.stage("lives"))
    census = society.census
    households = sample_households(census, scenario.persons, chance.stage("sample"))
    victims = Victims.of(census, households)
    violence = simulate_violence(
        victims, geography, period, scenario.violence, chance.stage("violence")
    )
    incidents = contacts.follow(
        while_there(violence, census),
        census,
        geography,
        scenario.contacts,
        chance.stage("contacts"),
        police="police" in scenario.agencies,
    )
    witnesses = child_witnesses(incidents, census, period, chance.stage("witnesses"))
    prepared: dict[str, Any] = {}
    happened = Happenings(
        geography=geography,
        period=period,
        victims=victims,
        incidents=incidents,
        witnesses=witnesses,
        kin=society.kin,
        needs=scenario.needs,
        chance=chance,
        prepared=prepared,
    )
    for name in scenario.agencies:
        prepared[name] = AGENCIES[name].prepare(happened, getattr(scenario, name))
    return World(scenario, happened, society, households, prepared)


def write_block(world: World, block: Block) -> Tables:
    """Live the lives of a block's households and write what the agencies hold of them."""
    scenario, happened, out = world.scenario, world.happened, Tables()
    period, chance = happened.period, happened.chance
    people = live(world.society, block.households, scenario.lives, chance.stage("lives"))
    office = Office.of(people, period, scenario.profiles(), chance)
    if block.sampled:
        in_sample = np.zeros(len(world.society.roots), bool)
        in_sample[world.households] = True
        ties = relationships(people, world.society, in_sample)
        add(out, schema.RELATIONSHIPS, ties)
        residents = people.person[: people.residents]
        _write_sample(world, Sampled(office, _incidents_of(happened.incidents, residents)), out)
        shown = np.ones(len(people.person), bool)
    else:
        for name in scenario.agencies:
            spec = getattr(scenario, name)
            AGENCIES[name].write_outsiders(office, world.prepared[name], spec, out)
        shown = np.isin(people.person, world.named)
    truth.write_people(office, shown, happened.geography, out, sampled=block.sampled)
    return out


def _write_sample(world: World, block: Sampled, out: Tables) -> None:
    for name in world.scenario.agencies:
        spec = getattr(world.scenario, name)
        AGENCIES[name].write_block(block, world.prepared[name], spec, out)


def _incidents_of(incidents: pa.Table, person: Ints) -> pa.Table:
    """Take the incidents whose victims are in a block, with the victims' rows in it."""
    victim = incidents["victim"].to_numpy()
    low, high = np.searchsorted(victim, [person[0], person[-1] + 1])
    mine = incidents.slice(low, high - low)
    return mine.append_column("row", pa.array(np.searchsorted(person, victim[low:high])))


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
        What to simulate; of its salt the manifest keeps the fingerprint.
    out
        Folder to make. Until all is done the work lies beside it (`making.py`); after an
        interruption the same call goes on from there.
    workers
        Processes to share the blocks among; the tables are the same for any number. None: one for
        each core, if the sample is large enough to be worth starting them.
    engine
        Spark leaves each table as a folder of parts, which a `Dataset` reads alike.
    overwrite
        Replace a dataset that `out` holds already.
    progress
        Called with what is going on, steps done, and steps in all.

    Returns
    -------
    The dataset, opened.

    Raises
    ------
    TargetError
        The scenario asks for something impossible.
    OutputError
        `out` is occupied or cannot be written.
    InterruptionError
        A worker was killed.
    """
    said = {"scenario": scenario.resolved(), "seed": scenario.seed, "versions": versions()}
    said |= {"salt": scenario.salt.fingerprint} if scenario.salt else {}
    tell = progress or (lambda *_: None)
    spread = engine is Engine.spark
    with unfinished(Path(out).resolve(), said, overwrite=overwrite, spread=spread) as store:
        tell("imagining", 0, 1)
        hands = workers or hands_for(scenario.persons)
        with crew(partial(imagine, scenario), store, engine, hands) as working:
            world, kept = working.world, store.finished()
            said["persons"] = world.persons
            blocks = list(enumerate([*world.blocks(), None]))
            left = [(store, number, block) for number, block in blocks if number not in kept]
            for done, _ in enumerate(working.each(_keep_block, left), 1):
                tell("writing records", len(kept) + done, len(blocks))
            shapes = store.shapes({"truth", *scenario.agencies})
            lacking = [(store, shape) for shape in shapes if not store.holds(shape)]
            for done, _ in enumerate(working.each(_assemble, lacking), 1):
                tell("writing tables", done, len(lacking))
        write_manifest(store.tables, said, store.described(shapes))
    return Dataset.open(out)


def _keep_block(world: World, task: tuple[Store, int, Block | None]) -> None:
    """Write a block, or what is numbered and listed for all blocks at once."""
    store, number, block = task
    store.keep(number, _write_shared(world) if block is None else write_block(world, block))


def _assemble(_: World, task: tuple[Store, schema.Table]) -> None:
    store, shape = task
    store.assemble(shape)


def _write_shared(world: World) -> Tables:
    out: Tables = {}
    # Profiles cannot travel to other processes; this one makes them again.
    happened = replace(world.happened, profiles=world.scenario.profiles())
    truth.write_incidents(happened, out)
    truth.write_neighbourhoods(world.society.census, happened.geography, out)
    truth.write_population(world.society.census, happened.geography, out)
    truth.write_vital_events(world.society, happened.geography, out)
    for name in world.scenario.agencies:
        AGENCIES[name].write_whole(happened, world.prepared[name], out)
    return out
