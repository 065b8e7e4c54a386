"""Kinds of faults: of one cell, of a pair of cells, of a whole identity; and rules of a system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from darkfigure.synth.entry.faults.cells import StruckCells

Factor = Literal["hiding", "silence", "middle_name_used", "other_script", "other_ear"]


@dataclass(frozen=True)
class CellFault:
    """A fault of one cell.

    Parameters
    ----------
    number
        Key of its draws and place in the order of trial; it belongs to this fault for ever.
    name
        Name in profiles and in the ledger.
    fields
        Linkage fields that it befalls.
    cause
        The human action behind it.
    change
        Gives the texts to write in struck cells: null for an empty cell, and the known value if the
        fault cannot change it. That must not depend on how often it strikes.
    alone
        Whether each field is changed by itself, since the change needs the column or the facts of
        the record.
    pattern
        Regular expression; the fault can change no text without it. Spares trying.
    factor
        Name of the array of the circumstances that multiplies its rate, if any.
    by_person
        Whether it befalls all records of a person alike.
    """

    number: int
    name: str
    fields: tuple[str, ...]
    cause: str
    change: Callable[[StruckCells], pa.StringArray]
    alone: bool = False
    pattern: str | None = None
    factor: Factor | None = None
    by_person: bool = False

    @property
    def rated_at(self) -> tuple[str, ...]:
        """Fields at which a profile may give a rate."""
        return self.fields


@dataclass(frozen=True)
class IdentityFault:
    """A fault of a whole identity: it changes each of its cells that it can.

    Parameters
    ----------
    number
        As in `CellFault`.
    name
        Name in profiles and in the ledger.
    fields
        The linkage fields; a profile gives the rate at the first.
    cause
        The human action behind it.
    change
        As in `CellFault`.
    factor
        As in `CellFault`.
    """

    number: int
    name: str
    fields: tuple[str, ...]
    cause: str
    change: Callable[[StruckCells], pa.StringArray]
    factor: Factor | None = None

    @property
    def rated_at(self) -> tuple[str, ...]:
        """Field at which a profile may give a rate."""
        return self.fields[:1]


@dataclass(frozen=True)
class PairFault:
    """A fault of two cells of a record: both go wrong, or neither does.

    Parameters
    ----------
    name
        Name in profiles and in the ledger.
    fields
        The two linkage fields; a profile gives the rate at the first.
    cause
        The human action behind it.
    change
        Gives the texts to write in both.
    lane
        Number of the draw that decides about it. Pairs with a field in common share a lane, since
        they must not strike one record: a higher severity keeps every cell of a lower one.
    mirrored
        Whether it strikes from the lane's upper end.
    """

    name: str
    fields: tuple[str, str]
    cause: str
    change: Callable[[pa.StringArray, pa.StringArray], tuple[pa.StringArray, pa.StringArray]]
    lane: int
    mirrored: bool = False

    @property
    def rated_at(self) -> tuple[str, ...]:
        """Field at which a profile may give a rate."""
        return self.fields[:1]


@dataclass(frozen=True)
class SystemRule:
    """A rule that a system applies to all texts; it has no rate."""

    name: str
    cause: str
