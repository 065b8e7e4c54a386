"""Verbs about sharing: share."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure.reports.cli.options import AsJson, Folder, Out, Quiet
from darkfigure.reports.terminal.lines import say, say_json


def share(
    dataset: Folder,
    out: Out,
    *,
    strategy: Annotated[
        str, typer.Option(help="Library name or path; overlays behind '+', as mash+scandal.")
    ],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier one.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Let a sharing strategy work: write what each recipient holds, the log, and the agreement."""
    from darkfigure.linkage_eval.sharing.metrics.effort import tabulate_flows
    from darkfigure.linkage_eval.sharing.outputs import share as share_dataset
    from darkfigure.reports.terminal.flows import print_flows
    from darkfigure.synth.storage import dataset as datasets

    opened = datasets.Dataset.open(dataset)
    known = share_dataset(opened, strategy, out, overwrite=overwrite)
    flows = tabulate_flows(known)
    if as_json:
        say_json(flows.to_pylist())
    elif not quiet:
        print_flows(flows, known.strategy.title)
        say(f"Agreement: {out / 'agreement.md'}")
