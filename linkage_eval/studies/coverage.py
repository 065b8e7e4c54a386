"""Coverage study: whether an estimator's 95 % interval holds the truth in 95 % of worlds.

Worlds of many seeds, in conditions that meet the estimators' assumptions and in others:

- "independent": reporting depends on nothing, attendance says nothing about it;
- "covariates": the scenario's own odds of reporting; who is badly hurt is on both lists;
- "dependence 0.5", "dependence 3": beyond covariates, attendance makes a record less or more
  likely by that odds ratio.

Links are perfect, or miss and err at stated rates; `study_linkers` lets real linkers join the
records that agencies wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.defaults import AUDITED
from darkfigure.linkage_eval.recapture import Judgement, PopulationEstimate, judge_estimates
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.studies.estimate import (
    StudyEstimate,
    Units,
    estimate_all,
    estimate_sizes,
)
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import World, generate, simulate_world
from darkfigure.synth.reporting.contacts import Contacts, follow
from darkfigure.synth.reporting.police import OddsRatios
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.schema import INJURY, POLICE_STATUS

Progress = Callable[[str, int, int], None]

# Chosen before anything was measured: recall .85, and one unit in a hundred falsely found.
ALPHA, BETA = 0.85, 0.01
_EVEN = OddsRatios(**dict.fromkeys(OddsRatios.model_fields, 1.0))
# `exact` would fix the overlap to the record, and with it the scatter that intervals are about.
CONDITIONS: Mapping[str, Contacts] = {
    "independent": Contacts(exact=False, dependence=1.0, odds_ratios=_EVEN),
    "covariates": Contacts(exact=False, dependence=1.0),
    "dependence 0.5": Contacts(exact=False, dependence=0.5),
    "dependence 3": Contacts(exact=False, dependence=3.0),
}


@dataclass(frozen=True)
class Covered:
    """How an estimator did in one condition, by how lists were linked."""

    condition: str
    links: str
    judgement: Judgement


def study(
    scenario: Scenario, seeds: Iterable[int], *, progress: Progress = lambda *_: None
) -> list[Covered]:
    """Let all estimators answer in all conditions, with links as good as ALPHA and BETA.

    Parameters
    ----------
    scenario
        Its areas and violence; who learns of it is the conditions' own.
    seeds
        A world each; 30 or more, since coverage is a share of worlds.
    progress
        Told of every world.
    """
    said: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]] = {}
    chosen = list(seeds)
    for number, seed in enumerate(chosen):
        progress(f"seed {seed}", number, len(chosen))
        world = simulate_world(scenario.model_copy(update={"seed": seed}))
        for condition, contacts in CONDITIONS.items():
            chance = Stream(seed, ("coverage", condition))
            units = _units(_followed(world, contacts), chance)
            answers = estimate_all(units, audited=AUDITED, chance=chance)
            _note(said, condition, len(units.held), answers)
    return _judged(said)


def study_linkers(
    scenario: Scenario,
    seeds: Iterable[int],
    linkers: Iterable[str],
    *,
    progress: Progress = lambda *_: None,
) -> list[Covered]:
    """Let real linkers join what agencies wrote in the independent condition.

    Parameters
    ----------
    scenario
        Its size decides how long this takes: every world is written in full.
    seeds, progress
        As for `study`.
    linkers
        Names.
    """
    said: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]] = {}
    chosen, names = list(seeds), list(linkers)
    for number, seed in enumerate(chosen):
        progress(f"seed {seed}", number, len(chosen))
        told = {"seed": seed, "contacts": CONDITIONS["independent"]}
        with TemporaryDirectory() as folder:
            dataset = generate(scenario.model_copy(update=told), Path(folder) / "world")
            for name in names:
                links = link_dataset(
                    dataset, LinkerEntry(name=name), Task(left="ed", right="police")
                )
                sizes = estimate_sizes(dataset, links)
                _note(said, f"linked by {name}", sizes.true, sizes.answers)
    return _judged(said)


def to_table(covered: Iterable[Covered]) -> pa.Table:
    """Put a study into a table: condition, links, and a column for each part of a judgement."""
    rows = [
        {"condition": one.condition, "links": one.links, **vars(one.judgement)} for one in covered
    ]
    return pa.Table.from_pylist(rows)


def _note(
    said: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]],
    condition: str,
    true: int,
    answers: Iterable[StudyEstimate],
) -> None:
    for answer in answers:
        key = (condition, answer.links, answer.estimate.estimator)
        said.setdefault(key, []).append((true, answer.estimate))


def _judged(
    said: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]],
) -> list[Covered]:
    return [
        Covered(
            condition, links, judge_estimates([true for true, _ in some], [one for _, one in some])
        )
        for (condition, links, _), some in said.items()
    ]


def _followed(world: World, contacts: Contacts) -> pa.Table:
    """Let the same incidents become known in another way."""
    simulated = world.simulated
    census, chance = simulated.victims.census, simulated.chance.stage("contacts")
    names = simulated.incidents.column_names
    before = simulated.incidents.select(names[: names.index("ed_attended")])
    return follow(before, census, simulated.geography, contacts, chance, police=True)


def _units(incidents: pa.Table, chance: Stream) -> Units:
    """Take the incidents with injury, who wrote them down, and links that err at stated rates."""
    injury = _coded(incidents["injury"], tuple(INJURY))
    kept = injury > tuple(INJURY).index("none")
    recorded = _coded(incidents["police_status"], tuple(POLICE_STATUS))
    held = np.column_stack(
        [
            _flags(incidents["ed_attended"]),
            recorded == tuple(POLICE_STATUS).index("recorded"),
            _flags(incidents["gp_consulted"]),
        ]
    )[kept]
    ids = incidents["incident_id"].to_numpy()[kept]
    linked = chance.happens("links", ids, np.where(held[:, 1], ALPHA, BETA))
    return Units(held, held[:, 0] & linked, injury[kept])


def _coded(column: pa.ChunkedArray, names: tuple[str, ...]) -> np.ndarray:
    where = {name: number for number, name in enumerate(names)}
    return np.array([where[name] for name in column.cast(pa.string()).to_pylist()])


def _flags(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.to_numpy(zero_copy_only=False), bool)
