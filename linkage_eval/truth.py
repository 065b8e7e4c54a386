"""The truth of a linkage task: who each record is about, and how links stand against it.

Only the evaluation reads this; no linker and no strategy does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage_eval.contracts import Positions, find_positions
from linkage_eval.sql import query
from linkage_eval.standardise import sources_of
from synth.dataset import Dataset
from synth.schema import SUBJECTS

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Who differs in how well records of them are linked; the report shows each apart.
_STRATA = {
    "sex": "sex",
    "age_band": """CASE
        WHEN age < 16 THEN '0-15' WHEN age < 25 THEN '16-24' WHEN age < 35 THEN '25-34'
        WHEN age < 50 THEN '35-49' WHEN age < 65 THEN '50-64' ELSE '65+' END""",
    "ethnic_group": "ethnic_group",
    "deprivation_quintile": "deprivation_quintile",
    "welsh_name": "CASE WHEN welsh_name THEN 'yes' ELSE 'no' END",
}


@dataclass(frozen=True)
class Side:
    """The records of one side of a task and whom each is about.

    Parameters
    ----------
    name
        As the task says it, such as "police".
    sources
        The sources it stands for.
    ids
        Record ids, sorted.
    persons
        Person of each record.
    """

    name: str
    sources: tuple[str, ...]
    ids: pa.Array
    persons: Ints


@dataclass(frozen=True)
class Groups:
    """One way of dividing people: the names of the groups, and the group of each person."""

    kind: str
    names: tuple[str, ...]
    codes: Ints


@dataclass(frozen=True)
class Truth:
    """The truth of a task.

    Parameters
    ----------
    left, right
        The two sides.
    people
        Persons of the left side, sorted; metrics count by them.
    left_rows
        Row in `people` of each left record.
    pairs_left, pairs_right
        The true pairs as rows of either side, sorted.
    groups
        Divisions of `people`, "all" first.
    """

    left: Side
    right: Side
    people: Ints
    left_rows: Ints
    pairs_left: Ints
    pairs_right: Ints
    groups: tuple[Groups, ...]

    def keys(self, left: Ints, right: Ints) -> Ints:
        """Make one integer of each pair of rows."""
        return left * len(self.right.ids) + right


@dataclass(frozen=True)
class Judged:
    """Links as rows of either side, and which of them are right."""

    truth: Truth
    left: Ints
    right: Ints
    scores: NDArray[np.float64]
    correct: Flags

    @property
    def missed(self) -> Flags:
        """Tell for each true pair whether no link joins it."""
        truth = self.truth
        linked = truth.keys(self.left[self.correct], self.right[self.correct])
        return ~np.isin(truth.keys(truth.pairs_left, truth.pairs_right), linked)


def read_truth(dataset: Dataset, left: str, right: str) -> Truth:
    """Read the truth of the task that links `left` to `right`.

    Raises
    ------
    DatasetError
        A source is not in the dataset, or a table of its truth is damaged.
    """
    sides = [_read_side(dataset, name) for name in (left, right)]
    people, left_rows = np.unique(sides[0].persons, return_inverse=True)
    pairs_left, pairs_right = _true_pairs(sides[0].persons, sides[1].persons)
    groups = _read_groups(dataset, people)
    return Truth(sides[0], sides[1], people, left_rows, pairs_left, pairs_right, groups)


def judge(truth: Truth, links: pa.Table) -> Judged:
    """Set links (schema `LINKS`) against the truth.

    Raises
    ------
    ValueError
        The links do not fit the two sides.
    """
    found = find_positions(links, truth.left.ids, truth.right.ids)
    return judge_positions(truth, found, links["score"].to_numpy())


def judge_positions(truth: Truth, found: Positions, scores: NDArray[np.float64]) -> Judged:
    """Set links that are rows already against the truth."""
    left, right = (side.to_numpy().astype(np.int64) for side in (found.left, found.right))
    correct = truth.left.persons[left] == truth.right.persons[right]
    return Judged(truth, left, right, scores, correct)


def _read_side(dataset: Dataset, name: str) -> Side:
    sources = sources_of(dataset, name)
    subjects = [{"source": source, "table": SUBJECTS[source].name} for source in sources]
    found = query(
        """SELECT record_id, person_id FROM record_persons
        JOIN subjects USING (source, "table") ORDER BY record_id""",
        record_persons=dataset.read("truth/record_persons"),
        subjects=pa.Table.from_pylist(subjects),
    )
    ids = pa.concat_arrays(found["record_id"].chunks or [pa.array([], pa.string())])
    return Side(name, tuple(sources), ids, found["person_id"].to_numpy())


def _true_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Join rows of the same person, in the order of the left rows."""
    order = np.argsort(right, kind="stable")
    first, end = (np.searchsorted(right[order], left, side) for side in ("left", "right"))
    counts = end - first
    rows = np.repeat(np.arange(len(left)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, order[np.repeat(first, counts) + within]


def _read_groups(dataset: Dataset, people: Ints) -> tuple[Groups, ...]:
    columns = ", ".join(
        f"coalesce(({expression})::VARCHAR, 'unknown') AS {kind}"
        for kind, expression in _STRATA.items()
    )
    start = dataset.manifest["scenario"]["start"]
    table = query(
        f"""WITH aged AS (
            SELECT *, date_sub('year', birth_date, DATE '{start}') AS age
            FROM persons SEMI JOIN people USING (person_id)
        )
        SELECT {columns} FROM aged ORDER BY person_id""",  # noqa: S608, our own expressions
        persons=dataset.read("truth/persons"),
        people=pa.table({"person_id": people}),
    )
    everybody = Groups("all", ("all",), np.zeros(len(people), np.int64))
    return (everybody, *(_grouped(kind, table[kind]) for kind in _STRATA))


def _grouped(kind: str, column: pa.ChunkedArray) -> Groups:
    names, codes = np.unique(column.to_numpy().astype(str), return_inverse=True)
    return Groups(kind, tuple(str(name) for name in names), codes)
