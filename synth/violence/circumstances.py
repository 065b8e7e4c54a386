"""Circumstances of an act: assault or not, place, injury, weapon and drink."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import INJURY, PLACE, RELATIONSHIP, VIOLENCE, WEAPON, coded

_COURSES = tuple(VIOLENCE)
_HARASSMENT = _COURSES.index("harassment")
_EX_PARTNER = tuple(RELATIONSHIP).index("ex_partner")
_SCHOOL_AGE = (5, 16)
_DRINKS_FROM = 14
_MOST_ESCALATION_TURNS = 8  # after which a series grows no worse; assumed
_UNARMED = "none"
# Drink goes with worse injuries: factors for none, minor, wounding; assumed.
_DRUNK = np.array([0.8, 1.0, 1.3])


@dataclass(frozen=True)
class Acts:
    """Acts without circumstances; arrays have one entry per act."""

    ids: Ints
    episode: Ints  # kind of the episode it belongs to
    turn: Ints  # in its episode, 0 = first
    age_years: Floats  # of the victim
    relationship: Ints

    @property
    def worse(self) -> Ints:
        """Number of steps by which an escalating series has grown worse."""
        return np.minimum(self.turn, _MOST_ESCALATION_TURNS)


def describe(acts: Acts, chance: Stream) -> dict[str, pa.Array]:
    """Draw the columns `kind`, `place`, `injury`, `weapon` and `alcohol`.

    An act of a series need not be an assault: threats and control are of the kind harassment,
    whatever the offender's relationship. In series that escalate, assaults and injuries become
    likelier turn by turn.

    Parameters
    ----------
    acts
        The acts.
    chance
        Stream of the violence; draws are keyed by act.
    """
    assault = _assault(acts, chance)
    kind = np.where(assault, acts.episode, _HARASSMENT)
    injury = np.where(assault, _injury(acts, chance), 0)
    weapon = np.where(assault, _weapon(acts, chance), list(WEAPON).index(_UNARMED))
    drinks = _column("alcohol")[acts.episode] * (acts.age_years >= _DRINKS_FROM) * _DRUNK[injury]
    return {
        "kind": coded(kind, VIOLENCE),
        "place": coded(_place(acts, chance), PLACE),
        "injury": coded(injury, INJURY),
        "weapon": coded(weapon, WEAPON),
        "alcohol": pa.array(chance.happens("alcohol", acts.ids, drinks)),
    }


def _column(name: str) -> Floats:
    return np.asarray(load("violence_kinds")[name].to_numpy(), float)


def _columns(names: tuple[str, ...]) -> Floats:
    return np.column_stack([_column(name) for name in names])


def _assault(acts: Acts, chance: Stream) -> Mask:
    odds = _column("assault") / np.maximum(1 - _column("assault"), 1e-12)
    odds = odds[acts.episode] * _column("escalation")[acts.episode] ** acts.worse
    return chance.happens("assault", acts.ids, odds / (1 + odds))


def _injury(acts: Acts, chance: Stream) -> Ints:
    """Draw injuries; each turn of an escalating series raises the odds of worse ones."""
    weights = _columns(tuple(INJURY))[acts.episode]
    weights[:, 1:] *= (_column("escalation")[acts.episode] ** acts.worse)[:, None]
    return _choose("injury", acts.ids, weights, chance)


def _place(acts: Acts, chance: Stream) -> Ints:
    """Draw kinds of place; for pupils, licensed premises become another place."""
    names = tuple(PLACE)
    weights = _columns(names)
    # Former partners no longer share a home; assumed.
    apart = weights[acts.episode]
    home, street = names.index("own_home"), names.index("street")
    moved = np.where(acts.relationship == _EX_PARTNER, 0.4 * apart[:, home], 0.0)
    apart[:, home] -= moved
    apart[:, street] += moved / 2
    apart[:, names.index("other_home")] += moved / 2
    place = _choose("place", acts.ids, apart, chance)
    pupil = (acts.age_years >= _SCHOOL_AGE[0]) & (acts.age_years < _SCHOOL_AGE[1])
    place[pupil & (place == names.index("licensed"))] = names.index("other")
    return place


def _weapon(acts: Acts, chance: Stream) -> Ints:
    weights = _columns(("blunt", "glass", "sharp", "other_weapon"))
    unarmed = 1 - weights.sum(1, keepdims=True)
    return _choose("weapon", acts.ids, np.hstack([unarmed, weights])[acts.episode], chance)


def _choose(decision: str, ids: Ints, weights: Floats, chance: Stream) -> Ints:
    """Draw one of the columns by its weight, for each row."""
    edges = np.cumsum(weights, axis=1)
    drawn = chance.uniform(decision, ids) * edges[:, -1]
    return np.asarray((drawn[:, None] >= edges[:, :-1]).sum(1))
