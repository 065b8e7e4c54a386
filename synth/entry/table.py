"""Table of all faults, with their fields and causes.

A cell has one fault at most: the first that strikes it and can change it. Pairs come first, then
faults of whole identities, then faults of single cells, each kind in the order of its numbers.

A fault's number keys its draws. It never changes and is never given again, so no record of any
world moves when the table is reordered or a fault without a rate is added. A new fault takes the
next number of its kind.
"""

from __future__ import annotations

from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.entry.fault_kinds import CellFault, IdentityFault, PairFault, SystemRule
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

PAIRS = (
    PairFault(
        "names_swapped",
        ("forename", "surname"),
        "names went into each other's box",
        names.swapped,
        lane=0,
    ),
    PairFault(
        "middle_name_joined",
        GIVEN,
        "all given names went into one box",
        names.joined,
        lane=0,
        mirrored=True,
    ),
    PairFault(
        "house_in_street",
        ("house", "street"),
        "the address went in one box",
        addresses.in_street,
        lane=1,
    ),
)
_ADDRESS = ("postcode", "house", "street", "town")
_ALL = (*NAMES, *BIRTH, *_ADDRESS, "ethnic_group", *NUMBERS)
WHOLES = (
    IdentityFault(0, "unknown_patient", _ALL, "nobody knew who it was", aliases.unknown_patient),
    IdentityFault(
        1, "alias_given", (*DOUBLE, *BIRTH), "did not wish to be known", aliases.alias, "hiding"
    ),
    IdentityFault(
        2, "birth_date_lied", BIRTH, "did not wish to be found", aliases.other_birth, "hiding"
    ),
    IdentityFault(3, "previous_address", _ADDRESS, "gave the address before this", aliases.former),
    IdentityFault(
        4,
        "middle_name_first",
        ("forename", "middle_name"),
        "goes by the middle name",
        aliases.middle_name_first,
        "middle_name_used",
    ),
    IdentityFault(
        5,
        "transliterated",
        DOUBLE,
        "heard from another script",
        hearing.transliterated,
        "other_script",
    ),
)
_FOREIGN, _MARKS, _PARTED, _LETTER = r"[^\x00-\x7f]", r"[-'\x{2019}]", "[- ]", "[A-Za-z]"
SINGLE = (
    CellFault(0, "missing", FIELDS, "nobody asked or answered", missing.missing, factor="silence"),
    CellFault(1, "blank", FIELDS, "passed with the space bar", missing.blank, factor="silence"),
    CellFault(
        2, "placeholder", FIELDS, "the system insisted on something", missing.placeholder, True
    ),
    CellFault(3, "baby_name", FORENAME, "a baby has no name yet", aliases.baby_name, True),
    CellFault(
        4, "former_name", SURNAME, "gave the maiden, step or former name", aliases.former, True
    ),
    CellFault(5, "misspelt", NAMES, "spelt as names like it usually are", names.misspelt),
    CellFault(6, "short_form", GIVEN, "goes by a short form or nickname", names.short_form),
    CellFault(
        7,
        "other_language",
        (*GIVEN, "town"),
        "put into English, or into Welsh",
        names.other_language,
        True,
    ),
    CellFault(
        8, "initial_only", GIVEN, "copied from a form that had only initials", names.initial_only
    ),
    CellFault(
        9, "title_added", FORENAME, "the title went into the name's box", prefixes.title_added, True
    ),
    CellFault(
        10,
        "prefix_rewritten",
        SURNAME,
        "O', Mc, Al- differ by writer",
        prefixes.prefix_rewritten,
        pattern=prefixes.PREFIX,
    ),
    CellFault(
        11,
        "half_dropped",
        DOUBLE,
        "one half of a double name was enough",
        prefixes.half_dropped,
        pattern=_PARTED,
    ),
    CellFault(12, "name_split", GIVEN, "one name sounded like two", prefixes.name_split),
    CellFault(
        13,
        "space_dropped",
        NAMES,
        "two names sounded like one",
        prefixes.space_dropped,
        pattern=_PARTED,
    ),
    CellFault(
        14,
        "misheard",
        WORDS,
        "spelt by an ear of the other language",
        hearing.misheard,
        factor="other_ear",
    ),
    CellFault(15, "misread", TYPED, "handwriting or a poor scan was misread", reading.misread),
    CellFault(
        16,
        "mojibake",
        WORDS,
        "one system misread another's letters",
        encoding.mojibake,
        pattern=_FOREIGN,
    ),
    CellFault(
        17,
        "diacritics_dropped",
        WORDS,
        "the keyboard has no such key",
        names.diacritics_dropped,
        pattern=_FOREIGN,
        factor="other_ear",
    ),
    CellFault(
        18,
        "hyphen_dropped",
        WORDS,
        "hyphen or apostrophe seemed idle",
        names.hyphen_dropped,
        pattern=_MARKS,
    ),
    CellFault(
        19, "keyboard_slip", TYPED, "the key next to the right one was hit", typing.keyboard_slip
    ),
    CellFault(20, "dropped_letter", TYPED, "a key was not hit hard enough", typing.dropped_letter),
    CellFault(21, "doubled_letter", TYPED, "a key was held too long", typing.doubled_letter),
    CellFault(
        22, "swapped_letters", TYPED, "one hand was faster than the other", typing.swapped_letters
    ),
    CellFault(
        23,
        "relative_number",
        NUMBERS,
        "mother's or sibling's record",
        numbers.relative_number,
        True,
    ),
    CellFault(24, "temporary_number", NUMBER, "the number was not found", numbers.temporary_number),
    CellFault(
        25,
        "temporary_pupil_number",
        PUPIL,
        "the school before had not sent the number",
        numbers.temporary_pupil_number,
    ),
    CellFault(
        26, "swapped_digits", NUMBERS, "two digits were said as one number", typing.swapped_letters
    ),
    CellFault(
        27, "wrong_check_digit", NUMBER, "the last digit was lost", numbers.wrong_check_digit
    ),
    CellFault(
        28, "wrong_digit", NUMBERS, "one digit was taken down wrongly", reading.wrong_character
    ),
    CellFault(
        29, "digit_dropped", (*TELEPHONE, *PUPIL), "a digit was not heard", typing.dropped_letter
    ),
    CellFault(
        30,
        "telephone_rewritten",
        TELEPHONE,
        "everybody groups the digits otherwise",
        numbers.telephone_rewritten,
    ),
    CellFault(31, "upper_case", WORDS, "the capitals key was on", typing.upper_case),
    CellFault(
        32, "day_month_swapped", BIRTH, "read in the American order", dates.day_month_swapped, True
    ),
    CellFault(
        33,
        "first_of_january",
        BIRTH,
        "only the year was known",
        dates.first_of_january,
        alone=True,
        by_person=True,
    ),
    CellFault(34, "day_heaped", BIRTH, "only month and year were known", dates.day_heaped, True),
    CellFault(35, "age_for_date", BIRTH, "only the age was known", dates.age_for_date, True),
    CellFault(
        36, "decade_slip", BIRTH, "the decade was guessed or misheard", dates.decade_slip, True
    ),
    CellFault(37, "digit_slip", BIRTH, "one digit was mistyped or misread", dates.digit_slip, True),
    CellFault(38, "miscoded", CODED, "the next entry of the list was picked", codes.miscoded, True),
    CellFault(39, "first_listed", CODED, "the list opens there", codes.first_listed, True),
    CellFault(
        40, "other_scheme", CODED, "the code of another system or version", codes.other_scheme, True
    ),
    CellFault(
        41, "unknown_code", SEX, "'not known' was quicker than asking", codes.unknown_code, True
    ),
    CellFault(
        42, "site_postcode", POSTCODE, "wrote their own postcode", addresses.site_postcode, True
    ),
    CellFault(43, "inward_missing", POSTCODE, "knew the first half only", addresses.inward_missing),
    CellFault(44, "letter_for_digit", POSTCODE, "O and 0 look alike", reading.letter_for_digit),
    CellFault(
        45, "wrong_character", POSTCODE, "one was taken down wrongly", addresses.wrong_character
    ),
    CellFault(
        46, "postcode_unspaced", POSTCODE, "the space seemed idle", addresses.postcode_unspaced
    ),
    CellFault(
        47,
        "flat_missing",
        HOUSE,
        "the flat was not said or did not fit",
        addresses.flat_missing,
        pattern=_LETTER,
    ),
    CellFault(
        48,
        "flat_rewritten",
        HOUSE,
        "flats are written in many ways",
        addresses.flat_rewritten,
        pattern=_LETTER,
    ),
    CellFault(49, "house_rewritten", HOUSE, "the box is free text", addresses.house_rewritten),
    CellFault(
        50, "street_kind_missing", STREET, "its kind was not said", addresses.street_kind_missing
    ),
    CellFault(
        51, "street_abbreviated", STREET, "everybody shortens it", addresses.street_abbreviated
    ),
)
FAULTS: tuple[CellFault | IdentityFault | PairFault, ...] = (*PAIRS, *WHOLES, *SINGLE)


RULES = (
    SystemRule(storage.CAPITALS, "the system keeps capitals only"),
    SystemRule(storage.ASCII, "the system has no letters with diacritics"),
    SystemRule(storage.CUT, "the field is too short"),
)


def faults_of(field: str) -> tuple[CellFault | IdentityFault | PairFault, ...]:
    """List the faults for which a profile may give a rate at a linkage field."""
    return tuple(fault for fault in FAULTS if field in fault.rated_at)
