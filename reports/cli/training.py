"""Verbs for trainers: practise, teach, classroom."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.reports.cli.options import Folder, Out, Quiet, Workers
from darkfigure.reports.terminal.lines import say
from darkfigure.reports.terminal.screen import progress


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
    from darkfigure.reports.practise import Practice, level_of, write_practice
    from darkfigure.synth.storage import dataset as datasets

    asked = Practice(pairs=pairs, level=level_of(level), seed=seed, left=left, right=right)
    opened = datasets.Dataset.open(dataset)
    with progress("practise", quiet=quiet) as advance:
        made = write_practice(opened, out, asked, key=key, progress=advance)
    if not quiet:
        say(f"{len(made.cards)} pairs, {made.n_matches} of them matches: {out}")


def teach(
    out: Out,
    *,
    attendees: Annotated[int, typer.Option(min=1, max=200, help="How many people.")] = 20,
    scenario: Annotated[str, typer.Option(help="Library name, or path of a file.")] = "merthyr",
    persons: Annotated[int, typer.Option(min=1, help="Size of each sample.")] = 40_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same packs.")] = 1,
    spreadsheet: Annotated[
        bool, typer.Option("--spreadsheet", help="A workbook besides, and tasks without SQL.")
    ] = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Write a training pack for each attendee, with data of their own; answers apart."""
    from darkfigure.reports.teaching import Course, write_course

    course = Course(attendees, scenario, persons, seed, spreadsheet)
    with progress("teach", quiet=quiet) as advance:
        write_course(course, out, workers=workers or os.cpu_count() or 1, progress=advance)
    if not quiet:
        say(f"{attendees} packs: {out}; begin with {out / 'README.html'}")


def classroom(
    answers: Annotated[
        list[Path],
        typer.Argument(metavar="ANSWERS...", help="Files saved by the page, or a folder."),
    ],
    out: Out,
    *,
    letters: Annotated[
        bool, typer.Option("--letters", help="Call learners A, B, C, to show it to all.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Merge the answers that learners saved on one page of practice into a page for the class.

    Beside the methods: each learner's precision and recall, how far they agree, the pairs that
    divided them, and what is hard.
    """
    from darkfigure.reports.classroom import read_sitting, write_sitting
    from darkfigure.reports.classroom.write import headline

    sitting = read_sitting(answers, letters=letters)
    page = write_sitting(sitting, out)
    if not quiet:
        say(f"{headline(sitting)}: {page}")
