"""A dataset for the Synthetic Data Vault: its metadata, and the scores of SDMetrics.

SDV and SDMetrics are an extra (`pip install darkfigure[sdv]`); the metadata need neither.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.fidelity.likeness import as_ours
from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.schema import TABLES, Column, Table
from darkfigure.synth.storage.dataset import Dataset

_ENDING = ".parquet"
# The kind of each linkage field in the words of Faker, which SDV uses too.
_PERSONAL = {
    "surname": "last_name",
    "forename": "first_name",
    "middle_name": "first_name",
    "date_of_birth": "date_of_birth",
    "house": "building_number",
    "street": "street_name",
    "town": "city",
    "postcode": "postcode",
}
# Columns of the truth that name somebody, or an incident, under a name of their own.
_ROLES = {"victim_id": "person_id", "offender_id": "person_id", "other_id": "person_id"}


def sdv_metadata(dataset: Dataset) -> dict[str, Any]:
    """Describe a dataset as SDV's `Metadata.load_from_dict` reads it (specification V2).

    Parameters
    ----------
    dataset
        A dataset.

    Returns
    -------
    Every table by its name, such as "ed/attendances", with the kind of each column and its key,
    and every foreign key that holds for all rows: SDV refuses one with unknown references.
    """
    shapes = {name: TABLES[f"{name}{_ENDING}"] for name in dataset.tables}
    return {
        "tables": {name: table_metadata(shape) for name, shape in shapes.items()},
        "relationships": list(_relationships(dataset, shapes)),
        "METADATA_SPEC_VERSION": "V2",
    }


def write_sdv_metadata(dataset: Dataset, path: str | Path) -> None:
    """Write a dataset's metadata as the JSON that SDV's `Metadata.load_from_json` reads.

    Parameters
    ----------
    dataset
        A dataset.
    path
        The file to write; one that is there is replaced.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    text = json.dumps(sdv_metadata(dataset), indent=2)
    try:
        Path(path).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from None


def table_metadata(shape: Table) -> dict[str, Any]:
    """Describe one table for SDV, which knows no key of several columns."""
    keys = _id_columns(shape)
    metadata: dict[str, Any] = {
        "columns": {column.name: _kind(column, keys) for column in shape.columns}
    }
    return metadata | ({"primary_key": shape.key[0]} if len(shape.key) == 1 else {})


def quality(dataset: Dataset, table: str, theirs: pa.Table) -> pa.Table | None:
    """Score the likeness of a table of the dataset and a user's with SDMetrics.

    Parameters
    ----------
    dataset
        A simulated dataset.
    table
        Name of one of its tables, such as "ed/attendances".
    theirs
        The user's rows, which may lack columns or have others besides.

    Returns
    -------
    One row for each property of SDMetrics' quality and diagnostic reports: `report`, `property`,
    `score` from 0 to 1; None where SDMetrics is not installed. Its average over all properties is
    left out, since it adds unlike things.
    """
    if find_spec("sdmetrics") is None:
        return None
    # Imported when asked for: it takes seconds, and most installations lack it.
    from sdmetrics.reports import DiagnosticReport, QualityReport  # noqa: PLC0415

    shape = TABLES[f"{table}{_ENDING}"]
    names = [name for name in shape.arrow.names if name in theirs.column_names]
    metadata = table_metadata(shape)
    metadata["columns"] = {name: metadata["columns"][name] for name in names}
    if metadata.get("primary_key") not in names:
        metadata.pop("primary_key", None)
    columns = [column for column in shape.columns if column.name in names]
    user_rows = pa.table({column.name: as_ours(theirs[column.name], column) for column in columns})
    sides = [{shape.name: _frame(part)} for part in (user_rows, dataset.read(table, names))]
    rows = []
    for report in (QualityReport(), DiagnosticReport()):
        report.generate(*sides, {"tables": {shape.name: metadata}}, verbose=False)
        rows += [
            {"report": type(report).__name__, "property": row["Property"], "score": row["Score"]}
            for row in report.get_properties().dropna().to_dict("records")
        ]
    return pa.Table.from_pylist(rows)


_NUMBERS = ("nhs_number", "telephone", "upn")


def _kind(column: Column, keys: set[str]) -> dict[str, Any]:
    if column.name in keys or column.field in _NUMBERS:
        return {"sdtype": "id"}
    if column.field in _PERSONAL:
        return {"sdtype": _PERSONAL[column.field], "pii": True}
    if pa.types.is_boolean(column.type):
        return {"sdtype": "boolean"}
    if pa.types.is_temporal(column.type):
        form = "%Y-%m-%d" if pa.types.is_date(column.type) else "%Y-%m-%d %H:%M:%S"
        return {"sdtype": "datetime", "datetime_format": form}
    if pa.types.is_integer(column.type):
        return {"sdtype": "numerical"}
    return {"sdtype": "categorical"}


def _id_columns(shape: Table) -> set[str]:
    """List the columns that hold keys: a table's own, or those of another."""
    own = {shape.key[0]} if len(shape.key) == 1 else set()
    others = {table.key[0] for table in TABLES.values() if len(table.key) == 1}
    foreign = {
        column.name
        for column in shape.columns
        if _ROLES.get(column.name, column.name) in others or column.name.endswith("_id")
    }
    return own | foreign


def _relationships(dataset: Dataset, shapes: dict[str, Table]) -> Iterator[dict[str, str]]:
    parents = {
        (shape.source, shape.key[0]): name for name, shape in shapes.items() if len(shape.key) == 1
    }
    for child, shape in shapes.items():
        for column in shape.arrow.names:
            key = _ROLES.get(column, column)
            parent = parents.get((shape.source, key), child)
            if parent != child and _holds(dataset, (child, column), (parent, key)):
                yield {
                    "parent_table_name": parent,
                    "child_table_name": child,
                    "parent_primary_key": key,
                    "child_foreign_key": column,
                }


def _holds(dataset: Dataset, child: tuple[str, str], parent: tuple[str, str]) -> bool:
    """Tell whether every value of a column of the child is a key of the parent."""
    columns = (dataset.read(name, [column])[column] for name, column in (child, parent))
    values, keys = (
        column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for column in columns
    )
    return bool(pc.all(pc.is_in(values.drop_null(), value_set=keys)).as_py() in (True, None))


def _frame(table: pa.Table) -> Any:  # noqa: ANN401, pandas is at the door only
    """Hand a table to pandas with plain text in place of dictionaries."""
    plain = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(plain)).to_pandas(date_as_object=False)
