"""Why faults cluster: some clerks, nights, people and records draw more of them than others."""

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
    """Who wrote each record, when, and of whom; all ids are below 2**48.

    Parameters
    ----------
    record_ids
        Shape (n,), unique in the table; keys of the records' own draws.
    person_ids
        Shape (n,); the person's difficulty is the same in every system.
    clerk_ids, shift_ids
        Shape (n,); the clerk's habit and the busy night are the same in all tables of a source.
    difficulty
        Shape (n,) or not given: by what drink, haste or the hour multiply all fault rates.
    hiding, silence
        Shape (n,) or not given: by what the wish not to be known multiplies the rates of aliases,
        and by what the role of the person those of cells that stay empty.
    days, sites
        Shape (n,) or not given: days since 1970-01-01 on which the records were written, and
        numbers of the hospitals, schools or stations where.
    asides
        What lies about on the desk, by name, as functions from rows to texts, null where there is
        none: "former_surname", "former_postcode" and the other parts of the address before this,
        "relative_nhs_number", "relative_telephone", "relative_upn". A fault that needs
        what is not there cannot change a cell.
    """

    record_ids: Ids
    person_ids: Ids
    clerk_ids: Ids
    shift_ids: Ids
    difficulty: Floats | None = None
    hiding: Floats | None = None
    silence: Floats | None = None
    days: Ids | None = None
    sites: Ids | None = None
    asides: Mapping[str, Callable[[Ids], pa.Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = {name: values for name, values in vars(self).items() if name != "asides"}
        lengths = {name: len(values) for name, values in given.items() if values is not None}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"circumstances differ in length: {lengths}; give one id a record")


def fault_intensity(
    setting: Circumstances, spread: Spread, *, source: str, chance: Stream, seeds: Words
) -> Floats:
    """Draw by what each record's fault rates are multiplied.

    Parameters
    ----------
    setting
        Circumstances of n records.
    spread
        Standard deviations of the logarithm.
    source
        Whose clerks and shifts they are.
    chance
        Stream of data entry, the same for all sources.
    seeds
        Of the records.

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
