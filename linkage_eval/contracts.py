"""What others implement: a linker, a metric, a sharing strategy; and how links must look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import FIELDS
from darkfigure.synth.storage.dataset import Dataset

if TYPE_CHECKING:
    from darkfigure.linkage_eval.links.truth import ScoredLinks

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
        the surer the link; a match probability where the method has one. `canonical` says how
        repeated pairs count.
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
        """Give links between records of one table (schema `LINKS`)."""
        ...


@runtime_checkable
class Blocking(Protocol):
    """A linker that tells which pairs it compares, so that its blocking can be measured."""

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs that are compared; one that comes several times counts once."""
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
        """Give the events of a side (`records.events`) as the strategy releases them."""
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

    def measure(self, judged: ScoredLinks, chance: Stream) -> list[Measurement]:
        """Measure judged links, overall and by stratum."""
        ...


@dataclass(frozen=True)
class Pairs:
    """Pairs of records as row numbers of the left and the right table."""

    left: Ints
    right: Ints
