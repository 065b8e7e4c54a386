"""Verbs that guard against regressions: baseline, compare, history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.reports.cli.options import AsJson, Out, Quiet
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import progress

_FILE = "Write it to this file as well."


def baseline(
    results: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    out: Out,
    *,
    quiet: Quiet = False,
) -> None:
    """Keep a run's links as one small file, for later runs to be compared with."""
    from darkfigure.linkage_eval.gate import write_baseline

    write_baseline(results, out)
    if not quiet:
        say(f"{out}: {out.stat().st_size:,} bytes")


def compare(
    before: Annotated[Path, typer.Argument(metavar="BASELINE", help="Run or baseline file.")],
    after: Annotated[Path, typer.Argument(metavar="CANDIDATE", help="Folder of a run.")],
    further: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[BASELINE CANDIDATE]...", help="Other suites, for one verdict on all."
        ),
    ] = None,
    *,
    tolerances: Annotated[
        Path | None, typer.Option(help="TOML file; what it does not say is as packaged.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help=f"JUnit XML. {_FILE}")] = None,
    markdown: Annotated[Path | None, typer.Option(help=f"Summary in Markdown. {_FILE}")] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say whether a candidate is worse than a baseline: exit code 1 if it is, for certain."""
    from darkfigure.linkage_eval.gate import compare_runs, load_tolerances, to_junit, to_markdown
    from darkfigure.linkage_eval.runs.stored_links import write_text
    from darkfigure.reports.terminal.gate import print_gate

    allowed, others = load_tolerances(tolerances), further or []
    if len(others) % 2:
        raise typer.BadParameter("give each further suite a baseline and a candidate")
    pairs = list(zip(others[::2], others[1::2], strict=True))
    with progress("compare", quiet=quiet):
        gate = compare_runs(before, after, allowed, further=pairs)
    if junit:
        write_text(junit, to_junit(gate))
    if markdown:
        write_text(markdown, to_markdown(gate))
    if as_json:
        say_json(gate.plain())
    elif not quiet:
        print_gate(gate)
    if not gate.passed:
        raise typer.Exit(1)


def history(
    runs: Annotated[Path, typer.Argument(metavar="FOLDER", help="With a folder for each run.")],
    out: Out,
    *,
    quiet: Quiet = False,
) -> None:
    """Write a page of what each linker reached, run by run, in the order of their names.

    Of a run manifest.json, measurements.parquet and timings.parquet are enough.
    """
    from darkfigure.reports.html.history import write_history

    page = write_history(runs, out)
    if not quiet:
        say(str(page))
