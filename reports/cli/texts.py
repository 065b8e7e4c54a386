"""The verb about free text: scrub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.reports.cli.options import AsJson, Folder
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import progress


def scrub(
    dataset: Folder,
    *,
    scrubber: Annotated[
        str, typer.Option(help="Name, file.py:function, or 'cmd: ... {texts} {out}'.")
    ] = "names-and-patterns",
    found: Annotated[
        Path | None,
        typer.Option(help="Instead: what a tool found, CSV or Parquet: spans or scrubbed texts."),
    ] = None,
    write_texts: Annotated[
        Path | None, typer.Option(help="Write the texts for such a tool (Parquet or CSV), no more.")
    ] = None,
    texts: Annotated[
        int, typer.Option(min=0, help="Texts to draw from all agencies; 0 takes all.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the draw.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Score how much a scrubber of free text finds, by kind of mention, agency and language."""
    from darkfigure.linkage_eval.scrubbing.answers import read_answer
    from darkfigure.linkage_eval.scrubbing.free_texts import free_texts, write_free_texts
    from darkfigure.linkage_eval.scrubbing.scrubbers import BUILT_IN
    from darkfigure.linkage_eval.studies.scrub import scrub as scrub_texts
    from darkfigure.reports.terminal.texts import print_scrubbed
    from darkfigure.synth.storage.dataset import Dataset

    opened, most = Dataset.open(dataset), texts or None
    if write_texts:
        drawn = free_texts(opened, most=most, seed=seed)
        write_free_texts(drawn, write_texts)
        say(f"{drawn.num_rows:,} texts: {write_texts}")
        return
    answer = read_answer(found) if found else None
    with progress("scrub"):
        measured = scrub_texts(opened, scrubber, found=answer, most=most, seed=seed)
    if found is None and scrubber not in BUILT_IN:
        say("Trusted, not closed: nothing kept the scrubber from reading the truth.", err=True)
    if as_json:
        say_json([row | {"seed": seed} for row in measured.to_pylist()])
    else:
        print_scrubbed(measured, seed)
