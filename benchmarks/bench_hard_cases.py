"""How many hard cases of identity a world has, and what share of their pairs linkers find.

`python benchmarks/bench_hard_cases.py [FOLDER] [--before FOLDER]` prints the figures of a dataset,
and of all its people beside an older one if there is one; without a folder it makes 30,000 people
of Wales in a temporary one. Recall is of pairs of records of one person, whatever threshold the
linker itself has; its interval is exact and takes pairs as independent. Somebody who is a hard case
for two reasons counts with both. The last column of a task is the share of true pairs that
share neither an exact name nor an exact date of birth: the hard tail.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from bench_event_linkage import OlderDataset
from bench_violence import world

from darkfigure.linkage_eval.linkers.registry import load
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.links.truth import Truth, judge, read_truth
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.stats.intervals import shares
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.schema import HARD_CASE
from darkfigure.synth.storage.dataset import Dataset

PERSONS = 30_000
LINKERS = ("exact", "stepwise", "splink")
TASKS = (("gp", "hospital"), ("ed", "police"))
NUMBER = "nhs_number"  # without which the first task is done again
EXACT = ("surname", "forename", "date_of_birth")
SINGLE = ("sex", "postcode", "nhs_number")


@dataclass(frozen=True)
class Share:
    """Hits of n with the ends of the interval."""

    hits: int
    n: int

    def text(self) -> str:
        """Write value, interval and n in a fixed width; a dash where there is nothing."""
        if not self.n:
            return f"{'-':>6} {'':15} {0:7,}"
        found = shares(np.array([float(self.hits)]), np.array([float(self.n)]))
        return f"{found.value[0]:6.4f} ({found.low[0]:.3f}-{found.high[0]:.3f})   {self.n:7,}"


@dataclass(frozen=True)
class TaskPairs:
    """The true pairs of a task, their records side by side, and which pairs each linker found."""

    truth: Truth
    left: pa.Table
    right: pa.Table

    @classmethod
    def of(cls, dataset: Dataset, left: str, right: str) -> TaskPairs:
        """Read the records of two sources and the truth of the task."""
        records = (standardise(dataset, side) for side in (left, right))
        return cls(read_truth(dataset, left, right), *records)

    def without(self, field: str) -> TaskPairs:
        """Give the same pairs of records that lack a field."""
        left, right = (
            side.set_column(
                side.column_names.index(field),
                side.schema.field(field),
                pa.nulls(side.num_rows, side.schema.field(field).type),
            )
            for side in (self.left, self.right)
        )
        return replace(self, left=left, right=right)

    @cached_property
    def person(self) -> Ints:
        """Person of each true pair."""
        return self.truth.left.persons[self.truth.pairs_left]

    def found(self, linker: str) -> Mask:
        """Tell which true pairs a linker finds."""
        links = look_up(load(linker, {}).link(self.left, self.right, seed=1), self.truth.sides)
        return ~judge(self.truth, links).missed

    def agree(self, field: str) -> tuple[Mask, Mask]:
        """Tell in which true pairs a field is the same, and in which both records have it."""
        left, right = (
            records.take(pc.index_in(ids.take(pa.array(rows)), records["record_id"]))[field]
            for records, ids, rows in (
                (self.left, self.truth.left.ids, self.truth.pairs_left),
                (self.right, self.truth.right.ids, self.truth.pairs_right),
            )
        )
        same = pc.equal(left, right)
        both = same.is_valid().to_numpy()
        return same.fill_null(False).to_numpy(), both


def main() -> None:
    """Print hard cases and recall of one world, and of all people of an older one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--before", help="dataset of an older version")
    given = parser.parse_args()
    with world(given.folder, persons=PERSONS) as dataset:
        print(dataset)  # noqa: T201
        for line in (*figures(dataset), *hard_cases(dataset)):
            print(line)  # noqa: T201
    if given.before:
        older = OlderDataset.at(given.before)
        print(f"\nbefore: {older}")  # noqa: T201
        for line in figures(older):
            print(line)  # noqa: T201


def figures(dataset: Dataset) -> Iterator[str]:
    """Give what all pairs of each task are like, and how many each linker finds."""
    for task in TASKS:
        pairs = TaskPairs.of(dataset, *task)
        yield f"\n{' to '.join(task)}: all true pairs"
        for linker in LINKERS:
            found = pairs.found(linker)
            yield f"  recall of {linker:22} {Share(int(found.sum()), len(found)).text()}"
        if task == TASKS[0]:
            for linker in LINKERS:
                found = pairs.without(NUMBER).found(linker)
                name = f"{linker} without number"
                yield f"  found by {name:23} {Share(int(found.sum()), len(found)).text()}"
        agreed = {field: pairs.agree(field) for field in (*EXACT, *SINGLE)}
        for field, (same, both) in agreed.items():
            yield f"  {field + ' agrees':32} {Share(int(same.sum()), int(both.sum())).text()}"
        none = ~np.logical_or.reduce([agreed[field][0] for field in EXACT])
        yield f"  {'no exact name or date':32} {Share(int(none.sum()), len(none)).text()}"


def hard_cases(dataset: Dataset) -> Iterator[str]:
    """Give the table of hard cases: people per 100,000, and recall of each linker in each task."""
    persons = dataset.read("truth/persons", ["person_id", "sampled"])
    sampled = persons.filter(persons["sampled"])["person_id"].to_numpy()
    table = dataset.read("truth/hard_cases")
    case = table["hard_case"].cast(pa.string()).to_numpy()
    people = {name: table["person_id"].to_numpy()[case == name] for name in HARD_CASE}
    people = {name: ids[np.isin(ids, sampled)] for name, ids in people.items()}
    people["none of these"] = np.setdiff1d(sampled, table["person_id"].to_numpy())
    for task in TASKS:
        pairs = TaskPairs.of(dataset, *task)
        found = {linker: pairs.found(linker) for linker in LINKERS}
        head = "   ".join(f"{linker:32}" for linker in LINKERS)
        yield f"\n{' to '.join(task):18} {'per 100,000':>11}   {head}"
        for name, ids in people.items():
            own = np.isin(pairs.person, ids)
            cells = [Share(int((hit & own).sum()), int(own.sum())).text() for hit in found.values()]
            rate = 1e5 * len(ids) / len(sampled)
            yield f"{name:18} {rate:11,.0f}   " + "   ".join(f"{cell:32}" for cell in cells)


if __name__ == "__main__":
    main()
