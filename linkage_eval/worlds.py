"""The datasets of a run: made when needed, used again while they are unaltered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import scenarios
from linkage_eval.suite import World
from synth.dataset import Dataset, verify
from synth.entry.dispersion import dispersion, faults_by_group
from synth.errors import DatasetError
from synth.pipeline import generate


def make_dataset(world: World, seed: int, folder: Path, *, workers: int | None = 1) -> Dataset:
    """Give the dataset of a world and seed, kept as `folder`/<what results call it>-<seed>.

    A dataset that is there is used again if it is of the same resolved scenario and verifies;
    otherwise it is made anew.

    Raises
    ------
    OutputError
        Something lies there that we did not write.
    """
    scenario = scenarios.load_scenario(world.name, persons=world.persons, seed=seed)
    changed: dict[str, Any] = {"name": world.called(scenario.name)}
    if world.severity is not None:
        changed["severity"] = world.severity
    scenario = scenario.model_copy(update=changed)
    path = folder / f"{scenario.name}-{seed}"
    if not _is_good(path, scenario.resolved()):
        generate(scenario, path, workers=workers, overwrite=True)
    return Dataset.open(path)


def _is_good(path: Path, scenario: dict[str, Any]) -> bool:
    try:
        same = bool(Dataset.open(path).manifest["scenario"] == scenario)
        return same and bool(verify(path))
    except DatasetError:
        return False


def describe(dataset: Dataset) -> dict[str, Any]:
    """Say for a run's manifest which dataset it was: its making, content and uneven faults."""
    kept = {name: dataset.manifest[name] for name in ("seed", "persons")}
    hashes = {name: table["hash"] for name, table in sorted(dataset.tables.items())}
    uneven = {
        "dispersion": dispersion(dataset).to_pylist(),
        "faults_by_group": faults_by_group(dataset).to_pylist(),
    }
    return {"scenario": dataset.manifest["scenario"], **kept, **uneven, "hashes": hashes}
