"""Verbs that estimate how much there is from what agencies know: estimate, coverage."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from darkfigure import scenarios
from darkfigure.linkage_eval.links.files import read_links
from darkfigure.linkage_eval.recapture import PopulationEstimate
from darkfigure.linkage_eval.recapture.audits import AUDITED
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.studies.coverage import Covered, study, study_linkers, to_table
from darkfigure.linkage_eval.studies.estimate import Sizes, estimate_sizes
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.reports.cli.options import AsJson, Folder, Quiet
from darkfigure.reports.terminal.lines import say_json
from darkfigure.reports.terminal.screen import output, progress
from darkfigure.synth.storage import dataset as datasets


def estimate(
    dataset: Folder,
    *,
    linker: Annotated[str, typer.Option(help="Name, file.py:Name, or 'cmd: ...'.")] = "stepwise",
    links: Annotated[
        Path | None, typer.Option(help="Instead: CSV or Parquet of ed to police links.")
    ] = None,
    audited: Annotated[
        int, typer.Option(min=1, help="Attendances that an audit covers.")
    ] = AUDITED,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Estimate how much violence with injury there was; set estimates beside the truth."""
    opened = datasets.Dataset.open(dataset)
    if links is None:
        with progress(f"link with {linker}", quiet=quiet):
            found = link_dataset(opened, LinkerEntry(name=linker), Task(left="ed", right="police"))
    else:
        found = read_links(links)
    sizes = estimate_sizes(opened, found, audited=audited)
    if as_json:
        say_json(asdict(sizes))
    elif not quiet:
        _print_sizes(sizes)


def coverage(
    scenario: Annotated[str, typer.Argument(help="Library name, or path of a TOML file.")],
    *,
    seeds: Annotated[int, typer.Option(min=1, help="Worlds: seeds 1, 2, ...")] = 30,
    persons: Annotated[int | None, typer.Option(min=1, help="Size of a sample.")] = None,
    linkers: Annotated[
        list[str] | None,
        typer.Option("--linker", help="Let a linker join written records; may be repeated."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Count in how many worlds each estimator's 95 % interval holds the truth."""
    chosen, worlds = scenarios.load_scenario(scenario, persons=persons), range(1, seeds + 1)
    with progress(f"coverage in {chosen.name}", quiet=quiet) as advance:
        if linkers:
            done = study_linkers(chosen, worlds, linkers, progress=advance)
        else:
            done = study(chosen, worlds, progress=advance)
    if as_json:
        say_json(to_table(done).to_pylist())
    elif not quiet:
        _print_coverage(done)


def _print_sizes(sizes: Sizes) -> None:
    said = (
        f"{sizes.true:,} incidents with injury in truth; emergency departments saw "
        f"{sizes.first:,}, police recorded {sizes.second:,}, {sizes.both:,} both "
        f"({sizes.linked:,} as linked)"
    )
    table = _table(said, ("links", "estimator"), ("size (95 % interval)", "against truth"))
    for answer in sizes.answers:
        one = answer.estimate
        off = "" if one.value is None else f"{one.value / sizes.true - 1:+.1%}"
        table.add_row(answer.links, one.estimator, _sized(one), off)
    output().print(table)


def _print_coverage(done: list[Covered]) -> None:
    worlds = done[0].judgement.n
    table = _table(
        f"{worlds} worlds", ("condition", "links", "estimator"), ("bias", "coverage", "width")
    )
    for one in done:
        judged = one.judgement
        covers = f"{judged.coverage:.2f} ({judged.coverage_low:.2f}-{judged.coverage_high:.2f})"
        bias, width = _share(judged.relative_bias, "+"), _share(judged.relative_width)
        table.add_row(one.condition, one.links, judged.estimator, bias, covers, width)
    output().print(table)


def _table(title: str, left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    return table


def _sized(one: PopulationEstimate) -> str:
    if one.value is None or one.low is None:
        return "none"
    high = "no limit" if one.high is None else f"{one.high:,.0f}"
    return f"{one.value:,.0f} ({one.low:,.0f}-{high})"


def _share(value: float | None, sign: str = "") -> str:
    return "none" if value is None else f"{value:{sign}.1%}"
