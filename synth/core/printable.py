"""Text that is safe to show: it cannot steer a terminal or reorder a page."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

# Line breaks and tabs stay. Surrogates cannot be written; Cf holds marks that turn the direction of
# writing or are invisible, joiners within words of some scripts and of emoji among them.
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_HARMLESS = {"\t", "\n", "\u200c", "\u200d"}
_NOT_PLAIN = re.compile("[^\t\n -~]")
_ON = "\N{HORIZONTAL ELLIPSIS}"


def printable(text: str, longest: int | None = None, *, line: bool = False) -> str:
    r"""Replace control characters by their numbers, such as \x1b, and cut what is too long.

    Parameters
    ----------
    text
        Any text, from anybody.
    longest
        Most letters to keep of the text; how many there were is said. Without, all are kept.
    line
        Whether it is to stand in a line: then breaks and tabs are blanks, nothing else is left of
        which Python does not say that it is printable, and no more than `longest` letters come out.
    """
    if line:
        return _line(text if longest is None else text[: longest + 1], longest)
    kept = text
    if longest is not None and len(text) > longest:
        kept = f"{text[:longest]} ... ({len(text):,} characters)"
    return _NOT_PLAIN.sub(_shown, kept)


def listed(names: Sequence[str], longest: int = 400) -> str:
    """List names in a line of a message, cut where a file has ever so many or long ones."""
    text = ", ".join(names)
    if len(text) <= longest:
        return text or "none"
    return f"{printable(text[:longest], line=True)} ... ({len(names):,} in all)"


def printable_json(data: object, indent: int | None = None) -> str:
    """Write data as JSON in which control characters stand as JSON's own codes."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    return _NOT_PLAIN.sub(
        lambda found: json.dumps(found[0])[1:-1] if _steers(found[0]) else found[0], text
    )


def steering(value: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401, plain data
    """Find control characters anywhere in plain data.

    Parameters
    ----------
    value
        Mappings, lists, texts and numbers, as read from TOML or JSON; not nested without bound.
    path
        Dotted path of `value` in the data around it; empty for the whole.

    Yields
    ------
    Path of a text, and its first control character, such as "U+001B".
    """
    if isinstance(value, str):
        found = [letter for letter in _NOT_PLAIN.findall(value) if _steers(letter)]
        if found:
            yield path, f"U+{ord(found[0]):04X}"
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from steering(inner, f"{path}.{place}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from steering(key, f"a key of {path or 'it'}")
            yield from steering(inner, f"{path}.{key}" if path else str(key))


def _line(text: str, longest: int | None) -> str:
    blank = re.sub("[\t\n\r]", " ", text)
    plain = "".join(one if one.isprintable() else _numbered(one) for one in blank)
    return plain if longest is None or len(plain) <= longest else plain[: longest - 1] + _ON


def _shown(found: re.Match[str]) -> str:
    return _numbered(found[0]) if _steers(found[0]) else found[0]


@lru_cache(maxsize=4_096)
def _steers(letter: str) -> bool:
    return letter not in _HARMLESS and unicodedata.category(letter) in _STEERING


def _numbered(letter: str) -> str:
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
