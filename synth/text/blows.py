"""How somebody was hit, and where: what writers are told of an assault beyond its codes."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema.codes import SEVERITY, WEAPON

BLOWS = (
    *("punch", "kick", "slap", "headbutt", "push", "grab", "strangle", "bite", "stamp"),
    *("blunt", "glass", "sharp", "stab"),
)
SPOTS = (
    *("face", "eye", "nose", "mouth", "head", "arm", "chest", "ribs", "back", "leg", "hand"),
    "neck",
)
TIMES = ("one", "two", "several", "once")
_TIMES_SHARES = (0.3, 0.15, 0.25, 0.1, 0.2)  # of those, and of texts that do not say; assumed
# Shares of blows without a weapon, in the order of `BLOWS`, by severity; assumed.
_BLOWS = {
    "none": (0.15, 0.05, 0.2, 0.0, 0.35, 0.25, 0.04, 0.0, 0.0),
    "minor": (0.4, 0.1, 0.12, 0.04, 0.12, 0.12, 0.05, 0.03, 0.02),
    "moderate": (0.58, 0.12, 0.0, 0.12, 0.1, 0.0, 0.02, 0.03, 0.03),
    "serious": (0.45, 0.15, 0.0, 0.1, 0.12, 0.0, 0.0, 0.0, 0.18),
    "life_threatening": (0.35, 0.2, 0.0, 0.0, 0.05, 0.0, 0.0, 0.0, 0.4),
    "fatal": (0.35, 0.2, 0.0, 0.0, 0.05, 0.0, 0.0, 0.0, 0.4),
}
_STRANGLE = BLOWS.index("strangle")
_GRAVE = ("serious", "life_threatening", "fatal")
# Shares of parts of the body, in the order of `SPOTS`, by blow; assumed.
_SPOTS = {
    "punch": (0.35, 0.16, 0.1, 0.1, 0.18, 0.02, 0.02, 0.07, 0.0, 0.0, 0.0, 0.0),
    "kick": (0.03, 0.0, 0.0, 0.0, 0.15, 0.1, 0.0, 0.25, 0.15, 0.32, 0.0, 0.0),
    "slap": (0.85, 0.0, 0.0, 0.0, 0.15, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "headbutt": (0.4, 0.05, 0.4, 0.1, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "push": (0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 0.75, 0.0, 0.2, 0.0, 0.0, 0.0),
    "grab": (0.0, 0.0, 0.0, 0.0, 0.0, 0.75, 0.0, 0.0, 0.0, 0.0, 0.05, 0.2),
    "strangle": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    "bite": (0.08, 0.0, 0.02, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.05, 0.35, 0.0),
    "stamp": (0.1, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.25, 0.15, 0.0, 0.0, 0.0),
    "blunt": (0.1, 0.02, 0.0, 0.0, 0.4, 0.2, 0.0, 0.08, 0.1, 0.1, 0.0, 0.0),
    "glass": (0.45, 0.0, 0.0, 0.05, 0.4, 0.05, 0.0, 0.0, 0.0, 0.0, 0.05, 0.0),
    "sharp": (0.1, 0.0, 0.0, 0.0, 0.0, 0.35, 0.0, 0.0, 0.03, 0.07, 0.45, 0.0),
    "stab": (0.0, 0.0, 0.0, 0.0, 0.0, 0.15, 0.25, 0.1, 0.2, 0.3, 0.0, 0.0),
}


def blows(severity: Ints, weapon: Ints, intimate: Mask, ids: Ints, chance: Stream) -> Ints:
    """Draw how each victim was hit.

    Parameters
    ----------
    severity, weapon
        Indices into `SEVERITY` and `WEAPON`, shape (n,).
    intimate
        Whether it was a partner or former partner, who alone strangles here, shape (n,).
    ids
        Keys of the draws, shape (n,).
    chance
        A stream that all agencies share, so that they are told of the same blow.

    Returns
    -------
    Index into `BLOWS`, shape (n,).
    """
    table = np.zeros((2, len(SEVERITY), len(BLOWS)))
    for place, name in enumerate(SEVERITY):
        table[:, place, : len(_BLOWS[name])] = _BLOWS[name]
    table[0, :, _STRANGLE] = 0
    row = np.asarray(intimate, np.int64) * len(SEVERITY) + severity
    bare = chance.pick_by_group("blow", ids, table.reshape(-1, len(BLOWS)), row)
    grave = np.isin(severity, [list(SEVERITY).index(name) for name in _GRAVE])
    edged = np.where(grave, BLOWS.index("stab"), BLOWS.index("sharp"))
    names = list(WEAPON)
    marks = [weapon == names.index(name) for name in ("sharp", "glass", "blunt", "other")]
    blunt = BLOWS.index("blunt")
    return np.select(marks, [edged, BLOWS.index("glass"), blunt, blunt], bare)


def spots(blow: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw the part of the body that each blow met, as index into `SPOTS`."""
    return chance.pick_by_group("spot", ids, [_SPOTS[name] for name in BLOWS], blow)


def times_hit(ids: Ints, chance: Stream) -> Ints:
    """Draw how often, as index into `TIMES`; -1 where that is not said."""
    drawn = chance.pick("times hit", ids, _TIMES_SHARES)
    return np.where(drawn == len(TIMES), -1, drawn)
