"""Circumstances of an act: assault or not, weapon, drink, and the injury that follows.

Causes come before effects: the hour decides drink, the kind of violence, the place and the victim
decide the weapon, and all of these the injury (`severity`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import (
    INJURY,
    PLACE,
    RELATIONSHIP,
    SEVERITY,
    VIOLENCE,
    WEAPON,
    coded,
)
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.violence.severity import Harmed, Severity, injuries, severities

_KINDS = tuple(VIOLENCE)
_HARASSMENT = _KINDS.index("harassment")
_PARTNER, _EX_PARTNER, _FAMILY, _PARENT = (
    tuple(RELATIONSHIP).index(name) for name in ("partner", "ex_partner", "family", "parent")
)
_PLACES = tuple(PLACE)
_DRINKS_FROM = 14
_MOST_ESCALATION_TURNS = 8  # after which a series grows no worse; assumed
_UNARMED, _BLUNT, _GLASS, _SHARP, _OTHER = range(len(WEAPON))
# Factors on the rate of drink of a kind by six hours of the day, from midnight; assumed, after the
# shares of victims of the Crime Survey who believe so by hour.
_DRINK_BY_HOUR = (1.3, 0.35, 0.6, 1.15)
# Factors on knives by the victim's age, and on glass inside and outside licensed premises; assumed.
_KNIFE_AGES, _KNIVES = (0, 12, 16, 30, 60), (0.15, 0.6, 1.4, 1.0, 0.6)
_GLASS_INSIDE, _GLASS_OUTSIDE = 2.5, 0.7
_MOST_DRUNK = 0.97  # share of any kind of violence with drink; assumed


@dataclass(frozen=True)
class Harms:
    """Harms without circumstances; arrays have one entry per person and act."""

    ids: Ints  # of the incident
    event: Ints  # id of the event, which several people of one act share
    kind: Ints  # of the episode it belongs to
    turn: Ints  # in its episode, 0 = first
    assault: Mask
    hit_back: Mask  # the person harmed is the offender, hit by the victim
    age_years: Floats  # of the person harmed, as the next two
    man: Mask
    quintile: Ints
    relationship: Ints
    attackers: Ints
    occurred_s: Ints
    place: Ints  # index into schema.PLACE


def assaults(ids: Ints, kind: Ints, turn: Ints, chance: Stream) -> Mask:
    """Tell which acts are assaults; the others are threats, stalking or control.

    In series that escalate, assaults become likelier turn by turn.

    Parameters
    ----------
    ids
        Ids of the acts, shape (n,).
    kind
        Kind of the episode, shape (n,).
    turn
        Place in the episode from 0, shape (n,).
    chance
        Stream of the violence; draws are keyed by act.
    """
    odds = _column("assault") / np.maximum(1 - _column("assault"), 1e-12)
    odds = odds[kind] * _worse(kind, turn)
    return chance.happens("assault", ids, odds / (1 + odds))


def assault_rates() -> Floats:
    """Give the share of acts of each kind that are assaults, at the first turn, shape (kinds,)."""
    return _column("assault")


def describe(harms: Harms, spec: Severity, chance: Stream) -> dict[str, pa.Array]:
    """Draw the columns `kind`, `place`, `injury`, `severity`, `weapon` and `alcohol`.

    An act of a series need not be an assault: threats and control are of the kind harassment,
    whatever the offender's relationship.

    Parameters
    ----------
    acts
        The harms.
    spec
        Odds ratios of grave wounds.
    chance
        Stream of the violence; draws are keyed by event and incident.
    """
    drunk = _drunk(harms, chance)
    weapon = np.where(harms.assault, _weapon(harms, chance), _UNARMED)
    harmed = _harmed(harms, weapon, drunk)
    injury = np.where(harms.assault, injuries(harmed, weapon_shares(), chance, spec), 0)
    severity = severities(harmed, injury, spec, chance)
    return {
        "kind": coded(np.where(harms.assault, harms.kind, _HARASSMENT), VIOLENCE),
        "place": coded(harms.place, PLACE),
        "injury": coded(injury, INJURY),
        "severity": coded(severity, SEVERITY),
        "weapon": coded(weapon, WEAPON),
        "alcohol": pa.array(drunk),
    }


def weapon_shares() -> Floats:
    """Give the share of each weapon in each kind of violence, shape (kinds, weapons)."""
    armed = _columns(("blunt", "glass", "sharp", "other_weapon"))
    return np.hstack([1 - armed.sum(1, keepdims=True), armed])


def _column(name: str) -> Floats:
    return np.asarray(load("violence_kinds")[name].to_numpy(), float)


def _columns(names: tuple[str, ...]) -> Floats:
    return np.column_stack([_column(name) for name in names])


def _worse(kind: Ints, turn: Ints) -> Floats:
    """Give the factor on the odds of worse acts as an escalating series goes on."""
    steps = np.minimum(turn, _MOST_ESCALATION_TURNS)
    return np.asarray(_column("escalation")[kind] ** steps)


def _harmed(harms: Harms, weapon: Ints, drunk: Mask) -> Harmed:
    mix = _columns(tuple(INJURY))[harms.kind]
    mix[:, 1:] *= _worse(harms.kind, harms.turn)[:, None]
    return Harmed(
        ids=harms.ids,
        mix=mix,
        drinks=_column("alcohol")[harms.kind],
        hit_back=harms.hit_back,
        kind=harms.kind,
        weapon=weapon,
        drunk=drunk,
        age_years=harms.age_years,
        man=harms.man,
        by_partner=np.isin(harms.relationship, (_PARTNER, _EX_PARTNER)),
        by_kin=np.isin(harms.relationship, (_FAMILY, _PARENT)),
        attackers=harms.attackers,
        quintile=harms.quintile,
    )


def _drunk(harms: Harms, chance: Stream) -> Mask:
    """Draw whether victim or offender had been drinking, likeliest late."""
    quarter = harms.occurred_s % DAY_S // (DAY_S // len(_DRINK_BY_HOUR))
    rate = _column("alcohol")[harms.kind] * np.asarray(_DRINK_BY_HOUR)[quarter]
    rate *= harms.age_years >= _DRINKS_FROM
    return chance.happens("alcohol", harms.event, np.minimum(rate, _MOST_DRUNK))


def _weapon(harms: Harms, chance: Stream) -> Ints:
    """Draw the weapon; whoever hits back has none."""
    weights = weapon_shares()[harms.kind]
    knives = np.searchsorted(_KNIFE_AGES, harms.age_years, side="right") - 1
    weights[:, _SHARP] *= np.asarray(_KNIVES)[knives]
    inside = harms.place == _PLACES.index("licensed")
    weights[:, _GLASS] *= np.where(inside, _GLASS_INSIDE, _GLASS_OUTSIDE)
    weapon = chance.pick_by_row("weapon", harms.event, weights)
    return np.where(harms.hit_back, _UNARMED, weapon)
