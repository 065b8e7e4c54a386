"""A comparison with a baseline in the terminal."""

from __future__ import annotations

from rich.table import Table

from darkfigure.linkage_eval.gate import Gate
from darkfigure.linkage_eval.gate.writing import (
    expected,
    most_frequent,
    openness,
    sentence,
    verdict,
)
from darkfigure.reports.terminal.screen import output

_GATE_STYLE = {"worse": "red", "failed": "red", "better": "green"}
_N_FLIPS = 8  # rows for each way of dividing the flips


def print_gate(gate: Gate) -> None:
    """Print a comparison: each measure, the flips, and the verdict."""
    screen = output()
    for check in gate.checks:
        if check.bad or check.measure != "status":
            place = f"{check.scenario}, {check.task}, {check.linker}"
            text = f"{check.verdict:<10}  {place}: {sentence(check)}"
            screen.print(text, style=_GATE_STYLE.get(check.verdict))
    tallies = gate.tallies()
    if tallies:
        table = Table(title="who flipped", title_justify="left", box=None)
        for name in ("linker", "what", "by", ""):
            table.add_column(name)
        for name in ("pairs", "expected", "people"):
            table.add_column(name, justify="right")
        for row in most_frequent(tallies, _N_FLIPS):
            named = (row.linker, row.what, row.by.replace("_", " "), row.name)
            table.add_row(*named, f"{row.n_pairs:,}", expected(row), f"{row.n_people:,}")
        screen.print(table)
    if gate.trusted:
        screen.print(openness(gate), style="yellow")
    screen.print(verdict(gate), style="green" if gate.passed else "bold red")
