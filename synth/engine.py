"""Work the blocks of a world: in this process, or in several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

W = TypeVar("W")
B = TypeVar("B")
R = TypeVar("R")

_kept: dict[str, Any] = {}


def run_blocks(
    work: Callable[[W, B], R], world: W, blocks: Sequence[B], workers: int
) -> Iterator[R]:
    """Work every block and give the results in the blocks' order.

    Parameters
    ----------
    work
        A function of a module, so that other processes find it.
    world
        What all blocks share; each process gets it once.
    blocks
        What differs.
    workers
        Number of processes; with 1 all is done in this one.
    """
    if workers <= 1 or len(blocks) <= 1:
        yield from (work(world, block) for block in blocks)
        return
    # A fresh interpreter each: forking a process that already runs threads can deadlock.
    context = multiprocessing.get_context("spawn")
    count = min(workers, len(blocks))
    with ProcessPoolExecutor(count, context, initializer=_keep, initargs=(work, world)) as pool:
        yield from pool.map(_work, blocks)


def _keep(work: Callable[[Any, Any], Any], world: Any) -> None:  # noqa: ANN401, a world is anything
    _kept["work"], _kept["world"] = work, world


def _work(block: Any) -> Any:  # noqa: ANN401, a block is anything
    return _kept["work"](_kept["world"], block)
