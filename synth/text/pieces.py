"""Pieces of texts, before these are read off: their case, typing errors, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core import record_draws
from darkfigure.synth.core.arrays import Floats, Ints, Words
from darkfigure.synth.entry.faults.cells import StruckTexts
from darkfigure.synth.entry.faults.typing import (
    doubled_letter,
    dropped_letter,
    keyboard_slip,
    swapped_letters,
)
from darkfigure.synth.text.passages import Passages

CASES = ("as_written", "upper", "lower")
_CHANGE = {"upper": pc.utf8_upper, "lower": pc.utf8_lower}
_SLIPS = (swapped_letters, dropped_letter, keyboard_slip, doubled_letter)
_SHARES = (0.35, 0.3, 0.2, 0.15)  # of typing errors, in this order; assumed
_TURN = np.uint64(0x9E3779B97F4A7C15)  # keeps the pieces of a text apart; no rate
_LEAST_LETTERS = 3  # of a piece in which a typing error can happen; assumed


@dataclass(frozen=True)
class Pieces:
    """Pieces in order of text and place.

    Parameters
    ----------
    texts
        Without nulls, shape (pieces,).
    row
        Number of the text, ascending, shape (pieces,).
    count
        Number of texts.
    """

    texts: pa.StringArray
    row: Ints
    count: int

    def in_case(self, case: Ints) -> Pieces:
        """Write whole texts in another case.

        Parameters
        ----------
        case
            Index into `CASES`, shape (count,).
        """
        texts = self.texts
        for name, change in _CHANGE.items():
            mask = case[self.row] == CASES.index(name)
            if mask.any():
                texts = _changed(texts, np.flatnonzero(mask), change(texts.filter(pa.array(mask))))
        return replace(self, texts=texts)

    def with_slips(self, rate: Floats, seeds: Words) -> Pieces:
        """Make typing errors, one a piece at most.

        Parameters
        ----------
        rate
            Typing errors per letter of each text, shape (count,).
        seeds
            Seeds of the texts, shape (count,).
        """
        lengths = pc.utf8_length(self.texts).to_numpy()
        own = seeds[self.row] + _TURN * np.arange(len(self.row), dtype=np.uint64)
        own -= _TURN * self._first().astype(np.uint64)[self.row]
        struck = record_draws.uniform(own, "struck") < -np.expm1(-rate[self.row] * lengths)
        at = np.flatnonzero(struck & (lengths >= _LEAST_LETTERS))
        drawn = record_draws.uniform(own[at], "which slip")
        which = np.searchsorted(np.cumsum(_SHARES[:-1]), drawn, side="right")
        groups = [at[which == number] for number in range(len(_SLIPS))]
        slipped = [
            slip(StruckTexts(self.texts.take(pa.array(rows)), own[rows]))
            for slip, rows in zip(_SLIPS, groups, strict=True)
            if len(rows)
        ]
        if not slipped:
            return self
        order = np.argsort(np.concatenate(groups), kind="stable")
        written = pa.concat_arrays(slipped).take(pa.array(order))
        return replace(self, texts=_changed(self.texts, at, written))

    def passages(self, kind: Ints, entity: Ints, language: Ints) -> Passages:
        """Read the texts off, with the spans of mentions.

        Parameters
        ----------
        kind
            Index into `schema.MENTION` of each piece; -1 where it mentions nothing.
        entity
            Id of whom or what each piece mentions.
        language
            Language of each text.
        """
        lengths = pc.utf8_length(self.texts).to_numpy().astype(np.int64)
        ends = np.cumsum(lengths)
        begins = np.append(ends - lengths, 0)[self._first()]
        at = np.flatnonzero((kind >= 0) & (lengths > 0))
        shift = begins[self.row[at]]
        return Passages(
            text=self._read(),
            language=language,
            of=self.row[at],
            kind=kind[at],
            start=ends[at] - lengths[at] - shift,
            end=ends[at] - shift,
            entity=entity[at],
        )

    def _first(self) -> Ints:
        """Give the first piece of each text; of an empty text, the first one after it."""
        return np.searchsorted(self.row, np.arange(self.count))

    def _read(self) -> pa.StringArray:
        """Join the pieces of each text: they lie one after the other in one buffer already.

        A text without a letter was not written: it is null.
        """
        texts = pa.concat_arrays([self.texts])
        _, offsets, data = texts.buffers()
        edges = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        cuts = np.append(self._first(), len(texts))
        joined = pa.py_buffer(np.ascontiguousarray(edges[cuts]))
        whole = pa.StringArray.from_buffers(self.count, joined, data)
        return pc.if_else(pc.equal(whole, ""), pa.scalar(None, pa.string()), whole)


def _changed(texts: pa.StringArray, rows: Ints, values: pa.StringArray) -> pa.StringArray:
    """Put other texts into some rows, which ascend."""
    mask = np.zeros(len(texts), bool)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), values)
