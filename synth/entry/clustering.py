"""Why faults cluster: some clerks, nights, people and records draw more of them than others."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth.chance import Floats, Stream
from synth.entry.profile import Spread
from synth.schema import Table

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Circumstances:
    """Who wrote each record, when, and of whom; all ids are below 2**48.

    Parameters
    ----------
    record_ids
        Shape (n,), unique in the table; keys of the records' own draws.
    person_ids
        Shape (n,); the person's difficulty is the same in every system.
    clerk_ids, shift_ids
        Shape (n,); the clerk's habit and the busy night are the same in all tables of a source.
    """

    record_ids: Ids
    person_ids: Ids
    clerk_ids: Ids
    shift_ids: Ids

    def __post_init__(self) -> None:
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self)}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"circumstances differ in length: {lengths}; give one id a record")


def fault_intensity(
    setting: Circumstances, spread: Spread, *, shape: Table, chance: Stream
) -> Floats:
    """Draw by what each record's fault rates are multiplied.

    Parameters
    ----------
    setting
        Circumstances of n records.
    spread
        Standard deviations of the logarithm.
    shape
        The table: clerks and shifts belong to its source, records to the table itself.
    chance
        Stream of data entry, the same for all sources.

    Returns
    -------
    Shape (n,), log-normal with mean 1.
    """
    source = chance.stage(shape.source)
    effect = np.full(len(setting.record_ids), -_variance(spread) / 2)
    if spread.clerk:
        effect += spread.clerk * _of_few(source, "clerk", setting.clerk_ids)
    if spread.shift:
        effect += spread.shift * _of_few(source, "shift", setting.shift_ids)
    if spread.person:
        effect += spread.person * chance.normal("person", setting.person_ids)
    if spread.record:
        effect += spread.record * source.stage(shape.name).normal("record", setting.record_ids)
    intensity: Floats = np.exp(effect)
    return intensity


def _variance(spread: Spread) -> float:
    return spread.clerk**2 + spread.shift**2 + spread.person**2 + spread.record**2


def _of_few(chance: Stream, effect: str, ids: Ids) -> Floats:
    """Draw once for each of few ids that come up often."""
    coded = pa.array(ids).dictionary_encode()
    effects: Floats = chance.normal(effect, coded.dictionary.to_numpy())[coded.indices.to_numpy()]
    return effects
