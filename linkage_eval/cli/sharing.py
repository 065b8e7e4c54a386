"""Verbs about sharing: share."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from linkage_eval.cli.options import AsJson, Folder, Out, Quiet
from linkage_eval.metrics.effort import tabulate_flows
from linkage_eval.sharing import share as share_dataset
from linkage_eval.terminal.flows import print_flows
from synth import dataset as datasets


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
    opened = datasets.Dataset.open(dataset)
    known = share_dataset(opened, strategy, out, overwrite=overwrite)
    flows = tabulate_flows(known)
    if as_json:
        typer.echo(json.dumps(flows.to_pylist(), ensure_ascii=False))
    elif not quiet:
        print_flows(flows, known.strategy.title)
        typer.echo(f"Agreement: {out / 'agreement.md'}")
