"""Table of all faults, in the order in which they are tried, with their fields and causes.

A cell has one fault at most: the first that strikes it and can change it. Pairs come first, then
faults of whole identities, then faults of single cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from darkfigure.synth.entry.faults import (
    addresses,
    aliases,
    codes,
    dates,
    encoding,
    hearing,
    missing,
    names,
    numbers,
    prefixes,
    reading,
    storage,
    typing,
)
from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.schema import FIELDS

NAMES = ("surname", "forename", "middle_name")
GIVEN = ("forename", "middle_name")
DOUBLE = ("surname", "forename")
PLACES = ("street", "town")
WORDS = (*NAMES, *PLACES)
TYPED = (*WORDS, "house")
FORENAME, SURNAME, HOUSE = ("forename",), ("surname",), ("house",)
STREET, POSTCODE = ("street",), ("postcode",)
BIRTH, SEX, NUMBER = ("date_of_birth",), ("sex",), ("nhs_number",)
TELEPHONE, PUPIL = ("telephone",), ("upn",)
NUMBERS = (*NUMBER, *TELEPHONE, *PUPIL)
CODED = ("sex", "ethnic_group")


Factor = Literal["hiding", "silence"]


@dataclass(frozen=True)
class CellFault:
    """A fault of one cell.

    Parameters
    ----------
    name
        Name in profiles and in the ledger.
    fields
        Linkage fields that it befalls.
    cause
        The human action behind it.
    change
        Gives the texts to write in struck cells: null for an empty cell, and the known value if the
        fault cannot change it. That must not depend on how often it strikes.
    alone
        Whether each field is changed by itself, since the change needs the column or the facts of
        the record.
    pattern
        Regular expression; the fault can change no text without it. Spares trying.
    factor
        Name of the array of the circumstances that multiplies its rate, if any.
    by_person
        Whether it befalls all records of a person alike.
    """

    name: str
    fields: tuple[str, ...]
    cause: str
    change: Callable[[StruckCells], pa.StringArray]
    alone: bool = False
    pattern: str | None = None
    factor: Factor | None = None
    by_person: bool = False

    @property
    def rated_at(self) -> tuple[str, ...]:
        """Fields at which a profile may give a rate."""
        return self.fields


@dataclass(frozen=True)
class IdentityFault:
    """A fault of a whole identity: it changes each of its cells that it can.

    Parameters
    ----------
    name
        Name in profiles and in the ledger.
    fields
        The linkage fields; a profile gives the rate at the first.
    cause
        The human action behind it.
    change
        As in `CellFault`.
    factor
        As in `CellFault`.
    """

    name: str
    fields: tuple[str, ...]
    cause: str
    change: Callable[[StruckCells], pa.StringArray]
    factor: Factor | None = None

    @property
    def rated_at(self) -> tuple[str, ...]:
        """Field at which a profile may give a rate."""
        return self.fields[:1]


@dataclass(frozen=True)
class PairFault:
    """A fault of two cells of a record: both go wrong, or neither does.

    Parameters
    ----------
    name
        Name in profiles and in the ledger.
    fields
        The two linkage fields; a profile gives the rate at the first.
    cause
        The human action behind it.
    change
        Gives the texts to write in both.
    """

    name: str
    fields: tuple[str, str]
    cause: str
    change: Callable[[pa.StringArray, pa.StringArray], tuple[pa.StringArray, pa.StringArray]]

    @property
    def rated_at(self) -> tuple[str, ...]:
        """Field at which a profile may give a rate."""
        return self.fields[:1]


PAIRS = (
    PairFault(
        "names_swapped", ("forename", "surname"), "names went into each other's box", names.swapped
    ),
    PairFault("middle_name_first", GIVEN, "goes by the middle name", names.swapped),
    PairFault("middle_name_joined", GIVEN, "all given names went into one box", names.joined),
    PairFault(
        "house_in_street", ("house", "street"), "the address went in one box", addresses.in_street
    ),
)
_ADDRESS = ("postcode", "house", "street", "town")
_ALL = (*NAMES, *BIRTH, *_ADDRESS, "ethnic_group", *NUMBERS)
WHOLES = (
    IdentityFault("unknown_patient", _ALL, "nobody knew who it was", aliases.unknown_patient),
    IdentityFault(
        "alias_given", (*DOUBLE, *BIRTH), "did not wish to be known", aliases.alias, "hiding"
    ),
    IdentityFault(
        "birth_date_lied", BIRTH, "did not wish to be found", aliases.other_birth, "hiding"
    ),
    IdentityFault("previous_address", _ADDRESS, "gave the address before this", aliases.former),
)
_FOREIGN, _MARKS, _PARTED, _LETTER = r"[^\x00-\x7f]", r"[-'\x{2019}]", "[- ]", "[A-Za-z]"
SINGLE = (
    CellFault("missing", FIELDS, "nobody asked or answered", missing.missing, factor="silence"),
    CellFault("blank", FIELDS, "passed with the space bar", missing.blank, factor="silence"),
    CellFault("placeholder", FIELDS, "the system insisted on something", missing.placeholder, True),
    CellFault("baby_name", FORENAME, "a baby has no name yet", aliases.baby_name, True),
    CellFault("former_name", SURNAME, "gave the maiden, step or former name", aliases.former, True),
    CellFault("misspelt", NAMES, "spelt as names like it usually are", names.misspelt),
    CellFault("short_form", GIVEN, "goes by a short form or nickname", names.short_form),
    CellFault(
        "other_language",
        (*GIVEN, "town"),
        "put into English, or into Welsh",
        names.other_language,
        True,
    ),
    CellFault(
        "initial_only", GIVEN, "copied from a form that had only initials", names.initial_only
    ),
    CellFault(
        "title_added", FORENAME, "the title went into the name's box", prefixes.title_added, True
    ),
    CellFault(
        "prefix_rewritten",
        SURNAME,
        "O', Mc, Al- differ by writer",
        prefixes.prefix_rewritten,
        pattern=prefixes.PREFIX,
    ),
    CellFault(
        "half_dropped",
        DOUBLE,
        "one half of a double name was enough",
        prefixes.half_dropped,
        pattern=_PARTED,
    ),
    CellFault("name_split", GIVEN, "one name sounded like two", prefixes.name_split),
    CellFault(
        "space_dropped",
        NAMES,
        "two names sounded like one",
        prefixes.space_dropped,
        pattern=_PARTED,
    ),
    CellFault("misheard", WORDS, "spelt by an ear of the other language", hearing.misheard),
    CellFault("misread", TYPED, "handwriting or a poor scan was misread", reading.misread),
    CellFault(
        "mojibake",
        WORDS,
        "one system misread another's letters",
        encoding.mojibake,
        pattern=_FOREIGN,
    ),
    CellFault(
        "diacritics_dropped",
        WORDS,
        "the keyboard has no such key",
        names.diacritics_dropped,
        pattern=_FOREIGN,
    ),
    CellFault(
        "hyphen_dropped",
        WORDS,
        "hyphen or apostrophe seemed idle",
        names.hyphen_dropped,
        pattern=_MARKS,
    ),
    CellFault(
        "keyboard_slip", TYPED, "the key next to the right one was hit", typing.keyboard_slip
    ),
    CellFault("dropped_letter", TYPED, "a key was not hit hard enough", typing.dropped_letter),
    CellFault("doubled_letter", TYPED, "a key was held too long", typing.doubled_letter),
    CellFault(
        "swapped_letters", TYPED, "one hand was faster than the other", typing.swapped_letters
    ),
    CellFault(
        "relative_number", NUMBERS, "mother's or sibling's record", numbers.relative_number, True
    ),
    CellFault("temporary_number", NUMBER, "the number was not found", numbers.temporary_number),
    CellFault(
        "temporary_pupil_number",
        PUPIL,
        "the school before had not sent the number",
        numbers.temporary_pupil_number,
    ),
    CellFault(
        "swapped_digits", NUMBERS, "two digits were said as one number", typing.swapped_letters
    ),
    CellFault("wrong_check_digit", NUMBER, "the last digit was lost", numbers.wrong_check_digit),
    CellFault("wrong_digit", NUMBERS, "one digit was taken down wrongly", reading.wrong_character),
    CellFault(
        "digit_dropped", (*TELEPHONE, *PUPIL), "a digit was not heard", typing.dropped_letter
    ),
    CellFault(
        "telephone_rewritten",
        TELEPHONE,
        "everybody groups the digits otherwise",
        numbers.telephone_rewritten,
    ),
    CellFault("upper_case", WORDS, "the capitals key was on", typing.upper_case),
    CellFault(
        "day_month_swapped", BIRTH, "read in the American order", dates.day_month_swapped, True
    ),
    CellFault(
        "first_of_january",
        BIRTH,
        "only the year was known",
        dates.first_of_january,
        alone=True,
        by_person=True,
    ),
    CellFault("day_heaped", BIRTH, "only month and year were known", dates.day_heaped, True),
    CellFault("age_for_date", BIRTH, "only the age was known", dates.age_for_date, True),
    CellFault("decade_slip", BIRTH, "the decade was guessed or misheard", dates.decade_slip, True),
    CellFault("digit_slip", BIRTH, "one digit was mistyped or misread", dates.digit_slip, True),
    CellFault("miscoded", CODED, "the next entry of the list was picked", codes.miscoded, True),
    CellFault("first_listed", CODED, "the list opens there", codes.first_listed, True),
    CellFault(
        "other_scheme", CODED, "the code of another system or version", codes.other_scheme, True
    ),
    CellFault("unknown_code", SEX, "'not known' was quicker than asking", codes.unknown_code, True),
    CellFault("site_postcode", POSTCODE, "wrote their own postcode", addresses.site_postcode, True),
    CellFault("inward_missing", POSTCODE, "knew the first half only", addresses.inward_missing),
    CellFault("letter_for_digit", POSTCODE, "O and 0 look alike", reading.letter_for_digit),
    CellFault("wrong_character", POSTCODE, "one was taken down wrongly", addresses.wrong_character),
    CellFault("postcode_unspaced", POSTCODE, "the space seemed idle", addresses.postcode_unspaced),
    CellFault(
        "flat_missing",
        HOUSE,
        "the flat was not said or did not fit",
        addresses.flat_missing,
        pattern=_LETTER,
    ),
    CellFault(
        "flat_rewritten",
        HOUSE,
        "flats are written in many ways",
        addresses.flat_rewritten,
        pattern=_LETTER,
    ),
    CellFault("house_rewritten", HOUSE, "the box is free text", addresses.house_rewritten),
    CellFault(
        "street_kind_missing", STREET, "its kind was not said", addresses.street_kind_missing
    ),
    CellFault("street_abbreviated", STREET, "everybody shortens it", addresses.street_abbreviated),
)
FAULTS: tuple[CellFault | IdentityFault | PairFault, ...] = (*PAIRS, *WHOLES, *SINGLE)


@dataclass(frozen=True)
class SystemRule:
    """A rule that a system applies to all texts; it has no rate."""

    name: str
    cause: str


RULES = (
    SystemRule(storage.CAPITALS, "the system keeps capitals only"),
    SystemRule(storage.ASCII, "the system has no letters with diacritics"),
    SystemRule(storage.CUT, "the field is too short"),
)


def faults_of(field: str) -> tuple[CellFault | IdentityFault | PairFault, ...]:
    """List the faults for which a profile may give a rate at a linkage field."""
    return tuple(fault for fault in FAULTS if field in fault.rated_at)
