"""The truth of a linkage task: the person of each record, and links set against it.

Only the evaluation reads this; no linker and no strategy does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.links.positions import Links, Sides
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standardise import is_within, sources_of
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.schema import HARD_CASE, SUBJECTS
from darkfigure.synth.storage.dataset import Dataset

# The divisions of people by which the report shows results apart.
_STRATA = {
    "sex": "sex",
    "age_band": """CASE
        WHEN age < 16 THEN '0-15' WHEN age < 25 THEN '16-24' WHEN age < 35 THEN '25-34'
        WHEN age < 50 THEN '35-49' WHEN age < 65 THEN '50-64' ELSE '65+' END""",
    "ethnic_group": "ethnic_group",
    "deprivation_quintile": "deprivation_quintile",
    "welsh_name": "CASE WHEN welsh_name THEN 'yes' ELSE 'no' END",
    "hard_case": "coalesce(hard_case, 'none')",
}


@dataclass(frozen=True)
class TruthSide:
    """The records of one side of a task, and the person of each.

    Parameters
    ----------
    name
        The task's name for the side, such as "police".
    sources
        The sources that the name stands for.
    ids
        Record ids, sorted, shape (records,).
    persons
        Person id of each record, shape (records,).
    """

    name: str
    sources: tuple[str, ...]
    ids: pa.Array
    persons: Ints


@dataclass(frozen=True)
class Groups:
    """A division of people into groups.

    Parameters
    ----------
    kind
        Name of the division, such as "sex".
    names
        Names of the groups.
    codes
        Group of each person as a place in `names`, shape (people,).
    """

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
        Person ids of the left side, sorted, shape (people,); metrics count by them.
    left_rows
        Row in `people` of each left record, shape (left records,).
    pairs_left, pairs_right
        The true pairs as rows of either side, sorted, shape (true pairs,).
    groups
        Divisions of `people`, "all" first.
    within
        Whether both sides are the same records, linked to each other: then every pair comes
        once, the smaller row left.
    """

    left: TruthSide
    right: TruthSide
    people: Ints
    left_rows: Ints
    pairs_left: Ints
    pairs_right: Ints
    groups: tuple[Groups, ...]
    within: bool = False

    @cached_property
    def sides(self) -> Sides:
        """The records of both sides."""
        return Sides(self.left.ids, self.right.ids, self.within)

    def keys(self, left: Ints, right: Ints) -> Ints:
        """Make one integer of each pair of rows; both have shape (pairs,)."""
        return left * len(self.right.ids) + right

    def count_comparisons(self) -> Ints:
        """Count all possible pairs of each person's left records, shape (people,)."""
        n_left, n_right = len(self.left.ids), len(self.right.ids)
        n_records = np.bincount(self.left_rows, minlength=len(self.people))
        if not self.within:
            return n_records * n_right
        # n (n - 1) / 2 pairs, shared out as evenly as whole numbers allow.
        one_more = np.bincount(self.left_rows[1::2], minlength=len(self.people))
        return (n_left - 1) // 2 * n_records + (one_more if n_left % 2 == 0 else 0)


@dataclass(frozen=True)
class ScoredLinks:
    """Links set against the truth, each pair once.

    Parameters
    ----------
    truth
        The truth of the task.
    left, right
        The links as rows of either side, shape (links,).
    scores
        Score of each link, shape (links,).
    correct
        True where both records are of the same person, shape (links,).
    left_out
        A sentence on the links that do not count; "" if all do.
    """

    truth: Truth
    left: Ints
    right: Ints
    scores: Floats
    correct: Mask
    left_out: str = ""

    @property
    def missed(self) -> Mask:
        """True for each true pair that no link joins, shape (true pairs,)."""
        truth = self.truth
        linked = truth.keys(self.left[self.correct], self.right[self.correct])
        return ~np.isin(truth.keys(truth.pairs_left, truth.pairs_right), linked)


def read_truth(dataset: Dataset, left: str, right: str = "") -> Truth:
    """Read the truth of the task that links `left` to `right`.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    left, right
        A source, "police" for all forces together, or several joined by "+"; without `right`,
        records of `left` are linked to each other.

    Raises
    ------
    DatasetError
        A source is not in the dataset, or a table of its truth is damaged.
    SpecError
        The sides share some sources and not all.
    """
    within = is_within(dataset, left, right)
    first = read_side(dataset, left)
    second = first if within else read_side(dataset, right)
    people = np.unique(first.persons)
    return make_truth(first, second, read_groups(dataset, people), within=within)


def make_truth(
    left: TruthSide, right: TruthSide, groups: tuple[Groups, ...], *, within: bool
) -> Truth:
    """Make the truth of a task from its two sides.

    Parameters
    ----------
    left, right
        The two sides; the same one twice if `within`.
    groups
        Divisions of the left side's persons, in the order of their ids, "all" first.
    within
        Whether records of one side are linked to each other.
    """
    people, left_rows = np.unique(left.persons, return_inverse=True)
    pairs_left, pairs_right = _true_pairs(left.persons, right.persons)
    if within:
        once = pairs_left < pairs_right
        pairs_left, pairs_right = pairs_left[once], pairs_right[once]
    return Truth(left, right, people, left_rows, pairs_left, pairs_right, groups, within)


def judge(truth: Truth, links: Links) -> ScoredLinks:
    """Set links against the truth.

    Parameters
    ----------
    truth
        The truth of the task.
    links
        Scored pairs, in any order.

    Raises
    ------
    ValueError
        A linked record is not among those of its side.
    """
    placed = links.on(truth.sides)
    left, right = placed.left, placed.right
    correct = truth.left.persons[left] == truth.right.persons[right]
    return ScoredLinks(truth, left, right, placed.scores, correct, placed.left_out)


def judge_table(truth: Truth, links: pa.Table) -> ScoredLinks:
    """Set a table of links against the truth: those of a file, a baseline or a user.

    Parameters
    ----------
    truth
        The truth of the task.
    links
        Scored pairs (schema `LINKS`), in any order and with repeats.

    Raises
    ------
    ValueError
        An id is not among the records of its side, or a score is missing or not finite.
    """
    return judge(truth, look_up(links, truth.sides))


def perfect(truth: Truth) -> ScoredLinks:
    """Link all true pairs and no other."""
    n_pairs = len(truth.pairs_left)
    scores, correct = np.ones(n_pairs), np.ones(n_pairs, bool)
    return ScoredLinks(truth, truth.pairs_left, truth.pairs_right, scores, correct)


def read_side(dataset: Dataset, name: str) -> TruthSide:
    """Read the records of one side, and the person of each.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    name
        A source, "police" for all forces together, or several joined by "+".
    """
    sources = sources_of(dataset, name)
    subjects = [{"source": source, "table": SUBJECTS[source].name} for source in sources]
    records = query(
        """SELECT record_id, person_id FROM record_persons
        JOIN subjects USING (source, "table") ORDER BY record_id""",
        record_persons=dataset.read("truth/record_persons"),
        subjects=pa.Table.from_pylist(subjects),
    )
    ids = pa.concat_arrays(records["record_id"].chunks or [pa.array([], pa.string())])
    return TruthSide(name, tuple(sources), ids, records["person_id"].to_numpy())


def _true_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Join rows of the same person, in the order of the left rows."""
    order = np.argsort(right, kind="stable")
    first, end = (np.searchsorted(right[order], left, side) for side in ("left", "right"))
    counts = end - first
    rows = np.repeat(np.arange(len(left)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, order[np.repeat(first, counts) + within]


def read_groups(dataset: Dataset, people: Ints) -> tuple[Groups, ...]:
    """Read the divisions of people into groups, "all" first.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    people
        Person ids, sorted, shape (people,).

    Raises
    ------
    DatasetError
        The truth does not know some of them.
    """
    columns = ", ".join(
        f"coalesce(({expression})::VARCHAR, 'unknown') AS {kind}"
        for kind, expression in _STRATA.items()
    )
    start = dataset.manifest["scenario"]["start"]
    table = query(
        f"""WITH first_cases AS (
            SELECT person_id, arg_min(hard_case, turn) AS hard_case
            FROM hard_cases JOIN turns USING (hard_case) GROUP BY person_id
        ), aged AS (
            SELECT *, date_sub('year', birth_date, DATE '{start}') AS age
            FROM persons SEMI JOIN people USING (person_id)
            LEFT JOIN first_cases USING (person_id)
        )
        SELECT {columns} FROM aged ORDER BY person_id""",  # noqa: S608, our own expressions
        persons=dataset.read("truth/persons"),
        hard_cases=dataset.read("truth/hard_cases"),
        turns=pa.table({"hard_case": list(HARD_CASE), "turn": range(len(HARD_CASE))}),
        people=pa.table({"person_id": people}),
    )
    if table.num_rows != len(people):
        raise DatasetError(
            f"{dataset.file('truth/persons')} lacks {len(people) - table.num_rows:,} of "
            f"{len(people):,} people whom records are about. Generate the dataset again."
        )
    return (everybody(len(people)), *(_grouped(kind, table[kind]) for kind in _STRATA))


def everybody(n_people: int) -> Groups:
    """Put all people into one group."""
    return Groups("all", ("all",), np.zeros(n_people, np.int64))


def _grouped(kind: str, column: pa.ChunkedArray) -> Groups:
    names, codes = np.unique(column.to_numpy().astype(str), return_inverse=True)
    return Groups(kind, tuple(str(name) for name in names), codes)
