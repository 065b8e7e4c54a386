"""Every fault, in the order in which they are tried, with the fields it befalls and its cause.

A cell bears one fault at most: the first that strikes it and can change it. Pairs come first,
then faults of whole identities, then those of single cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from synth.entry import (
    addresses,
    aliases,
    codes,
    dates,
    encoding,
    hearing,
    keyboard,
    missing,
    names,
    numbers,
    prefixes,
    reading,
    storage,
)
from synth.entry.cells import Cells
from synth.schema import FIELDS

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
class Fault:
    """A way in which one cell goes wrong.

    Parameters
    ----------
    name
        As profiles and the ledger call it.
    fields
        Linkage fields that it befalls.
    cause
        What a person did.
    change
        Gives, for struck cells, what is written: null where nothing is, and the known value
        where the fault cannot change it. Whether it can must not depend on how often it strikes.
    alone
        Each field goes by itself, since the change asks for the column or for what lies beside.
    pattern
        Regular expression without which it can change no text; spares trying.
    factor
        Which array of the circumstances multiplies its rate, if one does.
    by_person
        It befalls all records of a person alike: what is wrong is wrong with the person.
    """

    name: str
    fields: tuple[str, ...]
    cause: str
    change: Callable[[Cells], pa.StringArray]
    alone: bool = False
    pattern: str | None = None
    factor: Factor | None = None
    by_person: bool = False

    @property
    def rated_at(self) -> tuple[str, ...]:
        """The fields at which a profile may give a rate."""
        return self.fields


@dataclass(frozen=True)
class Whole:
    """A way in which an identity goes wrong as a whole: each of its cells that can be changed is.

    Parameters
    ----------
    name
        As profiles and the ledger call it.
    fields
        The linkage fields; a profile gives the rate at the first.
    cause
        What a person did.
    change
        As in `Fault`.
    factor
        As in `Fault`.
    """

    name: str
    fields: tuple[str, ...]
    cause: str
    change: Callable[[Cells], pa.StringArray]
    factor: Factor | None = None

    @property
    def rated_at(self) -> tuple[str, ...]:
        """The field at which a profile may give a rate."""
        return self.fields[:1]


@dataclass(frozen=True)
class Pair:
    """A way in which two cells of a record go wrong together, or neither does.

    Parameters
    ----------
    name
        As profiles and the ledger call it.
    fields
        The two linkage fields; a profile gives the rate at the first.
    cause
        What a person did.
    change
        Gives what is written in both.
    """

    name: str
    fields: tuple[str, str]
    cause: str
    change: Callable[[pa.StringArray, pa.StringArray], tuple[pa.StringArray, pa.StringArray]]

    @property
    def rated_at(self) -> tuple[str, ...]:
        """The field at which a profile may give a rate."""
        return self.fields[:1]


PAIRS = (
    Pair(
        "names_swapped", ("forename", "surname"), "names went into each other's box", names.swapped
    ),
    Pair("middle_name_first", GIVEN, "goes by the middle name", names.swapped),
    Pair("middle_name_joined", GIVEN, "all given names went into one box", names.joined),
    Pair(
        "house_in_street", ("house", "street"), "the address went in one box", addresses.in_street
    ),
)
_ADDRESS = ("postcode", "house", "street", "town")
_ALL = (*NAMES, *BIRTH, *_ADDRESS, "ethnic_group", *NUMBERS)
WHOLES = (
    Whole("unknown_patient", _ALL, "nobody knew who it was", aliases.unknown_patient),
    Whole("alias_given", (*DOUBLE, *BIRTH), "did not wish to be known", aliases.alias, "hiding"),
    Whole("birth_date_lied", BIRTH, "did not wish to be found", aliases.other_birth, "hiding"),
    Whole("previous_address", _ADDRESS, "gave the address before this", aliases.former),
)
_FOREIGN, _MARKS, _PARTED, _LETTER = r"[^\x00-\x7f]", r"[-'\x{2019}]", "[- ]", "[A-Za-z]"
SINGLE = (
    Fault("missing", FIELDS, "nobody asked or answered", missing.missing, factor="silence"),
    Fault("blank", FIELDS, "passed with the space bar", missing.blank, factor="silence"),
    Fault("placeholder", FIELDS, "the system insisted on something", missing.placeholder, True),
    Fault("baby_name", FORENAME, "a baby has no name yet", aliases.baby_name, True),
    Fault("former_name", SURNAME, "gave the maiden, step or former name", aliases.former, True),
    Fault("misspelt", NAMES, "spelt as names like it usually are", names.misspelt),
    Fault("short_form", GIVEN, "goes by a short form or nickname", names.short_form),
    Fault(
        "other_language",
        (*GIVEN, "town"),
        "put into English, or into Welsh",
        names.other_language,
        True,
    ),
    Fault("initial_only", GIVEN, "copied from a form that had only initials", names.initial_only),
    Fault(
        "title_added", FORENAME, "the title went into the name's box", prefixes.title_added, True
    ),
    Fault(
        "prefix_rewritten",
        SURNAME,
        "O', Mc, Al- differ by writer",
        prefixes.prefix_rewritten,
        pattern=prefixes.PREFIX,
    ),
    Fault(
        "half_dropped",
        DOUBLE,
        "one half of a double name was enough",
        prefixes.half_dropped,
        pattern=_PARTED,
    ),
    Fault("name_split", GIVEN, "one name sounded like two", prefixes.name_split),
    Fault(
        "space_dropped",
        NAMES,
        "two names sounded like one",
        prefixes.space_dropped,
        pattern=_PARTED,
    ),
    Fault("misheard", WORDS, "spelt by an ear of the other language", hearing.misheard),
    Fault("misread", TYPED, "handwriting or a poor scan was misread", reading.misread),
    Fault(
        "mojibake",
        WORDS,
        "one system misread another's letters",
        encoding.mojibake,
        pattern=_FOREIGN,
    ),
    Fault(
        "diacritics_dropped",
        WORDS,
        "the keyboard has no such key",
        names.diacritics_dropped,
        pattern=_FOREIGN,
    ),
    Fault(
        "hyphen_dropped",
        WORDS,
        "hyphen or apostrophe seemed idle",
        names.hyphen_dropped,
        pattern=_MARKS,
    ),
    Fault("keyboard_slip", TYPED, "the key next to the right one was hit", keyboard.keyboard_slip),
    Fault("dropped_letter", TYPED, "a key was not hit hard enough", keyboard.dropped_letter),
    Fault("doubled_letter", TYPED, "a key was held too long", keyboard.doubled_letter),
    Fault("swapped_letters", TYPED, "one hand was faster than the other", keyboard.swapped_letters),
    Fault(
        "relative_number", NUMBERS, "mother's or sibling's record", numbers.relative_number, True
    ),
    Fault("temporary_number", NUMBER, "the number was not found", numbers.temporary_number),
    Fault(
        "temporary_pupil_number",
        PUPIL,
        "the school before had not sent the number",
        numbers.temporary_pupil_number,
    ),
    Fault(
        "swapped_digits", NUMBERS, "two digits were said as one number", keyboard.swapped_letters
    ),
    Fault("wrong_check_digit", NUMBER, "the last digit was lost", numbers.wrong_check_digit),
    Fault("wrong_digit", NUMBERS, "one digit was taken down wrongly", reading.wrong_character),
    Fault("digit_dropped", (*TELEPHONE, *PUPIL), "a digit was not heard", keyboard.dropped_letter),
    Fault(
        "telephone_rewritten",
        TELEPHONE,
        "everybody groups the digits otherwise",
        numbers.telephone_rewritten,
    ),
    Fault("upper_case", WORDS, "the capitals key was on", keyboard.upper_case),
    Fault("day_month_swapped", BIRTH, "read in the American order", dates.day_month_swapped, True),
    Fault(
        "first_of_january",
        BIRTH,
        "only the year was known",
        dates.first_of_january,
        alone=True,
        by_person=True,
    ),
    Fault("day_heaped", BIRTH, "only month and year were known", dates.day_heaped, True),
    Fault("age_for_date", BIRTH, "only the age was known", dates.age_for_date, True),
    Fault("decade_slip", BIRTH, "the decade was guessed or misheard", dates.decade_slip, True),
    Fault("digit_slip", BIRTH, "one digit was mistyped or misread", dates.digit_slip, True),
    Fault("miscoded", CODED, "the next entry of the list was picked", codes.miscoded, True),
    Fault("first_listed", CODED, "the list opens there", codes.first_listed, True),
    Fault("other_scheme", CODED, "the code of another system or version", codes.other_scheme, True),
    Fault("unknown_code", SEX, "'not known' was quicker than asking", codes.unknown_code, True),
    Fault("site_postcode", POSTCODE, "wrote their own postcode", addresses.site_postcode, True),
    Fault("inward_missing", POSTCODE, "knew the first half only", addresses.inward_missing),
    Fault("letter_for_digit", POSTCODE, "O and 0 look alike", reading.letter_for_digit),
    Fault("wrong_character", POSTCODE, "one was taken down wrongly", addresses.wrong_character),
    Fault("postcode_unspaced", POSTCODE, "the space seemed idle", addresses.postcode_unspaced),
    Fault(
        "flat_missing",
        HOUSE,
        "the flat was not said or did not fit",
        addresses.flat_missing,
        pattern=_LETTER,
    ),
    Fault(
        "flat_rewritten",
        HOUSE,
        "flats are written in many ways",
        addresses.flat_rewritten,
        pattern=_LETTER,
    ),
    Fault("house_rewritten", HOUSE, "the box is free text", addresses.house_rewritten),
    Fault("street_kind_missing", STREET, "its kind was not said", addresses.street_kind_missing),
    Fault("street_abbreviated", STREET, "everybody shortens it", addresses.street_abbreviated),
)
FAULTS: tuple[Fault | Whole | Pair, ...] = (*PAIRS, *WHOLES, *SINGLE)


@dataclass(frozen=True)
class Rule:
    """What a system does to all that is written in it; it has no rate."""

    name: str
    cause: str


RULES = (
    Rule(storage.CAPITALS, "the system keeps capitals only"),
    Rule(storage.ASCII, "the system has no letters with diacritics"),
    Rule(storage.CUT, "the field is too short"),
)


def faults_of(field: str) -> tuple[Fault | Whole | Pair, ...]:
    """List the faults for which a profile may give a rate at a linkage field."""
    return tuple(fault for fault in FAULTS if field in fault.rated_at)
