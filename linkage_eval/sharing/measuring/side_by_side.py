"""Many strategies measured on one dataset, in several processes where that is quicker."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.rows import OK, Measurement
from darkfigure.linkage_eval.sharing.measuring.measures import Yardstick
from darkfigure.synth.core.errors import InterruptionError, MissingExtraError
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.workers.engine import end_with_parent

# Starting a process and reading the truth takes as long as measuring some five strategies.
_WORTH_A_PROCESS = 10  # strategies

_yardsticks: dict[str, Yardstick] = {}


class StrategyMeasures(NamedTuple):
    """The measures of one strategy (`Yardstick.measure`), or a status that says why none."""

    rows: list[Measurement]
    status: str


def measure_strategies(
    dataset: Dataset,
    names: Sequence[str],
    *,
    workers: int | None = 1,
    metrics: Sequence[str] = (),
) -> Iterator[StrategyMeasures]:
    """Measure strategies one after the other, in the order of their names.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    names
        Names or paths of strategies, as `load_strategy` reads them.
    workers
        Number of processes; without, as many as are of use. Measures do not depend on it.
    metrics
        Metrics of the user's own, as a suite names them.

    Raises
    ------
    InterruptionError
        A process was killed.
    """
    useful = min(os.cpu_count() or 1, len(names) // _WORTH_A_PROCESS)
    n_processes = max(1, min(useful if workers is None else workers, len(names)))
    if n_processes == 1:
        yardstick = Yardstick(dataset, gather(metrics))
        yield from (_measure(yardstick, name) for name in names)
        return
    # A fresh interpreter each: forking a process that already runs threads can deadlock.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        n_processes, context, initializer=_open, initargs=(dataset.path, tuple(metrics))
    ) as pool:
        try:
            yield from pool.map(_work, names)
        except BrokenProcessPool:
            raise InterruptionError(
                "A process that was measuring strategies was killed, often for want of memory: "
                "try fewer --workers; what is linked already is kept."
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _open(path: Path, metrics: Sequence[str]) -> None:
    end_with_parent()
    _yardsticks["yardstick"] = Yardstick(Dataset.open(path), gather(metrics))


def _work(name: str) -> StrategyMeasures:
    return _measure(_yardsticks["yardstick"], name)


def _measure(yardstick: Yardstick, name: str) -> StrategyMeasures:
    try:
        return StrategyMeasures(yardstick.measure(name), OK)
    except MissingExtraError as error:
        return StrategyMeasures([], f"failed: {error}")
