"""How well records can be linked at all, in the terminal."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from rich.table import Table

from darkfigure.linkage_eval.attainable.ceiling import ACCURACY, ATTAINABLE, DISTANCE
from darkfigure.linkage_eval.rows import ALL, OK
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.reports.terminal.runs import interval
from darkfigure.reports.terminal.screen import output

# What else is said of a ceiling, in words.
_BESIDES = {
    "pair_completeness": "true pairs that are judged at all",
    "indistinguishable": "true pairs with the values of at least as many false ones",
}


def print_ceiling(found: pa.Table) -> None:
    """Print what is attainable, linkers beside it, and the bounds, for everybody together.

    Parameters
    ----------
    found
        Rows of `rows.Attained`.
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
    if any(row["labels"] for row in rows):
        screen.print("By labels: the median of some draws of labelled pairs, the worst, the best.")
    for row in rows:
        if row["status"] != OK:
            screen.print(f"{row['linker']}: {row['status']}")
        if row["metric"] in _BESIDES:
            screen.print(f"{_BESIDES[row['metric']]}: {interval(row)}; n {row['n']:,}")


def tell_attainable(run: Run) -> list[str]:
    """Say of each task and world of a run what is attainable, and how far below it linkers are.

    Parameters
    ----------
    run
        A run; where its suite did not ask, nothing is said.
    """
    rows = [row for row in run.attainable.to_pylist() if row["stratum_kind"] == ALL]
    worlds = dict.fromkeys((row["scenario"], row["task"], row["seed"]) for row in rows)
    return [
        _tell([row for row in rows if (row["scenario"], row["task"], row["seed"]) == world], world)
        for world in worlds
    ]


def _tell(rows: list[dict[str, Any]], world: tuple[str, str, int]) -> str:
    scenario, task, seed = world
    name = f"Attainable ({task}, {scenario}, seed {seed})"
    (best,) = (row for row in rows if (row["linker"], row["metric"]) == (ATTAINABLE, "f1"))
    if best["status"] != OK:
        return f"{name}: {best['status']}"
    below = [f"{row['linker']} {interval(row)}" for row in rows if row["metric"] == DISTANCE]
    behind = f"; F1 below it: {', '.join(below)}" if below else ""
    return f"{name}: F1 {interval(best)} by labels of {best['learnt_from']}, no method{behind}."
