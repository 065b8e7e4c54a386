"""Faults of the ear: a name is said in one language and written down in another."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.respelling import respell, rules

# Spelling to sound in Welsh and English; the confusions of sounds are common knowledge of both
# languages; each rule is assumed to be equally likely.
_HEARD = rules(
    "dd>th th>dd ff>f f>v v>f ph>f f>ph ll>l l>ll ^ll>th ^ll>cl rh>r ^re>rhe ^ri>rhi ^ro>rho "
    "ch>c ch>k ck>k ca>ka ka>ca co>ko ko>co cu>ku cl>kl kl>cl cr>kr c$>k ^si>sh z>s wl>ool wn>oon "
    "wr>oor w$>oo wy>oy y>i i>y u>i ae>ai ai>ay ei>ie ie>ei au>ai eu>ei oe>oy ee>ea ea>ee "
    "nn>n tt>t ss>s "
    "es$>s ies$>is is$>ies ys$>is is$>ys ey$>y y$>ey ie$>y y$>ie i$>y sen$>son son$>sen "
    "^mac>mc ^mc>mac"
)


def misheard(cells: StruckCells) -> pa.StringArray:
    """Write one sound in the spelling of somebody who knows the other language better."""
    return respell(cells, _HEARD)
