"""Texts as rows of letters, so that thousands can be changed at one place each in one step."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Bytes, Floats, Ints, Mask

Points = NDArray[np.uint32]
Places = Ints

_LATIN = 0x250  # Basic Latin to Latin Extended-B: every letter of Welsh and its neighbours
ASCII = 128
OTHER, LOWER, UPPER, DIGIT = range(4)


def _kind(letter: str) -> int:
    if letter.isdecimal():
        return DIGIT
    return LOWER if letter.islower() else UPPER if letter.isupper() else OTHER


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()[0]


def _capital(letter: str) -> str:
    return letter.upper() if len(letter.upper()) == 1 else letter


_ALPHABET = [chr(point) for point in range(_LATIN)]
_KINDS = np.array([_kind(letter) for letter in _ALPHABET], np.uint8)
_BASES = np.array([ord(_base(letter)) for letter in _ALPHABET], np.uint32)
_CAPITALS = np.array([ord(_capital(letter)) for letter in _ALPHABET], np.uint32)


def kinds(points: Points) -> Bytes:
    """Tell of each letter whether it is LOWER, UPPER, DIGIT or OTHER; any shape."""
    return np.where(points < _LATIN, _KINDS[np.minimum(points, _LATIN - 1)], OTHER)


def bases(points: Points) -> Points:
    """Give each letter in lower case and without its diacritic; any shape."""
    return np.where(points < _LATIN, _BASES[np.minimum(points, _LATIN - 1)], points)


def capitals(points: Points) -> Points:
    """Give each letter in upper case; any shape."""
    return np.where(points < _LATIN, _CAPITALS[np.minimum(points, _LATIN - 1)], points)


@dataclass(frozen=True)
class Letters:
    """Texts as code points.

    Parameters
    ----------
    points
        Code points, shape (n, width); each row is a text, padded with 0.
    lengths
        Number of letters of each text, shape (n,).
    """

    points: Points
    lengths: Places

    @classmethod
    def read(cls, values: pa.StringArray) -> Letters:
        """Take texts without nulls apart."""
        lengths = pc.utf8_length(values).to_numpy(zero_copy_only=False).astype(np.int64)
        return cls.of(np.frombuffer(utf8(values).decode().encode("utf-32-le"), "<u4"), lengths)

    @classmethod
    def of(cls, flat: Points, lengths: Places) -> Letters:
        """Cut a run of letters into texts.

        Parameters
        ----------
        flat
            Letters of all texts, one after the other.
        lengths
            Number of letters of each text, shape (n,).
        """
        points = np.zeros((len(lengths), max(1, int(lengths.max(initial=0)))), np.uint32)
        points[np.arange(points.shape[1]) < lengths[:, None]] = flat
        return cls(points, lengths)

    def text(self) -> pa.StringArray:
        """Put the texts together again."""
        inside = self.inside
        data = self.points[inside].astype("<u4").tobytes().decode("utf-32-le").encode()
        n_bytes = 1 + sum((self.points >= edge).astype(np.int64) for edge in (0x80, 0x800, 0x10000))
        ends = np.cumsum(np.where(inside, n_bytes, 0).sum(axis=1))
        offsets = np.concatenate([[0], ends]).astype(np.int32)
        return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(data))

    @property
    def inside(self) -> Mask:
        """Shape (n, width); true where the text has a letter, false in the padding."""
        inside: Mask = np.arange(self.points.shape[1]) < self.lengths[:, None]
        return inside

    def at(self, places: Places) -> Points:
        """Give the letter at one place of each text, shape (n,)."""
        return self.points[np.arange(len(places)), places]

    def splice(self, places: Places, cut: Places, *, paste: Points, pasted: Places) -> Letters:
        """Replace a stretch of each text.

        Parameters
        ----------
        places, cut
            Shape (n,); begin of the stretch, and its number of letters.
        paste, pasted
            Shapes (n, longest) and (n,); new letters, and how many of them count.
        """
        lengths = self.lengths + pasted - cut
        place = np.arange(max(1, int(lengths.max(initial=0))))[None, :]
        begin, after = places[:, None], (places + pasted)[:, None]
        origin = np.where(place < begin, place, place - (pasted - cut)[:, None])
        old = np.take_along_axis(self.points, _within(origin, self.points), axis=1)
        new = np.take_along_axis(paste, _within(place - begin, paste), axis=1)
        points = np.where((place >= begin) & (place < after), new, old)
        points[place >= lengths[:, None]] = 0
        return Letters(points, lengths)


def chosen(sites: Mask, draws: Floats) -> tuple[Places, Mask]:
    """Choose one site of each row, all equally likely.

    Parameters
    ----------
    sites
        Shape (n, width); true where the row could be changed.
    draws
        Draws from [0, 1), shape (n,).

    Returns
    -------
    The chosen places, and a mask of the rows that have any site; shapes (n,).
    """
    counts = sites.sum(axis=1)
    ranks = (draws * counts).astype(np.int64)
    places = (np.cumsum(sites, axis=1) > ranks[:, None]).argmax(axis=1)
    return places, counts > 0


@dataclass(frozen=True)
class Substitutes:
    """Letters that may stand in place of each letter.

    Parameters
    ----------
    options
        Code points that may replace each ASCII letter, shape (128, most).
    counts
        Number of options that count, shape (128,).
    """

    options: Points
    counts: Places

    @classmethod
    def of(cls, table: str) -> Substitutes:
        """Read entries `letter>letters that may replace it`, parted by spaces; capitals follow."""
        both = dict(entry.split(">") for entry in table.split())
        both.update({key.upper(): value.upper() for key, value in list(both.items())})
        options = np.zeros((ASCII, max(map(len, both.values()))), np.uint32)
        counts = np.zeros(ASCII, np.int64)
        for letter, others in both.items():
            counts[ord(letter)] = len(others)
            options[ord(letter), : len(others)] = [ord(other) for other in others]
        return cls(options, counts)


def utf8(values: pa.StringArray) -> bytes:
    """Give the bytes of all texts, without nulls, one after the other."""
    _, offsets, data = values.buffers()
    if not len(values) or data is None:
        return b""
    edges = np.frombuffer(offsets, np.int32)
    return bytes(data[int(edges[values.offset]) : int(edges[values.offset + len(values)])])


def _within(places: Places, points: Points) -> Places:
    return np.clip(places, 0, points.shape[1] - 1)
