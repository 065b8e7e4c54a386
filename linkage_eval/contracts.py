"""What others implement: a linker, a metric, a sharing strategy; and how links must look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage_eval.looking_up import find_rows
from synth.chance import Stream
from synth.dataset import Dataset
from synth.schema import FIELDS

if TYPE_CHECKING:
    from linkage_eval.truth import Judged

# What a linker sees of each record: its key, its source, and the identity fields (null = missing).
RECORDS = pa.schema(
    [
        pa.field("record_id", pa.string()),
        pa.field("source", pa.string()),
        *(
            pa.field(name, pa.date32() if name == "date_of_birth" else pa.string())
            for name in FIELDS
        ),
    ]
)
LINKS = pa.schema(
    [
        pa.field("left_id", pa.string()),
        pa.field("right_id", pa.string()),
        pa.field("score", pa.float64()),
    ]
)
# What a supervised linker learns from: pairs that a reviewer called the same person or not.
LABELLED = pa.schema(
    [
        pa.field("left_id", pa.string()),
        pa.field("right_id", pa.string()),
        pa.field("same", pa.bool_()),
    ]
)
# Linkers may say how each link came about, as MACRAL's match status does.
STATUS = "status"
_N_EXAMPLES = 3


@runtime_checkable
class Linker(Protocol):
    """A linkage method: says which records of two tables are of the same person."""

    @property
    def name(self) -> str:
        """What results call it."""
        ...

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Link two tables.

        Parameters
        ----------
        left, right
            One row per record (schema `RECORDS`); a source may hold a person several times.
        seed
            Of whatever the method draws at random.

        Returns
        -------
        One row per link (schema `LINKS`): `left_id`, `right_id`, and a `score` that is higher
        the surer the link; a match probability where the method has one.
        """
        ...


@runtime_checkable
class Supervised(Protocol):
    """A linker that learns from labelled pairs before it links."""

    def fit(self, left: pa.Table, right: pa.Table, labelled: pa.Table) -> None:
        """Learn.

        Parameters
        ----------
        left, right
            The records that will be linked (schema `RECORDS`).
        labelled
            Schema `LABELLED`. A reviewer made it, who errs now and then.
        """
        ...


@runtime_checkable
class Deduplicator(Protocol):
    """A linker with a way of its own of finding one person's records within one table."""

    def deduplicate(self, records: pa.Table, *, seed: int) -> pa.Table:
        """Give links between records of one table (schema `LINKS`), each pair once."""
        ...


@runtime_checkable
class Blocking(Protocol):
    """A linker that tells which pairs it compares, so that its blocking can be measured."""

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs that are compared, each once."""
        ...


class Strategy(Protocol):
    """A sharing strategy: what the linking party sees of a source."""

    @property
    def name(self) -> str:
        """What suites and results call it."""
        ...

    def share(self, dataset: Dataset, source: str) -> pa.Table:
        """Give the records of a source (schema `RECORDS`) as the strategy releases them."""
        ...

    def share_events(self, dataset: Dataset, side: str) -> pa.Table:
        """Give the events of a side (`linkage_eval.events`) as the strategy releases them."""
        ...

    def allows(
        self, linker: str, options: Mapping[str, Any], sources: Iterable[str], kind: str
    ) -> bool:
        """Tell whether what is released of some sources lets a linker work on a kind of task."""
        ...


@dataclass(frozen=True)
class Definition:
    """A measured quantity: its name, what it says, and its formula."""

    name: str
    meaning: str
    formula: str


@dataclass(frozen=True)
class Measurement:
    """One quantity in one stratum; `value` is None where it is not defined."""

    stratum_kind: str
    stratum: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int


class Metric(Protocol):
    """A family of quantities derived from judged links."""

    definitions: tuple[Definition, ...]

    def measure(self, judged: Judged, chance: Stream) -> list[Measurement]:
        """Measure judged links, overall and by stratum."""
        ...


@dataclass(frozen=True)
class Pairs:
    """Pairs of records as row numbers of the left and the right table."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]


def to_links(table: pa.Table) -> pa.Table:
    """Put a table into the schema `LINKS`; a missing score counts as 1, a `status` stays.

    Raises
    ------
    ValueError
        A column is missing or cannot be what it should.
    """
    missing = [name for name in ("left_id", "right_id") if name not in table.column_names]
    if missing:
        found = ", ".join(table.column_names) or "none"
        raise ValueError(
            f"no column {' and no column '.join(missing)}; needed are left_id, right_id and, "
            f"if there is one, score; found: {found}"
        )
    if "score" not in table.column_names:
        table = table.append_column("score", pa.repeat(1.0, table.num_rows))
    try:
        links = table.select(LINKS.names).cast(LINKS)
        if STATUS in table.column_names:
            links = links.append_column(STATUS, table[STATUS].cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ValueError(f"a column is of the wrong type: {error}") from None
    return links


def fold_links(links: pa.Table) -> pa.Table:
    """Make links within one table one-way: the smaller id left, the best score of each pair."""
    forward = pc.less(links["left_id"], links["right_id"])
    ends = {
        "left_id": pc.if_else(forward, links["left_id"], links["right_id"]),
        "right_id": pc.if_else(forward, links["right_id"], links["left_id"]),
    }
    others = {name: links[name] for name in links.column_names if name not in ends}
    folded = pa.table(ends | others).filter(pc.not_equal(links["left_id"], links["right_id"]))
    best = [(name, "max") for name in others]
    found = folded.group_by(list(ends)).aggregate(best)
    return found.rename_columns([name.removesuffix("_max") for name in found.column_names])


def find_positions(links: pa.Table, left: pa.Array, right: pa.Array) -> Pairs:
    """Find the records of each link, and refuse what is no proper set of links.

    Parameters
    ----------
    links
        Schema `LINKS`.
    left, right
        All record ids of each side.

    Raises
    ------
    ValueError
        A score is missing or not finite, an id is missing or unknown, or a pair comes twice.
    """
    n_bad = int(pc.sum(pc.invert(pc.is_finite(links["score"]).fill_null(False))).as_py() or 0)
    if n_bad:
        raise ValueError(f"{_count(n_bad, 'score')} missing, NaN or infinite")
    rows = [_look_up(links, "left_id", left), _look_up(links, "right_id", right)]
    n_twice = _count_twice(rows[0] * len(right) + rows[1])
    if n_twice:
        raise ValueError(f"{_count(n_twice, 'pair')} given more than once; give each pair once")
    return Pairs(*rows)


def _count_twice(keys: NDArray[np.int64]) -> int:
    if (keys[1:] > keys[:-1]).all():  # as links mostly come: sorted
        return 0
    ordered = np.sort(keys)
    return int((ordered[1:] == ordered[:-1]).sum())


def _look_up(links: pa.Table, column: str, known: pa.Array) -> NDArray[np.int64]:
    ids = links[column]
    rows = find_rows(ids, known)
    unknown = ids.filter(pa.array(rows < 0))
    if len(unknown):
        some = ", ".join(repr(one) for one in unknown.unique()[:_N_EXAMPLES].to_pylist())
        raise ValueError(
            f"{_count(len(unknown), column)} not among the {len(known):,} records of that side, "
            f"such as {some}"
        )
    return rows


def _count(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
