"""What is attainable on two tasks, and how far linkers are from it: `python benchmarks/ceiling.py`.

Prints a table in Markdown. Worlds of one borough; the rule learns from the truth of a seed that no
result is about.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import darkfigure as df

PERSONS, SEEDS, TRAIN = 8_000, (1, 2), 3
TASKS = (("ed", "police"), ("gp", "hospital"))
LINKERS = ("exact", "stepwise", "splink")
_SHOWN = ("precision", "recall", "f1", "f1_distance")


def main() -> None:
    """Generate the worlds, and print a row a task, seed and linker."""
    logging.disable(logging.CRITICAL)  # Splink tells of every untrained level
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as folder:
        worlds = {
            seed: df.generate("merthyr", Path(folder) / str(seed), persons=PERSONS, seed=seed)
            for seed in (*SEEDS, TRAIN)
        }
        say("| task | seed | linker | precision | recall | F1 | F1 below attainable |")
        say(f"|{'---|' * (len(_SHOWN) + 3)}")
        bounds = [
            tabulate(worlds[seed], seed, task, worlds[TRAIN]) for task in TASKS for seed in SEEDS
        ]
        say("\n".join(["", *bounds]))


def tabulate(world: df.Dataset, seed: int, task: tuple[str, str], train: df.Dataset) -> str:
    """Print the rows of a task, and give the line on its bounds."""
    found = df.ceiling(world, *task, train=[train], beside=LINKERS).long
    cells = {
        (row.linker, row.metric): row for row in found[found["stratum_kind"] == "all"].itertuples()
    }
    name = f"{task[0]} to {task[1]}"
    for linker in ("attainable", *LINKERS):
        texts = [_cell(cells.get((linker, metric))) for metric in _SHOWN]
        say(f"| {name} | {seed} | {linker} | {' | '.join(texts)} |")
    bounds = ("pair_completeness", "indistinguishable", "f1_bound")
    said = ", ".join(f"{metric} {_cell(cells['attainable', metric])}" for metric in bounds)
    return f"{name}, seed {seed}, {cells['attainable', 'recall'].n:,} true pairs: {said}"


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _cell(row: object | None) -> str:
    return f"{row.value:.3f} ({row.low:.3f} to {row.high:.3f})" if row else ""


if __name__ == "__main__":
    main()
