"""Scenes: the kind of place where an act happens."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.population import Census
from darkfigure.synth.reference import load
from darkfigure.synth.schema import PLACE, RELATIONSHIP
from darkfigure.synth.violence.company import Acts

_PLACES = tuple(PLACE)
_EX_PARTNER = tuple(RELATIONSHIP).index("ex_partner")
_SCHOOL_AGE = (5, 16)
# Share of abuse at home by former partners that moves elsewhere, since they live apart; assumed.
_APART_RATE = 0.4


def kinds_of_place(acts: Acts, census: Census, chance: Stream) -> Ints:
    """Draw the kind of place of each act, as the first victim would say it.

    Parameters
    ----------
    acts
        The acts.
    census
        Census of the scenario.
    chance
        Stream of the violence; draws are keyed by act.

    Returns
    -------
    Index into schema.PLACE, shape (n,).
    """
    table = load("violence_kinds")
    weights = np.column_stack([np.asarray(table[name].to_numpy(), float) for name in _PLACES])
    edges = np.cumsum(_with_former_partners(weights[acts.kind], acts.relationship), axis=1)
    drawn = chance.uniform("place", acts.ids) * edges[:, -1]
    place = (drawn[:, None] >= edges[:, :-1]).sum(1)
    age = census.age_years[acts.victim]
    pupil = (age >= _SCHOOL_AGE[0]) & (age < _SCHOOL_AGE[1])
    place[pupil & (place == _PLACES.index("licensed"))] = _PLACES.index("other")
    return np.asarray(place)


def seen_by(place: Ints, person: Ints, victim: Ints, census: Census) -> Ints:
    """Give the kind of place as another person harmed there would say it.

    Parameters
    ----------
    place
        Kind of place to the first victim, shape (n,).
    person, victim
        Census indices of the person harmed, and of the first victim, shape (n,).
    census
        Census of the scenario.
    """
    home, other = _PLACES.index("own_home"), _PLACES.index("other_home")
    visits = (place == home) & (census.household[person] != census.household[victim])
    return np.where(visits, other, place)


def _with_former_partners(weights: Floats, relationship: Ints) -> Floats:
    """Move some abuse by former partners out of the home."""
    home, street = _PLACES.index("own_home"), _PLACES.index("street")
    moved = np.where(relationship == _EX_PARTNER, _APART_RATE * weights[:, home], 0.0)
    weights[:, home] -= moved
    weights[:, street] += moved / 2
    weights[:, _PLACES.index("other_home")] += moved / 2
    return weights
