"""Numbers that identify people and records: right check digits, ranges never issued to anybody.

NHS numbers come from 900 000 0000 to 999 999 9999, kept for synthetic and test patients; school
numbers in unique pupil numbers from 9990 to 9999, which no school has; telephone numbers from
Ofcom's ranges for drama; National Insurance numbers have prefixes that were never allocated.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import ZERO, Characters, beside, repeated, strings, zero_padded
from darkfigure.synth.core.errors import TargetError

# Seven free digits, then at least nine of ten ninth digits, leave a check digit below ten.
NHS_CAPACITY = 10**7 * 9
_NHS_FIRST_DIGIT = 9
_NHS_WEIGHTS = (9, 8, 7, 6, 5, 4, 3)
_HALF_MOD_11 = 6  # 2 * 6 = 12 = 1 (mod 11)

UPN_SCHOOLS = (9990, 9999)
UPN_SERIALS = (0, 999)
UPN_LETTERS = np.frombuffer(b"ABCDEFGHJKLMNPQRTUVWXYZ", np.uint8)
UPN_WEIGHTS = np.arange(2, 14, dtype=np.int16)

# Modulus 23 of the Police National Computer: no I, O or S.
_CHECK_LETTERS = np.frombuffer(b"ZABCDEFGHJKLMNPQRTUVWXY", np.uint8)
# Serials far beyond those that a year reaches; assumed.
PNC_SERIALS = (9_000_000, 9_999_999)
CRO_SERIALS = (900_000, 999_999)
ASN_SEQUENCES = (90_000_000_000, 99_999_999_999)
ASN_FORCES = (60, 63)  # North Wales, Gwent, South Wales, Dyfed-Powys
# Never allocated (HM Revenue and Customs, NIM39110). TN, kept for temporary numbers, is left out.
NI_PREFIXES = ("BG", "GB", "KN", "NK", "NT", "ZZ")
_NI_SUFFIXES = np.frombuffer(b"ABCD", np.uint8)
NI_CAPACITY = len(NI_PREFIXES) * 10**6 * len(_NI_SUFFIXES)
PRACTICES = (0, 999)
# Ofcom's numbers for drama: a thousand mobiles, and a thousand each of Cardiff and of no place.
DRAMA_MOBILES = ("07700900",)
DRAMA_LANDLINES = ("02920180", "01632960")
EMAIL_DOMAINS = ("example.com", "example.org", "example.net")  # RFC 2606


def nhs_numbers(index: Ints, chance: Stream) -> pa.StringArray:
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
    text[:, 0] = _NHS_FIRST_DIGIT + ZERO
    text[:, 1:8] = zero_padded(place // 9, 7)
    weighted = _weighted(text[:, 1:8] - ZERO, _NHS_WEIGHTS) + 10 * _NHS_FIRST_DIGIT
    # The ninth digit (weight 2) that would make the check digit 10 is passed over.
    barred = (1 - weighted) * _HALF_MOD_11 % 11
    ninth = place % 9
    ninth += ninth >= barred
    text[:, 8] = ninth + ZERO
    text[:, 9] = -(weighted + 2 * ninth) % 11 + ZERO
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
    text[:, 0] = UPN_LETTERS[_weighted(text[:, 1:] - ZERO, UPN_WEIGHTS) % 23]
    return strings(text)


def scrambled(
    decision: str, index: Ints, *, prefix: str | NDArray[np.str_], digits: int, chance: Stream
) -> pa.StringArray:
    """Give records numbers that reveal nothing about their subject.

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
        An index has more than `digits` digits.
    """
    index = np.asarray(index, np.int64)
    if len(index) and index.max() >= 10**digits:
        raise TargetError(
            f"{decision}: {digits} digits number {10**digits:,} records, too few for index "
            f"{index.max():,}."
        )
    number = zero_padded(chance.permute(decision, index, 10**digits), digits)
    return strings(np.concatenate([repeated(prefix, len(index)), number], axis=1))


def pnc_ids(year: ArrayLike, serial: ArrayLike) -> pa.StringArray:
    """Make Police National Computer ids.

    Parameters
    ----------
    year
        Shape (n,) or one for all: the year in which the record was opened.
    serial
        9,000,000 to 9,999,999 within the year, which real serials do not reach; assumed.

    Returns
    -------
    Shape (n,): year, stroke, serial and check letter; 13 characters.

    Raises
    ------
    TargetError
        A serial is out of range.

    References
    ----------
    Modulus 23 over the year's last two digits and the serial; agrees with published examples.
    """
    years, serials = _together(year, serial)
    _require("serial of a PNC id", serials, PNC_SERIALS)
    letter = _check_letter(years % 100 * 10**7 + serials)
    return beside(zero_padded(years, 4), "/", zero_padded(serials, 7), letter)


def cro_numbers(year: ArrayLike, serial: ArrayLike) -> pa.StringArray:
    """Make Criminal Records Office numbers.

    Parameters
    ----------
    year
        Shape (n,) or one for all; its last two digits are used.
    serial
        900,000 to 999,999 within the year, which real serials do not reach; assumed.

    Returns
    -------
    Shape (n,): serial, stroke, year and check letter; 10 characters.

    Raises
    ------
    TargetError
        A serial is out of range.

    References
    ----------
    Modulus 23 over year and serial; agrees with published examples.
    """
    years, serials = _together(year, serial)
    _require("serial of a CRO number", serials, CRO_SERIALS)
    letter = _check_letter(years % 100 * 10**6 + serials)
    return beside(zero_padded(serials, 6), "/", zero_padded(years % 100, 2), letter)


def asns(
    force: ArrayLike, sequence: ArrayLike, *, year: ArrayLike, unit: str = "ZD"
) -> pa.StringArray:
    """Make arrest summons numbers.

    Parameters
    ----------
    force
        Shape (n,) or one for all: 60 North Wales, 61 Gwent, 62 South Wales, 63 Dyfed-Powys.
    sequence
        90,000,000,000 to 99,999,999,999, which real sequences do not reach; assumed.
    year
        Of the arrest; its last two digits are used.
    unit
        Two letters of the unit within the force.

    Returns
    -------
    Shape (n,): year, force, unit, system 01, sequence and check letter; 20 characters.

    Raises
    ------
    TargetError
        A force or sequence is out of range.

    References
    ----------
    Modulus 23 over force, system, year and sequence; agrees with published examples.
    """
    forces, sequences, years = _together(force, sequence, year)
    _require("force in an ASN", forces, ASN_FORCES)
    _require("sequence of an ASN", sequences, ASN_SEQUENCES)
    years = years % 100
    letter = _check_letter(((forces * 100 + 1) * 100 + years) * 10**11 + sequences)
    return beside(
        zero_padded(years, 2),
        zero_padded(forces, 2),
        f"{unit}01",
        zero_padded(sequences, 11),
        letter,
    )


def ni_numbers(index: Ints, chance: Stream) -> pa.StringArray:
    """Give each index a National Insurance number of its own, with a prefix never allocated.

    Parameters
    ----------
    index
        Shape (n,), each from 0 to 23,999,999.
    chance
        Decides which index gets which number.

    Returns
    -------
    Shape (n,): two letters, six digits and a letter from A to D.

    Raises
    ------
    TargetError
        An index is 24,000,000 or more.

    References
    ----------
    HM Revenue and Customs, National Insurance Manual, NIM39110.
    """
    place = _place("National Insurance", "ni_number", index, NI_CAPACITY, chance)
    prefix = np.array(NI_PREFIXES)[place // (4 * 10**6)]
    suffix = _NI_SUFFIXES[place % 4][:, None]
    return beside(repeated(prefix, len(place)), zero_padded(place // 4 % 10**6, 6), suffix)


def hospital_numbers(hospital: str, index: Ints, chance: Stream) -> pa.StringArray:
    """Give each index a hospital's own number: X and seven digits; the form is assumed.

    Hospitals number apart: the same patient has another number in each.
    """
    stream = chance.stage(hospital)
    return scrambled("hospital_number", index, prefix="X", digits=7, chance=stream)


def practice_codes(number: Ints) -> pa.StringArray:
    """Give practices their codes, W90000 to W90999; assumed to belong to no practice of Wales."""
    number = np.asarray(number, np.int64)
    _require("number of a practice", number, PRACTICES)
    return beside("W90", zero_padded(number, 3))


def drama_mobiles(index: Ints, chance: Stream) -> pa.StringArray:
    """Give each index a mobile number of its own out of the thousand that Ofcom keeps for drama.

    Raises
    ------
    TargetError
        An index is 1,000 or more.
    """
    return _telephone("mobile", DRAMA_MOBILES, index, chance)


def drama_landlines(index: Ints, chance: Stream) -> pa.StringArray:
    """Give each index a landline of its own out of the 2,000 for drama: Cardiff and no place.

    Raises
    ------
    TargetError
        An index is 2,000 or more.
    """
    return _telephone("landline", DRAMA_LANDLINES, index, chance)


def emails(forename: pa.Array, surname: pa.Array, index: Ints) -> pa.StringArray:
    """Make mail addresses in domains kept for examples.

    Parameters
    ----------
    forename, surname
        Shape (n,), text; accents, spaces and marks are left out.
    index
        Shape (n,), whole numbers; different indices make different addresses.
    """
    number = pa.array(index)
    domain = pa.array(EMAIL_DOMAINS).take(pa.array(np.asarray(index) % len(EMAIL_DOMAINS)))
    local = pc.binary_join_element_wise(_plain(forename), _plain(surname), ".")
    local = pc.binary_join_element_wise(local, number.cast(pa.string()), "")
    return pc.binary_join_element_wise(local, domain, "@")


def _plain(names: pa.Array) -> pa.Array:
    """Write names in small ASCII letters."""
    apart = pc.utf8_normalize(names.cast(pa.string()), form="NFD")
    return pc.replace_substring_regex(pc.utf8_lower(apart), pattern="[^a-z]", replacement="")


def _telephone(kind: str, stems: tuple[str, ...], index: Ints, chance: Stream) -> pa.StringArray:
    place = _place(f"{kind} telephone", kind, index, 1000 * len(stems), chance)
    stem = np.array(stems)[place // 1000]
    return beside(repeated(stem, len(place)), zero_padded(place % 1000, 3))


def _place(kind: str, decision: str, index: Ints, size: int, chance: Stream) -> Ints:
    """Send each index to its place in the secret order of a range; refuse too large a one."""
    index = np.asarray(index, np.int64)
    if len(index) and index.max() >= size:
        raise TargetError(
            f"The range kept for invented people holds {size:,} {kind} numbers, too few for "
            f"index {index.max():,}; ask for fewer."
        )
    return chance.permute(decision, index, size)


def _check_letter(number: Ints) -> Characters:
    return _CHECK_LETTERS[number % 23][:, None]


def _together(*parts: ArrayLike) -> list[Ints]:
    shared = np.broadcast_arrays(*parts)
    return [np.atleast_1d(part).astype(np.int64) for part in shared]


def _weighted(digits: Characters, weights: ArrayLike) -> Ints:
    """Sum a number's digits times their weights."""
    return (digits.astype(np.int16) @ np.asarray(weights, np.int16)).astype(np.int64)


def _require(name: str, values: Ints, limits: tuple[int, int]) -> None:
    low, high = limits
    outside = values[(values < low) | (values > high)]
    if len(outside):
        raise TargetError(f"A {name} lies between {low} and {high}; {outside[0]} does not.")
