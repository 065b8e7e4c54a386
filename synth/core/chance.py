"""Random streams keyed by what they decide.

A draw depends on the seed, on the name of the decision and on the id of the person or thing it
decides about. It does not depend on the order of rows, the size of a block or the number of
workers. Two worlds that differ in one rate therefore differ only in the cases that this rate
decides.

The generator is Philox2x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
as 1, 2, 3" (SC11), whose published test vectors `tests/property/test_chance.py` reproduces. Its
64-bit counter holds the entity id (48 bits) and the draw's number (16 bits); its key is a hash of
seed and decision.

The 32 bits of that key keep no secret: a reader of some draws of a decision can try all keys. With
a salt each of the ten rounds has 32 bits of its own, a hash of salt, seed and decision. An attacker
then has to guess the salt. Philox was not made to keep secrets, but we know no shorter attack.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from darkfigure.synth.core.arrays import Floats, Ints, Mask, Words

_MULTIPLIER = np.uint64(0xD256D193)
_WEYL = 0x9E3779B9
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ROUNDS = 10
_CHUNK = 16_384  # three buffers of this many words stay in the second-level cache
ID_BITS = 48
_FEISTEL_ROUNDS = 6


def philox2x32(counters: Words, key: int) -> Words:
    """Scramble 64-bit counters with a 32-bit key: ten rounds of Philox2x32.

    Parameters
    ----------
    counters
        Any shape (n,); the low half of each word is the generator's first counter word.
    key
        0 <= key < 2**32.

    Returns
    -------
    Shape (n,); the low half of each word is the generator's first output word.
    """
    return _rounds(counters, [(key + turn * _WEYL) & 0xFFFFFFFF for turn in range(_ROUNDS)])


def _rounds(counters: Words, keys: Sequence[int]) -> Words:
    """Scramble counters in as many rounds as there are keys of 32 bits."""
    out = np.empty(len(counters), np.uint64)
    for start in range(0, len(counters), _CHUNK):
        part = slice(start, start + _CHUNK)
        _scramble(counters[part], keys, out[part])
    return out


def _scramble(counters: Words, keys: Sequence[int], out: Words) -> None:
    left, right = counters & _LOW, counters >> _HALF
    product = np.empty_like(left)
    for key in keys:
        np.multiply(left, _MULTIPLIER, out=product)
        np.right_shift(product, _HALF, out=left)
        left ^= right
        left ^= np.uint64(key)
        np.bitwise_and(product, _LOW, out=right)
    np.left_shift(right, _HALF, out=out)
    out |= left


@dataclass(frozen=True)
class Stream:
    """Draws for one stage of the simulation, keyed by decision and entity id.

    Methods draw one value for each id: `decision` names the decision, `ids` has shape (n,) with 0
    <= id < 2**48, and `draw` (0 <= draw < 2**16) numbers repeated draws of one decision. Every
    result has shape (n,).

    Parameters
    ----------
    seed
        Seed of the whole world; any integer.
    path
        Names of the stages that this stream belongs to.
    salt
        A secret key of up to 64 bytes, as `synth.core.salt` makes it; empty for none.

    Examples
    --------
    >>> Stream(1).stage("contacts").uniform("reports_to_police", [7, 8]).round(3)
    array([0.428, 0.104])
    """

    seed: int
    path: tuple[str, ...] = ()
    salt: bytes = field(default=b"", repr=False)

    def stage(self, name: str) -> Stream:
        """Give the stream of a stage within this one."""
        return Stream(self.seed, (*self.path, name), self.salt)

    def words(self, decision: str, ids: ArrayLike, *, draw: int = 0) -> Words:
        """Draw 64 random bits for each id.

        Raises
        ------
        ValueError
            An id has more than 48 bits.
        """
        counters = np.asarray(ids).astype(np.uint64)
        if len(counters) and int(counters.max()) >> ID_BITS:
            raise ValueError(f"{decision}: an id has more than {ID_BITS} bits")
        return self._scrambled(decision, counters | np.uint64(draw << ID_BITS))

    def uniform(self, decision: str, ids: ArrayLike, *, draw: int = 0) -> Floats:
        """Draw from [0, 1), 53 bits, for each id."""
        bits = self.words(decision, ids, draw=draw) >> np.uint64(11)
        return bits.astype(np.float64) * 2.0**-53

    def happens(self, decision: str, ids: ArrayLike, rate: ArrayLike, *, draw: int = 0) -> Mask:
        """Decide yes or no for each id; a higher rate keeps every yes of a lower one.

        Parameters
        ----------
        decision, ids, draw
            See `Stream`.
        rate
            Probability of a yes, one for all or shape (n,).
        """
        return np.asarray(self.uniform(decision, ids, draw=draw) < np.asarray(rate, float))

    def normal(self, decision: str, ids: ArrayLike, *, draw: int = 0) -> Floats:
        """Draw from the standard normal for each id."""
        from scipy.special import ndtri  # noqa: PLC0415, linkers' processes do without SciPy

        # Half a step away from 0 keeps the quantile finite.
        return np.asarray(ndtri(self.uniform(decision, ids, draw=draw) + 2.0**-54))

    def exponential(self, decision: str, ids: ArrayLike, *, draw: int = 0) -> Floats:
        """Draw from the exponential with mean 1 for each id."""
        return -np.log1p(-self.uniform(decision, ids, draw=draw))

    def below(self, decision: str, ids: ArrayLike, size: ArrayLike, *, draw: int = 0) -> Ints:
        """Draw a whole number from [0, size) for each id.

        Parameters
        ----------
        decision, ids, draw
            See `Stream`.
        size
            Number of equally likely values, one for all or shape (n,).
        """
        drawn = self.uniform(decision, ids, draw=draw) * np.asarray(size, float)
        return drawn.astype(np.int64)

    def pick(self, decision: str, ids: ArrayLike, weights: ArrayLike, *, draw: int = 0) -> Ints:
        """Draw the index of one of the weighted options for each id.

        Parameters
        ----------
        decision, ids, draw
            See `Stream`.
        weights
            Shape (options,), not negative; they need not sum to 1.
        """
        edges = np.cumsum(np.asarray(weights, float))
        drawn = self.uniform(decision, ids, draw=draw) * edges[-1]
        index = np.searchsorted(edges, drawn, side="right")
        return np.asarray(np.minimum(index, len(edges) - 1))

    def pick_by_row(self, decision: str, ids: ArrayLike, weights: ArrayLike) -> Ints:
        """Draw the index of one of the options for each id, which has weights of its own.

        Parameters
        ----------
        decision, ids
            See `Stream`.
        weights
            Shape (n, options), not negative; rows need not sum to 1.
        """
        edges = np.cumsum(np.asarray(weights, float), axis=1)
        drawn = self.uniform(decision, ids) * edges[:, -1]
        return np.asarray((drawn[:, None] >= edges[:, :-1]).sum(1))

    def pick_by_group(
        self, decision: str, ids: ArrayLike, weights: ArrayLike, group: ArrayLike
    ) -> Ints:
        """Draw the index of one of the options for each id, whose group has weights of its own.

        Parameters
        ----------
        decision, ids
            See `Stream`.
        weights
            Shape (groups, options), not negative, each row with a positive sum.
        group
            Row of the weights for each id, shape (n,).
        """
        edges = np.cumsum(np.asarray(weights, float), axis=1)
        n_groups, n_options = edges.shape
        # The edges of group g lie between g and g + 1, so that one search serves all groups.
        edges = edges / edges[:, -1:] + np.arange(n_groups)[:, None]
        rows = np.asarray(group)
        place = np.searchsorted(edges.ravel(), self.uniform(decision, ids) + rows, side="right")
        return np.asarray(np.minimum(place - rows * n_options, n_options - 1))

    def poisson(self, decision: str, ids: ArrayLike, mean: ArrayLike, *, most: int) -> Ints:
        """Draw a Poisson count for each id; it never falls as the mean grows.

        Parameters
        ----------
        decision, ids
            See `Stream`.
        mean
            Of the uncapped count, one for all or shape (n,).
        most
            Cap of the counts.
        """
        from scipy.special import pdtr  # noqa: PLC0415, as above

        drawn = self.uniform(decision, ids)
        means = np.broadcast_to(np.asarray(mean, float), drawn.shape)
        count = np.zeros(len(drawn), np.int64)
        growing = np.flatnonzero(drawn >= np.exp(-means))
        for number in range(1, most + 1):
            count[growing] = number
            growing = growing[drawn[growing] >= pdtr(number, means[growing])]
        return count

    def permute(self, decision: str, ids: ArrayLike, size: int) -> Ints:
        """Send each id in [0, size) to its place in a secret order of all of them.

        A Feistel network over the pairs of numbers below two sides whose product just reaches
        `size`, walked until it falls inside [0, size): a bijection, so that ids made from it never
        collide.

        Parameters
        ----------
        decision, ids
            See `Stream`.
        size
            Number of ids that there may be.

        Raises
        ------
        ValueError
            An id is not below `size`.
        """
        place = np.asarray(ids).astype(np.uint64)
        if len(place) and int(place.max()) >= size:
            raise ValueError(f"{decision}: an id is not below {size}")
        width = math.isqrt(max(size - 1, 0)) + 1
        sides = np.uint64(width), np.uint64(-(-size // width))
        outside = np.arange(len(place))
        while len(outside):
            place[outside] = self._feistel(decision, place[outside], *sides)
            outside = outside[place[outside] >= size]
        return place.astype(np.int64)

    def _feistel(self, decision: str, values: Words, width: np.uint64, height: np.uint64) -> Words:
        high, low = np.divmod(values, width)
        for turn in range(0, _FEISTEL_ROUNDS, 2):
            low = (low + self.words(decision, high, draw=turn) % width) % width
            high = (high + self.words(decision, low, draw=turn + 1) % height) % height
        return high * width + low

    def _scrambled(self, decision: str, counters: Words) -> Words:
        name = "\x1f".join((str(self.seed), *self.path, decision)).encode()
        if not self.salt:
            key = hashlib.blake2b(name, digest_size=4).digest()
            return philox2x32(counters, int.from_bytes(key, "little"))
        keys = hashlib.blake2b(name, digest_size=4 * _ROUNDS, key=self.salt).digest()
        return _rounds(counters, np.frombuffer(keys, "<u4").tolist())
