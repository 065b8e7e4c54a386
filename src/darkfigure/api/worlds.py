"""Worlds: make one, open one, and look into it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from darkfigure import scenarios
from darkfigure.linkage_eval.fidelity.assumptions import assumptions as list_assumptions
from darkfigure.linkage_eval.fidelity.comparison import compare as compare_with_published
from darkfigure.linkage_eval.fidelity.laws import keep_laws
from darkfigure.linkage_eval.fidelity.likeness import compare_table, read_theirs
from darkfigure.linkage_eval.studies import counterfactual
from darkfigure.linkage_eval.studies import describe as description
from darkfigure.linkage_eval.studies import namesakes as counting
from darkfigure.linkage_eval.studies import trace as tracing
from darkfigure.reports.html.lives import write_lives
from darkfigure.synth import pipeline
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.core.salt import Salt
from darkfigure.synth.storage import dataset as datasets
from darkfigure.synth.storage.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd


def open(path: str | Path) -> Dataset:  # noqa: A001, as of a file
    """Open a dataset.

    Parameters
    ----------
    path
        Its folder.

    Raises
    ------
    DatasetError
        The folder is no dataset, another version wrote it, or its manifest is damaged.
    """
    return Dataset.open(path)


def generate(
    scenario: str | Path,
    out: str | Path,
    *,
    persons: int | None = None,
    seed: int | None = None,
    without: str | None = None,
    salt: str | Path | None = None,
    workers: int | None = None,
    overwrite: bool = False,
) -> Dataset:
    """Simulate a scenario and write its dataset.

    Parameters
    ----------
    scenario
        Name of the library, or path of a TOML file.
    out
        Folder to make.
    persons
        Size of a sample; without, as the scenario says.
    seed
        Instead of the scenario's.
    without
        A cause to leave out, such as "moved": the same world but for it.
    salt
        File with a secret that goes into all draws; 16 bytes or more.
    workers
        Processes; without, as many as are of use.
    overwrite
        Replace the dataset in `out`.

    Raises
    ------
    UnknownNameError
        There is no such scenario or cause.
    SpecError
        The scenario does not say what it should, or the salt cannot be read.
    OutputError
        `out` is occupied, or cannot be written.
    """
    chosen = scenarios.load_scenario(str(scenario), persons=persons, seed=seed)
    if without is not None:
        chosen = counterfactual.without_cause(chosen, without)
    if salt is not None:
        chosen = chosen.salted(Salt.read(salt))
    return pipeline.generate(chosen, Path(out), workers=workers, overwrite=overwrite)


def verify(world: Dataset | str | Path) -> dict[str, str]:
    """Recompute the content hash of every table.

    Returns
    -------
    The hash of each table, by its name.

    Raises
    ------
    DatasetError
        A file is missing, damaged or altered; the message names every one.
    """
    return datasets.verify(opened(world).path)


def describe(world: Dataset | str | Path) -> pd.DataFrame:
    """Show the sources of a dataset.

    Returns
    -------
    One row a source: what a row is, rows, people, tables, and for each identifier the share of
    rows that hold it.
    """
    found = description.describe(opened(world))
    rows = [{**vars(one), "keys": None, **one.keys} for one in found.sources]
    return to_pandas(rows).drop(columns="keys").set_index("name")


def trace(
    world: Dataset | str | Path,
    person: int | str | None = None,
    *,
    seed: int | None = None,
    out: str | Path | None = None,
) -> tracing.Trace:
    """Follow one person through all agencies: the truth beside what each of them wrote.

    Parameters
    ----------
    world
        With its truth.
    person
        Person id, or "random"; without, the one with the most to show.
    seed
        Of a random person: the same gives the same one.
    out
        A file: the life is written there as a page, with a timeline.

    Raises
    ------
    UnknownNameError
        The dataset knows nobody of that id.
    OutputError
        The page cannot be written.
    """
    traced = tracing.trace(opened(world), person, seed=seed)
    if out is not None:
        write_lives([traced], Path(out))
    return traced


def fidelity(
    world: Dataset | str | Path,
    *,
    assumptions: bool = False,
    laws: bool = False,
    against: str | Path | None = None,
    table: str = "ed/attendances",
) -> pd.DataFrame:
    """Set each published figure beside the simulated one, with grade and verdict.

    Parameters
    ----------
    world
        Any size; an interval says how sure the simulated figure is.
    assumptions
        List every number that the world rests on instead.
    laws
        Count instead how often the records break each law.
    against
        Compare a table of your own (CSV or Parquet) with `table` instead.
    table
        Name of a table of the dataset.

    Returns
    -------
    One row a figure, number, law or column.
    """
    dataset = opened(world)
    if against is not None:
        return to_pandas(compare_table(dataset, table, read_theirs(Path(against))))
    if laws:
        return to_pandas(keep_laws(dataset))
    return to_pandas(list_assumptions(dataset) if assumptions else compare_with_published(dataset))


def namesakes(
    scenario: str | Path, persons: Sequence[int] = (), *, seed: int | None = None
) -> pd.DataFrame:
    """Count people who share name and birthday.

    Parameters
    ----------
    scenario
        Name of the library, or path of a TOML file.
    persons
        Sizes of samples; without, everybody.
    seed
        Instead of the scenario's.

    Returns
    -------
    One row a size.
    """
    chosen = scenarios.load_scenario(str(scenario), seed=seed)
    return to_pandas(counting.count_namesakes(chosen, [*persons] or [None], lambda *_: None))


def opened(world: Dataset | str | Path) -> Dataset:
    """Open a dataset that is given as a folder."""
    return world if isinstance(world, Dataset) else Dataset.open(world)
