"""The datasets of a run: made when needed, used again while they are unaltered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from darkfigure import scenarios
from darkfigure.linkage_eval.fidelity.dispersion import dispersion, faults_by_group
from darkfigure.linkage_eval.runs.suite import DataSource
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.salt import Salt
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset, verify


def make_dataset(
    world: DataSource, seed: int, folder: Path, *, salt: Salt | None = None, workers: int | None = 1
) -> Dataset:
    """Make the dataset of a world and seed as `folder`/<name in results>-<seed>.

    A dataset that is there is used again if it is of the same resolved scenario and salt and
    verifies; otherwise it is made anew.

    Parameters
    ----------
    world
        A simulated world of a suite.
    seed
        Seed of the simulation.
    folder
        Folder of the run's datasets.
    salt
        Secret of the world; without, none.
    workers
        Processes that make it; None for as many as are of use.

    Raises
    ------
    OutputError
        The path holds files that we did not write.
    """
    scenario = scenarios.load_scenario(world.name, persons=world.persons, seed=seed)
    changed: dict[str, Any] = {"name": world.called(scenario.name)}
    if world.severity is not None:
        changed["severity"] = world.severity
    scenario = scenario.model_copy(update=changed)
    path = folder / f"{scenario.name}-{seed}"
    if not _is_good(path, scenario.resolved(), salt):
        generate(scenario.salted(salt), path, workers=workers, overwrite=True)
    return Dataset.open(path)


def _is_good(path: Path, scenario: dict[str, Any], salt: Salt | None) -> bool:
    try:
        manifest = Dataset.open(path).manifest
        same_salt = manifest.get("salt") == (salt.fingerprint if salt else None)
        return same_salt and manifest["scenario"] == scenario and bool(verify(path))
    except DatasetError:
        return False


def describe(dataset: Dataset) -> dict[str, Any]:
    """Describe a dataset for a run's manifest.

    Returns
    -------
    `scenario`, `seed`, `persons`, `salt` (its fingerprint), `hashes` (content hash of each
    table), `dispersion` and `faults_by_group` (uneven faults).
    """
    names = ("seed", "persons", "salt")
    making = {name: dataset.manifest[name] for name in names if name in dataset.manifest}
    hashes = {name: table["hash"] for name, table in sorted(dataset.tables.items())}
    uneven = {
        "dispersion": dispersion(dataset).to_pylist(),
        "faults_by_group": faults_by_group(dataset).to_pylist(),
    }
    return {"scenario": dataset.manifest["scenario"], **making, **uneven, "hashes": hashes}
