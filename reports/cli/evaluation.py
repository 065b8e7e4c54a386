"""Verbs that link and measure: run, link, pair, score, measure, explain, report."""

from __future__ import annotations

import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from darkfigure.linkage_eval.defaults import MEMORY_MB, SECONDS
from darkfigure.reports.cli.options import (
    AsJson,
    Out,
    Quiet,
    RunFolder,
    SaltFile,
    TrustLinkers,
    Where,
    Workers,
)
from darkfigure.reports.cli.stopping import stoppable
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import output, progress
from darkfigure.synth.core.errors import DarkfigureError, LinkerError, LinksError

if TYPE_CHECKING:
    import pyarrow as pa

    from darkfigure.linkage_eval.runs.run import Run
    from darkfigure.linkage_eval.runs.suite import LinkerEntry
    from darkfigure.linkage_eval.studies.posed import Posed

NOT_CLOSED = "Trusted, not closed: nothing kept the linkers from reading the truth."


def run(
    suite: Annotated[str, typer.Argument(help="Library name, or path of a TOML file.")],
    out: Out,
    *,
    salt: SaltFile = None,
    workers: Workers = None,
    tuning: Annotated[
        bool, typer.Option("--tuning", help="On the suite's tuning seeds, which are not reported.")
    ] = False,
    trust_linkers: TrustLinkers = False,
    allow_failures: Annotated[
        bool, typer.Option("--allow-failures", help="Exit with 0 though a linker or metric failed.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run a suite: generate its worlds, link, measure, and write the report.

    Exit code 9 if a linker or a metric of your own failed; all else is written all the same.
    """
    from darkfigure.linkage_eval.harness import run_suite
    from darkfigure.linkage_eval.isolation.parent import TRUSTED
    from darkfigure.linkage_eval.runs import foreign
    from darkfigure.linkage_eval.runs.checkpoint import Checkpoint
    from darkfigure.linkage_eval.runs.failures import refuse_failures
    from darkfigure.linkage_eval.runs.suite import load_suite
    from darkfigure.linkage_eval.runs.worlds import make_dataset
    from darkfigure.reports.html.report import write_report
    from darkfigure.synth.core.salt import Salt

    chosen, found = foreign.settle_sets(load_suite(suite, tuning=tuning))
    _tell(found, quiet=quiet)
    finished = Checkpoint.of(chosen, out)
    _tell([line for line in (finished.explain(),) if line], quiet=quiet)
    # The user's own files are read before anything else: what is wrong with them is told at once.
    _tell(foreign.tell_intake(chosen), quiet=quiet)
    make = partial(make_dataset, salt=Salt.read(salt) if salt else None, workers=workers)
    with stoppable(finished.kept), progress(f"run {chosen.name}", quiet=quiet) as advance:
        done = run_suite(
            chosen,
            out,
            make=make,
            progress=lambda step: advance(step.what, step.number - 1, step.total),
            workers=workers,
            trusted=trust_linkers,
        )
        page = write_report(out, None, ())
    for doubt in done.manifest["held_out"]:
        say(f"Warning: {doubt}", err=True)
    if TRUSTED in done.manifest["guards"] and (quiet or as_json):
        say(NOT_CLOSED, err=True)
    if as_json:
        say_json(done.measurements.to_pylist())
    elif not quiet:
        _show(done, [page, *sorted(out.glob("board*.html"))])
    if not allow_failures:
        refuse_failures(done)


def _show(done: Run, pages: list[Path]) -> None:
    """Print the results of a run, and name its pages."""
    from darkfigure.linkage_eval.runs.failures import find_idle
    from darkfigure.reports.terminal.answers import print_answers
    from darkfigure.reports.terminal.ceilings import tell_attainable
    from darkfigure.reports.terminal.runs import print_leaderboard
    from darkfigure.reports.terminal.validity import print_validity

    print_answers(done)
    print_leaderboard(done)
    for line in tell_attainable(done):
        say(line)
    print_validity(done)
    _tell(find_idle(done), quiet=False)
    say("\n".join(["Report: " + str(pages[0]), *map(str, pages[1:])]))


def _tell(lines: list[str], *, quiet: bool) -> None:
    if lines and not quiet:
        say("\n".join(lines), err=True)


def link(
    dataset: Where,
    out: Out,
    *,
    linker: Annotated[str, typer.Option(help="Name, file.py:Name, or 'cmd: ...'.")],
    left: Annotated[str, typer.Option(help="Source.")] = "ed",
    right: Annotated[str, typer.Option(help="Source; 'police' is all forces.")] = "police",
    seed: Annotated[int, typer.Option(min=0, help="For the linker.")] = 1,
    seconds: Annotated[float, typer.Option(min=0.1, help="Most it may take.")] = SECONDS,
    memory_mb: Annotated[int, typer.Option(min=256, help="Most it may hold.")] = MEMORY_MB,
    trust_linkers: TrustLinkers = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="In this process: prints, traceback, match weights."),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Link two sources of a dataset, or your own files; CSV or Parquet by the ending of --out."""
    from darkfigure.linkage_eval.isolation.parent import TRUSTED, Limits, guard_of
    from darkfigure.linkage_eval.linkers import registry
    from darkfigure.linkage_eval.linkers.adaptation import adaptation
    from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
    from darkfigure.linkage_eval.studies.link import check_links_file, link_posed, write_links
    from darkfigure.linkage_eval.studies.posed import open_world, pose

    check_links_file(out)
    entry = LinkerEntry(name=linker)
    registry.check(linker, {})
    posed = pose(open_world(dataset), Task(left=left, right=right))
    said = adaptation(linker, posed.left, posed.right)
    _tell([*posed.intake, *([f"{linker} {said}"] if said else [])], quiet=quiet)
    if debug:
        links = _link_here(posed, entry, seed)
    else:
        limits = Limits(seconds=seconds, memory_mb=memory_mb)
        with progress(f"link with {linker}", quiet=quiet):
            links = link_posed(posed, entry, seed=seed, limits=limits, trusted=trust_linkers)
    if debug or guard_of(registry.place_of(linker), trusted=trust_linkers) == TRUSTED:
        say(NOT_CLOSED, err=True)
    write_links(links, out)
    if not links.num_rows:
        _tell(["Nobody is linked; `darkfigure pair` writes what the linker saw."], quiet=quiet)
    if not quiet:
        say(f"{links.num_rows:,} links: {out}")


def _link_here(posed: Posed, entry: LinkerEntry, seed: int) -> pa.Table:
    """Link in this process; an error of the linker's own is shown with its traceback."""
    from darkfigure.linkage_eval.studies.debug import link_here
    from darkfigure.reports.terminal.runs import print_weights

    try:
        found = link_here(posed, entry, seed=seed)
    except DarkfigureError:
        raise
    except Exception:  # noqa: BLE001, whatever a linker raises is what is looked for
        say(traceback.format_exc(), err=True)
        raise typer.Exit(LinkerError.exit_code) from None
    if found.weights is not None:
        print_weights(found.weights)
    return found.links


def pair(
    dataset: Where,
    out: Annotated[Path, typer.Option("--out", help="Folder for the tables.")],
    *,
    left: Annotated[str, typer.Option(help="Source.")] = "ed",
    right: Annotated[str, typer.Option(help="Source; 'police' is all forces.")] = "police",
    strategy: Annotated[str, typer.Option(help="Of sharing a dataset's records.")] = "clear",
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV; default: Parquet.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write the two tables that every linker is given, of a dataset or of your own files."""
    from darkfigure.linkage_eval.runs.suite import Task
    from darkfigure.linkage_eval.studies.posed import open_world, pose, write_posed

    posed = pose(open_world(dataset), Task(left=left, right=right), strategy=strategy)
    _tell(list(posed.intake), quiet=quiet)
    for file in write_posed(posed, out, as_csv=as_csv):
        _tell([str(file)], quiet=quiet)


def score(
    dataset: Annotated[
        Path | None, typer.Argument(metavar="[DATASET]", help="Folder; not with --truth.")
    ] = None,
    *,
    links: Annotated[
        Path,
        typer.Option(help="CSV or Parquet: left_id, right_id, [score]; or record_id, cluster_id."),
    ],
    truth: Annotated[
        Path | None,
        typer.Option(help="Your own, of the same form, in place of DATASET; needs no simulation."),
    ] = None,
    left: Annotated[str, typer.Option(help="Source of left_id in DATASET.")] = "ed",
    right: Annotated[str, typer.Option(help="Source of right_id in DATASET.")] = "police",
    within: Annotated[
        bool | None,
        typer.Option("--within/--across", help="With --truth: ids of one set of records, or two."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score links that any tool made against the truth."""
    from darkfigure.linkage_eval.studies.own_truth import score_against
    from darkfigure.linkage_eval.studies.score import score as score_links
    from darkfigure.reports.terminal.runs import print_measurements
    from darkfigure.synth.storage import dataset as datasets

    note = partial(say, err=True)
    if (dataset is None) == (truth is None):
        raise LinksError("Score against a DATASET or against --truth FILE: name one of the two.")
    if truth is not None:
        measured = score_against(truth, links, within=within, note=note)
    elif dataset is not None:
        opened = datasets.Dataset.open(dataset)
        measured = score_links(opened, links, left=left, right=right, note=note)
    if as_json:
        say_json(measured.to_pylist())
    else:
        print_measurements(measured)


def measure(
    results: RunFolder,
    *,
    metric: Annotated[
        list[str] | None, typer.Option(help="A further one: name, or file.py:name. Repeat.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Measure a run again from the links it stored, with the metrics of today; no linking."""
    from darkfigure.linkage_eval.runs.run import read_run
    from darkfigure.linkage_eval.studies.remeasure import remeasure
    from darkfigure.reports.terminal.answers import print_answers
    from darkfigure.reports.terminal.runs import print_leaderboard

    found = read_run(results)
    with progress(f"measure {results}", quiet=quiet):
        done = remeasure(found, metrics=metric or ())
    if as_json:
        say_json(done.measurements.to_pylist())
    elif not quiet:
        print_answers(done)
        print_leaderboard(done)


def explain(
    results: RunFolder,
    *,
    linker: Annotated[str | None, typer.Option(help="One of the run's; default: all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Share out a run's missed pairs and false links among their causes, so that it adds up."""
    from darkfigure.linkage_eval.runs.run import read_run
    from darkfigure.reports.terminal.causes import explanation_of, print_explanation

    explanation = explanation_of(read_run(results), linker)
    if as_json:
        say_json({name: table.to_pylist() for name, table in vars(explanation).items()})
    else:
        print_explanation(explanation, output())


def report(
    results: RunFolder,
    out: Annotated[Path | None, typer.Option("--out", help="Default: RUN/report.html.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(help="Only this one: scenario/strategy/task. Repeat for several."),
    ] = None,
) -> None:
    """Write the report of a run again."""
    from darkfigure.linkage_eval.runs.run import read_run
    from darkfigure.reports.html.report import write_report

    read_run(results)
    say(write_report(results, out, setting or ()))
