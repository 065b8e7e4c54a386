"""The protocols that others implement (linker, strategy), and the schema of links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.fields import FIELDS

# Each linker's process imports this module, and needs none of these.
if TYPE_CHECKING:
    from darkfigure.synth.storage.dataset import Dataset

# The columns of a record: its key, its source, and the identity fields (null = missing).
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
# The pairs from which a supervised linker learns: a reviewer called each the same person or not.
LABELLED = pa.schema(
    [
        pa.field("left_id", pa.string()),
        pa.field("right_id", pa.string()),
        pa.field("same", pa.bool_()),
    ]
)
# Linkers may say how each link came about, as MACRAL's match status does.
STATUS = "status"
# Ending of a further column with a field as the user's file writes it, such as `surname_written`.
WRITTEN = "_written"


@runtime_checkable
class Linker(Protocol):
    """A linkage method: says which records of two tables are of the same person."""

    @property
    def name(self) -> str:
        """Its name in results."""
        ...

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Link two tables.

        Parameters
        ----------
        left, right
            One row per record (schema `RECORDS`); a source may hold a person several times.
        seed
            Seed of the method's random draws, if it has any.

        Returns
        -------
        One row per link (schema `LINKS`): `left_id`, `right_id`, and a `score` that is higher
        the surer the link; a match probability where the method has one. `links.positions`
        says how repeated pairs count.
        """
        ...


@runtime_checkable
class Supervised(Protocol):
    """A linker that learns from labelled pairs before it links."""

    def fit(self, left: pa.Table, right: pa.Table, labelled: pa.Table) -> None:
        """Learn from labelled pairs.

        Parameters
        ----------
        left, right
            The records that will be linked (schema `RECORDS`).
        labelled
            One row per reviewed pair (schema `LABELLED`); some labels are wrong, since the
            reviewer errs now and then.
        """
        ...


@runtime_checkable
class Deduplicator(Protocol):
    """A linker with a way of its own of finding one person's records within one table."""

    def deduplicate(self, records: pa.Table, *, seed: int) -> pa.Table:
        """Link records of one table to each other.

        Parameters
        ----------
        records
            One row per record (schema `RECORDS`).
        seed
            Seed of the method's random draws, if it has any.

        Returns
        -------
        One row per link (schema `LINKS`).
        """
        ...


@runtime_checkable
class Blocking(Protocol):
    """A linker that tells which pairs it compares, so that its blocking can be measured."""

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs that are compared.

        Parameters
        ----------
        left, right
            One row per record (schema `RECORDS`).

        Returns
        -------
        Row numbers of both tables; a repeated pair counts once.
        """
        ...


class Strategy(Protocol):
    """A sharing strategy: the records of a source that the linking party sees."""

    @property
    def name(self) -> str:
        """Its name in suites and results."""
        ...

    def share(self, dataset: Dataset, source: str) -> pa.Table:
        """Give the records of a source as the strategy releases them.

        Parameters
        ----------
        dataset
            A simulated dataset; its truth must not be read.
        source
            Such as "ed", or "police" for all forces together.

        Returns
        -------
        One row per released record (schema `RECORDS`).
        """
        ...

    def share_events(self, dataset: Dataset, side: str) -> pa.Table:
        """Give the events of a side as the strategy releases them.

        Parameters
        ----------
        dataset
            A simulated dataset; its truth must not be read.
        side
            "ed" for attendances, "police" for occurrences.

        Returns
        -------
        One row per released event (schema `records.events.EVENTS`).
        """
        ...

    def allows(
        self, linker: str, options: Mapping[str, Any], sources: Iterable[str], kind: str
    ) -> bool:
        """Tell whether a linker can work with the released records.

        Parameters
        ----------
        linker
            Name of the linker, as the registry reads it.
        options
            Its options.
        sources
            The two sides of the task.
        kind
            "persons" or "events".
        """
        ...


@dataclass(frozen=True)
class Pairs:
    """Pairs of records as row numbers of the left and the right table."""

    left: Ints
    right: Ints
