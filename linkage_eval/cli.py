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
from linkage_eval.answers import write_file
from linkage_eval.describe import describe as describe_dataset
from linkage_eval.fidelity import (
    any_outside,
    compare,
    compare_table,
    quality,
    read_theirs,
    write_sdv_metadata,
)
from linkage_eval.fidelity import assumptions as list_assumptions
from linkage_eval.harness import run_suite
from linkage_eval.linking import link_dataset, write_links
from linkage_eval.metrics import known_metrics
from linkage_eval.results import read_run
from linkage_eval.scoring import score as score_links
from linkage_eval.stories import print_description, print_trace
from linkage_eval.strategies import STRATEGIES
from linkage_eval.suite import Entrant, Suite, Task, load_suite
from linkage_eval.trace import trace as trace_person
from linkage_eval.worlds import make_dataset
from synth import dataset as datasets
from synth.dictionary import dictionary as render_dictionary
from synth.entry import SystemProfile
from synth.errors import DarkfigureError
from synth.formats import Form, Writing, generate_as
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
    form: Annotated[Form, typer.Option("--format", help="How to write tables.")] = Form.parquet,
    truth: Annotated[bool, typer.Option(help="Write the truth, apart from the rest.")] = True,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and write its dataset; other commands read it as Parquet only."""
    chosen = scenarios.load_scenario(scenario, persons=persons, seed=seed)
    with show.progress(f"generate {chosen.name}", quiet=quiet) as advance:
        made = generate_as(
            chosen,
            out,
            Writing(form, truth),
            workers=workers,
            overwrite=overwrite,
            progress=advance,
        )
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
def practise(
    dataset: Folder,
    out: Out,
    *,
    pairs: Annotated[int, typer.Option(min=2, max=500, help="Pairs to judge.")] = 40,
    level: Annotated[str, typer.Option(help="easy, medium or hard.")] = "medium",
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same page.")] = 1,
    left: Annotated[str, typer.Option(help="Source.")] = "ed",
    right: Annotated[str, typer.Option(help="Source; 'police' is all forces.")] = "police",
    key: Annotated[Path | None, typer.Option(help="Where to write the trainer's key.")] = None,
    quiet: Quiet = False,
) -> None:
    """Write a page on which people practise clerical review, scored against the truth."""
    from reports.practise import Practice, level_of, write_practice  # noqa: PLC0415, as below

    asked = Practice(pairs=pairs, level=level_of(level), seed=seed, left=left, right=right)
    opened = datasets.Dataset.open(dataset)
    with show.progress("practise", quiet=quiet) as advance:
        made = write_practice(opened, out, asked, key=key, progress=advance)
    if not quiet:
        typer.echo(f"{len(made.cards)} pairs, {made.n_matches} of them matches: {out}")


@app.command()
def teach(
    out: Out,
    *,
    attendees: Annotated[int, typer.Option(min=1, max=200, help="How many people.")] = 20,
    scenario: Annotated[str, typer.Option(help="Library name, or path of a file.")] = "merthyr",
    persons: Annotated[int, typer.Option(min=1, help="Size of each sample.")] = 6_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same packs.")] = 1,
    workers: Workers = CORES,
    quiet: Quiet = False,
) -> None:
    """Write a training pack for each attendee, with data of their own; answers apart."""
    from reports.teaching import Course, write_course  # noqa: PLC0415, as below

    course = Course(attendees, scenario, persons=persons, seed=seed)
    with show.progress("teach", quiet=quiet) as advance:
        write_course(course, out, workers=workers, progress=advance)
    if not quiet:
        typer.echo(f"{attendees} packs: {out}; begin with {out / 'README.html'}")


@app.command()
def verify(dataset: Folder, *, as_json: AsJson = False) -> None:
    """Recompute the content hash of every table of a dataset."""
    hashes = datasets.verify(dataset)
    if as_json:
        typer.echo(json.dumps(hashes, indent=2))
    else:
        typer.echo(f"{len(hashes)} tables are as they were generated.")


@app.command()
def describe(dataset: Folder, *, as_json: AsJson = False) -> None:
    """Show a dataset's sources, the keys they share, and how many people they have in common."""
    described = describe_dataset(datasets.Dataset.open(dataset))
    if as_json:
        typer.echo(json.dumps(described.plain(), indent=2, ensure_ascii=False))
    else:
        print_description(described, show.output())


@app.command()
def trace(
    dataset: Folder,
    *,
    person: Annotated[
        str | None, typer.Option(help="Person id, or 'random'; without, one with much to show.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Follow one person through all agencies: the truth beside what each of them wrote."""
    traced = trace_person(datasets.Dataset.open(dataset), person)
    if as_json:
        typer.echo(json.dumps(traced.plain(), indent=2, ensure_ascii=False))
    else:
        print_trace(traced, show.output())


@app.command()
def fidelity(
    dataset: Folder,
    *,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List every number the world rests on instead.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="Compare your own table (CSV or Parquet) with --table.")
    ] = None,
    table: Annotated[str, typer.Option(help="For --against.")] = "ed/attendances",
    sdv_metadata: Annotated[
        Path | None, typer.Option(help="Write SDV's description of the dataset (JSON) instead.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a grade-A figure is outside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Set each published figure beside the simulated one, with grade and verdict."""
    opened = datasets.Dataset.open(dataset)
    if sdv_metadata:
        write_sdv_metadata(opened, sdv_metadata)
        return
    if against:
        theirs = read_theirs(against)
        found, scores = compare_table(opened, table, theirs), quality(opened, table, theirs)
        printed = partial(show.print_likeness, scores=scores)
    elif assumptions:
        found, printed = list_assumptions(opened), partial(show.print_assumptions)
    else:
        found, printed = compare(opened), partial(show.print_fidelity)
    if as_json:
        typer.echo(json.dumps(found.to_pylist(), ensure_ascii=False))
    else:
        printed(found)
    if strict and not (against or assumptions) and any_outside(found, grade="A"):
        raise typer.Exit(1)


@app.command()
def dictionary(
    out: Annotated[Path | None, typer.Option("--out", help="Markdown file to write.")] = None,
) -> None:
    """Print the data dictionary: every table, column and code list."""
    text = render_dictionary()
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_file(out, lambda path: path.write_text(text, "utf-8"))
        typer.echo(str(out))


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
