"""Rankings compared, in the terminal: ours beside those on data that others made."""

from __future__ import annotations

from rich.table import Table

from darkfigure.linkage_eval.runs.run import Run
from darkfigure.linkage_eval.studies.validity import Agreement, Validity, find_validity
from darkfigure.reports.terminal.runs import interval
from darkfigure.reports.terminal.screen import output

_LEAST_P = 0.0005  # rounds to .001


def print_validity(run: Run) -> None:
    """Print ranks, Spearman's rho and what our tasks over- or underrate, if a run can tell."""
    found = find_validity(run)
    if found is None:
        return
    screen = output()
    screen.print(_ranks(found))
    screen.print(_agreements(found))
    for rating in found.ratings:
        if rating.verdict:
            where = f"{rating.best:g} to {rating.worst:g}"
            screen.print(
                f"{rating.linker}: rank {rating.ours:g} here, {where} on others: {rating.verdict}"
            )


def _ranks(found: Validity) -> Table:
    table = Table(title="F1 by task and data set (0: of no use there)", title_justify="left")
    table.add_column("linker", overflow="fold", min_width=max(map(len, found.linkers)))
    for name in (*found.ours, *found.others):
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("rank, ours", justify="right")
    table.add_column("mean rank, others", justify="right")
    for rating in found.ratings:
        row = found.linkers.index(rating.linker)
        values = (f"{found.f1[name][row]:.3f}" for name in (*found.ours, *found.others))
        table.add_row(rating.linker, *values, f"{rating.ours:g}", f"{rating.others:.1f}")
    return table


def _agreements(found: Validity) -> Table:
    table = Table(title="Spearman's rho of two rankings (95 % intervals)", title_justify="left")
    for name in ("ranking", "and that of"):
        table.add_column(name, overflow="fold")
    for name in ("rho", "p"):
        table.add_column(name, justify="right")
    for one in found.agreements:
        table.add_row(one.first, one.second, rho(one), p_value(one))
    return table


def p_value(one: Agreement) -> str:
    """Write p; the least that is told is below .001."""
    if one.p is None:
        return ""
    return f"{one.p:.3f}" if one.p >= _LEAST_P else "<0.001"


def rho(one: Agreement) -> str:
    """Write rho with its interval."""
    if one.rho is None:
        return "all tied"
    return interval({"value": one.rho, "low": one.low, "high": one.high})
