"""Processes that work on the blocks of a world: this one, several, or Apache Spark."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, Generic, TypeVar

from darkfigure.synth.core.choices import Engine
from darkfigure.synth.storage.frozen import Frozen, freeze
from darkfigure.synth.storage.parts import Store
from darkfigure.synth.workers.spark import spark_pool

W = TypeVar("W")
Work = Callable[[Any, Any], object]
Each = Callable[[Work, Sequence[Any]], Iterator[object]]

# Starting a process takes some 2.5 CPU seconds. Measured on two busy cores, CPU seconds of one and
# of two processes: 15,000 people 5 and 13, 30,000 people 11 and 14, 59,000 people 19 and 17.
_WORTH_SHARING = 30_000  # people

_worlds: dict[str, Any] = {}  # of a worker process; one at most


def worker_count(persons: int | None) -> int:
    """Give the number of processes that a world of some size is worth.

    Parameters
    ----------
    persons
        People of the sample; None for whole areas.
    """
    small = persons is not None and persons < _WORTH_SHARING
    return 1 if small else os.cpu_count() or 1


@dataclass(frozen=True)
class WorkerPool(Generic[W]):
    """A world, and the workers of its tasks.

    Parameters
    ----------
    world
        The data that all tasks share.
    each
        Calls `work(world, task)` for each task and yields results as tasks end, in any order.
    """

    world: W
    each: Each


@contextmanager
def worker_pool(
    make: Callable[[], W], store: Store, engine: Engine, workers: int
) -> Iterator[WorkerPool[W]]:
    """Make a world, and open the pool that works on it.

    Parameters
    ----------
    make
        Makes the world.
    store
        Where other processes read the world.
    engine
        Kind of the workers.
    workers
        Processes of this machine; with 1 this process does everything. Spark has its own number.
    """
    if engine is Engine.local and workers == 1:
        world = make()
        yield WorkerPool(world, lambda work, tasks: (work(world, task) for task in tasks))
        return
    # Not the file of an earlier call: anybody may have put that there.
    frozen = freeze(make(), store.world)
    # Mapped again, so that this process does not hold a copy of its own.
    world = frozen.thaw()
    working = spark_pool(frozen) if engine is Engine.spark else _processes(frozen, workers)
    with working as each:
        yield WorkerPool(world, each)


@contextmanager
def _processes(frozen: Frozen, workers: int) -> Iterator[Each]:
    # A fresh interpreter each: forking a process that already runs threads can deadlock.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, context, initializer=_open, initargs=(frozen,)) as pool:
        try:
            yield partial(_shared_out, pool)
        except BaseException:
            # Their unfinished blocks are lost; finished ones are on disk.
            for process in set(multiprocessing.active_children()) - others:
                process.kill()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _shared_out(pool: ProcessPoolExecutor, work: Work, tasks: Sequence[Any]) -> Iterator[object]:
    for future in as_completed(_submitted(pool, work, tasks)):
        yield future.result()


def _submitted(pool: ProcessPoolExecutor, work: Work, tasks: Sequence[Any]) -> list[Future[None]]:
    """Hand tasks out; only this process hears of Ctrl-C, not those that it starts."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return [pool.submit(_work, work, task) for task in tasks]
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _open(frozen: Frozen) -> None:
    end_with_parent()
    _worlds["world"] = frozen.thaw()


def end_with_parent() -> None:
    """End this process of `multiprocessing` as soon as the process that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _work(work: Work, task: Any) -> None:  # noqa: ANN401, a task is anything
    work(_worlds["world"], task)
