"""Composed texts with the spans of what they mention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.gaps import with_gaps

NOBODY = -1


@dataclass(frozen=True)
class Passages:
    """Texts, and their mentions in order of text and place.

    Parameters
    ----------
    text
        Shape (n,); null where nothing was written.
    language
        Index into `wordings.LANGUAGES` of each text, shape (n,).
    of
        Number of the text of each mention, ascending, shape (mentions,).
    kind
        Index into `schema.MENTION`, shape (mentions,).
    start, end
        Code points from the beginning of the text; the end is the one after the last.
    entity
        Id of the person or place mentioned; `NOBODY` where there is none.
    """

    text: pa.StringArray
    language: Ints
    of: Ints
    kind: Ints
    start: Ints
    end: Ints
    entity: Ints

    def take(self, rows: Ints) -> Passages:
        """Take texts in another order, some of them several times or not at all."""
        first, last = (np.searchsorted(self.of, rows, side=side) for side in ("left", "right"))
        counts = last - first
        of = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        chosen = np.repeat(first, counts) + within
        spans = {name: getattr(self, name)[chosen] for name in ("kind", "start", "end", "entity")}
        return Passages(self.text.take(pa.array(rows)), self.language[rows], of, **spans)

    def spread(self, rows: Ints, count: int) -> Passages:
        """Put the texts into their rows, which ascend; the other rows are null."""
        language = np.zeros(count, np.int64)
        language[rows] = self.language
        text = with_gaps(self.text, rows, count)
        return replace(self, text=text, language=language, of=rows[self.of])

    @classmethod
    def joined(cls, parts: Sequence[Passages]) -> Passages:
        """Put texts one after the other."""
        begins = np.cumsum([0, *(len(part.text) for part in parts)])
        shifted = [part.of + begin for part, begin in zip(parts, begins, strict=False)]
        names = ("kind", "start", "end", "entity")
        return cls(
            pa.concat_arrays([part.text for part in parts]),
            np.concatenate([part.language for part in parts]),
            np.concatenate(shifted),
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names},
        )
