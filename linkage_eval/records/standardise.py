"""Standardisation of records before linking: one clean form for all systems.

Nothing here knows the truth. `cleaning.py` defines the clean form of each field; here stand the
column of each field in a system, the meaning of its codes, its format of dates, and the day on
which a record was opened, after which its person cannot be born.
"""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.records import cleaning
from darkfigure.linkage_eval.records.sides import are_one, expand
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.errors import DatasetError, SpecError
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.schema import BRITISH_DATE, DATE, ISO_DATE, SUBJECTS, TIME, Column, Table
from darkfigure.synth.storage.dataset import Dataset


def sources_of(dataset: Dataset, name: str) -> list[str]:
    """Find the sources that a task names.

    Parameters
    ----------
    dataset
        A dataset.
    name
        A source, "police" for all forces together, or several joined by "+".

    Raises
    ------
    DatasetError
        The dataset has no such source.
    SpecError
        A source is named twice.
    """
    sources = _held(dataset)
    for part in name.split("+"):
        if not expand(part, sources):
            raise DatasetError(
                f"{dataset.path} has no source '{part}' whose records name people; "
                f"it has {', '.join(sources) or 'none'}."
            )
    try:
        return expand(name, sources)
    except ValueError as error:
        raise SpecError(f"{error}.") from None


def is_within(dataset: Dataset, left: str, right: str) -> bool:
    """Tell whether both sides of a task are the same sources of a dataset.

    Parameters
    ----------
    dataset
        A dataset.
    left, right
        The names of the sides in the task; without `right`, `left` is linked to itself.

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
        A dataset, of which only agencies' tables are read.
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
    """Read the table with the identities of a source's people, as it was written.

    Parameters
    ----------
    dataset
        A dataset.
    source
        One of `synth.schema.SUBJECTS`, such as "ed" or "police/gwent".
    """
    return dataset.read(_name(SUBJECTS[source]))


def standardise_table(written: pa.Table, table: Table) -> pa.Table:
    """Bring one table into the columns of `RECORDS`, in the same order.

    Parameters
    ----------
    written
        Rows as a system wrote them.
    table
        The table's schema, with fields, codes and format of dates.
    """
    columns = [f'"{table.key[0]}" AS record_id', f"'{table.source}' AS source"]
    columns += [f"{_expression(table, field)} AS {field}" for field in FIELDS]
    select = f"SELECT {', '.join(columns)} FROM written"  # noqa: S608, names of our own schema
    return query(select, written=written).cast(RECORDS)


def _expression(table: Table, field: str) -> str:
    column = table.fields.get(field)
    if column is None:
        return "NULL::DATE" if field == "date_of_birth" else "NULL::VARCHAR"
    text = f'"{column.name}"'
    if field == "date_of_birth":
        return _date(column, table)
    if field == "sex":
        return cleaning.sex(text, column.codes)
    return cleaning.clean(field, text)


def _date(column: Column, table: Table) -> str:
    formats = [str(column.date_format), ISO_DATE, BRITISH_DATE, "%d-%m-%Y", "%d.%m.%Y"]
    opened = next(
        other.name for other in table.columns if other.type in {DATE, TIME} and not other.field
    )
    return cleaning.date_of_birth(f'trim("{column.name}")', formats, f'"{opened}"::DATE')


def _name(table: Table) -> str:
    return table.path.removesuffix(".parquet")
