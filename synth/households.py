"""What kinds of household a neighbourhood has: how many adults and children live together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.chance import Stream
from synth.geography import Geography
from synth.reference import load

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LARGEST_MEAN = 3.1  # people a household; neighbourhoods above it have communal homes; assumed
_NEWTON_STEPS = 30


@dataclass(frozen=True)
class Kinds:
    """One entry per household, in order of neighbourhood and number."""

    lsoa: Ints
    number: Ints
    adults: Ints
    children: Ints
    communal: NDArray[np.bool_]

    @property
    def size(self) -> Ints:
        """People in each household."""
        return self.adults + self.children


def household_kinds(geography: Geography, lsoas: Ints, chance: Stream) -> Kinds:
    """Give each household of some neighbourhoods its adults and children.

    Wales's published household types are tilted, per neighbourhood, towards its own mean size and
    its authority's share of children, and dealt out by quota in a secret order; the last few
    residents are made up by one person more or less in some households. Residents who cannot live
    in households of usual size share one communal home, the neighbourhood's last household.
    """
    households, residents = geography.households[lsoas], geography.residents[lsoas]
    communal = np.maximum(0, residents - np.floor(households * LARGEST_MEAN).astype(np.int64))
    private = residents - communal
    adults, children, shares = _types()
    tilted = _tilt(adults, children, shares, private / households, _child_share(geography, lsoas))
    lsoa = np.repeat(lsoas, households)
    row = np.repeat(np.arange(len(lsoas)), households)
    number = np.arange(len(row)) - np.repeat(np.cumsum(households) - households, households)
    rank = _secret_rank(row, lsoa << 14 | number, chance)
    kind = _deal(np.cumsum(tilted, axis=1), row, (rank + 0.5) / households[row])
    own_adults, own_children = adults[kind].copy(), children[kind].copy()
    _make_up(row, rank, own_adults, own_children, private)
    return _with_communal(
        Kinds(lsoa, number, own_adults, own_children, np.zeros(len(row), bool)),
        lsoas[communal > 0],
        households[communal > 0],
        communal[communal > 0],
    )


# How the published "or more" types divide: (adults, children) and share of the type; assumed.
_OPEN_ENDED = {
    (2, 2): (((2, 2), 0.8), ((3, 1), 0.2)),
    (5, 0): (((5, 0), 0.65), ((6, 0), 0.35)),
    (2, 3): (((2, 3), 0.53), ((3, 2), 0.17), ((2, 4), 0.15), ((4, 1), 0.07), ((3, 3), 0.08)),
    (1, 4): (((1, 4), 0.8), ((1, 5), 0.2)),
}


def _types() -> tuple[Ints, Ints, Floats]:
    """Give adults, children and share of each type, with the open-ended ones divided."""
    table = load("household_types")
    rows = zip(*(table[name].to_pylist() for name in ("adults", "children", "share")), strict=True)
    types = [
        (inner, share * part)
        for adults, children, share in rows
        for inner, part in _OPEN_ENDED.get((adults, children), (((adults, children), 1.0),))
    ]
    homes = np.array([inner for inner, _ in types])
    shares = np.array([share for _, share in types])
    return homes[:, 0], homes[:, 1], shares / shares.sum()


def _child_share(geography: Geography, lsoas: Ints) -> Floats:
    """Share of residents who are dependent children, by authority: all under 16, most to 18."""
    ages = load("ages")
    codes = geography.authorities["la_code"].to_pylist()
    authority = np.array(
        [codes.index(code) if code in codes else -1 for code in ages["la_code"].to_pylist()]
    )
    start, persons = ages["age_from"].to_numpy(), ages["persons"].to_numpy().astype(float)
    # Of those aged 15-19, the ones aged 15 and seven in ten of those aged 16-18; assumed.
    weight = np.select([start < 15, start == 15], [1.0, 0.2 + 0.6 * 0.7], 0.0)
    young = np.bincount(authority, persons * weight, len(codes))
    everyone = np.bincount(authority, persons, len(codes))
    return np.asarray((young / everyone)[geography.authority[lsoas]])


def _tilt(
    adults: Ints, children: Ints, shares: Floats, mean_size: Floats, child_share: Floats
) -> Floats:
    """Find, for each neighbourhood, the nearest shares with given mean size and children.

    Exponential tilting by two multipliers, solved by Newton's method on the dual; it is concave,
    so the damped steps converge wherever the targets can be met.

    Returns
    -------
    Shape (neighbourhoods, types); rows add up to 1.
    """
    features = np.column_stack([adults + children, children]).astype(float)
    target = np.column_stack([mean_size, mean_size * child_share])
    multipliers = np.zeros_like(target)
    for _ in range(_NEWTON_STEPS):
        weights = _weights(shares, features, multipliers)
        mean = weights @ features
        spread = np.einsum("nt,ti,tj->nij", weights, features, features)
        spread -= mean[:, :, None] * mean[:, None, :]
        spread += 1e-6 * np.eye(2)
        step = np.linalg.solve(spread, (target - mean)[..., None])[..., 0]
        multipliers += np.clip(step, -1, 1)
    return _weights(shares, features, multipliers)


def _weights(shares: Floats, features: Floats, multipliers: Floats) -> Floats:
    exponent = multipliers @ features.T
    weights = shares * np.exp(exponent - exponent.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def _secret_rank(row: Ints, ids: Ints, chance: Stream) -> Ints:
    order = np.lexsort((chance.uniform("household_kind", ids), row))
    rank = np.empty(len(row), np.int64)
    rank[order] = np.arange(len(row)) - np.searchsorted(row, row)
    return rank


def _deal(edges: Floats, row: Ints, position: Floats) -> Ints:
    """Find the type whose share of its neighbourhood covers each household's position."""
    flat = (edges + np.arange(len(edges))[:, None]).ravel()
    place = np.searchsorted(flat, row + position, side="right")
    return np.minimum(place - row * edges.shape[1], edges.shape[1] - 1)


def _make_up(row: Ints, rank: Ints, adults: Ints, children: Ints, private: Ints) -> None:
    """Add or take one person in as many households as a neighbourhood lacks or exceeds."""
    size = adults + children
    missing = private - np.bincount(row, size, len(private)).astype(np.int64)
    for sign, fits in ((1, size >= 2), (-1, size >= 3)):
        wanted = np.maximum(sign * missing, 0)[row]
        order = np.lexsort((rank, ~fits, row))
        turn = np.empty(len(row), np.int64)
        turn[order] = np.arange(len(row)) - np.searchsorted(row, row)
        chosen = turn < wanted
        takes_child = chosen & (children > 0) & ((sign > 0) | (adults < 2))
        children[takes_child] += sign
        adults[chosen & ~takes_child] += sign


def _with_communal(kinds: Kinds, lsoas: Ints, numbers: Ints, residents: Ints) -> Kinds:
    """Put a communal home behind the households of its neighbourhood."""
    where = np.searchsorted(kinds.lsoa, lsoas, side="right")
    return Kinds(
        np.insert(kinds.lsoa, where, lsoas),
        np.insert(kinds.number, where, numbers),
        np.insert(kinds.adults, where, residents),
        np.insert(kinds.children, where, 0),
        np.insert(kinds.communal, where, True),
    )
