"""One identity column during data entry."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.entry.faults.letters import Places

_EMPTY = np.int32(-1)


class ColumnBuffer:
    """One identity column: texts written so far, and cells that have a fault.

    Parameters
    ----------
    known
        Text, plain or dictionary-encoded, of n cells.
    """

    def __init__(self, known: pa.ChunkedArray) -> None:
        array = known.unify_dictionaries().combine_chunks()
        coded = pa.types.is_dictionary(array.type)
        texts, codes = _apart(array) if coded else (array, None)
        self._texts = [texts.cast(pa.string())]
        valid = self._texts[0].is_valid().to_numpy(zero_copy_only=False)
        self._known = np.where(valid, np.arange(len(valid), dtype=np.int32), _EMPTY)
        if codes is not None:
            self._known = np.append(self._known, _EMPTY)[codes]
        self._places = self._known.copy()
        self._faulty = np.zeros(len(array), np.bool_)
        self._end = len(self._texts[0])
        self._filled = np.append(valid, False)
        self._patterns: dict[str, Mask] = {}

    def eligible(self, rows: Places, pattern: str | None = None) -> Places:
        """Give the rows whose cells have no fault yet and hold a text that fits.

        Parameters
        ----------
        rows
            Row numbers, shape (k,).
        pattern
            Regular expression that the text must contain; None takes any text.
        """
        fits = self._has(pattern) if pattern else self._filled
        eligible: Places = rows[fits[self._known[rows]] & ~self._faulty[rows]]
        return eligible

    def known(self, rows: Places) -> pa.StringArray:
        """Give the known texts of some rows."""
        return _take(self._texts[0], self._known[rows])

    def where(self, test: Callable[[pa.StringArray], pa.BooleanArray]) -> Mask:
        """Tell which known cells have a text that passes a test, shape (n,)."""
        return self._passed(test)[self._known]

    def _has(self, pattern: str) -> Mask:
        if pattern not in self._patterns:
            self._patterns[pattern] = self._passed(
                lambda texts: pc.match_substring_regex(texts, pattern)
            )
        return self._patterns[pattern]

    def _passed(self, test: Callable[[pa.StringArray], pa.BooleanArray]) -> Mask:
        """Tell which distinct texts pass a test; the last entry stands for an empty cell."""
        passed = test(self._texts[0]).fill_null(False).to_numpy(zero_copy_only=False)
        return np.append(passed, False)

    def write(self, rows: Places, written: pa.StringArray) -> None:
        """Write faulty texts or nulls into the cells of some rows.

        Parameters
        ----------
        rows
            Row numbers, shape (k,).
        written
            Shape (k,).
        """
        self._places[rows] = np.arange(self._end, self._end + len(rows), dtype=np.int32)
        self._end += len(rows)
        self._texts.append(written)
        self._faulty[rows] = True

    def changed_by(self, rule: Callable[[pa.StringArray], pa.StringArray]) -> Places:
        """Give the rows of cells without a fault whose text a rule changes."""
        changes = self.where(lambda texts: pc.not_equal(rule(texts), texts))
        return np.flatnonzero(changes & ~self._faulty)

    def text(self) -> pa.StringArray:
        """Give the column as written."""
        return _take(pa.concat_arrays(self._texts), self._places)


def _apart(array: pa.DictionaryArray) -> tuple[pa.Array, Places]:
    """Give the texts of a column and each cell's index into them; an index past the end is empty.

    A vocabulary larger than the column is cut down to its used texts, since every text is tested.
    """
    texts = array.dictionary
    codes = array.indices.fill_null(len(texts)).to_numpy()
    if len(texts) <= len(array):
        return texts, codes
    used, codes = np.unique(codes, return_inverse=True)
    return texts.take(pa.array(used[used < len(texts)])), codes


def _take(texts: pa.StringArray, places: NDArray[np.int32]) -> pa.StringArray:
    return texts.take(pa.array(places, mask=places == _EMPTY))
