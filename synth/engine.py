"""Work on what a world is divided into: in this process, in several, or on Apache Spark."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from synth.frozen import freeze, thaw
from synth.parts import Store

W = TypeVar("W")
Work = Callable[[Any, Any], object]
Crew = Callable[[Work, Sequence[Any]], Iterator[object]]

_kept: dict[str, Any] = {}


def shared(make: Callable[[], W], store: Store) -> W:
    """Give a world that lies in a file of a store, made now or by an earlier call."""
    if not store.world.exists():
        freeze(make(), store.world)
    world: W = thaw(store.world)
    return world


@contextmanager
def local_crew(world: Any, store: Store, workers: int) -> Iterator[Crew]:  # noqa: ANN401
    """Give what works tasks, in this process or in several.

    Parameters
    ----------
    world
        What all tasks share.
    store
        Where processes read the world, which `shared` put there.
    workers
        Number of processes; with 1 all is done in this one.

    Yields
    ------
    A function of work and tasks, that calls `work(world, task)` for each and yields as they end.
    """
    if workers == 1:
        yield lambda work, tasks: (work(world, task) for task in tasks)
        return
    # A fresh interpreter each: forking a process that already runs threads can deadlock.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_open, initargs=(store,)) as pool:
        try:
            yield partial(_shared_out, pool)
        finally:
            pool.shutdown(cancel_futures=True)


def _shared_out(pool: ProcessPoolExecutor, work: Work, tasks: Sequence[Any]) -> Iterator[object]:
    for done in as_completed([pool.submit(_work, work, task) for task in tasks]):
        yield done.result()


def _open(store: Store) -> None:
    _kept["world"] = thaw(store.world)


def _work(work: Work, task: Any) -> None:  # noqa: ANN401, a task is anything
    work(_kept["world"], task)
