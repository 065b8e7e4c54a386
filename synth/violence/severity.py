"""Severity of injuries: it follows from the weapon, the victim, drink and the number of attackers.

Each kind of violence keeps its mix of injuries. Iterative proportional fitting spreads the mix over
the weapons, so that a knife wounds more gravely than a fist.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.reference import load
from darkfigure.synth.schema import INJURY, SEVERITY, WEAPON
from darkfigure.synth.violence.company import offenders_an_act

MINOR, MODERATE, SERIOUS, LIFE_THREATENING, FATAL = range(1, len(SEVERITY))
_WOUNDING = list(INJURY).index("wounding")
_ROUNDS = 40  # of the fitting, after which shares change by less than one in a million

# Factors on the odds of a grave wound by the victim's age; assumed (a baby and a frail old person
# are hurt worst, a child among children least).
_AGES = (0, 1, 10, 16, 25, 35, 50, 65, 75)
_BY_AGE = (2.6, 0.75, 0.35, 1.1, 1.03, 1.12, 1.25, 1.45, 1.9)
_MOST_COUNTED = 3  # attackers besides the first that make a wound graver; assumed


class Severity(Spec):
    """Odds ratios of a grave wound, against a moderate one; all assumed.

    Deprivation and sex are set so that admissions differ as in Long et al. 2016 (Wales 2007-14):
    3.6 times as often in the most as in the least deprived fifth, 4.55 times in men as in women.
    """

    level: Amount = 0.155
    """Against the shares of the table of weapons: 11 % of attendances are then admitted."""
    drunk: Amount = 2.0
    """Where victim or offender had been drinking; also the odds of any injury."""
    man: Amount = 5.0
    """For men, outside the family."""
    at_home: Amount = 0.9
    """By partners and kin."""
    attackers: Amount = 1.35
    """For each attacker besides the first, up to three."""
    injured_by_attackers: Amount = 1.5
    """The same of any injury; so that of assault patients one in four was attacked by three or
    more, and nearly two thirds by one (Cardiff, 1999 to 2005).
    """
    deprivation: tuple[Amount, Amount, Amount, Amount, Amount] = (1.6, 1.15, 0.95, 0.75, 0.62)
    """By fifth of deprivation of the victim's home, the most deprived first."""
    fatal: Amount = 0.77
    """Of a wound that kills; 11.7 people per million and year are killed (ONS, year to March 2022),
    of whom 72 % are men.
    """
    fatal_by_partner: Amount = 2.0
    """The same by partners, who kill 38 to 49 % of women killed (ONS, years to 2015 and 2019)."""
    fatal_by_kin: Amount = 2.0
    """The same by other kin."""


@dataclass(frozen=True)
class Harmed:
    """Harmed people and what was done to them; arrays have one entry per person and act."""

    ids: Ints
    mix: Floats  # weights of no injury, minor injury and wounding, shape (n, 3)
    drinks: Floats  # share of such acts with drink
    hit_back: Mask  # by the first victim, alone
    kind: Ints  # whose weapons are known, index into schema.VIOLENCE
    weapon: Ints
    drunk: Mask
    age_years: Floats
    man: Mask
    by_partner: Mask
    by_kin: Mask
    attackers: Ints
    quintile: Ints  # of the victim's home, 1 = most deprived


def injuries(harmed: Harmed, weapons: Floats, chance: Stream, spec: Severity) -> Ints:
    """Draw whether each person is injured.

    Parameters
    ----------
    harmed
        People harmed.
    weapons
        Share of each weapon in each kind of violence, shape (kinds, weapons).
    chance
        Stream of the violence; draws are keyed by incident.
    spec
        Odds ratios.

    Returns
    -------
    Index into schema.INJURY, shape (n,).
    """
    factor = _spread(weapons)[harmed.kind, harmed.weapon]
    weights = harmed.mix * factor
    # Drink adds injuries to some acts and takes them from the others of a kind; so do numbers.
    mean = harmed.drinks * spec.drunk + 1 - harmed.drinks
    weights[:, 1:] *= (np.where(harmed.drunk, spec.drunk, 1.0) / mean)[:, None]
    number = np.minimum(harmed.attackers - 1, _MOST_COUNTED)
    outnumbered = _by_attackers(spec.injured_by_attackers)[harmed.kind, number]
    weights[:, 1:] *= np.where(harmed.hit_back, 1.0, outnumbered)[:, None]
    return chance.pick_by_row("injury", harmed.ids, weights)


def severities(harmed: Harmed, injury: Ints, spec: Severity, chance: Stream) -> Ints:
    """Draw how grave each injury is.

    Parameters
    ----------
    harmed
        People harmed.
    injury
        Index into schema.INJURY, shape (n,).
    spec
        Odds ratios.
    chance
        Stream of the violence; draws are keyed by incident.

    Returns
    -------
    Index into schema.SEVERITY, shape (n,).
    """
    severity = np.where(injury == _WOUNDING, MODERATE, injury)
    wounded = np.flatnonzero(injury == _WOUNDING)
    weights = _columns(list(SEVERITY)[MODERATE:])[harmed.weapon[wounded]]
    weights[:, 1:] *= _odds(harmed, spec)[wounded, None]
    weights[:, -1] *= _lethality(harmed, spec)[wounded]
    severity[wounded] += chance.pick_by_row("severity", harmed.ids[wounded], weights)
    return severity


@cache
def _by_attackers(ratio: float) -> Floats:
    """Give factors on the odds of an injury by kind and attackers that leave each kind's share.

    Returns
    -------
    Shape (kinds, 4), for 1, 2, 3, and 4 or more attackers.
    """
    shares, safe = offenders_an_act(), load("violence_kinds")["none"].to_numpy().astype(float)
    odds = ((1 - safe) / np.maximum(safe, 1e-12))[:, None]
    factors = np.tile(ratio ** np.arange(shares.shape[1]), (len(shares), 1))
    for _ in range(_ROUNDS):
        injured = (shares * odds * factors / (1 + odds * factors)).sum(1)
        factors *= ((1 - safe + 1e-12) / (injured + 1e-12))[:, None]
    return factors


def _odds(harmed: Harmed, spec: Severity) -> Floats:
    """Multiply the odds ratios of everything that makes a wound graver."""
    by_age = np.asarray(_BY_AGE)[np.searchsorted(_AGES, harmed.age_years, side="right") - 1]
    odds = spec.level * by_age * np.asarray(spec.deprivation)[harmed.quintile - 1]
    odds *= np.where(harmed.drunk, spec.drunk, 1.0)
    at_home = harmed.by_partner | harmed.by_kin
    odds *= np.where(at_home, spec.at_home, np.where(harmed.man, spec.man, 1.0))
    return np.asarray(odds * spec.attackers ** np.minimum(harmed.attackers - 1, _MOST_COUNTED))


def _lethality(harmed: Harmed, spec: Severity) -> Floats:
    """Give the factor on the odds of a wound that kills."""
    by_tie = np.where(harmed.by_partner, spec.fatal_by_partner, 1.0)
    return np.asarray(spec.fatal * np.where(harmed.by_kin, spec.fatal_by_kin, by_tie))


def _columns(names: list[str]) -> Floats:
    table = load("violence_weapons")
    row = [table["weapon"].to_pylist().index(name) for name in WEAPON]
    return np.column_stack([np.asarray(table[name].to_numpy(), float)[row] for name in names])


def _spread(weapons: Floats) -> Floats:
    return _fitted(tuple(map(tuple, weapons.tolist())))


@cache
def _fitted(weapons: tuple[tuple[float, ...], ...]) -> Floats:
    """Give factors on the mix of injuries by kind and weapon that leave each kind's mix.

    Returns
    -------
    Shape (kinds, weapons, injuries); averaged over a kind's weapons, mix times factor is the mix.
    """
    table, given = load("violence_kinds"), _columns(list(INJURY))
    mixes = np.column_stack([np.asarray(table[name].to_numpy(), float) for name in INJURY])
    factors = np.ones((len(mixes), *given.shape))
    for kind, (mix, shares) in enumerate(zip(mixes, np.asarray(weapons), strict=True)):
        joint = given * shares[:, None]
        for _ in range(_ROUNDS):
            joint *= mix / np.maximum(joint.sum(0), 1e-12)
            joint *= (shares / np.maximum(joint.sum(1), 1e-12))[:, None]
        factors[kind] = joint / np.maximum(shares[:, None] * mix, 1e-12)
    return factors
