"""What five tasks allow, and how far linkers are below it: `python benchmarks/ceiling.py`.

Prints tables in Markdown. Worlds of one borough; the rule learns from the truth of a seed that no
result is about.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import darkfigure as df

PERSONS, SEEDS, TRAIN = 8_000, (1, 2), 3
TASKS = (
    ("ed", "police"),
    ("gp", "hospital"),
    ("ppn", "police"),
    ("education", "police"),
    ("police", ""),
)
LINKERS = (
    *("exact", "stepwise", "nhs-stepwise", "slk581", "pnd-search", "macral", "epilink", "bloom"),
    *("recordlinkage-ecm", "splink-beginner", "splink-tf", "splink"),
)
_SHOWN = ("precision", "recall", "f1", "pair_completeness", "indistinguishable")
Cells = dict[tuple[str, str], Any]


def main() -> None:
    """Generate the worlds; print what is attainable, and the distance of each linker."""
    logging.disable(logging.CRITICAL)  # Splink tells of every untrained level
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as folder:
        worlds = {
            seed: df.generate("merthyr", Path(folder) / str(seed), persons=PERSONS, seed=seed)
            for seed in (*SEEDS, TRAIN)
        }
        found = {
            (task, seed): measure(worlds[seed], task, worlds[TRAIN])
            for task in TASKS
            for seed in SEEDS
        }
    row("task", "seed", "true pairs", *_SHOWN)
    row(*["---"] * (len(_SHOWN) + 3))
    for (task, seed), cells in found.items():
        values = (interval(cells.get(("attainable", name))) for name in _SHOWN)
        row(name_of(task), seed, f"{cells['attainable', 'recall'].n:,}", *values)
    row("F1 below attainable", *(f"{name_of(task)}, seed {seed}" for task, seed in found))
    row(*["---"] * (len(found) + 1))
    for linker in LINKERS:
        row(linker, *(interval(cells[linker, "f1_distance"]) for cells in found.values()))
    say(f"Above what is attainable beyond the interval: {', '.join(beyond(found)) or 'none'}")


def measure(world: df.Dataset, task: tuple[str, str], train: df.Dataset) -> Cells:
    """Measure one task of one world, everybody together: rows by linker and metric."""
    found = df.ceiling(world, *task, train=[train], beside=LINKERS).long
    overall = found[found["stratum_kind"] == "all"]
    return {(one.linker, one.metric): one for one in overall.itertuples()}


def beyond(found: dict[tuple[tuple[str, str], int], Cells]) -> Iterable[str]:
    """Name linkers whose F1 is above the attainable one, the whole interval of the distance."""
    for (task, seed), cells in found.items():
        for linker in LINKERS:
            if cells[linker, "f1_distance"].high < 0:
                yield f"{linker} ({name_of(task)}, seed {seed})"


def name_of(task: tuple[str, str]) -> str:
    """Name a task."""
    return " to ".join(task) if task[1] else f"within {task[0]}"


def row(*cells: object) -> None:
    """Print a row of a table."""
    say(f"| {' | '.join(map(str, cells))} |")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def interval(found: Any) -> str:
    """Write a value with its interval."""
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})" if found else ""


if __name__ == "__main__":
    main()
