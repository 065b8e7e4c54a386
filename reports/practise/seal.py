"""Scrambling of the answers in the page, so that a glance at its source does not tell them.

This is no protection: the page can unscramble them, and so can a reader of its script.
"""

from __future__ import annotations

import base64

_WORD = 0xFFFFFFFF


def seal(text: str, key: int) -> str:
    """Scramble text with the numbers of a generator that the page knows too.

    Parameters
    ----------
    text
        The text to scramble.
    key
        0 < key < 2**32; zero would leave the text as it is.

    Returns
    -------
    Base64; `unseal` turns it back.
    """
    return base64.b64encode(_scramble(text.encode(), key)).decode()


def unseal(sealed: str, key: int) -> str:
    """Give the text that `seal` scrambled with the same key."""
    return _scramble(base64.b64decode(sealed), key).decode()


def _scramble(data: bytes, key: int) -> bytes:
    """Combine each byte with one of Marsaglia's xorshift32 (2003)."""
    out, state = bytearray(), key
    for byte in data:
        state ^= (state << 13) & _WORD
        state ^= state >> 17
        state ^= (state << 5) & _WORD
        out.append(byte ^ (state & 0xFF))
    return bytes(out)
