"""Every fault, in the order in which they are tried, with the fields it befalls and its cause.

A cell bears one fault at most: the first in this list that strikes it and can change it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from synth.entry import addresses, codes, dates, hearing, keyboard, missing, names, reading
from synth.entry.cells import Cells
from synth.schema import FIELDS

NAMES = ("surname", "forename", "middle_name")
GIVEN = ("forename", "middle_name")
WORDS = (*NAMES, "street", "town")
TYPED = (*WORDS, "house")
HOUSE, STREET, POSTCODE = ("house",), ("street",), ("postcode",)
BIRTH, SEX, NUMBER = ("date_of_birth",), ("sex",), ("nhs_number",)
CODED = ("sex", "ethnic_group")


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
        where the fault cannot change it. Whether it can must depend on the value alone.
    """

    name: str
    fields: tuple[str, ...]
    cause: str
    change: Callable[[Cells], pa.StringArray]

    @property
    def rated_at(self) -> tuple[str, ...]:
        """The fields at which a profile may give a rate."""
        return self.fields


@dataclass(frozen=True)
class Exchange:
    """A way in which two cells of a record come to hold each other's values.

    Parameters
    ----------
    name
        As profiles and the ledger call it.
    fields
        The two linkage fields; a profile gives the rate at the first.
    cause
        What a person did.
    """

    name: str
    fields: tuple[str, str]
    cause: str

    @property
    def rated_at(self) -> tuple[str, ...]:
        """The field at which a profile may give a rate."""
        return self.fields[:1]


# Tried before all faults of single cells, and drawn so that no two befall one record.
EXCHANGES = (
    Exchange("names_swapped", ("forename", "surname"), "each name went into the other's box"),
    Exchange("middle_name_first", ("forename", "middle_name"), "goes by the middle name"),
)
SINGLE = (
    Fault("missing", FIELDS, "nobody asked, or nobody answered", missing.missing),
    Fault("placeholder", FIELDS, "the system insisted on something", missing.placeholder),
    Fault("misspelt", NAMES, "spelt as names like it usually are", names.misspelt),
    Fault("short_form", GIVEN, "goes by a short form or nickname", names.short_form),
    Fault("other_language", GIVEN, "put into English, or into Welsh", names.other_language),
    Fault("initial_only", GIVEN, "copied from a form that had only initials", names.initial_only),
    Fault("misheard", WORDS, "spelt by an ear of the other language", hearing.misheard),
    Fault("misread", TYPED, "handwriting or a poor scan was misread", reading.misread),
    Fault("diacritics_dropped", WORDS, "the keyboard has no such key", names.diacritics_dropped),
    Fault("hyphen_dropped", WORDS, "hyphen or apostrophe seemed idle", names.hyphen_dropped),
    Fault("keyboard_slip", TYPED, "the key next to the right one was hit", keyboard.keyboard_slip),
    Fault("dropped_letter", TYPED, "a key was not hit hard enough", keyboard.dropped_letter),
    Fault("doubled_letter", TYPED, "a key was held too long", keyboard.doubled_letter),
    Fault("swapped_letters", TYPED, "one hand was faster than the other", keyboard.swapped_letters),
    Fault("swapped_digits", NUMBER, "two digits were said as one number", keyboard.swapped_letters),
    Fault("wrong_digit", NUMBER, "one digit was taken down wrongly", reading.wrong_character),
    Fault("upper_case", WORDS, "the capitals key was on", keyboard.upper_case),
    Fault("day_month_swapped", BIRTH, "read in the American order", dates.day_month_swapped),
    Fault("first_of_january", BIRTH, "only the year was known", dates.first_of_january),
    Fault("decade_slip", BIRTH, "the decade was guessed or misheard", dates.decade_slip),
    Fault("digit_slip", BIRTH, "one digit was mistyped or misread", dates.digit_slip),
    Fault("miscoded", CODED, "the next entry of the list was picked", codes.miscoded),
    Fault("unknown_code", SEX, "'not known' was quicker than asking", codes.unknown_code),
    Fault("inward_missing", POSTCODE, "knew the first half only", addresses.inward_missing),
    Fault("letter_for_digit", POSTCODE, "O and 0 look alike", reading.letter_for_digit),
    Fault("wrong_character", POSTCODE, "one was taken down wrongly", addresses.wrong_character),
    Fault("flat_missing", HOUSE, "the flat was not said or did not fit", addresses.flat_missing),
    Fault("street_abbreviated", STREET, "everybody shortens it", addresses.street_abbreviated),
)
FAULTS: tuple[Fault | Exchange, ...] = (*EXCHANGES, *SINGLE)


def faults_of(field: str) -> tuple[Fault | Exchange, ...]:
    """List the faults for which a profile may give a rate at a linkage field."""
    return tuple(fault for fault in FAULTS if field in fault.rated_at)
