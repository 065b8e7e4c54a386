"""The flows of a strategy in the terminal, as a table."""

from __future__ import annotations

import pyarrow as pa
from rich.table import Table

from darkfigure.reports.terminal.screen import output


def print_flows(flows: pa.Table, title: str) -> None:
    """Print the numbers of records by status, one row per flow and recipient.

    Parameters
    ----------
    flows
        As `sharing.metrics.effort.tabulate_flows` gives them.
    title
        Title of the table.
    """
    table = Table(title=title)
    for name in ("flow", "to", "asked for", "shared", "why not", "event to usable, days"):
        table.add_column(name, justify="right" if name in {"asked for", "shared"} else "left")
    for row in flows.to_pylist():
        median, late = row["median_days"], row["p95_days"]
        table.add_row(
            row["flow"],
            row["recipient"],
            f"{row['asked_for']:,}",
            f"{row['shared']:,}",
            row["why_not"],
            "" if median is None else f"{median:.1f} (95 % within {late:.1f})",
        )
    output().print(table)
