"""Training: pages on which people practise, and packs for a course."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from darkfigure.api.worlds import opened
from darkfigure.reports.classroom import read_sitting, write_sitting
from darkfigure.reports.practise import Practice, level_of, write_practice
from darkfigure.reports.teaching import Course, write_course
from darkfigure.synth.storage.dataset import Dataset


def practise(
    world: Dataset | str | Path,
    out: str | Path,
    *,
    pairs: int = 40,
    level: str = "medium",
    seed: int = 1,
    left: str = "ed",
    right: str = "police",
    key: str | Path | None = None,
) -> Path:
    """Write a page on which people practise clerical review, scored against the truth.

    Parameters
    ----------
    world
        A dataset, or its folder.
    out
        The page, in HTML.
    pairs
        How many to judge.
    level
        "easy", "medium" or "hard".
    seed
        The same gives the same page.
    left, right
        Sources.
    key
        File for the trainer's key.

    Returns
    -------
    The page.
    """
    asked = Practice(pairs=pairs, level=level_of(level), seed=seed, left=left, right=right)
    write_practice(opened(world), Path(out), asked, key=None if key is None else Path(key))
    return Path(out)


def teach(
    out: str | Path,
    *,
    attendees: int = 20,
    scenario: str = "merthyr",
    persons: int = 40_000,
    seed: int = 1,
    spreadsheet: bool = False,
    workers: int | None = None,
) -> Path:
    """Write a training pack for each attendee, with data of their own; answers apart.

    Parameters
    ----------
    out
        Folder to make.
    attendees
        How many people.
    scenario
        Name of the library, or path of a TOML file.
    persons
        Size of each sample.
    seed
        The same gives the same packs.
    spreadsheet
        Write the data as a workbook besides, with tasks that need no SQL.
    workers
        Processes; without, one for each processor.

    Returns
    -------
    The page to begin with.
    """
    course = Course(attendees, scenario, persons, seed, spreadsheet)
    write_course(course, Path(out), workers=workers or os.cpu_count() or 1)
    return Path(out) / "README.html"


def classroom(
    answers: str | Path | Iterable[str | Path], out: str | Path, *, letters: bool = False
) -> Path:
    """Merge the answers that learners saved on one page of practice into a page for the class.

    Parameters
    ----------
    answers
        Files that the page saved (JSON or CSV), or folders of them.
    out
        The page, in HTML.
    letters
        Call learners A, B, C in the order of their files, for a page that is shown to all.

    Returns
    -------
    The page.

    Raises
    ------
    LinksError
        A file is no file of answers, answers another page than the others, or is a learner's
        second.
    OutputError
        The page cannot be written.
    """
    given = [answers] if isinstance(answers, str | Path) else answers
    return write_sitting(read_sitting([Path(one) for one in given], letters=letters), Path(out))
