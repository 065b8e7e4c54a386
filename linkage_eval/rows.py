"""The rows of a run's tables: one class a table, from which its Arrow schema follows.

What measures makes the contents of rows; the writer of a run puts the cell before them; its reader,
reports, the gate and the public face read the same classes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

import pyarrow as pa

from darkfigure.synth.core.file_names import file_name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OK = "ok"
# Beginning of the status of a linker that says itself that the records lack what it needs.
REFUSED = "cannot work here: "
ALL = "all"
_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}
# Words that stand in a file name as they are; "-" joins words and is "_" within them.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9.=]*(-[a-z0-9.=]+)*")
R = TypeVar("R", bound="DataclassInstance")


@dataclass(frozen=True)
class TaskKey:
    """The task to which a result belongs: scenario, strategy and task by their names."""

    scenario: str
    strategy: str
    task: str


@dataclass(frozen=True)
class CellKey(TaskKey):
    """The cell of the grid to which a result belongs: one linker on one world's task."""

    linker: str
    seed: int

    @property
    def which(self) -> CellKey:
        """The cell alone, of a row."""
        return CellKey(self.scenario, self.strategy, self.task, self.linker, self.seed)

    @property
    def file(self) -> str:
        """A file name for the cell's links, which no other cell has."""
        words = (self.scenario, self.strategy, self.task, self.linker, str(self.seed))
        plain = all(_PLAIN.fullmatch(word) for word in words)
        return f"{file_name('-'.join(map(_clean, words)), words, plain=plain)}.parquet"


def _clean(word: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.=]+", "_", word).strip("_.") or "_"


@dataclass(frozen=True)
class Measured:
    """One quantity in one stratum.

    Parameters
    ----------
    stratum_kind, stratum
        The division of people and the group in it; "all", "all" for everybody.
    metric
        Name of a metric.
    value
        None where the quantity is not defined.
    low, high
        Ends of the 95 % interval; None where there is none.
    n
        The number of units that the value is about, mostly its denominator.
    """

    stratum_kind: str
    stratum: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Measurement(Measured):
    """One quantity in one stratum, as a metric gives it.

    Parameters
    ----------
    stratum_kind, stratum, metric, value, low, high, n
        As of `Measured`.
    recipient
        The agency to which a quantity of sharing belongs; "all" for all, and for links.
    status
        "ok", or the reason why there is no value.
    """

    recipient: str = ALL
    status: str = OK

    @classmethod
    def overall(
        cls,
        metric: str,
        value: float | None,
        n: int,
        low: float | None = None,
        high: float | None = None,
    ) -> Measurement:
        """Make a measurement of everybody together.

        Parameters
        ----------
        metric
            Name of a metric.
        value
            None where the quantity is not defined.
        n
            The number of units that the value is about.
        low, high
            Ends of the 95 % interval, if there is one.
        """
        return cls(ALL, ALL, metric, value, low, high, n)


@dataclass(frozen=True)
class Measure(Measured, CellKey):
    """One measured value of a cell; a status other than "ok" names the failure."""

    status: str


@dataclass(frozen=True)
class Attained(Measured, CellKey):
    """One quantity of what is attainable on a task, or of a linker beside it.

    Parameters
    ----------
    scenario, strategy, task, seed
        As of `CellKey`.
    linker
        "attainable", which is no linker; with few labels "attainable by 100 labels"; or the name of
        a linker beside it.
    stratum_kind, stratum, metric, value, low, high, n
        As of `Measured`; with few labels the value is the median of several draws of them, and the
        ends are the least and the most.
    learnt_from
        The people from whom the attainable rule learnt.
    labels
        Labelled pairs that it learnt from; None for all there are.
    status
        "ok", or the reason why there is no value.
    """

    learnt_from: str
    labels: int | None = None
    status: str = OK

    @classmethod
    def of(
        cls, cell: CellKey, one: Measurement, learnt_from: str, labels: int | None = None
    ) -> Attained:
        """Put a measurement into a cell, with those from whom the rule learnt."""
        measured = {column.name: getattr(one, column.name) for column in fields(Measured)}
        return cls(
            **vars(cell), **measured, learnt_from=learnt_from, labels=labels, status=one.status
        )


@dataclass(frozen=True)
class Shared:
    """One measured gain or cost of a sharing strategy.

    A strategy that failed has one row, whose status names the failure and which measures nothing.
    """

    scenario: str
    strategy: str
    seed: int
    recipient: str | None
    stratum_kind: str | None
    stratum: str | None
    metric: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    status: str


@dataclass(frozen=True)
class Timing(CellKey):
    """The cost of one linker on one task: seconds, and megabytes at the peak.

    `reference_seconds` is the CPU time of the reference kernel beside it.
    """

    wall_seconds: float | None
    cpu_seconds: float | None
    reference_seconds: float | None
    peak_mb: float | None
    status: str
    machine: str | None


@dataclass(frozen=True)
class Answer(CellKey):
    """The number of assault attendances with an outcome, by a linker's links or by perfect ones."""

    links: str
    outcome: str
    n: int


@dataclass(frozen=True)
class Listed(CellKey):
    """Incidents with injury on two lists, and on both as a linker's links or none in error say."""

    links: str
    n_first: int
    n_second: int
    n_both: int
    n_true: int


@dataclass(frozen=True)
class Cause(CellKey):
    """The rates at which true pairs with a cause between them were missed, and other pairs."""

    cause: str
    n_missed_with: int
    n_pairs_with: int
    missed_rate_with: float | None
    missed_rate_without: float | None
    share_of_missed: float | None


@dataclass(frozen=True)
class Attributed(CellKey):
    """Missed pairs attributed to a cause, which sum to all missed pairs; recall without it."""

    cause: str
    n_missed: float
    low: float
    high: float
    share_of_missed: float | None
    recall_without: float | None
    recall_without_low: float | None
    recall_without_high: float | None
    n_pairs_with: int


@dataclass(frozen=True)
class FalseCause(CellKey):
    """False links by what made two people look alike, which add up to all; precision without."""

    cause: str
    n_false: int
    share_of_false: float
    low: float | None
    high: float | None
    precision_without: float
    n_with_fault: int


@dataclass(frozen=True)
class Example(CellKey):
    """One field of one example pair: written and true values of both sources.

    `causes` are those of a missed pair; of a false link, what the two people are to each other.
    `groups` are those of the person of the left record: "sex=F; age_band=16-24".
    """

    kind: str
    example: int
    score: float | None
    left_id: str
    right_id: str
    causes: str | None
    field: str
    left_written: str | None
    left_true: str | None
    right_written: str | None
    right_true: str | None
    groups: str | None = None


@dataclass(frozen=True)
class Disparity(CellKey):
    """A difference between a group and the largest of its division, with p-values."""

    stratum_kind: str
    stratum: str
    reference: str
    metric: str
    value: float
    reference_value: float
    difference: float
    low: float
    high: float
    p_value: float
    p_holm: float
    n: int


@dataclass(frozen=True)
class Point(CellKey):
    """Precision and recall of the links with at least a score."""

    threshold: float
    precision: float
    recall: float
    f1: float
    n_links: int


@dataclass(frozen=True)
class Bin(CellKey):
    """Links with a match probability between two bounds, and the share of them that is right."""

    low: float
    high: float
    mean_probability: float | None
    share_right: float | None
    n: int


@dataclass(frozen=True)
class Difference(TaskKey):
    """Two linkers compared on the same people; the verdict is "first", "second" or "tie"."""

    first: str
    second: str
    metric: str
    first_value: float | None
    second_value: float | None
    difference: float | None
    low: float | None
    high: float | None
    verdict: str
    n_people: int


@dataclass(frozen=True)
class Best(TaskKey):
    """The probability that a linker is the best of a task in a metric."""

    linker: str
    metric: str
    value: float | None
    probability_best: float | None


def schema_of(row: type[DataclassInstance]) -> pa.Schema:
    """Give the Arrow schema of a class of rows, a column a field."""
    types = get_type_hints(row)
    # "None or a number" is a column of numbers.
    kinds = {name: (get_args(kind) or (kind,))[0] for name, kind in types.items()}
    columns = [pa.field(column.name, _TYPES[kinds[column.name]]) for column in fields(row)]
    return pa.schema(columns)


def contents_of(row: type[TaskKey]) -> pa.Schema:
    """Give the columns of a class of rows that follow after the cell or the task."""
    key = CellKey if issubclass(row, CellKey) else TaskKey
    n_first = len(fields(key))
    return pa.schema(list(schema_of(row))[n_first:])


def table_of(row: type[DataclassInstance], rows: Iterable[object]) -> pa.Table:
    """Make a table of rows, with the columns of a class of which each has all."""
    return pa.Table.from_pylist([vars(each) for each in rows], schema_of(row))


def rows_of(table: pa.Table, row: type[R]) -> tuple[R, ...]:
    """Read the rows of a table, with None for null and for not-a-number."""
    names = [column.name for column in fields(row)]
    return tuple(
        row(**{name: _known(value) for name, value in plain.items()})
        for plain in table.select(names).to_pylist()
    )


def _known(value: Any) -> Any:  # noqa: ANN401, a cell holds anything
    return None if isinstance(value, float) and not math.isfinite(value) else value
