"""Soundex codes of names, computed once per distinct name."""

from __future__ import annotations

import pyarrow as pa

_DIGITS = {
    letter: digit
    for digit, letters in zip("123456", ("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), strict=True)
    for letter in letters
}
_LENGTH = 4


def soundex(name: str) -> str:
    """Code a name by American Soundex: its first letter and three digits.

    Letters of one digit count once where they stand together, or with H or W between; a vowel
    parts them. A name without a letter from A to Z, as one in another script, is its own code.

    Examples
    --------
    >>> soundex("ROBERT"), soundex("ASHCRAFT"), soundex("TYMCZAK"), soundex("PFISTER")
    ('R163', 'A261', 'T522', 'P236')

    References
    ----------
    The United States National Archives, "The Soundex Indexing System".
    """
    letters = [letter for letter in name if "A" <= letter <= "Z"]
    if not letters:
        return name
    code, last = letters[0], _DIGITS.get(letters[0], "")
    for letter in letters[1:]:
        if letter in "HW":
            continue
        digit = _DIGITS.get(letter, "")
        if digit != last:
            code += digit
        last = digit
    return code.ljust(_LENGTH, "0")[:_LENGTH]


def soundex_of(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """Code a column of names; missing names stay missing."""
    encoded = pa.concat_arrays(names.chunks or [pa.array([], pa.string())]).dictionary_encode()
    codes = pa.array([soundex(name) for name in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([codes.take(encoded.indices)])
