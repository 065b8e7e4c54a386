"""Clusters of faults: some clerks, nights, people and records draw more of them than others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from darkfigure.synth.core import record_draws
from darkfigure.synth.core.arrays import Floats, Ints, Words
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.entry.profile import Spread

Ids = Ints


@dataclass(frozen=True)
class Circumstances:
    """The clerk, the shift and the person of each record; all ids are below 2**48.

    Parameters
    ----------
    record_ids
        Shape (n,), unique in the table; keys of the records' own draws.
    person_ids
        Shape (n,); the person's difficulty is the same in every system.
    clerk_ids, shift_ids
        Shape (n,); the clerk's habit and the busy night are the same in all tables of a source.
    difficulty
        Multiplier on all fault rates, for drink, haste or the hour; shape (n,), mean about 1.
    hiding
        Multiplier on the rates of aliases, for the wish not to be known; shape (n,).
    silence
        Multiplier on the rates of empty cells, for the role of the person; shape (n,).
    middle_name_used
        1 where the person goes by the middle name, else 0; shape (n,).
    other_script
        1 where the name is of another script, else 0; shape (n,).
    other_ear
        Multiplier on the faults of those who do not know the name's language, shape (n,), mean
        about 1.
    days
        Days since 1970-01-01 on which the records were written, shape (n,).
    sites
        Numbers of the hospitals, schools or stations of the records, shape (n,).
    confusable_values
        Values that a clerk may enter by mistake, by name: functions from rows to texts, null for
        none. Names are "middle_name", "former_surname", "former_postcode" and the other parts of
        the address, "relative_nhs_number", "relative_telephone" and "relative_upn". A fault that
        needs a missing value changes no cell.
    """

    record_ids: Ids
    person_ids: Ids
    clerk_ids: Ids
    shift_ids: Ids
    difficulty: Floats | None = None
    hiding: Floats | None = None
    silence: Floats | None = None
    middle_name_used: Floats | None = None
    other_script: Floats | None = None
    other_ear: Floats | None = None
    days: Ids | None = None
    sites: Ids | None = None
    confusable_values: Mapping[str, Callable[[Ids], pa.Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        arrays = {
            name: values for name, values in vars(self).items() if name != "confusable_values"
        }
        lengths = {name: len(values) for name, values in arrays.items() if values is not None}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"circumstances differ in length: {lengths}; give one id a record")


def fault_intensity(
    setting: Circumstances, spread: Spread, *, source: str, chance: Stream, seeds: Words
) -> Floats:
    """Draw the factor on each record's fault rates.

    Parameters
    ----------
    setting
        Circumstances of n records.
    spread
        Standard deviations of the logarithm.
    source
        Source that the clerks and shifts belong to.
    chance
        Stream of data entry, the same for all sources.
    seeds
        Seeds of the records, shape (n,).

    Returns
    -------
    Shape (n,), log-normal with mean 1, times the circumstances' own difficulty.
    """
    own = chance.stage(source)
    effect = np.full(len(setting.record_ids), -(spread.all**2) / 2)
    if spread.clerk:
        effect += spread.clerk * _of_few(own, "clerk", setting.clerk_ids)
    if spread.shift:
        effect += spread.shift * _of_few(own, "shift", setting.shift_ids)
    if spread.person:
        effect += spread.person * chance.normal("person", setting.person_ids)
    if spread.record:
        effect += spread.record * ndtri(record_draws.uniform(seeds, "record") + 2.0**-54)
    intensity: Floats = np.exp(effect)
    return intensity if setting.difficulty is None else intensity * setting.difficulty


def _of_few(chance: Stream, effect: str, ids: Ids) -> Floats:
    """Draw once for each of few ids that come up often."""
    coded = pa.array(ids).dictionary_encode()
    effects: Floats = chance.normal(effect, coded.dictionary.to_numpy())[coded.indices.to_numpy()]
    return effects
