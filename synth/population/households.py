"""Kinds of household in each neighbourhood: numbers of adults and children who live together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population.age_targets import ADULT, age_weights
from darkfigure.synth.population.institutions import PRIVATE, Communal, communal_residents
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import Geography, wales

_NEWTON_STEPS = 12
_MARGIN_STEPS = 40
_CHILD_SHARE = (0.02, 0.40)  # of a neighbourhood's residents in households; assumed bounds
LARGEST_OPEN = 4  # people from which a published type is open-ended, children included


@dataclass(frozen=True)
class HomeKinds:
    """Homes, with one entry per home in order of neighbourhood and number.

    A resident of a communal home counts as a household of one; the residents of a home share its
    dwelling.
    """

    lsoa: Ints
    number: Ints
    adults: Ints
    children: Ints
    home: Ints  # index into schema.HOME
    dwelling: Ints  # number within the LSOA

    @property
    def size(self) -> Ints:
        """Number of people in each household."""
        return self.adults + self.children


def household_kinds(geography: Geography, lsoas: Ints, chance: Stream) -> HomeKinds:
    """Give each household of some neighbourhoods its adults and children.

    The published household types of Wales are tilted, per neighbourhood, towards its own mean size
    and share of children, such that they stay true of Wales as a whole, and dealt out by quota in a
    secret order. Open-ended types make up for the rounding, so that residents per neighbourhood and
    children per authority are exact. Residents of communal homes follow.

    Parameters
    ----------
    geography
        Geography of Wales.
    lsoas
        Numbers of the neighbourhoods, ascending.
    chance
        Stream of the population; draws are keyed by household.
    """
    communal = communal_residents(chance.stage("institutions"))
    margins = _margins(communal)
    households = geography.households[lsoas]
    lsoa = np.repeat(lsoas, households)
    row = np.repeat(np.arange(len(lsoas)), households)
    number = np.arange(len(row)) - np.repeat(np.cumsum(households) - households, households)
    rank = _secret_rank(row, lsoa << 14 | number, chance)
    kind = _deal(margins.edges[lsoas], row, (rank + 0.5) / households[row])
    adults, children = margins.adults[kind].copy(), margins.children[kind].copy()
    _make_up(row, rank, adults, children, margins.private[lsoas])
    _balance(geography.authority[lsoa], rank, adults, children, margins.minors)
    none = np.zeros(len(row), np.int64)
    private = HomeKinds(lsoa, number, adults, children, none + PRIVATE, number)
    return _with_communal(private, communal, geography, lsoas)


# Division of the published "or more" types: (adults, children) and share of the type; assumed,
# so that people and children add up to those of Wales.
_OPEN_ENDED = {
    (2, 2): (((2, 2), 0.81), ((3, 1), 0.19)),
    (5, 0): (((5, 0), 0.55), ((6, 0), 0.3), ((7, 0), 0.15)),
    (2, 3): (
        *(((2, 3), 0.33), ((3, 2), 0.15), ((4, 1), 0.08)),
        *(((2, 4), 0.1), ((3, 3), 0.09), ((4, 2), 0.11)),
        *(((2, 5), 0.05), ((3, 4), 0.04), ((4, 3), 0.05)),
    ),
    (1, 4): (((1, 4), 0.8), ((1, 5), 0.2)),
}


@cache
def _types() -> tuple[Ints, Ints, Floats, Ints]:
    """Give adults, children, share and published type of each kind of household."""
    table = load("household_types")
    rows = zip(*(table[name].to_pylist() for name in ("adults", "children", "share")), strict=True)
    kinds = [
        (inner, share * part, published)
        for published, (adults, children, share) in enumerate(rows)
        for inner, part in _OPEN_ENDED.get((adults, children), (((adults, children), 1.0),))
    ]
    homes = np.array([inner for inner, _, _ in kinds])
    shares = np.array([share for _, share, _ in kinds])
    published = np.array([number for _, _, number in kinds])
    return homes[:, 0], homes[:, 1], shares / shares.sum(), published


@dataclass(frozen=True)
class _Margins:
    """Totals that the households of every neighbourhood of Wales must reach."""

    adults: Ints  # of each kind
    children: Ints
    edges: Floats  # (LSOAs, kinds): cumulative shares
    private: Ints  # residents of households, per LSOA
    minors: Ints  # children, per authority


@cache
def _margins(communal: Communal) -> _Margins:
    geography = wales()
    private = geography.residents - communal.total
    under_age = age_weights()[:, :ADULT].sum(axis=1)
    residents = np.bincount(geography.authority, geography.residents)
    minors = np.floor(under_age * residents + 0.5).astype(np.int64)
    children = _children(geography, private, minors)
    adults, minor, shares, published = _types()
    target = np.column_stack([private, children]) / geography.households[:, None]
    tilted = _tilt_to_margins(np.column_stack([adults + minor, minor]), shares, published, target)
    return _Margins(adults, minor, np.cumsum(tilted, axis=1), private, minors)


def _children(geography: Geography, private: Ints, minors: Ints) -> Floats:
    """Share out each authority's children over its neighbourhoods by their own ages."""
    bands = ("0_4", "5_10", "11_15", "16_17")
    young = sum(geography.age_share(band) for band in bands) * geography.residents
    low, high = (private * share for share in _CHILD_SHARE)
    for _ in range(8):
        total = np.bincount(geography.authority, young)
        young = np.clip(young * (minors / total)[geography.authority], low, high)
    return np.asarray(young)


def _tilt_to_margins(features: Ints, shares: Floats, published: Ints, target: Floats) -> Floats:
    """Tilt shares to each neighbourhood's means while Wales keeps the published types.

    Alternates between the two demands, as iterative proportional fitting does.
    """
    households = wales().households
    type_shares = np.bincount(published, shares)
    base, multipliers = shares.copy(), np.zeros(target.shape)
    for _ in range(_MARGIN_STEPS):
        tilted, multipliers = _tilt(features.astype(float), base, target, multipliers)
        reached = np.bincount(published, households @ tilted / households.sum())
        base = base * (type_shares / reached)[published]
    return tilted


def _tilt(
    features: Floats, base: Floats, target: Floats, multipliers: Floats
) -> tuple[Floats, Floats]:
    """Find, for each neighbourhood, the nearest shares whose means of the features are the targets.

    Exponential tilting, solved by Newton's method on the dual; it is concave, so the damped steps
    converge wherever the targets can be met.

    Returns
    -------
    Shares of shape (neighbourhoods, kinds), whose rows add up to 1, and the multipliers.
    """
    squares = features[:, :, None] * features[:, None, :]
    for _ in range(_NEWTON_STEPS):
        weights = _weights(base, features, multipliers)
        mean = weights @ features
        if np.abs(target - mean).max() < 1e-9:
            break
        spread = np.tensordot(weights, squares, 1) - mean[:, :, None] * mean[:, None, :]
        spread += 1e-6 * np.eye(features.shape[1])
        step = np.linalg.solve(spread, (target - mean)[..., None])[..., 0]
        multipliers = multipliers + np.clip(step, -1, 1)
    return _weights(base, features, multipliers), multipliers


def _weights(shares: Floats, features: Floats, multipliers: Floats) -> Floats:
    exponent = multipliers @ features.T
    weights = shares * np.exp(exponent - exponent.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def _secret_rank(row: Ints, ids: Ints, chance: Stream) -> Ints:
    order = order_of(row, chance.uniform("household_kind", ids))
    rank = np.empty(len(row), np.int64)
    rank[order] = place_in_runs(row)
    return rank


def _deal(edges: Floats, row: Ints, position: Floats) -> Ints:
    """Find the type whose share of its neighbourhood covers each household's position."""
    flat = (edges + np.arange(len(edges))[:, None]).ravel()
    place = np.searchsorted(flat, row + position, side="right")
    return np.minimum(place - row * edges.shape[1], edges.shape[1] - 1)


def _make_up(row: Ints, rank: Ints, adults: Ints, children: Ints, private: Ints) -> None:
    """Add or take one person in as many households as a neighbourhood lacks or exceeds.

    The largest households come first: their published types say "or more".
    """
    size = adults + children
    missing = private - np.bincount(row, size, len(private)).astype(np.int64)
    for sign, least in ((1, LARGEST_OPEN + 1), (-1, LARGEST_OPEN + 2)):
        able = np.flatnonzero((size > 1) & (sign * missing > 0)[row])
        order = able[order_of(row[able], size[able] < least, -size[able], rank[able])]
        turn = np.arange(len(order)) - np.searchsorted(row[order], row[order])
        chosen = order[turn < np.abs(missing)[row[order]]]
        takes_child = (children[chosen] > 0) & ((sign > 0) | (children[chosen] > 1))
        children[chosen[takes_child]] += sign
        adults[chosen[~takes_child]] += sign


def _balance(authority: Ints, rank: Ints, adults: Ints, children: Ints, minors: Ints) -> None:
    """Take adults for children, or the reverse, in open-ended types until both are exact."""
    missing = minors - np.bincount(authority, children, len(minors)).astype(np.int64)
    large = (adults + children >= LARGEST_OPEN) & (children > 0)
    for sign, fits in ((1, large & (adults > 2)), (-1, large & (adults > 1) & (children > 1))):
        able = np.flatnonzero(fits)
        able = able[order_of(authority[able], rank[able])]
        turn = np.arange(len(able)) - np.searchsorted(authority[able], authority[able])
        chosen = able[turn < np.maximum(sign * missing, 0)[authority[able]]]
        children[chosen] += sign
        adults[chosen] -= sign


def _with_communal(
    kinds: HomeKinds, communal: Communal, geography: Geography, lsoas: Ints
) -> HomeKinds:
    """Put the residents of communal homes behind the households of their neighbourhood."""
    residents = communal.residents[lsoas]
    lsoa = np.repeat(lsoas, residents.sum(axis=1))
    home = np.repeat(np.tile(np.arange(residents.shape[1]), len(lsoas)), residents.ravel())
    turn = place_in_runs(lsoa)
    where = np.searchsorted(kinds.lsoa, lsoa, side="right")
    first = geography.households[lsoa]
    return HomeKinds(
        np.insert(kinds.lsoa, where, lsoa),
        np.insert(kinds.number, where, first + turn),
        np.insert(kinds.adults, where, 1),
        np.insert(kinds.children, where, 0),
        np.insert(kinds.home, where, home),
        np.insert(kinds.dwelling, where, first + home - 1),
    )
