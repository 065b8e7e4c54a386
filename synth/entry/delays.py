"""Records that are entered days late, and records that are corrected after they were entered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from darkfigure.synth.core.spec import Amount, Rate, Spec


class LateEntry(Spec):
    """Records typed in days later, from paper or memory, with the facts known by then."""

    rate: Rate = 0.0
    """Share of the records taken down on the day of their event, at severity 1."""
    days: Amount = 7.0
    """Delay of their entry, mean; at least one day."""
    source: Annotated[str, Field(min_length=1)] = "assumed"


class Amendment(Spec):
    """Records that somebody looks at again and corrects; a correction adds no fault."""

    rate: Rate = 0.0
    """Share of all records, at severity 1."""
    days: Amount = 7.0
    """Time from entry to correction, mean; at least one day."""
    uncorrected_rate: Rate = 0.3
    """Multiplier on the rates of faults in the corrected record."""
    keeps_versions: bool = False
    """Whether the record as first entered stays in the system, under a number of its own."""
    source: Annotated[str, Field(min_length=1)] = "assumed"


class RowFaults(Spec):
    """Faults of whole records of a system."""

    late: LateEntry = LateEntry()
    amended: Amendment = Amendment()
