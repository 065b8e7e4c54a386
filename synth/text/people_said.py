"""People as texts name them: in full, by surname, by first name or a short form of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats
from darkfigure.synth.reference import load

# Shares of "Siân JONES" and "JONES, Siân" among full names, the rest being "Siân Jones"; and of
# surnames and short forms among short ones, the rest being first names. Assumed.
_SURNAME_UPPER, _SURNAME_FIRST = 0.35, 0.06
SHORT_SURNAME, _SHORT_FORM = 0.5, 0.12


def names_in_full(
    forename: pa.StringArray, surname: pa.StringArray, drawn: Floats
) -> pa.StringArray:
    """Name people in full; null where neither name is known.

    Parameters
    ----------
    forename, surname
        As the writer knows them, shape (n,); null where not known.
    drawn
        Draws from [0, 1) that decide the form, shape (n,).
    """
    upper = pc.utf8_upper(surname)
    loud, first = drawn < _SURNAME_UPPER, drawn > 1 - _SURNAME_FIRST
    shown = pc.if_else(pa.array(loud | first), upper, surname)
    usual = joined(forename, shown, " ")
    return pc.if_else(pa.array(first), joined(shown, forename, ", "), usual)


def names_in_short(
    forename: pa.StringArray, surname: pa.StringArray, drawn: Floats
) -> pa.StringArray:
    """Name people again by one of their names; parameters as of `names_in_full`."""
    either = pc.coalesce(forename, surname)
    short = pc.coalesce(_short_form(forename), either)
    texts = pc.if_else(pa.array(drawn > 1 - _SHORT_FORM), short, either)
    by_surname = pc.coalesce(pc.utf8_upper(surname), either)
    return pc.if_else(pa.array(drawn < SHORT_SURNAME), by_surname, texts)


def joined(first: pa.StringArray, second: pa.StringArray, between: str) -> pa.StringArray:
    """Join two texts by characters that neither begins or ends with; null if both are."""
    # Arrow's own skipping of nulls loses a row if all are null.
    filled = (first.fill_null(""), second.fill_null(""))
    both = pc.utf8_trim(pc.binary_join_element_wise(*filled, between), characters=between)
    unknown = pc.and_(pc.is_null(first), pc.is_null(second))
    return pc.if_else(unknown, pa.scalar(None, pa.string()), both)


def _short_form(forename: pa.StringArray) -> pa.StringArray:
    formal, short = _short_forms()
    return short.take(pc.index_in(forename, formal))


@cache
def _short_forms() -> tuple[pa.StringArray, pa.StringArray]:
    """Give names that have a short form, and the first short form of each."""
    table = load("short_forms")
    formal = np.array(table["formal"].to_pylist(), object)
    names, first = np.unique(formal, return_index=True)
    shorts = table["short"].combine_chunks().take(pa.array(first))
    return pa.array(names, pa.string()), shorts
