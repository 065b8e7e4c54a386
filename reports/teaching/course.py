"""A course: a pack for each attendee, and for the trainer an overview of all answers."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from darkfigure import scenarios
from darkfigure.reports.html.written_page import write_page
from darkfigure.reports.teaching.debrief import render_debrief
from darkfigure.reports.teaching.exercises import read_exercises
from darkfigure.reports.teaching.packs import PRACTICE, SOURCES, Pack, write_pack
from darkfigure.reports.teaching.pages import NOTICE, rows_markdown, write_text
from darkfigure.reports.teaching.plan import plan_markdown, plan_outline
from darkfigure.reports.teaching.workbook import need_openpyxl
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.storage.dataset import fresh_folder

Progress = Callable[[str, int, int], None]

_OVERVIEW = """# Answers

**{notice}** Each attendee has people of their own, so the numbers differ. Full solutions are in the
folder of each attendee; [the key to the page of practice](practise-key.html), which all share, lies
beside this.

{table}
"""
_README = """# A course in linking records

**{notice}** {n} packs, each with data of its own. Give each attendee their folder, and keep
`trainer/` for yourself.

Plan two hours. The core is four questions, marked *core*; those who are quicker go on with
the others. The [plan](trainer/plan.html) has the times, what to say, and what goes wrong.

{plan}

Before the course, ask attendees to install Python with `duckdb`, `pandas` and Jupyter, or a DuckDB
shell alone. With any program that reads SQLite they need neither; packs made with `--spreadsheet`
need nothing but Excel or LibreOffice.

- [Plan with trainer's notes](trainer/plan.html), and, made from these packs,
  [slides for the debrief](trainer/debrief.html)
- [Answers of all attendees](trainer/answers.html)
- [A life](trainer/life.html) of one of the first pack's people, to begin with
{packs}
"""


@dataclass(frozen=True)
class Course:
    """A course: its attendees, and the data that they get.

    Parameters
    ----------
    attendees
        Number of attendees; each gets a pack.
    scenario
        Library name or path; it needs emergency departments, police, practices and schools.
    persons
        Size of each attendee's sample, in people.
    seed
        Seed of the course; the same seed gives the same packs.
    spreadsheet
        Whether each pack is a workbook besides, with exercises that need no SQL.
    """

    attendees: int = 20
    scenario: str = "merthyr"
    persons: int = 40_000
    seed: int = 1
    spreadsheet: bool = False

    def seeds(self) -> list[int]:
        """Give each attendee a seed; those of the first stay the same with more attendees."""
        numbers = np.arange(self.attendees)
        drawn = Stream(self.seed, ("teach",)).words("attendee", numbers) >> np.uint64(36)
        # The number in the low digits keeps seeds apart.
        return [int(word) * 1_000 + number for number, word in enumerate(drawn, start=1)]


def write_course(
    course: Course, out: Path, *, workers: int = 1, progress: Progress | None = None
) -> None:
    """Write the packs of a course.

    Parameters
    ----------
    course
        The course.
    out
        Folder to make; nothing is left in it unless all packs are written.
    workers
        Number of packs made at a time.
    progress
        Called with a text, the number of packs done, and their total.

    Raises
    ------
    SpecError
        The scenario lacks a source that the exercises use.
    MissingExtraError
        Workbooks are asked for, and what writes them is not installed.
    OutputError
        `out` cannot be written.
    """
    _check(course)
    width = max(2, len(str(course.attendees)))
    with fresh_folder(out) as folder:
        packs = [
            Pack(
                number,
                f"attendee-{number:0{width}}",
                course.scenario,
                course.persons,
                seed,
                folder,
                course.spreadsheet,
            )
            for number, seed in enumerate(course.seeds(), start=1)
        ]
        figures = _write_packs(packs, workers, progress)
        _hand_out_practice(folder, packs)
        _write_trainer(folder, packs, figures)


def _hand_out_practice(folder: Path, packs: Sequence[Pack]) -> None:
    """Give everybody the same page: answers to different pairs could not be set side by side."""
    for pack in packs:
        shutil.copy(folder / PRACTICE, pack.folder / PRACTICE)
    (folder / PRACTICE).unlink()


def _check(course: Course) -> None:
    if course.spreadsheet:
        need_openpyxl()
    missing = set(SOURCES) - set(scenarios.load_scenario(course.scenario).agencies)
    if missing:
        raise SpecError(
            f"scenario '{course.scenario}' lacks {', '.join(sorted(missing))}, which the "
            "exercises are about; add it to `agencies`, or choose another scenario."
        )


def _write_packs(
    packs: Sequence[Pack], workers: int, progress: Progress | None
) -> list[dict[str, pa.Table]]:
    exercises = read_exercises()
    with _pool(min(workers, len(packs))) as pool:
        jobs = [pool.submit(write_pack, pack, exercises) for pack in packs]
        try:
            for done, job in enumerate(as_completed(jobs), start=1):
                job.result()
                if progress:
                    progress("writing packs", done, len(packs))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [job.result() for job in jobs]


def _pool(workers: int) -> Executor:
    if workers <= 1:
        return ThreadPoolExecutor(1)
    # A fresh interpreter each: forking a process that already runs threads can deadlock.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


def _write_trainer(
    folder: Path, packs: Sequence[Pack], figures: Sequence[dict[str, pa.Table]]
) -> None:
    rows = [
        {"attendee": f"[{pack.name}]({pack.name}/solutions/solutions.html)", "seed": pack.seed}
        for pack in packs
    ]
    overview = _table(rows, [_numbers(of_pack) for of_pack in figures])
    write_text(folder / "trainer" / "answers", _OVERVIEW.format(notice=NOTICE, table=overview))
    listed = "\n".join(f"- [{pack.name}]({pack.name}/README.html)" for pack in packs)
    start = _README.format(notice=NOTICE, n=len(packs), packs=listed, plan=plan_outline())
    write_text(folder / "README", start)
    write_text(folder / "trainer" / "plan", plan_markdown())
    write_page(folder / "trainer" / "debrief.html", render_debrief(figures))


def _numbers(figures: dict[str, pa.Table]) -> dict[str, object]:
    """Give the figures that are one number each, by name."""
    return {
        name.replace("_", " "): table.column(0)[0].as_py()
        for name, table in figures.items()
        if table.shape == (1, 1)
    }


def _table(heads: Sequence[dict[str, object]], figures: Sequence[dict[str, object]]) -> str:
    """Write the overview, our own links unescaped."""
    written = rows_markdown([{**figure} for figure in figures]).splitlines()
    links = [
        "attendee | seed",
        "--- | ---",
        *(f"{row['attendee']} | {row['seed']}" for row in heads),
    ]
    return "\n".join(f"| {link} {line}" for link, line in zip(links, written, strict=True))
