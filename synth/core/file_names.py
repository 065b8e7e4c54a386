"""File names from words of users: readable, short, and no two alike on any file system."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

# File systems take 255 bytes; what is added to the name while a file is written needs some.
_LONGEST = 160
_N_DIGITS = 12  # of the hash: among a million names two are alike once in 600 times


def file_name(stem: str, words: Sequence[str], *, plain: bool) -> str:
    """Make a file name without ending; the same words always give the same name.

    Parameters
    ----------
    stem
        The readable part, in ASCII.
    words
        The words that `stem` was made of.
    plain
        Whether no other words give this stem, whatever the case. If some do, or the stem is long
        and has to be cut, a hash of the words follows it.
    """
    if plain and len(stem) <= _LONGEST:
        return stem
    digest = hashlib.sha256(json.dumps(list(words)).encode()).hexdigest()[:_N_DIGITS]
    return f"{stem[:_LONGEST]}-{digest}"
