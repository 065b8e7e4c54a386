"""Properties of a record that make it hard to write rightly."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats
from darkfigure.synth.core.spec import Positive, Spec
from darkfigure.synth.entry.column_buffer import ColumnBuffer
from darkfigure.synth.entry.rates import Mixture

# Share of records with each property: factors are divided by their mean, so that a rate stays true
# of all records together. Source: measured in the simulated Wales of 2021
_SHARES = {
    "long_name": 0.033,
    "diacritic": 0.012,
    "parted_name": 0.045,
    "minority": 0.06,
    "no_fixed_abode": 0.001,
}
_NAMES = frozenset({"surname", "forename"})
_SIGNS = {
    "long_name": (_NAMES, r"^.{11,}$"),
    "diacritic": (_NAMES, r"[^\x00-\x7f]"),
    "parted_name": (_NAMES, r"[^ ][-' \x{2019}][^ ]"),
    "minority": (frozenset({"ethnic_group"}), r"^(?:Asian|Black|Mixed|Other)"),
    "no_fixed_abode": (frozenset({"postcode"}), "^ZZ99"),
}


class Difficulty(Spec):
    """Multipliers on all fault rates of a record that has a property.

    Records that are worst linked belong to minorities and to people without an address
    (Hagger-Johnson 2017); the multipliers are assumed.

    Parameters
    ----------
    long_name
        Forename or surname has more than ten letters.
    diacritic
        A circumflex, accent or diaeresis stands in a name.
    parted_name
        A hyphen, apostrophe or space stands in a name.
    minority
        The ethnic group is known and not White.
    no_fixed_abode
        The postcode is one of those for no fixed abode.
    """

    long_name: Positive = 1.0
    diacritic: Positive = 1.0
    parted_name: Positive = 1.0
    minority: Positive = 1.0
    no_fixed_abode: Positive = 1.0


def mixture(spec: Difficulty) -> Mixture:
    """Give the factors on fault rates and their shares, as of independent properties."""
    shares_by_factor = {1.0: 1.0}
    for name, share in _SHARES.items():
        times = getattr(spec, name)
        if times != 1:
            mean, shares = 1 + share * (times - 1), ((times, share), (1.0, 1 - share))
            both = [(f * t / mean, p * q) for f, p in shares_by_factor.items() for t, q in shares]
            shares_by_factor = {factor: 0.0 for factor, _ in both}
            for factor, part in both:
                shares_by_factor[factor] += part
    return tuple(shares_by_factor.items())


def difficulty(pages: Mapping[str, ColumnBuffer], spec: Difficulty, n_records: int) -> Floats:
    """Give the factor of each record, with mean about 1.

    Parameters
    ----------
    pages
        Identity columns by linkage field, each of n_records cells.
    spec
        Multipliers of the properties.
    n_records
        Number of records.

    Returns
    -------
    Shape (n_records,).
    """
    factor = np.ones(n_records)
    for name, share in _SHARES.items():
        times = getattr(spec, name)
        fields, pattern = _SIGNS[name]
        if times != 1:
            true = np.zeros(n_records, np.bool_)
            for field in fields & pages.keys():
                true |= pages[field].where(_having(pattern))
            factor *= np.where(true, times, 1.0) / (1 + share * (times - 1))
    return factor


def _having(pattern: str) -> Callable[[pa.StringArray], pa.BooleanArray]:
    return lambda texts: pc.match_substring_regex(texts, pattern)
