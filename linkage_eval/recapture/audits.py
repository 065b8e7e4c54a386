"""Audits of links: somebody follows up some units of the first list, and finds the truth."""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.recapture.linkage_errors import Audited, LinkageErrors
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.core.chance import Stream

_Flags = Mask


def audit_links(
    first: _Flags, second: _Flags, found: _Flags, *, n: int, chance: Stream
) -> LinkageErrors | None:
    """Follow up the links of some units of the first list.

    Parameters
    ----------
    first, second
        True where the unit truly is on the list, shape (units,).
    found
        True where links find the unit on the second list, rightly or not, shape (units,).
    n
        Units of the first list that are audited.
    chance
        Draws of the audited units.

    Returns
    -------
    Rates alpha and beta of the audited units; None where all or none of them are on both lists, or
    where alpha is not above beta.
    """
    rows = np.flatnonzero(first)
    audited = rows[np.argsort(chance.uniform("audited", rows))[:n]]
    both, linked = second[audited], found[audited]
    if both.all() or not both.any():
        return None
    alpha, beta = Audited.of(linked[both]), Audited.of(linked[~both])
    return LinkageErrors(alpha, beta) if alpha.rate > beta.rate else None
