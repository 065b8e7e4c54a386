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
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth import contacts, schema, truth
from synth.agencies import ed, education, gp, police
from synth.agencies.records import Office, Tables
from synth.chance import Stream
from synth.dataset import Dataset, fresh_folder, write_manifest, write_table
from synth.engine import run_blocks
from synth.geography import Geography, wales
from synth.lives import live
from synth.population import Census, sample_households, take_census
from synth.scenario import Scenario
from synth.versions import versions
from synth.violence import Victims, simulate_violence

Ints = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

BLOCK_HOUSEHOLDS = 8_192


@dataclass(frozen=True)
class Block:
    """Households whose records are written together."""

    households: Ints
    sampled: bool  # false for those of whom the sample's agencies only name somebody


@dataclass(frozen=True)
class World:
    """What happens in a scenario: everything but what is written down."""

    scenario: Scenario
    geography: Geography
    census: Census
    households: Ints  # of the sample
    incidents: pa.Table
    cases: police.Cases
    pupils: education.Pupils
    upn: pa.Array  # of each pupil

    @property
    def chance(self) -> Stream:
        """The stream that all draws of the world come from."""
        return Stream(self.scenario.seed)

    def blocks(self) -> Iterator[Block]:
        """Cut the sample's households, and those of outsiders who are named, into blocks."""
        named = self.census.household[np.unique(self.cases.meetings.person)]
        outside = np.setdiff1d(named, self.households)
        for households, sampled in ((self.households, True), (outside, False)):
            for start in range(0, len(households), BLOCK_HOUSEHOLDS):
                yield Block(households[start : start + BLOCK_HOUSEHOLDS], sampled)


def imagine(scenario: Scenario) -> World:
    """Decide who lives, what happens to them, and which agency learns of it."""
    chance, geography, period = Stream(scenario.seed), wales(), scenario.period
    lsoas = geography.select(scenario.areas)
    census = take_census(geography, lsoas, scenario.population, chance.stage("population"))
    households = sample_households(census, scenario.persons, chance.stage("sample"))
    victims = Victims.of(census, households)
    incidents = simulate_violence(
        victims, geography, period, scenario.violence, chance.stage("violence")
    )
    incidents = contacts.follow(
        incidents,
        census,
        geography,
        scenario.contacts,
        chance.stage("contacts"),
        police="police" in scenario.agencies,
    )
    cases = police.record_cases(
        victims if "police" in scenario.agencies else Victims(census, victims.person[:0]),
        incidents,
        geography,
        period,
        (scenario.police, scenario.contacts),
        chance.stage("police"),
    )
    pupils = education.enrol(census, geography, period, chance.stage("education"))
    upn = education.pupil_numbers(pupils, geography)
    return World(scenario, geography, census, households, incidents, cases, pupils, upn)


def write_block(world: World, block: Block) -> Tables:
    """Live the lives of a block's households and write what the agencies hold of them."""
    scenario, period, out = world.scenario, world.scenario.period, Tables()
    people = live(
        world.census,
        block.households,
        (period.start, period.end - 1),
        scenario.lives,
        world.chance.stage("lives"),
    )
    office = Office.of(people, scenario.profiles(), world.chance)
    place = np.searchsorted(world.pupils.person, people.person)
    is_pupil = np.isin(people.person, world.pupils.person)
    upn = world.upn.take(pa.array(place, mask=~is_pupil))
    if "police" in scenario.agencies:
        police.write_nominals(office, world.cases, scenario.police, out)
    if not block.sampled:
        named = np.isin(people.person, world.cases.meetings.person)
        truth.write_people(office, named, world.geography, out, upn=upn, sampled=False)
        return out
    everybody = np.ones(len(people.person), bool)
    truth.write_people(office, everybody, world.geography, out, upn=upn, sampled=True)
    truth.write_relationships(office, out)
    _write_agencies(world, office, out)
    return out


def _write_agencies(world: World, office: Office, out: Tables) -> None:
    scenario, people, period = world.scenario, office.people, world.scenario.period
    mine = _incidents_of(world.incidents, people.person)
    if "ed" in scenario.agencies:
        attended = mine.filter(mine["ed_attended"])
        ed.write_attendances(office, attended, period, scenario.ed, out)
    if "gp" in scenario.agencies:
        told = mine.filter(mine["gp_consulted"])
        gp.write_practice(office, told, period, scenario.gp, out)
    if "education" in scenario.agencies:
        noticed = mine.filter(mine["school_noticed"])
        study = (period, scenario.education)
        pupils = (world.pupils, world.upn)
        education.write_schools(office, noticed, pupils, study, out)


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
    workers: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Dataset:
    """Simulate a scenario and write its dataset.

    Parameters
    ----------
    scenario
        What to simulate.
    out
        Folder to make; nothing is left in it unless all goes well.
    workers
        Processes to share the blocks among; the tables are the same for any number.
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
    """
    with fresh_folder(Path(out), overwrite=overwrite) as folder:
        tell = progress or _say_nothing
        tell("imagining", 0, 1)
        world = imagine(scenario)
        blocks = list(world.blocks())
        parts: Tables = {}
        for done, tables in enumerate(run_blocks(write_block, world, blocks, workers), 1):
            for path, pieces in tables.items():
                parts.setdefault(path, []).extend(pieces)
            tell("writing records", done, len(blocks))
        _write_shared(world, parts)
        said = {"scenario": scenario.resolved(), "seed": scenario.seed, "versions": versions()}
        counts = {"persons": int(world.census.household_size[world.households].sum())}
        write_manifest(folder, {**said, **counts}, _write_tables(folder, world, parts, tell))
    return Dataset.open(out)


def _write_shared(world: World, out: Tables) -> None:
    """Write what is numbered or listed for all blocks at once."""
    truth.write_incidents(world.incidents, world.census, world.geography, out)
    truth.write_contacts(world.incidents, world.cases, world.scenario.agencies, out)
    police.write_occurrences(world.cases, world.geography, world.chance, out)


def _write_tables(
    folder: Path, world: World, parts: Tables, tell: Progress
) -> dict[str, dict[str, int | str]]:
    """Write every table the scenario's agencies have, and all of the truth."""
    kept = [
        shape for path, shape in schema.TABLES.items() if path in parts or _expected(shape, world)
    ]
    written = {}
    for done, shape in enumerate(kept, 1):
        pieces = parts.pop(shape.path, [shape.empty()])
        table = pa.concat_tables(pieces)
        written[shape.path.removesuffix(".parquet")] = write_table(folder, shape, table)
        tell("writing tables", done, len(kept))
    return written


def _expected(shape: schema.Table, world: World) -> bool:
    return shape.source == "truth" or shape.source in world.scenario.agencies


def _say_nothing(what: str, done: int, total: int) -> None:
    pass
