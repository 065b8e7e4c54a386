"""Coverage study: whether an estimator's 95 % interval holds the truth in 95 % of worlds.

Worlds of many seeds, in conditions that meet the estimators' assumptions and in others:

- "independent": reporting depends on nothing, not even on attendance;
- "covariates": the scenario's own odds of reporting; badly hurt people are on both lists;
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
# `exact` would fix the overlap to the record, and with it the scatter that intervals measure.
CONDITIONS: Mapping[str, Contacts] = {
    "independent": Contacts(exact=False, dependence=1.0, odds_ratios=_EVEN),
    "covariates": Contacts(exact=False, dependence=1.0),
    "dependence 0.5": Contacts(exact=False, dependence=0.5),
    "dependence 3": Contacts(exact=False, dependence=3.0),
}


@dataclass(frozen=True)
class Covered:
    """The performance of an estimator in one condition and with one kind of links."""

    condition: str
    links: str
    judgement: Judgement


def study(
    scenario: Scenario, seeds: Iterable[int], *, progress: Progress = lambda *_: None
) -> list[Covered]:
    """Run all estimators in all conditions, with links of rates ALPHA and BETA.

    Parameters
    ----------
    scenario
        The scenario of the worlds; its contacts are replaced by those of each condition.
    seeds
        A seed for each world; 30 or more, since coverage is a share of worlds.
    progress
        Called before each world with a text, the number of worlds done, and their total.
    """
    answers_by_key: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]] = {}
    chosen = list(seeds)
    for number, seed in enumerate(chosen):
        progress(f"seed {seed}", number, len(chosen))
        world = simulate_world(scenario.model_copy(update={"seed": seed}))
        for condition, contacts in CONDITIONS.items():
            chance = Stream(seed, ("coverage", condition))
            units = _units(_followed(world, contacts), chance)
            estimates = estimate_all(units, audited=AUDITED, chance=chance)
            _note(answers_by_key, condition, len(units.held), estimates)
    return _judged(answers_by_key)


def study_linkers(
    scenario: Scenario,
    seeds: Iterable[int],
    linkers: Iterable[str],
    *,
    progress: Progress = lambda *_: None,
) -> list[Covered]:
    """Run all estimators on agencies' records as real linkers join them, if lists are independent.

    Parameters
    ----------
    scenario
        The scenario of the worlds; every world is written in full, which takes its time.
    seeds, progress
        As for `study`.
    linkers
        Names of linkers.
    """
    answers_by_key: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]] = {}
    chosen, names = list(seeds), list(linkers)
    for number, seed in enumerate(chosen):
        progress(f"seed {seed}", number, len(chosen))
        changes = {"seed": seed, "contacts": CONDITIONS["independent"]}
        with TemporaryDirectory() as folder:
            dataset = generate(scenario.model_copy(update=changes), Path(folder) / "world")
            for name in names:
                links = link_dataset(
                    dataset, LinkerEntry(name=name), Task(left="ed", right="police")
                )
                sizes = estimate_sizes(dataset, links)
                _note(answers_by_key, f"linked by {name}", sizes.true, sizes.answers)
    return _judged(answers_by_key)


def to_table(covered: Iterable[Covered]) -> pa.Table:
    """Make a table of a study: condition, links, and a column for each part of a judgement."""
    rows = [
        {"condition": row.condition, "links": row.links, **vars(row.judgement)} for row in covered
    ]
    return pa.Table.from_pylist(rows)


def _note(
    answers_by_key: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]],
    condition: str,
    true: int,
    answers: Iterable[StudyEstimate],
) -> None:
    for answer in answers:
        key = (condition, answer.links, answer.estimate.estimator)
        answers_by_key.setdefault(key, []).append((true, answer.estimate))


def _judged(
    answers_by_key: dict[tuple[str, str, str], list[tuple[int, PopulationEstimate]]],
) -> list[Covered]:
    return [
        Covered(
            condition,
            links,
            judge_estimates([true for true, _ in answers], [estimate for _, estimate in answers]),
        )
        for (condition, links, _), answers in answers_by_key.items()
    ]


def _followed(world: World, contacts: Contacts) -> pa.Table:
    """Draw anew who learns of the same incidents, by other contacts."""
    simulated = world.simulated
    census, chance = simulated.victims.census, simulated.chance.stage("contacts")
    names = simulated.incidents.column_names
    before = simulated.incidents.select(names[: names.index("ed_attended")])
    return follow(before, census, contacts, chance, police=True, world=simulated.chance)


def _units(incidents: pa.Table, chance: Stream) -> Units:
    """Take the incidents with injury, their lists, and links that err at the stated rates."""
    injury = _coded(incidents["injury"], tuple(INJURY))
    injured = injury > tuple(INJURY).index("none")
    recorded = _coded(incidents["police_status"], tuple(POLICE_STATUS))
    held = np.column_stack(
        [
            _flags(incidents["ed_attended"]),
            recorded == tuple(POLICE_STATUS).index("recorded"),
            _flags(incidents["gp_consulted"]),
        ]
    )[injured]
    ids = incidents["incident_id"].to_numpy()[injured]
    linked = chance.happens("links", ids, np.where(held[:, 1], ALPHA, BETA))
    return Units(held, held[:, 0] & linked, injury[injured])


def _coded(column: pa.ChunkedArray, names: tuple[str, ...]) -> np.ndarray:
    where = {name: number for number, name in enumerate(names)}
    return np.array([where[name] for name in column.cast(pa.string()).to_pylist()])


def _flags(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.to_numpy(zero_copy_only=False), bool)
