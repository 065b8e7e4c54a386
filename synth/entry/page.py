"""One column while it is written."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth.entry.letters import Places

_EMPTY = np.int32(-1)


class Page:
    """One identity column: what is written so far, and which cells bear a fault.

    Parameters
    ----------
    known
        Text, plain or dictionary-encoded, of n cells.
    """

    def __init__(self, known: pa.ChunkedArray) -> None:
        array = known.unify_dictionaries().combine_chunks()
        coded = pa.types.is_dictionary(array.type)
        self._texts = [(array.dictionary if coded else array).cast(pa.string())]
        valid = self._texts[0].is_valid().to_numpy(zero_copy_only=False)
        self._places = np.where(valid, np.arange(len(valid), dtype=np.int32), _EMPTY)
        if coded:
            # An empty cell points past the end, at a place that is empty too.
            codes = array.indices.fill_null(len(valid)).to_numpy()
            self._places = np.append(self._places, _EMPTY)[codes]
        self._faulty = np.zeros(len(array), np.bool_)

    def eligible(self, rows: Places) -> Places:
        """Give those of some rows whose cells hold a text and bear no fault yet."""
        eligible: Places = rows[~self._faulty[rows] & (self._places[rows] != _EMPTY)]
        return eligible

    def known(self, rows: Places) -> pa.StringArray:
        """Give the cells of some rows, which bear no fault yet."""
        return _take(self._texts[0], self._places[rows])

    def write(self, rows: Places, written: pa.StringArray) -> None:
        """Write faulty texts or nulls into the cells of some rows."""
        start = sum(map(len, self._texts))
        self._places[rows] = np.arange(start, start + len(rows), dtype=np.int32)
        self._texts.append(written)
        self._faulty[rows] = True

    def text(self) -> pa.StringArray:
        """Give the column as written."""
        return _take(pa.concat_arrays(self._texts), self._places)


def _take(texts: pa.StringArray, places: NDArray[np.int32]) -> pa.StringArray:
    return texts.take(pa.array(places, mask=places == _EMPTY))
