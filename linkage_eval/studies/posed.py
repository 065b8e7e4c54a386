"""The two tables of a task as linkers are given them: of a dataset, or of the user's own files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from darkfigure.linkage_eval.records.standardise import is_within
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.stored_links import write_file
from darkfigure.linkage_eval.runs.suite import Task, load_suite
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.storage.dataset import Dataset

_SUITE = ".toml"


@dataclass(frozen=True)
class Posed:
    """Two tables to be linked, or one to itself.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, of own files with further columns; the same table if `within`.
    within
        Whether the records of one table are linked to each other.
    closed
        Paths to be shut to linkers.
    intake
        What was read, lost and altered of own files, in lines.
    """

    left: pa.Table
    right: pa.Table
    within: bool
    closed: tuple[Path, ...]
    intake: tuple[str, ...] = ()


def open_world(where: Path) -> Dataset | Path:
    """Open a dataset; the path of a suite's TOML file stays what it is."""
    return where if where.suffix == _SUITE else Dataset.open(where)


def pose(world: Dataset | Path, task: Task, *, strategy: str = "clear") -> Posed:
    """Give the two tables that a linker sees.

    Parameters
    ----------
    world
        A dataset, or the path of a suite whose first own files are meant.
    task
        The two sides of a dataset.
    strategy
        Of sharing a dataset's records.

    Raises
    ------
    UnknownNameError
        There is no such strategy.
    SpecError
        The sides share some sources and not all, or the suite names no files.
    DatasetError
        The dataset has no such source, or a file cannot be read as it is meant.
    """
    if isinstance(world, Path):
        return _pose_own(world)
    share = find_strategy(strategy).share
    within = is_within(world, task.left, task.right)
    left = share(world, task.left)
    return Posed(left, left if within else share(world, task.right), within, (world.path,))


def _pose_own(suite: Path) -> Posed:
    own = [world for world in load_suite(str(suite)).worlds if world.files is not None]
    if not own:
        raise SpecError(
            f"{suite} names no files of your own. Write one scenario as "
            '{ name = "ours", files = { left = "a.csv", right = "b.csv" } }; linking needs no '
            "truth."
        )
    found = foreign.read(own[0])
    told = tuple(line for intake in found.intake for line in intake.say())
    return Posed(found.left, found.right, found.within, found.closed, told)


def write_posed(posed: Posed, folder: Path, *, as_csv: bool = False) -> list[Path]:
    """Write the tables of a task to a folder: `left` and, of two, `right`.

    Parameters
    ----------
    posed
        The tables.
    folder
        Made if it is not there.
    as_csv
        Whether as CSV; without, as Parquet, which keeps types.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    tables = {"left": posed.left} if posed.within else {"left": posed.left, "right": posed.right}
    write: Callable[[pa.Table, Path], object] = csv.write_csv if as_csv else pq.write_table
    files = [folder / f"{name}.{'csv' if as_csv else 'parquet'}" for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        write_file(file, partial(write, table))
    return files
