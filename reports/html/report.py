"""The report of a run as a file, and beside it the page for a board where sharing was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from darkfigure.reports.html.board import board_scenarios, render_board
from darkfigure.reports.html.page import render
from darkfigure.reports.html.run import ReportedRun, read_run
from darkfigure.reports.html.written_page import write_page


def write_report(run: Path, out: Path | None = None, settings: Sequence[str] = ()) -> Path:
    """Write the results of a run as one self-contained page.

    The page of one run is always the same, byte for byte. Beside RUN/report.html stands
    RUN/board.html if the run measured sharing, for people who decide on it; where it did so in
    several worlds, there is one for each, board-WORLD.html.

    Parameters
    ----------
    run
        The run folder.
    out
        The page; by default RUN/report.html.
    settings
        Settings to show, as "scenario/strategy/task"; all if none is given.

    Returns
    -------
    Path of the page.

    Raises
    ------
    DatasetError
        The run folder is missing or damaged.
    OutputError
        The page cannot be written; then no part of it is.
    UnknownNameError
        The run has no such setting.
    """
    page = out or run / "report.html"
    read = read_run(run)
    boards = _boards(read) if out is None else {}
    write_page(page, render(read, settings, boards=list(boards)))
    for name, html in boards.items():
        write_page(run / name, html)
    return page


def _boards(run: ReportedRun) -> dict[str, str]:
    """Give the page for a board about each world, by name of its file."""
    scenarios = board_scenarios(run)
    parts = {scenario: "" if len(scenarios) == 1 else f"-{scenario}" for scenario in scenarios}
    return {f"board{part}.html": render_board(run, name) for name, part in parts.items()}
