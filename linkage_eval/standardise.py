"""What an analyst does before linking: one clean form for what each system wrote its own way.

Nothing here knows the truth. Per field:

- names, house, street, town: upper case, accents folded to ASCII (`Siân` -> `SIAN`), apostrophes
  dropped, other punctuation a blank, single blanks;
- postcode: upper case with one blank before the inward half; "no fixed abode" (ZZ99) is missing;
- sex: F, M, or missing, by the meaning of the system's own code;
- date of birth: a date; missing where it is no date, 1 January 1900, earlier, or later than the
  day the record was opened;
- NHS number: ten digits with the right check digit, else missing;
- telephone: eleven digits from 0 on, the country's code taken off, else missing;
- UPN: thirteen characters with the right check letter, a temporary one (its last character a
  letter) missing;
- a blank, UNKNOWN, N/K and their like: missing.
"""

from __future__ import annotations

import pyarrow as pa

from linkage_eval.contracts import RECORDS
from linkage_eval.sides import are_one, expand
from linkage_eval.sql import query
from synth.dataset import Dataset
from synth.errors import DatasetError, SpecError
from synth.schema import BRITISH_DATE, DATE, FIELDS, ISO_DATE, SUBJECTS, TIME, Column, Table

# Assumed: what clerks and systems write for "missing".
_MISSING = (
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
_APOSTROPHES = "''\u2018\u2019`"
# 1 January 1900 stands for "missing" in many systems (assumed).
_LAST_PLACEHOLDER = "1900-01-01"


def sources_of(dataset: Dataset, name: str) -> list[str]:
    """Find the sources that a task names: one, all below it, or several joined by "+".

    Raises
    ------
    DatasetError
        The dataset has no such source.
    SpecError
        A source is named twice.
    """
    held = _held(dataset)
    for part in name.split("+"):
        if not expand(part, held):
            raise DatasetError(
                f"{dataset.path} has no source '{part}' whose records name people; "
                f"it has {', '.join(held) or 'none'}."
            )
    try:
        return expand(name, held)
    except ValueError as error:
        raise SpecError(f"{error}.") from None


def is_within(dataset: Dataset, left: str, right: str) -> bool:
    """Tell whether both sides of a task are the same sources of a dataset.

    Raises
    ------
    DatasetError
        The dataset has no such source.
    SpecError
        The sides share some sources and not all, or name one twice.
    """
    for name in (left, right or left):
        sources_of(dataset, name)
    try:
        return are_one(left, right, _held(dataset))
    except ValueError as error:
        raise SpecError(f"{error}.") from None


def _held(dataset: Dataset) -> list[str]:
    return [source for source, table in SUBJECTS.items() if dataset.has(_name(table))]


def standardise(dataset: Dataset, name: str) -> pa.Table:
    """Bring a source, or all sources below a name, into the columns of `RECORDS`.

    Parameters
    ----------
    dataset
        Only its agencies' tables are read.
    name
        Such as "ed", "police/gwent", "police" for all forces together, or "ed+police".

    Returns
    -------
    One row per record, sorted by `record_id`; fields that a source does not hold are null.

    Raises
    ------
    DatasetError
        There is no such source, or two of its records have the same key.
    """
    parts = [
        standardise_table(read_subjects(dataset, source), SUBJECTS[source])
        for source in sources_of(dataset, name)
    ]
    records = pa.concat_tables(parts).sort_by("record_id").combine_chunks()
    if len(records["record_id"].unique()) < records.num_rows:
        raise DatasetError(f"{dataset.path}: records of '{name}' share keys; generate it again.")
    return records


def read_subjects(dataset: Dataset, source: str) -> pa.Table:
    """Read the table that says who a source's people are, as it was written."""
    return dataset.read(_name(SUBJECTS[source]))


def standardise_table(written: pa.Table, table: Table) -> pa.Table:
    """Bring one table into the columns of `RECORDS`, rows as they come."""
    columns = [f'"{table.key[0]}" AS record_id', f"'{table.source}' AS source"]
    columns += [f"{_expression(table, field)} AS {field}" for field in FIELDS]
    select = f"SELECT {', '.join(columns)} FROM written"  # noqa: S608, names of our own schema
    return query(select, written=written).cast(RECORDS)


def _expression(table: Table, field: str) -> str:
    column = table.fields.get(field)
    if column is None:
        return "NULL::DATE" if field == "date_of_birth" else "NULL::VARCHAR"
    if field == "date_of_birth":
        return _date(column, table)
    if field == "sex":
        return _sex(column)
    return _CLEANED.get(field, _words)(column)


def _words(column: Column) -> str:
    folded = (
        f"""strip_accents(upper(regexp_replace("{column.name}", '[{_APOSTROPHES}]', '', 'g')))"""
    )
    words = f"trim(regexp_replace({folded}, '[^A-Z0-9]+', ' ', 'g'))"
    missing = ", ".join(f"'{word}'" for word in _MISSING)
    return f"CASE WHEN {words} IN ({missing}) THEN NULL ELSE {words} END"


def _sex(column: Column) -> str:
    cases = " ".join(
        f"WHEN '{code}' THEN '{meaning[0].upper()}'"
        for code, meaning in column.codes.items()
        if meaning in {"female", "male"}
    )
    return f'CASE upper(trim("{column.name}")) {cases} END'


def _date(column: Column, table: Table) -> str:
    formats = [column.date_format, ISO_DATE, BRITISH_DATE, "%d-%m-%Y", "%d.%m.%Y"]
    tried = ", ".join(f"'{form}'" for form in dict.fromkeys(formats))
    date = f'try_strptime(trim("{column.name}"), [{tried}])::DATE'
    opened = next(one.name for one in table.columns if one.type in {DATE, TIME} and not one.field)
    return f"""CASE WHEN {date} > DATE '{_LAST_PLACEHOLDER}' AND {date} <= "{opened}"::DATE
        THEN {date} END"""


def _postcode(column: Column) -> str:
    letters = f"""regexp_replace(upper("{column.name}"), '[^A-Z0-9]', '', 'g')"""
    return f"""CASE
        WHEN {letters} IN ('', 'UNKNOWN', 'NK', 'NA', 'NFA') OR {letters} LIKE 'ZZ99%' THEN NULL
        WHEN length({letters}) < 5 THEN {letters}
        ELSE regexp_replace({letters}, '(...)$', ' \\1') END"""


def _nhs_number(column: Column) -> str:
    """Modulus 11 with weights 10 to 2 (NHS Data Dictionary, NHS number)."""
    digits = f"""regexp_replace("{column.name}", '[^0-9]', '', 'g')"""
    weighed = " + ".join(
        f"{11 - place} * TRY_CAST(substr({digits}, {place}, 1) AS INTEGER)"
        for place in range(1, 10)
    )
    check = f"(11 - ({weighed}) % 11) % 11"
    return f"""CASE WHEN length({digits}) = 10
        AND {check} = TRY_CAST(substr({digits}, 10, 1) AS INTEGER) THEN {digits} END"""


def _telephone(column: Column) -> str:
    digits = f"""regexp_replace("{column.name}", '[^0-9]', '', 'g')"""
    national = f"regexp_replace({digits}, '^(0044|44)0?', '0')"
    return f"CASE WHEN regexp_matches({national}, '^0[1-9][0-9]{{9}}$') THEN {national} END"


def _upn(column: Column) -> str:
    """Modulus 23 with weights 2 to 13 (Department for Education, Unique pupil numbers guide)."""
    letters = f"""regexp_replace(upper("{column.name}"), '[^A-Z0-9]', '', 'g')"""
    weighed = " + ".join(
        f"{place} * TRY_CAST(substr({letters}, {place}, 1) AS INTEGER)" for place in range(2, 14)
    )
    check = f"substr('ABCDEFGHJKLMNPQRTUVWXYZ', 1 + ({weighed}) % 23, 1)"
    return f"""CASE WHEN regexp_matches({letters}, '^[A-Z][0-9]{{12}}$')
        AND {check} = {letters}[1] THEN {letters} END"""


_CLEANED = {
    "postcode": _postcode,
    "nhs_number": _nhs_number,
    "telephone": _telephone,
    "upn": _upn,
}


def _name(table: Table) -> str:
    return table.path.removesuffix(".parquet")
