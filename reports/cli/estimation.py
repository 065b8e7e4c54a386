"""Verbs that estimate how much there is from what agencies know: estimate, coverage."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.linkage_eval.defaults import AUDITED
from darkfigure.reports.cli.options import AsJson, Folder, Quiet
from darkfigure.reports.terminal.lines import say_json
from darkfigure.reports.terminal.screen import progress


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
    further: Annotated[
        list[str] | None,
        typer.Option("--list", help="Agency of a further list instead of gp; may be repeated."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Estimate how much violence with injury there was; set estimates beside the truth."""
    from darkfigure.linkage_eval.links.files import read_links
    from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
    from darkfigure.linkage_eval.studies.estimate import estimate_sizes
    from darkfigure.linkage_eval.studies.link import link_dataset
    from darkfigure.reports.terminal.estimates import print_sizes
    from darkfigure.synth.storage import dataset as datasets

    opened = datasets.Dataset.open(dataset)
    if links is None:
        with progress(f"link with {linker}", quiet=quiet):
            found = link_dataset(opened, LinkerEntry(name=linker), Task(left="ed", right="police"))
    else:
        found = read_links(links)
    sizes = estimate_sizes(opened, found, audited=audited, further=further or ())
    if as_json:
        say_json(asdict(sizes))
    elif not quiet:
        print_sizes(sizes)


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
    from darkfigure import scenarios
    from darkfigure.linkage_eval.studies.coverage import study, study_linkers, to_table
    from darkfigure.reports.terminal.estimates import print_coverage

    chosen, worlds = scenarios.load_scenario(scenario, persons=persons), range(1, seeds + 1)
    with progress(f"coverage in {chosen.name}", quiet=quiet) as advance:
        if linkers:
            done = study_linkers(chosen, worlds, linkers, progress=advance)
        else:
            done = study(chosen, worlds, progress=advance)
    if as_json:
        say_json(to_table(done).to_pylist())
    elif not quiet:
        print_coverage(done)
