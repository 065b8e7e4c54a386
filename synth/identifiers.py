"""Numbers that identify people and records: right check digits, ranges never issued to anybody.

NHS numbers come from 900 000 0000 to 999 999 9999, kept for synthetic and test patients; school
numbers in unique pupil numbers from 9990 to 9999, which no school bears.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from synth.chance import Stream
from synth.errors import TargetError

Integers = NDArray[np.int64]
Characters = NDArray[np.uint8]

# Seven free digits, then at least nine of ten ninth digits, leave a check digit below ten.
NHS_CAPACITY = 10**7 * 9
_NHS_FIRST_DIGIT = 9
_NHS_WEIGHTS = (9, 8, 7, 6, 5, 4, 3)
_HALF_MOD_11 = 6  # 2 * 6 = 12 = 1 (mod 11)

UPN_SCHOOLS = (9990, 9999)
UPN_SERIALS = (0, 999)
_UPN_LETTERS = np.frombuffer(b"ABCDEFGHJKLMNPQRTUVWXYZ", np.uint8)
_UPN_WEIGHTS = np.arange(2, 14, dtype=np.int16)

_ZERO = np.uint8(ord("0"))
_FOUR = 10_000
_QUADS = (np.arange(_FOUR)[:, None] // (1000, 100, 10, 1) % 10 + _ZERO).astype(np.uint8)


def nhs_numbers(index: Integers, chance: Stream) -> pa.StringArray:
    """Give each index an NHS number of its own.

    Parameters
    ----------
    index
        Shape (n,), each from 0 to 89,999,999; usually person ids.
    chance
        Decides which index gets which number.

    Returns
    -------
    Shape (n,): ten digits from 9000000000 to 9999999999, the last of them the check digit.

    Raises
    ------
    TargetError
        An index is 90,000,000 or more.

    References
    ----------
    NHS Data Dictionary, NHS NUMBER: modulus 11 with weights 10 to 2; a check digit of 10 is never
    issued.
    """
    index = np.asarray(index, np.int64)
    if len(index) and index.max() >= NHS_CAPACITY:
        raise TargetError(
            f"There are {NHS_CAPACITY:,} NHS numbers for synthetic patients, too few for index "
            f"{index.max():,}; ask for fewer people."
        )
    place = chance.permute("nhs_number", index, NHS_CAPACITY)
    text = np.empty((len(index), 10), np.uint8)
    text[:, 0] = _NHS_FIRST_DIGIT + _ZERO
    text[:, 1:8] = zero_padded(place // 9, 7)
    weighted = _weighted(text[:, 1:8] - _ZERO, _NHS_WEIGHTS) + 10 * _NHS_FIRST_DIGIT
    # The ninth digit (weight 2) that would make the check digit 10 is passed over.
    barred = (1 - weighted) * _HALF_MOD_11 % 11
    ninth = place % 9
    ninth += ninth >= barred
    text[:, 8] = ninth + _ZERO
    text[:, 9] = -(weighted + 2 * ninth) % 11 + _ZERO
    return strings(text)


def upns(
    education_number: ArrayLike, school: ArrayLike, *, entry_year: ArrayLike, serial: ArrayLike
) -> pa.StringArray:
    """Make unique pupil numbers.

    Parameters
    ----------
    education_number
        Shape (n,) or one for all, three digits: the local authority's number (Wales: 660 to 681).
    school
        9990 to 9999: no school bears these numbers.
    entry_year
        Year of entry; its last two digits are used.
    serial
        0 to 999 within school and year.

    Returns
    -------
    Shape (n,): check letter, education number, school, year and serial; 13 characters.

    Raises
    ------
    TargetError
        A school or serial is out of range.

    References
    ----------
    Department for Education, Unique pupil numbers guide: weights 2 to 13, modulus 23.
    """
    parts = np.broadcast_arrays(education_number, school, entry_year, serial)
    authority, school, entry_year, serial = (np.atleast_1d(part) for part in parts)
    _require("school number in a UPN", school, UPN_SCHOOLS)
    _require("serial number in a UPN", serial, UPN_SERIALS)
    number = ((authority.astype(np.int64) * 10_000 + school) * 100 + entry_year % 100) * 1000
    text = np.empty((len(number), 13), np.uint8)
    text[:, 1:] = zero_padded(number + serial, 12)
    text[:, 0] = _UPN_LETTERS[_weighted(text[:, 1:] - _ZERO, _UPN_WEIGHTS) % 23]
    return strings(text)


def scrambled(
    decision: str, index: Integers, *, prefix: str | NDArray[np.str_], digits: int, chance: Stream
) -> pa.StringArray:
    """Give records numbers that tell nothing of whom or what they are about.

    Parameters
    ----------
    decision
        Names the kind of number; each kind has an order of its own.
    index
        Shape (n,), each from 0 to 10**digits - 1.
    prefix
        ASCII text before the digits: one for all, or shape (n,) of one length.
    digits
        Number of digits, at most 18.
    chance
        Decides which index gets which number.

    Returns
    -------
    Shape (n,); different indices get different digits.

    Raises
    ------
    TargetError
        An index has more digits than there are.
    """
    index = np.asarray(index, np.int64)
    if len(index) and index.max() >= 10**digits:
        raise TargetError(
            f"{decision}: {digits} digits number {10**digits:,} records, too few for index "
            f"{index.max():,}."
        )
    number = zero_padded(chance.permute(decision, index, 10**digits), digits)
    return strings(np.concatenate([_before(prefix, len(index)), number], axis=1))


def zero_padded(values: Integers, width: int) -> Characters:
    """Write whole numbers from 0 to 10**width - 1 as ASCII digits, shape (n, width)."""
    n_quads = -(-width // 4)
    text = np.empty((len(values), n_quads, 4), np.uint8)
    left = values
    for quad in reversed(range(n_quads)):
        left, last = np.divmod(left, _FOUR)
        text[:, quad] = _QUADS[last]
    return text.reshape(len(values), 4 * n_quads)[:, 4 * n_quads - width :]


def strings(text: Characters) -> pa.StringArray:
    """Take ASCII characters of shape (n, width) over as n Arrow strings of that width."""
    n_rows, width = text.shape
    ends = np.arange(n_rows + 1, dtype=np.int64) * width
    if ends[-1] > np.iinfo(np.int32).max:
        raise ValueError(f"{n_rows:,} strings of {width} characters are too many for one array")
    data = pa.py_buffer(np.ascontiguousarray(text))
    return pa.StringArray.from_buffers(n_rows, pa.py_buffer(ends.astype(np.int32)), data)


def _weighted(digits: Characters, weights: ArrayLike) -> Integers:
    """Sum a number's digits times their weights."""
    return (digits.astype(np.int16) @ np.asarray(weights, np.int16)).astype(np.int64)


def _before(prefix: str | NDArray[np.str_], n_rows: int) -> Characters:
    if isinstance(prefix, str):
        letters = np.frombuffer(prefix.encode("ascii"), np.uint8)
        return np.broadcast_to(letters, (n_rows, len(letters)))
    text = np.ascontiguousarray(prefix, np.bytes_)
    letters = text.view(np.uint8).reshape(n_rows, text.itemsize)
    if not letters.all():
        raise ValueError("prefixes in one array must be of one length")
    return letters


def _require(what: str, values: Integers, limits: tuple[int, int]) -> None:
    low, high = limits
    outside = values[(values < low) | (values > high)]
    if len(outside):
        raise TargetError(f"A {what} lies between {low} and {high}; {outside[0]} does not.")
