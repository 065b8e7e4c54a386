"""Link two sources with one linker: the Python twin of `darkfigure link`."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from darkfigure.linkage_eval.isolation.parent import Job, Limits, run_isolated
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.runs.stored_links import write_file
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.studies.posed import Posed, pose
from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.storage.dataset import Dataset


def link_dataset(
    dataset: Dataset,
    linker: LinkerEntry,
    task: Task,
    *,
    seed: int = 1,
    limits: Limits | None = None,
    trusted: bool = False,
) -> pa.Table:
    """Link two sources of a dataset, or one to itself, every identity field in the clear.

    Parameters
    ----------
    dataset
        The dataset, which is closed to the linker: it gets the records alone.
    linker
        Name and options of the linker.
    task
        The two sources, or the one.
    seed
        A seed, from which the linker's own follows.
    limits
        Limits of time and memory; by default `Limits()`.
    trusted
        Whether to close nothing to the linker.

    Returns
    -------
    Schema `LINKS`, each pair once (`links.positions.Links`).

    Raises
    ------
    UnknownNameError
        There is no such linker.
    SpecError
        The sides of the task share some sources and not all.
    MissingExtraError
        It needs what is not installed.
    LinkerError
        The linker failed; or the truth cannot be closed to it here, and it is not trusted.
    OutputError
        There is no room for the records that the linker is given.
    """
    registry.check(linker.name, linker.options)
    return link_posed(pose(dataset, task), linker, seed=seed, limits=limits, trusted=trusted)


def link_posed(
    posed: Posed,
    linker: LinkerEntry,
    *,
    seed: int = 1,
    limits: Limits | None = None,
    trusted: bool = False,
) -> pa.Table:
    """Link the tables of a task; as `link_dataset`."""
    job = Job(
        linker.name,
        linker.options,
        seed,
        limits or Limits(),
        posed.closed,
        within=posed.within,
        trusted=trusted,
    )
    try:
        outcome = run_isolated(job, posed.left, posed.right)
    except OSError as error:
        folder, reason = os.environ.get("TMPDIR", "/tmp"), error.strerror or error  # noqa: S108
        raise OutputError(
            f"What the linker is given cannot be written below {folder}: {reason}. Make room "
            "there, or set TMPDIR to a folder that has some."
        ) from None
    if outcome.links is None:
        registry.refuse_missing(linker.name)
    return outcome.expect()


def write_links(links: pa.Table, path: Path) -> None:
    """Write links as CSV or as Parquet, by the ending of the file's name.

    Parameters
    ----------
    links
        Schema `LINKS`.
    path
        The file, which ends in .csv or .parquet.

    Raises
    ------
    OutputError
        The name has another ending, or the file cannot be written.
    """
    write_file(path, partial(check_links_file(path), links))


def check_links_file(path: Path) -> Callable[[pa.Table, Path], object]:
    """Find the function that writes a file of links, as CSV or Parquet.

    Raises
    ------
    OutputError
        The name has another ending.
    """
    writers = {".csv": csv.write_csv, ".parquet": pq.write_table}
    if path.suffix.lower() not in writers:
        raise OutputError(
            f"{path} is no name for links: they are written as CSV or Parquet. "
            "Let it end in .csv or .parquet."
        )
    return writers[path.suffix.lower()]
