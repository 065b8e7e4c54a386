"""Verbs that look into a world: describe, trace, fidelity, namesakes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from darkfigure.reports.cli.options import AsJson, Folder, Quiet
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import Advance, output, progress

if TYPE_CHECKING:
    import pyarrow as pa

    from darkfigure.synth.storage.dataset import Dataset

    # What was found, and what prints it.
    Shown = tuple[pa.Table, Callable[[pa.Table], None]]


def describe(dataset: Folder, *, as_json: AsJson = False) -> None:
    """Show a dataset's sources, the keys they share, and how many people they have in common."""
    from darkfigure.linkage_eval.studies.describe import describe as describe_dataset
    from darkfigure.reports.terminal.stories import print_description
    from darkfigure.synth.storage import dataset as datasets

    with progress("describe"):
        described = describe_dataset(datasets.Dataset.open(dataset))
    if as_json:
        say_json(described.plain(), indent=2)
    else:
        print_description(described, output())


def trace(
    dataset: Folder,
    *,
    person: Annotated[
        list[str] | None,
        typer.Option(help="Person id, or 'random'; default: one with much to show. Repeat."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Of a random person: the same seed, the same one."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a page instead; several are a booklet.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Follow one person through all agencies: the truth beside what each of them wrote."""
    from darkfigure.linkage_eval.studies.trace import trace_all
    from darkfigure.reports.html.lives import write_lives
    from darkfigure.reports.terminal.stories import print_trace
    from darkfigure.synth.storage import dataset as datasets

    with progress("trace"):
        traced = trace_all(datasets.Dataset.open(dataset), person or [None], seed=seed)
    if as_json:
        plain = [one.plain() for one in traced]
        say_json(plain if len(plain) > 1 else plain[0], indent=2)
    if out:
        write_lives(traced, out)
        say(out, err=as_json)
    elif not as_json:
        for one in traced:
            print_trace(one, output())


def fidelity(
    dataset: Folder,
    *,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List every number the world rests on instead.")
    ] = False,
    faults: Annotated[
        bool, typer.Option("--faults", help="Show instead how unevenly faults at entry fall.")
    ] = False,
    laws: Annotated[
        bool, typer.Option("--laws", help="Count instead how often the records break laws.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="Compare your own table (CSV or Parquet) with --table.")
    ] = None,
    table: Annotated[str, typer.Option(help="For --against.")] = "ed/attendances",
    sdv_metadata: Annotated[
        Path | None, typer.Option(help="Write SDV's description of the dataset (JSON) instead.")
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Exit with 1 if a grade-A figure is outside, or a law is broken."
        ),
    ] = False,
    linkage: Annotated[
        bool, typer.Option(help="Link sources to the register of patients, as SAIL does.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Set each published figure beside the simulated one, with grade and verdict."""
    from darkfigure.linkage_eval.fidelity.laws import any_broken
    from darkfigure.linkage_eval.fidelity.sdv import write_sdv_metadata
    from darkfigure.linkage_eval.fidelity.summary import any_outside
    from darkfigure.synth.storage.dataset import Dataset

    opened = Dataset.open(dataset)
    if sdv_metadata:
        write_sdv_metadata(opened, sdv_metadata)
        return
    with progress("fidelity") as advance:
        if against:
            found, printed = _likeness(opened, table, against)
        elif faults:
            found, printed = _unevenness(opened)
        elif laws:
            found, printed = _laws(opened)
        elif assumptions:
            found, printed = _assumptions(opened)
        else:
            # A program is given the figures; what linking finds is for people.
            found, printed = _figures(opened, advance if linkage and not as_json else None)
    if as_json:
        say_json(found.to_pylist())
    else:
        printed(found)
    if strict and not (against or assumptions or faults):
        failed = any_broken(found) if laws else any_outside(found, grade="A")
        raise typer.Exit(int(failed))


def _likeness(opened: Dataset, table: str, against: Path) -> Shown:
    from darkfigure.linkage_eval.fidelity.likeness import compare_table, read_theirs
    from darkfigure.linkage_eval.fidelity.sdv import quality
    from darkfigure.reports.terminal.fidelity import print_likeness

    theirs = read_theirs(against)
    scores = quality(opened, table, theirs)
    return compare_table(opened, table, theirs), partial(print_likeness, scores=scores)


def _unevenness(opened: Dataset) -> Shown:
    from darkfigure.linkage_eval.fidelity.dispersion import dispersion, faults_by_group
    from darkfigure.reports.terminal.fidelity import print_unevenness

    return dispersion(opened), partial(print_unevenness, by_group=faults_by_group(opened))


def _laws(opened: Dataset) -> Shown:
    from darkfigure.linkage_eval.fidelity.laws import keep_laws
    from darkfigure.reports.terminal.fidelity import print_laws

    return keep_laws(opened), print_laws


def _assumptions(opened: Dataset) -> Shown:
    from darkfigure.linkage_eval.fidelity.assumptions import assumptions
    from darkfigure.reports.terminal.fidelity import print_assumptions

    return assumptions(opened), print_assumptions


def _figures(opened: Dataset, advance: Advance | None) -> Shown:
    from darkfigure.linkage_eval.fidelity.comparison import compare
    from darkfigure.linkage_eval.fidelity.linkage import linkage_accuracy
    from darkfigure.reports.terminal.fidelity import print_fidelity

    accuracy = linkage_accuracy(opened, progress=advance) if advance else None
    return compare(opened), partial(print_fidelity, linkage=accuracy)


def namesakes(
    scenario: Annotated[str, typer.Argument(help="Library name, or path of a TOML file.")],
    *,
    persons: Annotated[
        list[int] | None, typer.Option(min=1, help="Size of a sample; repeat for several.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the scenario's.")] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Count people who share name and birthday, in samples or, without --persons, in everybody."""
    from darkfigure import scenarios
    from darkfigure.linkage_eval.studies.namesakes import count_namesakes
    from darkfigure.reports.terminal.worlds import print_namesakes

    chosen = scenarios.load_scenario(scenario, seed=seed)
    with progress(f"namesakes {chosen.name}", quiet=quiet) as advance:
        found = count_namesakes(chosen, persons or [None], advance)
    if as_json:
        say_json(found.to_pylist())
    else:
        print_namesakes(found)
