"""Likeness of a user's own table and the simulated one, column by column.

Only distributions are compared, never rows; nothing of the user's table is kept.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from pyarrow import parquet as pq
from scipy.stats import chi2_contingency, ks_2samp

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.errors import DatasetError, UnknownNameError
from darkfigure.synth.schema import TABLES, Column
from darkfigure.synth.storage.dataset import Dataset

SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("column", "kind", "measure")),
        *(
            pa.field(name, pa.float64())
            for name in ("distance", "p_value", "missing_ours", "missing_theirs")
        ),
        *(pa.field(name, pa.int64()) for name in ("n_ours", "n_theirs")),
        pa.field("furthest", pa.string()),
    ]
)
_MOST_CATEGORIES = 200
_FEW = 30  # rows of a sample below which p-values are exact
_EMPTY = ("", "NULL", "NA", "NaN")


def read_theirs(path: str | Path) -> pa.Table:
    """Read a user's table, CSV or Parquet by its ending; all cells of a CSV as text.

    Raises
    ------
    DatasetError
        The file is missing, or not of the format that its ending names.
    """
    file = Path(path)
    try:
        if file.suffix == ".parquet":
            return pq.read_table(file)
        names = csv.open_csv(file).schema.names
        text = csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=list(_EMPTY),
            strings_can_be_null=True,
        )
        return csv.read_csv(file, convert_options=text)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(f"{file} cannot be read as a table: {reason}.") from None


def compare_table(dataset: Dataset, table: str, theirs: pa.Table) -> pa.Table:
    """Compare a user's table with one of the dataset's, by columns of the same name.

    Parameters
    ----------
    dataset
        A simulated dataset.
    table
        Name of one of its tables, such as "ed/attendances".
    theirs
        The user's rows; text is read as the type of our column.

    Returns
    -------
    One row for each column that either has, schema `SCHEMA`. The distance is the total variation
    between shares of categories, or Kolmogorov and Smirnov's between numbers, dates, and lengths
    of free text, from 0 (alike) to 1. `p_value` is the probability that two such samples of one
    population lie at least so far apart (chi-square; KS). `furthest` names the category whose
    share differs most. A column that one side lacks has no distance.

    Raises
    ------
    UnknownNameError
        The dataset has no such table.
    DatasetError
        No column of the user's table has a name of ours, or one cannot be read as our type.
    """
    if not dataset.has(table):
        raise UnknownNameError.of("table", table, dataset.tables)
    ours, shape = dataset.read(table), TABLES[f"{table}.parquet"]
    if not set(ours.column_names) & set(theirs.column_names):
        raise DatasetError(
            f"No column of your table has the name of one of {table}'s: "
            f"{', '.join(ours.column_names)}. Rename yours."
        )
    rows = [_compare_column(column, ours, theirs) for column in shape.columns]
    strange = [name for name in theirs.column_names if name not in ours.column_names]
    rows += [
        {"column": name, "kind": "only yours", "n_theirs": theirs.num_rows} for name in strange
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def as_ours(theirs: pa.Array, column: Column) -> pa.Array:
    """Read a user's column as the type of ours.

    Parameters
    ----------
    theirs
        Values of the user's column.
    column
        Our column, with name and type; categories are read as text.

    Raises
    ------
    DatasetError
        A value cannot be read as that type.
    """
    kind = pa.string() if pa.types.is_dictionary(column.type) else column.type
    try:
        return theirs.cast(kind)
    except pa.ArrowException as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(
            f"Column {column.name} of your table cannot be read as {kind}: {reason}."
        ) from None


def _compare_column(column: Column, ours: pa.Table, theirs: pa.Table) -> dict[str, object]:
    if column.name not in theirs.column_names:
        return {"column": column.name, "kind": "only ours", "n_ours": ours.num_rows}
    pair = [as_ours(table[column.name], column) for table in (ours, theirs)]
    present = [values.drop_null() for values in pair]
    row = {
        "column": column.name,
        "missing_ours": pair[0].null_count / max(len(pair[0]), 1),
        "missing_theirs": pair[1].null_count / max(len(pair[1]), 1),
        "n_ours": len(present[0]),
        "n_theirs": len(present[1]),
    }
    if not all(map(len, present)):
        return row | {"kind": "empty"}
    return row | _distance(column, *present)


def _distance(column: Column, ours: pa.Array, theirs: pa.Array) -> dict[str, object]:
    if _is_category(column, ours):
        return {"kind": "category", "measure": "total variation", **_variation(ours, theirs)}
    if pa.types.is_string(ours.type):
        kind, samples = "text", [pc.utf8_length(values) for values in (ours, theirs)]
    else:
        kind = "time" if pa.types.is_temporal(ours.type) else "number"
        samples = [_as_numbers(values) for values in (ours, theirs)]
    # The asymptotic distribution has no value for a handful of rows.
    method = "exact" if min(map(len, samples)) < _FEW else "asymp"
    test = ks_2samp(*(values.to_numpy().astype(float) for values in samples), method=method)
    measure = "KS of lengths" if kind == "text" else "KS"
    return {
        "kind": kind,
        "measure": measure,
        "distance": float(test.statistic),
        "p_value": float(test.pvalue),
    }


def _is_category(column: Column, values: pa.Array) -> bool:
    if column.codes or pa.types.is_boolean(values.type):
        return True
    return pa.types.is_dictionary(column.type) and len(values.unique()) <= _MOST_CATEGORIES


def _as_numbers(values: pa.Array) -> pa.Array:
    if pa.types.is_date(values.type):
        return values.cast(pa.int32())
    return values.cast(pa.int64())


def _variation(ours: pa.Array, theirs: pa.Array) -> dict[str, object]:
    """Give the total variation between two samples of categories and its chi-square p-value."""
    text = [values.cast(pa.string()).to_numpy() for values in (ours, theirs)]
    labels, codes = np.unique(np.concatenate(text).astype(str), return_inverse=True)
    counts: Ints = np.stack(
        [
            np.bincount(part, minlength=len(labels))
            for part in (codes[: len(ours)], codes[len(ours) :])
        ]
    )
    shares = counts / counts.sum(1, keepdims=True)
    apart = np.abs(shares[0] - shares[1])
    p_value = float(chi2_contingency(counts, correction=False).pvalue) if len(labels) > 1 else 1.0
    furthest = int(np.argmax(apart))
    return {
        "distance": float(apart.sum() / 2),
        "p_value": p_value,
        "furthest": f"{labels[furthest]} ({shares[0][furthest]:.3f}, {shares[1][furthest]:.3f})",
    }
