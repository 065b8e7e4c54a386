"""What a scrubber of free text found, in the terminal."""

from __future__ import annotations

import pyarrow as pa
from rich.table import Table

from darkfigure.linkage_eval.studies.scrub import RATIOS
from darkfigure.reports.terminal.runs import interval
from darkfigure.reports.terminal.screen import output


def print_scrubbed(measured: pa.Table, seed: int) -> None:
    """Print the measurements: a row a group, a column a quantity, each with its number.

    Parameters
    ----------
    measured
        Rows of `studies.scrub`.
    seed
        Of the draw of texts.
    """
    table = Table(title=f"shares with 95 % intervals and numbers; texts of seed {seed}")
    table.add_column("group", overflow="fold", min_width=len("social_care"))
    for ratio in RATIOS:
        table.add_column(ratio.definition.label, justify="right")
    groups: dict[str, dict[str, str]] = {}
    for row in measured.to_pylist():
        group = "all" if row["stratum_kind"] == "all" else f"{row['stratum_kind']} {row['stratum']}"
        groups.setdefault(group, {})[row["metric"]] = f"{interval(row)} of {row['n']:,}"
    for group, cells in groups.items():
        table.add_row(group, *(cells.get(ratio.definition.name, "") for ratio in RATIOS))
    output().print(table)
