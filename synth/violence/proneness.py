"""Proneness: a lasting risk of trouble that a person and their household carry.

The same proneness raises the risk of suffering violence of every kind, of offending, of police
calls, of children's care and of illness, in every year. So trouble returns to the same people, and
few of them have much of it.
"""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

_HOUSEHOLD_SHARE = 0.3  # of the variance that a household has in common; assumed


def proneness(person_id: Ints, household_id: Ints, chance: Stream) -> Floats:
    """Give people's proneness to trouble.

    Parameters
    ----------
    person_id, household_id
        Ids of people, and of their households when the study begins, shape (n,).
    chance
        The world's stream.

    Returns
    -------
    Standard normal over all people, shape (n,).
    """
    own = chance.stage("violence").normal("frailty", person_id)
    return np.asarray(
        np.sqrt(1 - _HOUSEHOLD_SHARE) * own
        + np.sqrt(_HOUSEHOLD_SHARE) * household_proneness(household_id, chance)
    )


def household_proneness(household_id: Ints, chance: Stream) -> Floats:
    """Give the part of proneness that a household has in common.

    Parameters
    ----------
    household_id
        Ids of households when the study begins, shape (n,).
    chance
        The world's stream.

    Returns
    -------
    Standard normal over all households, shape (n,).
    """
    return chance.stage("violence").normal("household_frailty", household_id)
