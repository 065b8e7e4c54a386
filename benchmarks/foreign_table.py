"""F1 of the linkers on data sets that others made, also without some of their fields.

`python benchmarks/foreign_table.py [SET ...] [--without FIELD,FIELD]` prints a table in Markdown: a
row a linker, a column a set. Sets whose package is not installed are left out, and named. A linker
that refuses, crashes or links nobody says so in its cell: a number is never a failure.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from collections.abc import Iterator, Sequence

import pyarrow as pa

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.isolation.child import ask
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.adaptation import refusal
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask
from darkfigure.linkage_eval.runs.suite import DataSource
from darkfigure.synth.core.errors import DarkfigureError

SETS = ("rldata500", "rldata10000", "febrl1", "febrl2", "febrl3", "febrl4")
LINKERS = (
    *(
        "exact",
        "stepwise",
        "nhs-stepwise",
        "pnd-search",
        "slk581",
        "hashed-nhs",
        "epilink",
        "bloom",
    ),
    *("macral", "splink", "splink-beginner", "splink-tf", "recordlinkage-ecm"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the sets, link each with every linker, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"default: {' '.join(SETS)}")
    parser.add_argument("--without", default="", help="fields to take out, parted by commas")
    chosen = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # Splink tells of every untrained level
    warnings.simplefilter("ignore")
    tasks = dict(_read(chosen.sets or SETS))
    lacking = [field for field in chosen.without.split(",") if field]
    print(f"| linker | {' | '.join(tasks)} |\n|{'---|' * (len(tasks) + 1)}")  # noqa: T201
    for name in LINKERS:
        cells = [cell(name, task, lacking) for task in tasks.values()]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)  # noqa: T201


def cell(name: str, task: PreparedTask, lacking: Sequence[str]) -> str:
    """Give the F1 of a linker on a task without some fields, or why there is none."""
    left = _without(task.left, lacking)
    right = left if task.within else _without(task.right, lacking)
    if refusal(name, left, right):
        return "refused"
    try:
        linker = registry.load(name, {})
        links = to_links(ask(linker, left, right, seed=1, within=task.within))
    except DarkfigureError as error:
        return f"refused: {error}"
    except Exception as error:  # noqa: BLE001, a crash is what the table must show
        return f"crash: {type(error).__name__}"
    judged = task.evaluation.judge_table(links)
    if not len(judged.correct):
        return "links nobody"
    n_true = len(task.evaluation.truth.pairs_left)
    f1 = 2 * judged.correct.sum() / (len(judged.correct) + n_true)
    return f"{f1:.3f}".removeprefix("0")


def _read(names: Sequence[str]) -> Iterator[tuple[str, PreparedTask]]:
    for name in names:
        try:
            yield name, foreign.prepare_task(DataSource(name=name, foreign=name), 1)
        except DarkfigureError as error:
            print(f"{name} is left out: {error}")  # noqa: T201


def _without(records: pa.Table, lacking: Sequence[str]) -> pa.Table:
    for name in lacking:
        field = RECORDS.field(name)
        place = records.column_names.index(name)
        records = records.set_column(place, field, pa.nulls(len(records), field.type))
    return records


if __name__ == "__main__":
    main()
