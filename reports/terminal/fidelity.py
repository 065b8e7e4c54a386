"""Fidelity of a world in the terminal: its figures beside published ones, and its assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from rich.table import Table

from darkfigure.linkage_eval.fidelity.laws import BROKEN, EXPLAINED, KEPT, laws_in_short
from darkfigure.linkage_eval.fidelity.summary import by_grade, in_short, quantity
from darkfigure.reports.terminal.runs import interval
from darkfigure.reports.terminal.screen import output

_SHORT = {"national figure, local sample": "national", "not simulated": "not sim."}
_STYLE = {"inside": "green", "outside": "red"}


def print_fidelity(compared: pa.Table, linkage: pa.Table | None = None) -> None:
    """Print published beside simulated figures by section, and the number that agree.

    Parameters
    ----------
    compared
        As `fidelity.comparison.compare` gives it.
    linkage
        As `linkage_eval.fidelity.linkage_accuracy` gives it; without, it is not printed.
    """
    single, gathered = in_short(compared)
    screen = output()
    for section in dict.fromkeys(single["section"].to_pylist()):
        table = Table(title=section, title_justify="left", box=None, padding=(0, 1, 0, 0))
        table.add_column("figure", overflow="fold", min_width=len("Bangladeshi"))
        table.add_column("published", justify="right", min_width=len("published"))
        table.add_column("simulated (95 %)", justify="right", no_wrap=True)
        table.add_column("n", justify="right")
        for name in ("", "verdict", "source"):
            table.add_column(name, no_wrap=True)
        for row in single.to_pylist():
            if row["section"] == section:
                table.add_row(*_figure(row), style=_STYLE.get(row["verdict"]))
        screen.print(table)
        for row in gathered.to_pylist():
            if row["section"] == section:
                screen.print(
                    f"{row['kind'].replace('_', ' ')}, by local authority: {row['inside']} of "
                    f"{row['figures']} inside, {row['outside']} outside, "
                    f"{row['cannot_tell']} cannot tell"
                )
        screen.print()
    for row in by_grade(compared).to_pylist():
        screen.print(
            f"grade {row['grade']}: {row['inside']} of {row['judged']} inside, {row['outside']} "
            f"outside, {row['cannot_tell']} cannot tell ({row['near']} of them agree by themselves)"
        )
    if linkage is not None:
        _print_linkage(linkage)


def _print_linkage(accuracy: pa.Table) -> None:
    """Print MACRAL's accuracy by source beside what SAIL published of its own sources."""
    title = "linkage to the register of patients by MACRAL (SAIL: Lyons et al. 2009)"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    for name in ("source", "measure"):
        table.add_column(name)
    for name in ("SAIL", "simulated (95 %)", "n"):
        table.add_column(name, justify="right")
    for row in accuracy.to_pylist():
        bound = "<" if row["measure"] == "error" else ">" if row["measure"] == "specificity" else ""
        published = "" if row["published"] is None else f"{bound}{row['published']:.3f}"
        value = interval({**row, "value": row["simulated"]})
        table.add_row(row["source"], row["measure"], published, value, f"{row['n']:,}")
    if accuracy.num_rows:
        output().print(table)


def _figure(row: Mapping[str, Any]) -> list[str]:
    name = row["key"].replace("_", " ")
    wide = row["area"] in ("any", "Wales", "England and Wales")
    simulated = "" if row["simulated"] is None else quantity(row["simulated"])
    if row["sim_low"] is not None and row["sim_low"] != row["sim_high"]:
        simulated += f" ({quantity(row['sim_low'])}-{quantity(row['sim_high'])})"
    return [
        name if wide else f"{name}, {row['area']}",
        quantity(row["published"]),
        simulated,
        "" if row["n"] is None else f"{row['n']:,}",
        row["grade"],
        _verdict(row),
        row["source"],
    ]


def _verdict(row: Mapping[str, Any]) -> str:
    if row["persons_needed"] is None:
        return _SHORT.get(row["verdict"], row["verdict"])
    return f"needs {_short(row['persons_needed'])}"


def _short(number: int) -> str:
    """Write a number of people in few letters."""
    if number >= 1_000_000_000:
        return "> 1,000 m"
    return f"{number / 1e6:,.1f} m" if number >= 1_000_000 else f"{number / 1e3:,.0f} k"


def print_laws(found: pa.Table) -> None:
    """Print how often each law is broken, those that are broken first.

    Parameters
    ----------
    found
        As `fidelity.laws.keep_laws` gives it.
    """
    screen = output()
    for verdict in dict.fromkeys(sorted(found["verdict"].to_pylist(), key=_worst_first)):
        table = Table(title=verdict, title_justify="left", box=None, padding=(0, 1, 0, 0))
        table.add_column("about")
        table.add_column("law", overflow="fold")
        for name in _COUNTS:
            table.add_column(name, justify="right")
        for row in found.to_pylist():
            if row["verdict"] == verdict:
                counts = ("" if row[name] is None else f"{row[name]:,}" for name in _COUNTS)
                table.add_row(row["about"], row["law"], *counts)
        screen.print(table)
    screen.print(laws_in_short(found))


_COUNTS = ("checked", "violated", "explained", "unexplained")


def _worst_first(verdict: str) -> int:
    order = (BROKEN, EXPLAINED, KEPT)
    return order.index(verdict) if verdict in order else len(order)


def print_assumptions(register: pa.Table) -> None:
    """Print every number on which a world rests, assumed ones first, each with its meaning."""
    screen = output()
    for assumed, title in ((True, "assumed, wholly or in part"), (False, "from a source")):
        table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
        for name in ("parameter", "value", "source", "meaning"):
            table.add_column(name, overflow="fold")
        for row in register.to_pylist():
            if row["assumed"] == assumed:
                table.add_row(row["parameter"], row["value"], row["source"], row["meaning"])
        screen.print(table)
    screen.print(f"{sum(register['assumed'].to_pylist())} of {register.num_rows} are assumed")


def print_likeness(compared: pa.Table, scores: pa.Table | None) -> None:
    """Print the distances of a user's table from ours, and the scores of SDMetrics.

    Parameters
    ----------
    compared
        As `linkage_eval.fidelity.compare_table` gives it.
    scores
        As `linkage_eval.fidelity.quality` gives it; None where SDMetrics is not installed.
    """
    table = Table(title="your table and ours", title_justify="left", box=None)
    for name in ("column", "kind", "measure"):
        table.add_column(name)
    for name in ("distance", "p", "missing ours", "yours"):
        table.add_column(name, justify="right")
    table.add_column("furthest (ours, yours)")
    for row in compared.to_pylist():
        numbers = ("distance", "p_value", "missing_ours", "missing_theirs")
        cells = ["" if row[name] is None else f"{row[name]:.3f}" for name in numbers]
        table.add_row(
            row["column"], row["kind"], row["measure"] or "", *cells, row["furthest"] or ""
        )
    screen = output()
    screen.print(table)
    if scores is None:
        screen.print("SDMetrics' scores need the extra `sdv`: pip install 'darkfigure[sdv]'.")
    for row in scores.to_pylist() if scores else ():
        screen.print(f"SDMetrics {row['report']}, {row['property']}: {row['score']:.3f}")


def print_unevenness(matrix: pa.Table, by_group: pa.Table) -> None:
    """Print how unevenly faults fall on records, clerks and shifts, and on groups of people.

    Parameters
    ----------
    matrix
        As `fidelity.dispersion.dispersion` gives it.
    by_group
        As `fidelity.dispersion.faults_by_group` gives it.
    """
    rows, screen = matrix.to_pylist(), output()
    causes = list(dict.fromkeys(row["cause"] for row in rows))
    table = Table(
        title="variance of faults against independence (1)", title_justify="left", box=None
    )
    table.add_column("source")
    for cause in (*causes, "records"):
        table.add_column(cause, justify="right")
    for source in dict.fromkeys(row["source"] for row in rows):
        by_cause = {row["cause"]: row for row in rows if row["source"] == source}
        ratios = [by_cause.get(cause, {}).get("ratio") for cause in causes]
        cells = ["" if ratio is None else f"{ratio:.2f}" for ratio in ratios]
        table.add_row(source, *cells, f"{by_cause['record']['records']:,}")
    screen.print(table)
    table = Table(title="faults a record, by whom it is about", title_justify="left", box=None)
    for name in ("people", "group"):
        table.add_column(name)
    for name in ("faults a record", "times all (95 %)", "records"):
        table.add_column(name, justify="right")
    for row in by_group.to_pylist():
        times = f"{row['ratio']:.2f} ({row['low']:.2f}-{row['high']:.2f})"
        kind = row["kind"].replace("_", " ")
        table.add_row(
            kind, row["group"], f"{row['faults_a_record']:.3f}", times, f"{row['records']:,}"
        )
    screen.print(table)
