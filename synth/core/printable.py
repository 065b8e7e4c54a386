"""Text that is safe to show: it cannot steer a terminal or reorder a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

# Line breaks and tabs stay. Surrogates cannot be written; Cf holds marks that turn the direction of
# writing or are invisible, joiners within words of some scripts and of emoji among them.
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_HARMLESS = {"\t", "\n", "\u200c", "\u200d"}
_LONGEST = 20_000  # letters of a message; `verify` may have to name some hundred files


def printable(text: str, longest: int = _LONGEST) -> str:
    r"""Replace control characters by their numbers, such as \x1b, and cut a text that is too long.

    Parameters
    ----------
    text
        Any text, from anybody.
    longest
        Letters to keep; the end of a cut text says how many there were.
    """
    shown = text if len(text) <= longest else f"{text[:longest]} ... ({len(text):,} characters)"
    if shown.isascii() and shown.replace("\n", "").replace("\t", "").isprintable():
        return shown
    return "".join(_numbered(letter) if _steers(letter) else letter for letter in shown)


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
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from steering(key, f"a key of {path or 'it'}")
            yield from steering(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from steering(inner, f"{path}.{place}")
    elif isinstance(value, str) and printable(value, len(value)) != value:
        yield path, next(f"U+{ord(letter):04X}" for letter in value if _steers(letter))


def _steers(letter: str) -> bool:
    return letter not in _HARMLESS and unicodedata.category(letter) in _STEERING


def _numbered(letter: str) -> str:
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
