"""The free texts of a dataset, as a scrubber gets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError, OutputError
from darkfigure.synth.schema import TABLES, Table
from darkfigure.synth.storage.dataset import Dataset

BETWEEN = "|"  # between the parts of a text's id, none of which holds it
SCHEMA = pa.schema(
    [
        pa.field("text_id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("table", pa.string()),
        pa.field("record_id", pa.string()),
        pa.field("column", pa.string()),
        pa.field("text", pa.string()),
    ]
)
_TABLE_BITS = 40  # rows of a table fit; no rate


def prose_columns(dataset: Dataset) -> list[tuple[Table, str]]:
    """List the columns of free text that a dataset has, in the order of the schema."""
    return [
        (table, column.name)
        for table in TABLES.values()
        for column in table.columns
        if column.prose and dataset.has(table.path.removesuffix(".parquet"))
    ]


def free_texts(dataset: Dataset, *, most: int | None = None, seed: int = 1) -> pa.Table:
    """Take free texts of a dataset, all columns together.

    Parameters
    ----------
    dataset
        The dataset.
    most
        How many to draw, all equally likely; None takes all.
    seed
        Of the draw.

    Returns
    -------
    Schema `SCHEMA`, in the order of the tables and their keys.

    Raises
    ------
    DatasetError
        The dataset has no free text.
    """
    parts = list(_drawn(dataset, most, seed))
    if not parts or not sum(map(len, parts)):
        raise DatasetError(f"{dataset.path}: no table of it holds free text; generate it anew.")
    texts = pa.concat_tables(parts)
    if most is not None and len(texts) > most:
        chosen = np.sort(np.argsort(texts["drawn"].to_numpy(), kind="stable")[:most])
        texts = texts.take(pa.array(chosen))
    return texts.select(SCHEMA.names).combine_chunks()


def _drawn(dataset: Dataset, most: int | None, seed: int) -> Iterator[pa.Table]:
    """Give each column's texts with their draws: no more of a column than are wanted in all."""
    chance = Stream(seed).stage("scrub")
    for number, (shape, column) in enumerate(prose_columns(dataset)):
        name = shape.path.removesuffix(".parquet")
        rows = dataset.read(name, [shape.key[0], column])
        rows = rows.filter(pc.is_valid(rows[column]))
        drawn = chance.uniform("text", (number << _TABLE_BITS) | np.arange(len(rows)))
        if most is not None and len(rows) > most:
            chosen = np.sort(np.argpartition(drawn, most)[:most])
            rows, drawn = rows.take(pa.array(chosen)), drawn[chosen]
        key = rows[shape.key[0]].cast(pa.string()).combine_chunks()
        same = (shape.source, shape.name, column)
        yield pa.table(
            {
                "text_id": pc.binary_join_element_wise(*same[:2], key, same[2], BETWEEN),
                **{
                    part: pa.repeat(value, len(rows))
                    for part, value in zip(("source", "table", "column"), same, strict=True)
                },
                "record_id": key,
                "text": rows[column].cast(pa.string()),
                "drawn": drawn,
            }
        )


def write_free_texts(texts: pa.Table, file: Path) -> None:
    """Write texts as Parquet or CSV, by the ending of the file.

    Raises
    ------
    OutputError
        The ending is another, or the file cannot be written.
    """
    if file.suffix not in {".parquet", ".csv"}:
        raise OutputError(f"{file}: texts are written as .parquet or .csv.")
    write = pq.write_table if file.suffix == ".parquet" else pyarrow.csv.write_csv
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write(texts, file)
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror or error}.") from None
