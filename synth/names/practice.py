"""Surnames of women that differ from those of the men of their family."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.names.bearers import Bearers, encoded, name_group_of, name_groups
from darkfigure.synth.names.family import first_patronymic, surname_codes, surname_vocabulary
from darkfigure.synth.names.laws import Codes
from darkfigure.synth.names.women import OWN_SURNAMES, feminine_forms


@cache
def _feminine_codes() -> dict[int, Ints]:
    """Give the code of every surname's form for women, mostly its own, by tradition."""
    vocabulary, by_group = surname_vocabulary(), {}
    for group, pairs in feminine_forms().items():
        codes = np.arange(len(vocabulary))
        codes[surname_codes(tuple(pairs))] = surname_codes(tuple(pairs.values()))
        by_group[name_groups().index(group)] = codes
    return by_group


def as_women_bear_it(
    surnames: pa.DictionaryArray, bearers: Bearers, chance: Stream
) -> pa.DictionaryArray:
    """Change family surnames into those of the women of the family.

    Parameters
    ----------
    surnames
        Over `surname_vocabulary()`, one a row.
    bearers
        People whose `ids` are persons' ids; men's names stay.
    chance
        Stream of the stage; draws are keyed by person and by family.
    """
    codes: Codes = surnames.indices.to_numpy().copy()
    woman = np.flatnonzero(bearers.sex == 0)
    group = name_group_of(bearers, chance)
    other = woman[(group[woman] > 0) | (codes[woman] >= first_patronymic())]
    for number, forms in _feminine_codes().items():
        rows = other[group[other] == number]
        codes[rows] = forms[codes[rows]]
    for name, (rate, own) in OWN_SURNAMES.items():
        rows = other[group[other] == name_groups().index(name)]
        rows = rows[chance.happens("own_surname", bearers.ids[rows], rate)]
        forms = surname_codes(own)
        codes[rows] = forms[chance.below("which_surname", bearers.ids[rows], len(own))]
    return encoded(codes, surname_vocabulary())
