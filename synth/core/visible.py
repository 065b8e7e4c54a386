"""Text of others made harmless to show: characters that command a terminal are written as codes."""

from __future__ import annotations

import json
import re

# Control characters but tab and line feed; signs that turn the direction of writing, with which one
# text looks like another; and halves of characters, as names of files that are no UTF-8 have them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    """Write each invisible character as its code, as Python writes it."""
    return _UNSEEN.sub(lambda match: ascii(match[0])[1:-1], text)


def visible_json(data: object, indent: int | None = None) -> str:
    """Write data as JSON, with invisible characters as JSON's own codes.

    Parameters
    ----------
    data
        Plain data.
    indent
        Spaces of each level; None writes one line.
    """
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
