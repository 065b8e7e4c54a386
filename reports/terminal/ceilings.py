"""How well records can be linked at all, in the terminal."""

from __future__ import annotations

import pyarrow as pa
from rich.table import Table

from darkfigure.linkage_eval.rows import ALL
from darkfigure.linkage_eval.studies.ceiling import ACCURACY, ATTAINABLE, DISTANCE, F1_BOUND
from darkfigure.reports.terminal.runs import interval
from darkfigure.reports.terminal.screen import output

# What else is said of a ceiling, in words.
_BESIDES = {
    "pair_completeness": "true pairs that are judged at all",
    "indistinguishable": "true pairs with the values of at least as many false ones",
    F1_BOUND: "F1 that no rule passes, since it treats the same values alike",
}


def print_ceiling(found: pa.Table) -> None:
    """Print what is attainable, linkers beside it, and the bounds, for everybody together.

    Parameters
    ----------
    found
        Rows of `studies.ceiling`.
    """
    rows = [row for row in found.to_pylist() if row["stratum_kind"] == ALL]
    first = rows[0]
    table = Table(title=f"attainable; 95 % intervals over people; seed {first['seed']}")
    table.add_column("", overflow="fold", min_width=len(ATTAINABLE))
    shown = {name: name for name in ACCURACY}
    if any(row["metric"] == DISTANCE for row in rows):
        shown[DISTANCE] = "f1 short of it"
    for header in shown.values():
        table.add_column(header, justify="right")
    cells = {(row["linker"], row["metric"]): interval(row) for row in rows}
    for linker in dict.fromkeys(row["linker"] for row in rows):
        table.add_row(linker, *(cells.get((linker, name), "") for name in shown))
    screen = output()
    screen.print(table)
    screen.print(f"learnt from: {first['learnt_from']}")
    for row in rows:
        if row["metric"] in _BESIDES:
            screen.print(f"{_BESIDES[row['metric']]}: {interval(row)}; n {row['n']:,}")
