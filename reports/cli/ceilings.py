"""The verb that tells how well records can be linked at all: ceiling."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.reports.cli.options import AsJson, Folder, Quiet, TrustLinkers
from darkfigure.reports.terminal.lines import say_json
from darkfigure.reports.terminal.screen import progress


def ceiling(
    dataset: Folder,
    *,
    left: Annotated[str, typer.Option(help="Source.")] = "ed",
    right: Annotated[
        str, typer.Option(help="Source; the same, or '': within one source.")
    ] = "police",
    train: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DATASET",
            help="Learn from this one's truth, of another seed; may be repeated. Without: from "
            "other people of the same dataset.",
        ),
    ] = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(metavar="LINKER", help="Set a linker beside it; may be repeated."),
    ] = None,
    labels: Annotated[
        list[int] | None,
        typer.Option(
            metavar="NUMBER",
            min=1,
            max=10**9,
            help="Also learn from so many labelled pairs; repeat for a learning curve.",
        ),
    ] = None,
    trust_linkers: TrustLinkers = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Tell how well two sources can be linked at all: what labels attain, and who is below."""
    from darkfigure.linkage_eval.runs.suite import Task
    from darkfigure.linkage_eval.studies.ceiling import find_ceiling
    from darkfigure.reports.terminal.ceilings import print_ceiling
    from darkfigure.synth.storage.dataset import Dataset

    worlds = [Dataset.open(folder) for folder in train or ()]
    with progress("ceiling", quiet=quiet):
        found = find_ceiling(
            Dataset.open(dataset),
            Task(left=left, right=right),
            train=worlds,
            beside=beside or (),
            labels=labels or (),
            trusted=trust_linkers,
        )
    if as_json:
        say_json(found.to_pylist())
    elif not quiet:
        print_ceiling(found)
