"""An audit of links: somebody follows up some units of the first list, and finds the truth."""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.recapture.linkage_errors import Audited, LinkageErrors
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.core.chance import Stream

_Flags = Mask


def audit_links(
    first: _Flags, second: _Flags, found: _Flags, *, n: int, chance: Stream
) -> LinkageErrors | None:
    """Follow up the links of some units of the first list; None where that tells nothing.

    Parameters
    ----------
    first, second
        Of each unit: whether it truly is on the list.
    found
        Whether links find it on the second, rightly or not.
    n
        Units of the first list that are audited.
    chance
        Of who is audited.
    """
    rows = np.flatnonzero(first)
    some = rows[np.argsort(chance.uniform("audited", rows))[:n]]
    both, linked = second[some], found[some]
    if both.all() or not both.any():
        return None
    alpha, beta = Audited.of(linked[both]), Audited.of(linked[~both])
    return LinkageErrors(alpha, beta) if alpha.rate > beta.rate else None
