"""Faults of the ear: a name is said in one language and written down in another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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

_TWICE_RATE = 0.4  # names of another script in which two sounds are written otherwise; assumed
_AGAIN = np.uint64(1)  # tells the draws for the second sound from those for the first; no rate


def misheard(cells: StruckCells) -> pa.StringArray:
    """Write one sound in the spelling of somebody who knows the other language better."""
    return respell(cells, _HEARD)


# Spellings of one sound by those who write Arabic, Persian, Tigrinya or Ukrainian names in Latin
# letters; common knowledge. Each rule is assumed to be equally likely.
_TRANSLITERATED = rules(
    "ou>u u>ou oo>u u>oo ee>i i>ee i>y y>i ei>ai ai>ei ai>ay aa>a a>aa o>u u>o e>i i>e "
    "ah$>a a$>ah eh$>e kh>h h>kh gh>g q>k k>q c>k dh>d d>dh th>t t>th sh>ch ch>sh zh>j j>dj "
    "w>v v>w f>ph z>s s>ss m>mm mm>m ss>s ll>l ^al>el ^el>al ^abd>abdul iy>y yy>y"
)


def transliterated(cells: StruckCells) -> pa.StringArray:
    """Write a name of another script in other Latin letters, once or twice over."""
    once = respell(cells, _TRANSLITERATED)
    again = respell(replace(cells, values=once, seeds=cells.seeds + _AGAIN), _TRANSLITERATED)
    return pc.if_else(cells.uniform("again") < _TWICE_RATE, again, once)
