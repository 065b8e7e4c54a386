"""Faults of machines: letters that one system wrote and another cannot read or hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.letters import Letters, utf8

_SOFT_HYPHEN = "\u00ad"
_FOREIGN = r"[^\x00-\x7f]"


def mojibake(cells: StruckCells) -> pa.StringArray:
    """Read the bytes of UTF-8 as letters of Windows-1252, or write ? for foreign letters."""
    unknown = pc.replace_substring_regex(cells.values, pattern=_FOREIGN, replacement="?")
    return cells.one_of([_misread(cells.values), unknown])


def bare(texts: pa.StringArray) -> pa.StringArray:
    """Remove circumflexes, accents and diaereses."""
    return _where_foreign(texts, _without_marks)


def ascii_only(texts: pa.StringArray) -> pa.StringArray:
    """Bring texts into ASCII, with ? for letters that have no like there."""
    return _where_foreign(texts, _without_foreign)


def _where_foreign(
    texts: pa.StringArray, change: Callable[[pa.StringArray], pa.StringArray]
) -> pa.StringArray:
    """Change the few texts that are not ASCII already."""
    foreign = pc.invert(pc.string_is_ascii(texts)).fill_null(False)
    if not foreign.true_count:
        return texts
    return pc.replace_with_mask(texts, foreign, change(texts.filter(foreign)))


def _without_marks(texts: pa.StringArray) -> pa.StringArray:
    parted = pc.utf8_normalize(texts, "NFD")
    without = pc.replace_substring_regex(parted, pattern=r"\p{Mn}", replacement="")
    return pc.utf8_normalize(without, "NFC")


def _without_foreign(texts: pa.StringArray) -> pa.StringArray:
    bared = _without_marks(texts)
    return pc.replace_substring_regex(bared, pattern=_FOREIGN, replacement="?")


def _misread(texts: pa.StringArray) -> pa.StringArray:
    """Make a letter of each byte, but for soft hyphens, which no screen shows and no file keeps."""
    flat = np.frombuffer(utf8(texts).decode("cp1252", "replace").encode("utf-32-le"), "<u4")
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False).astype(np.int64)
    return pc.replace_substring(Letters.of(flat, lengths).text(), _SOFT_HYPHEN, "")
