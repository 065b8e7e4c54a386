"""Verbs that make a world and check it: generate, verify."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure.reports.cli.options import AsJson, Folder, Out, Quiet, SaltFile, Workers
from darkfigure.reports.cli.stopping import stoppable
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import progress
from darkfigure.synth.core.choices import Engine, FileFormat


def generate(
    scenario: Annotated[str, typer.Argument(help="Library name, or path of a TOML file.")],
    out: Out,
    *,
    persons: Annotated[int | None, typer.Option(min=1, help="Size of a sample.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the scenario's.")] = None,
    without: Annotated[
        str | None,
        typer.Option(help="Leave out a cause that `explain` names: 'moved', 'misspelt' ..."),
    ] = None,
    salt: SaltFile = None,
    workers: Workers = None,
    overwrite: Annotated[bool, typer.Option(help="Replace the dataset in --out.")] = False,
    form: Annotated[
        FileFormat, typer.Option("--format", help="How to write tables.")
    ] = FileFormat.parquet,
    truth: Annotated[bool, typer.Option(help="Write the truth, apart from the rest.")] = True,
    engine: Annotated[Engine, typer.Option(help="What works the blocks.")] = Engine.local,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and write its dataset; other commands read it as Parquet only."""
    from darkfigure import scenarios
    from darkfigure.linkage_eval.studies.counterfactual import without_cause
    from darkfigure.reports.terminal.worlds import print_tables
    from darkfigure.synth.core.salt import Salt
    from darkfigure.synth.formats import Writing, generate_as

    chosen = scenarios.load_scenario(scenario, persons=persons, seed=seed)
    if without is not None:
        chosen = without_cause(chosen, without)
    if salt is not None:
        chosen = chosen.salted(Salt.read(salt))
    with stoppable(), progress(f"generate {chosen.name}", quiet=quiet) as advance:
        made = generate_as(
            chosen,
            out,
            Writing(form, truth, engine),
            workers=workers,
            overwrite=overwrite,
            progress=advance,
        )
    if as_json:
        say_json(made.manifest, indent=2)
    elif not quiet:
        print_tables(made)


def verify(dataset: Folder, *, as_json: AsJson = False) -> None:
    """Recompute the content hash of every table of a dataset."""
    from darkfigure.synth.storage import dataset as datasets

    with progress("verify") as advance:
        hashes = datasets.verify(dataset, progress=advance)
    if as_json:
        say_json(hashes, indent=2)
    else:
        say(f"{len(hashes)} tables are as they were generated.")
