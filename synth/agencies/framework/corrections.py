"""Late and amended records: entered days after their event, or corrected after they were entered.

Both hold the facts known by then. If the system keeps versions, the record as first entered stands
behind the others; it meets the same draws, so that correcting it only takes faults away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework import row_faults
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.entry.delays import Amendment
from darkfigure.synth.entry.profile import SystemProfile
from darkfigure.synth.schema import FIRST_VERSION

if TYPE_CHECKING:
    from darkfigure.synth.agencies.framework.records import Records


@dataclass(frozen=True)
class Versions:
    """Records as they are entered, first versions last, and the faults of whole rows."""

    records: Records
    faults: tuple[pa.Table, ...]


def versions(records: Records, profile: SystemProfile, last_day: int, chance: Stream) -> Versions:
    """Let some records be entered late, and some be corrected afterwards.

    Parameters
    ----------
    records
        Records as they would be entered at once.
    profile
        Profile of the system; its severity multiplies the rates.
    last_day
        Last day of the study, since 1970-01-01; nothing is entered or corrected after it.
    chance
        Stream of the table's rows; draws are keyed by record.
    """
    shape = records.shape
    records, late = _delayed(records, profile, last_day, chance)
    faults = [row_faults.late(shape, records.key.filter(pa.array(late)))] if late.any() else []
    rule = profile.row_faults.amended
    begun = np.maximum(records.known_on, records.event_on)
    day = begun + _later("amended_days", records.ids, rule.days, chance)
    struck = chance.happens("amended", records.ids, min(rule.rate * profile.severity, 1.0))
    amended = struck & (day <= last_day)
    if not amended.any():
        return Versions(records, tuple(faults))
    chosen = pa.array(amended)
    first = pc.binary_join_element_wise(records.key.filter(chosen), pa.scalar(FIRST_VERSION), "")
    first_keys = first if rule.keeps_versions else pa.nulls(len(first), pa.string())
    faults.append(row_faults.amended(shape, records.key.filter(chosen), first_keys))
    return Versions(_corrected(records, amended, day, rule, first), tuple(faults))


def _delayed(
    records: Records, profile: SystemProfile, last_day: int, chance: Stream
) -> tuple[Records, Mask]:
    """Delay the entry of some records that would be entered on the day of their event."""
    rule = profile.row_faults.late
    day = records.event_on + _later("late_days", records.ids, rule.days, chance)
    struck = chance.happens("late", records.ids, min(rule.rate * profile.severity, 1.0))
    late = struck & (records.known_on == records.event_on) & (day <= last_day)
    entered = records.event_on if records.entered_on is None else records.entered_on
    return replace(
        records,
        known_on=np.where(late, day, records.known_on),
        entered_on=np.where(late, day, entered),
    ), late


def _later(decision: str, ids: Ints, mean_days: float, chance: Stream) -> Ints:
    beyond = max(mean_days - 1, 0.0) * chance.exponential(decision, ids)
    return np.asarray(1 + np.round(beyond).astype(np.int64))


def _corrected(
    records: Records, amended: Mask, day: Ints, rule: Amendment, first: pa.Array
) -> Records:
    """Correct some records; their first versions stay behind them if the system keeps versions."""
    rows = np.flatnonzero(amended)
    had = np.ones(len(amended)) if records.difficulty is None else records.difficulty
    known_on = np.where(amended, day, records.known_on)
    difficulty = np.where(amended, had * rule.uncorrected_rate, had)
    if not rule.keeps_versions:
        return replace(records, known_on=known_on, difficulty=difficulty)
    return replace(
        records.take(np.append(np.arange(len(amended)), rows)),
        key=pa.concat_arrays([records.key, first]),
        known_on=np.append(known_on, records.known_on[rows]),
        difficulty=np.append(difficulty, had[rows]),
    )
