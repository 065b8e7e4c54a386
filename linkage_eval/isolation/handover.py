"""What a linker hands over: files of plain numbers, none of which is believed unseen.

No reader of a file format can be fooled by them, and they take as much memory as they are long.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.isolation.disguise import Disguise
from darkfigure.linkage_eval.links.positions import Links, Sides, count_of, fold_pairs
from darkfigure.synth.core.arrays import Ints

_WORD = 8  # bytes


class HandoverError(Exception):
    """What a linker handed over is no answer; the message says why."""


class TooLargeError(HandoverError):
    """It is more than may be read."""


def read_links(
    work: Path, disguise: Disguise, statuses: object, *, within: bool, most_bytes: int
) -> Links:
    """Read links as rows of the records as they are.

    Parameters
    ----------
    work
        The linker's folder: `left`, `right`, `score`, and `status` if `statuses` has any.
    disguise
        Under which it got the records.
    statuses
        What it says that numbers in `status` stand for.
    within
        Whether records of one table are linked to each other.
    most_bytes
        How long each file may be.

    Returns
    -------
    In the form in which links count, with their statuses if there are any.

    Raises
    ------
    HandoverError
        Files are missing, of other sorts or lengths, or say what cannot be.
    """
    left, right, words = (_read(work / name, most_bytes) for name in ("left", "right", "score"))
    scores = words.view("<f8")
    if not len(left) == len(right) == len(scores):
        raise HandoverError("links of different lengths")
    _check_rows("left_id", left, len(disguise.left.order))
    _check_rows("right_id", right, len(disguise.right.order))
    n_bad = int((~np.isfinite(scores)).sum())
    if n_bad:
        raise HandoverError(f"{count_of(n_bad, 'score')} missing, NaN or infinite")
    true = Pairs(disguise.left.order[left], disguise.right.order[right])
    sides = Sides(disguise.left.ids, disguise.right.ids, within)
    if not statuses:
        return Links.fold(sides, true, scores)
    codes = _read(work / "status", most_bytes)
    return Links.fold(sides, true, scores, _statuses(codes, statuses, len(left)))


def read_compared(work: Path, disguise: Disguise, *, within: bool, most_bytes: int) -> Pairs | None:
    """Read the pairs that a linker compared, as true rows, each once; None if it does not tell.

    Raises
    ------
    HandoverError
        As of `read_links`; TooLargeError where they are too many.
    """
    names = ("compared_left", "compared_right")
    if not any(os.path.lexists(work / name) for name in names):
        return None
    left, right = (_read(work / name, most_bytes) for name in names)
    if len(left) != len(right):
        raise HandoverError("block() gives two sides of different lengths")
    for name, rows, side in zip(names, (left, right), (disguise.left, disguise.right), strict=True):
        _check_rows(f"row of {name.replace('compared_', 'block().')}", rows, len(side.order))
    true = Pairs(disguise.left.order[left], disguise.right.order[right])
    return fold_pairs(true, within=within)[0]


def _read(file: Path, most_bytes: int) -> Ints:
    try:
        # Neither a link nor a pipe, which would keep its reader waiting.
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise HandoverError("no answer was left") from None
    try:
        found = os.fstat(opened)
        if not stat.S_ISREG(found.st_mode) or found.st_size % _WORD:
            raise HandoverError(f"{file.name} is no file of numbers")
        if found.st_size > most_bytes:
            most = f"{most_bytes // _WORD:,} allowed"
            raise TooLargeError(f"{found.st_size // _WORD:,} numbers, {most}")
        with os.fdopen(os.dup(opened), "rb") as numbers:
            return np.fromfile(numbers, "<i8", found.st_size // _WORD)
    finally:
        os.close(opened)


def _check_rows(what: str, rows: Ints, size: int) -> None:
    n_bad = int(((rows < 0) | (rows >= size)).sum())
    if n_bad:
        raise HandoverError(f"{count_of(n_bad, what)} not among the {size:,} records of that side")


def _statuses(codes: Ints, statuses: object, length: int) -> pa.Array:
    known = statuses if isinstance(statuses, list) else []
    proper = all(isinstance(one, str) for one in known)
    if not proper or len(codes) != length or ((codes < 0) | (codes >= len(known))).any():
        raise HandoverError("a status that means nothing")
    try:
        return pa.array(known, pa.string()).take(pa.array(codes))
    except (UnicodeEncodeError, pa.ArrowInvalid):
        raise HandoverError("a status that is no text") from None
