"""One clean form for each linkage field, however a system or a user wrote it.

Each function takes an SQL expression of text and gives an SQL expression of the clean value, null
where it is missing. Records of our own systems (`standardise.py`) and of others (`foreign/`) are
cleaned by the same functions:

- names, house, street, town: upper case; letters of the Latin script as A to Z (`Siân` -> `SIAN`,
  `Łukasz` -> `LUKASZ`, `Straße` -> `STRASSE`); apostrophes dropped, other punctuation a blank,
  single blanks. Letters of other scripts stay letters: Greek and Cyrillic lose their accents, the
  rest, such as Arabic and Chinese, keep every sign. Nothing is transliterated;
- postcode: upper case with one blank before the inward half; "no fixed abode" (ZZ99) is missing;
- sex: F, M, or missing, by the meaning of each code or word;
- date of birth: a date; missing where it is no date, 1 January 1900, earlier, or too late;
- NHS number: ten digits with the right check digit, else missing; ten times the same is missing;
- telephone: eleven digits from 0 on, the country's code taken off, else missing;
- UPN: thirteen characters with the right check letter, a temporary one (its last character a
  letter) missing;
- a blank, punctuation alone, UNKNOWN, N/K and their like (`MISSING`): missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

# Texts that clerks and systems write for "missing"; assumed.
MISSING = (
    "",
    "UNKNOWN",
    "UNK",
    "NOT KNOWN",
    "NOT STATED",
    "NOT GIVEN",
    "REFUSED",
    "NONE",
    "NULL",
    "N K",
    "NK",
    "N A",
    "NFA",
    "NO FIXED ABODE",
    "X",
    "XX",
    "XXX",
)
# 1 January 1900 stands for "missing" in many systems (assumed).
LAST_PLACEHOLDER = "1900-01-01"
# The NHS's codes, the police's, and the words of English and Welsh (assumed to be all there are).
SEXES = {
    **dict.fromkeys(("F", "FEMALE", "WOMAN", "GIRL", "BENYW", "MENYW", "2"), "female"),
    **dict.fromkeys(("M", "MALE", "MAN", "BOY", "GWRYW", "DYN", "1"), "male"),
}
# NHS Data Dictionary, person gender code, and the police's U.
_NO_SEX = ("0", "9", "U", "NOT SPECIFIED")


def clean(field: str, text: str) -> str:
    """Clean a field other than the date of birth.

    Parameters
    ----------
    field
        A linkage field.
    text
        An SQL expression of text.

    Returns
    -------
    An SQL expression of the clean text, null where it is missing.
    """
    return _CLEANERS.get(field, words)(text)


def says_missing(field: str, text: str) -> str:
    """Test whether a text itself says that nothing is known.

    Parameters
    ----------
    field
        A linkage field.
    text
        An SQL expression of text.

    Returns
    -------
    An SQL condition.
    """
    blank = f"{words(text)} IS NULL"
    return f"({blank} OR {_SAID[field](text)})" if field in _SAID else f"({blank})"


def words(text: str) -> str:
    """Clean a name, or any other field of words."""
    # Most texts need no more than capitals: testing and writing these is several times as fast.
    plain = f"regexp_full_match({text}, '[A-Za-z0-9]+( [A-Za-z0-9]+)*')"
    folded = f"CASE WHEN {plain} THEN upper({text}) ELSE fold({text}) END"
    return f"CASE WHEN {_is_one_of(folded, MISSING)} THEN NULL ELSE {folded} END"


def sex(text: str, meanings: Mapping[str, str] = SEXES) -> str:
    """Clean a sex.

    Parameters
    ----------
    text
        An SQL expression of text.
    meanings
        "female" or "male" by code or word; codes of any other meaning become null.

    Returns
    -------
    An SQL expression of "F", "M" or null.
    """
    cases = " ".join(
        f"WHEN '{code}' THEN '{meaning[0].upper()}'"
        for code, meaning in meanings.items()
        if meaning in {"female", "male"}
    )
    return f"CASE upper(trim({text})) {cases} END"


def read_date(text: str, formats: Iterable[str]) -> str:
    """Read a date in the first format that fits.

    Parameters
    ----------
    text
        An SQL expression of text.
    formats
        Formats as of DuckDB's `strptime`, the preferred one first.

    Returns
    -------
    An SQL expression of a date, null where no format fits.
    """
    listed = ", ".join(f"'{form}'" for form in dict.fromkeys(formats))
    return f"try_strptime({text}, [{listed}])::DATE"


def date_of_birth(text: str, formats: Iterable[str], last: str) -> str:
    """Clean a date of birth.

    Parameters
    ----------
    text
        An SQL expression of text.
    formats
        As for `read_date`.
    last
        An SQL expression of the last possible day of birth.

    Returns
    -------
    An SQL expression of a date, null where it is missing or impossible.
    """
    return possible_birth(read_date(text, formats), last)


def possible_birth(date: str, last: str) -> str:
    """Drop days on which nobody on record is born; `date` and `last` are SQL expressions."""
    return f"CASE WHEN {date} > DATE '{LAST_PLACEHOLDER}' AND {date} <= {last} THEN {date} END"


def postcode(text: str) -> str:
    """Clean a postcode; an outward half alone stays."""
    letters = _letters(text)
    return f"""CASE WHEN {_no_postcode(text)} THEN NULL
        WHEN length({letters}) < 5 THEN {letters}
        ELSE regexp_replace({letters}, '(...)$', ' \\1') END"""


def _no_postcode(text: str) -> str:
    letters = _letters(text)
    missing = dict.fromkeys(word.replace(" ", "") for word in MISSING)
    return f"({_is_one_of(letters, missing)} OR {letters} LIKE 'ZZ99%')"


def nhs_number(text: str) -> str:
    """Clean an NHS number: modulus 11 with weights 10 to 2 (NHS Data Dictionary)."""
    digits = _digits(text)
    weighed = " + ".join(
        f"{11 - place} * TRY_CAST(substr({digits}, {place}, 1) AS INTEGER)"
        for place in range(1, 10)
    )
    check = f"(11 - ({weighed}) % 11) % 11"
    return f"""CASE WHEN length({digits}) = 10
        AND {check} = TRY_CAST(substr({digits}, 10, 1) AS INTEGER)
        AND NOT {_same_digits(text)} THEN {digits} END"""


def _same_digits(text: str) -> str:
    """Test for numbers of one digit alone: they stand for "missing", with a right check digit."""
    digits = _digits(text)
    return f"({digits} <> '' AND replace({digits}, {digits}[1], '') = '')"


def telephone(text: str) -> str:
    """Clean a telephone number."""
    national = f"regexp_replace({_digits(text)}, '^(0044|44)0?', '0')"
    return f"CASE WHEN regexp_matches({national}, '^0[1-9][0-9]{{9}}$') THEN {national} END"


def upn(text: str) -> str:
    """Clean a UPN: modulus 23 with weights 2 to 13 (Department for Education, UPN guide)."""
    letters = _letters(text)
    weighed = " + ".join(
        f"{place} * TRY_CAST(substr({letters}, {place}, 1) AS INTEGER)" for place in range(2, 14)
    )
    check = f"substr('ABCDEFGHJKLMNPQRTUVWXYZ', 1 + ({weighed}) % 23, 1)"
    return f"""CASE WHEN regexp_matches({letters}, '^[A-Z][0-9]{{12}}$')
        AND {check} = {letters}[1] THEN {letters} END"""


def _letters(text: str) -> str:
    return f"regexp_replace(upper({text}), '[^A-Z0-9]', '', 'g')"


def _digits(text: str) -> str:
    return f"regexp_replace({text}, '[^0-9]', '', 'g')"


def _is_one_of(text: str, values: Iterable[str]) -> str:
    # DuckDB makes a join of a longer IN, and a join of a large table loses the order of its rows.
    return f"regexp_full_match({text}, '{'|'.join(values)}')"


_CLEANERS: dict[str, Callable[[str], str]] = {
    "sex": sex,
    "postcode": postcode,
    "nhs_number": nhs_number,
    "telephone": telephone,
    "upn": upn,
}
_SAID: dict[str, Callable[[str], str]] = {
    "sex": lambda text: _is_one_of(f"upper(trim({text}))", _NO_SEX),
    "postcode": _no_postcode,
    "nhs_number": _same_digits,
}
