"""The `darkfigure` command: every verb is a thin twin of a Python function.

Data goes to standard output, progress and messages to standard error. Exit codes are those of
`synth.errors`; 2 is a wrong option, 130 an interruption.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import linkage_eval.terminal as show
import scenarios
from linkage_eval import registry
from linkage_eval.harness import run_suite
from linkage_eval.linking import link_dataset, write_links
from linkage_eval.metrics import known_metrics
from linkage_eval.results import read_run
from linkage_eval.scoring import score as score_links
from linkage_eval.strategies import STRATEGIES
from linkage_eval.suite import Entrant, Suite, Task, load_suite
from linkage_eval.worlds import make_dataset
from synth import dataset as datasets
from synth.entry import SystemProfile
from synth.errors import DarkfigureError
from synth.pipeline import generate as generate_dataset
from synth.scenario import Scenario
from synth.spec import Spec

app = typer.Typer(
    name="darkfigure",
    help="Simulate violence and what agencies record of it; benchmark linkage against the truth.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Out = Annotated[Path, typer.Option("--out", help="Where to write.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes to use.")]
Folder = Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of a dataset.")]
CORES = os.cpu_count() or 1


class Kind(StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    suites = "suites"
    systems = "systems"
    strategies = "strategies"
    linkers = "linkers"
    metrics = "metrics"


class SpecKind(StrEnum):
    """Files whose JSON Schema can be printed."""

    scenario = "scenario"
    suite = "suite"
    system = "system"


@app.command("list")
def list_known(kind: Kind, *, as_json: AsJson = False) -> None:
    """List scenarios, suites, systems, strategies, linkers or metrics."""
    known = _KNOWN[kind]()
    if as_json:
        typer.echo(json.dumps(known, indent=2, ensure_ascii=False))
    else:
        show.print_described(known)


@app.command()
def generate(
    scenario: Annotated[str, typer.Argument(help="Library name, or path of a TOML file.")],
    out: Out,
    *,
    persons: Annotated[int | None, typer.Option(min=1, help="Size of a sample.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the scenario's.")] = None,
    workers: Workers = CORES,
    overwrite: Annotated[bool, typer.Option(help="Replace the dataset in --out.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and write its dataset."""
    chosen = scenarios.load_scenario(scenario, persons=persons, seed=seed)
    with show.progress(f"generate {chosen.name}", quiet=quiet) as advance:
        made = generate_dataset(chosen, out, workers=workers, overwrite=overwrite, progress=advance)
    if as_json:
        typer.echo(json.dumps(made.manifest, indent=2, ensure_ascii=False))
    elif not quiet:
        show.print_tables(made)


@app.command()
def run(
    suite: Annotated[str, typer.Argument(help="Library name, or path of a TOML file.")],
    out: Out,
    *,
    workers: Workers = CORES,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run a suite: generate its worlds, link, measure, and write the report."""
    chosen = load_suite(suite)
    with show.progress(f"run {chosen.name}", quiet=quiet) as advance:
        done = run_suite(
            chosen,
            out,
            make=partial(make_dataset, workers=workers),
            progress=lambda step: advance(step.what, step.number - 1, step.total),
        )
    page = _report_writer()(out, None)
    if as_json:
        typer.echo(json.dumps(done.measurements.to_pylist(), ensure_ascii=False))
    elif not quiet:
        show.print_leaderboard(done)
        typer.echo(f"Report: {page}")


@app.command()
def link(
    dataset: Folder,
    out: Out,
    *,
    linker: Annotated[str, typer.Option(help="Name, file.py:Name, or 'cmd: ...'.")],
    left: Annotated[str, typer.Option(help="Source.")] = "ed",
    right: Annotated[str, typer.Option(help="Source; 'police' is all forces.")] = "police",
    seed: Annotated[int, typer.Option(min=0, help="For the linker.")] = 1,
    quiet: Quiet = False,
) -> None:
    """Link two sources of a dataset; CSV or Parquet by the ending of --out."""
    opened = datasets.Dataset.open(dataset)
    with show.progress(f"link with {linker}", quiet=quiet):
        links = link_dataset(opened, Entrant(name=linker), Task(left=left, right=right), seed=seed)
    write_links(links, out)
    if not quiet:
        typer.echo(f"{links.num_rows:,} links: {out}")


@app.command()
def score(
    dataset: Folder,
    *,
    links: Annotated[Path, typer.Option(help="CSV or Parquet: left_id, right_id, [score].")],
    left: Annotated[str, typer.Option(help="Source of left_id.")] = "ed",
    right: Annotated[str, typer.Option(help="Source of right_id.")] = "police",
    as_json: AsJson = False,
) -> None:
    """Score links that any tool made against the truth."""
    measured = score_links(datasets.Dataset.open(dataset), links, left=left, right=right)
    if as_json:
        typer.echo(json.dumps(measured.to_pylist(), ensure_ascii=False))
    else:
        show.print_measurements(measured)


@app.command()
def report(
    results: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    out: Annotated[Path | None, typer.Option("--out", help="Default: RUN/report.html.")] = None,
) -> None:
    """Write the report of a run again."""
    read_run(results)
    typer.echo(_report_writer()(results, out))


@app.command()
def verify(dataset: Folder, *, as_json: AsJson = False) -> None:
    """Recompute the content hash of every table of a dataset."""
    hashes = datasets.verify(dataset)
    if as_json:
        typer.echo(json.dumps(hashes, indent=2))
    else:
        typer.echo(f"{len(hashes)} tables are as they were generated.")


@app.command()
def schema(kind: SpecKind) -> None:
    """Print the JSON Schema of a kind of TOML file, for an editor to check it by."""
    models: dict[str, type[Spec]] = {"scenario": Scenario, "suite": Suite, "system": SystemProfile}
    typer.echo(json.dumps(models[kind].model_json_schema(), indent=2, ensure_ascii=False))


def _titles(kind: str) -> dict[str, str]:
    return {name: scenarios.read(kind, name).get("title", "") for name in scenarios.names(kind)}


_KNOWN: dict[Kind, Callable[[], dict[str, str]]] = {
    Kind.scenarios: lambda: _titles("library"),
    Kind.suites: lambda: _titles("suites"),
    Kind.systems: lambda: _titles("systems"),
    Kind.strategies: lambda: {name: inspect.getdoc(one) or "" for name, one in STRATEGIES.items()},
    Kind.linkers: registry.known_linkers,
    Kind.metrics: lambda: {
        name: f"{one.meaning} ({one.formula})" for name, one in known_metrics().items()
    },
}


def _report_writer() -> Callable[[Path, Path | None], Path]:
    # Imported when needed: only the command reaches up to the reports.
    from reports import write_report  # noqa: PLC0415

    return write_report


def main() -> None:
    """Run the command; an error is one message and an exit code, never a traceback."""
    try:
        app()
    except DarkfigureError as error:
        typer.echo(f"darkfigure: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("darkfigure: interrupted; nothing unfinished was kept.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
