"""The content of a world in the terminal, as tables."""

from __future__ import annotations

import pyarrow as pa
from rich.table import Table

from darkfigure.reports.terminal.screen import output
from darkfigure.synth.storage.dataset import Dataset


def print_tables(dataset: Dataset) -> None:
    """Print the tables of a dataset."""
    persons = dataset.manifest["persons"]
    table = Table(title=f"{dataset.path}: {persons:,} people, seed {dataset.manifest['seed']}")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("content hash")
    for name, entry in dataset.tables.items():
        table.add_row(name, f"{entry['rows']:,}", entry["hash"][:12])
    output().print(table)


def print_namesakes(namesakes: pa.Table) -> None:
    """Print the number of people easily taken for another, one line a sample."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("people", "same name and birthday", "per million"):
        table.add_column(name, justify="right")
    for name in ("surname and birthday at home", "surname and forename at home"):
        table.add_column(name, justify="right")
    for row in namesakes.to_pylist():
        counts = ("same_birth_at_home", "same_name_at_home")
        table.add_row(
            f"{row['persons']:,}",
            f"{row['namesakes']:,}",
            f"{row['namesakes_per_million']:,.0f}",
            *(f"{row[name]:,}" for name in counts),
        )
    output().print(table)
