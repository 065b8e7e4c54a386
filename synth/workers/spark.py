"""A worker pool on Apache Spark: each block is written where the dataset will be.

The setting of Spark says where it runs (`spark-defaults.conf`, or `PYSPARK_SUBMIT_ARGS`); by
default on this machine. The machines share a file system, and each has this program installed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from darkfigure.synth.core.errors import MissingExtraError
from darkfigure.synth.storage.frozen import Frozen

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_worlds: dict[Frozen, Any] = {}  # of a worker process; one at most


def session(settings: Mapping[str, str] | None = None) -> SparkSession:
    """Give the running session of Spark, or start one.

    Parameters
    ----------
    settings
        Settings by name for a session that is started; a running one keeps its own.

    Raises
    ------
    MissingExtraError
        Spark or Java is not installed.
    """
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415, an extra brings it
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtraError(
            "Spark needs the extra `spark`: pip install 'darkfigure[spark]'."
        ) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("darkfigure").config("spark.ui.enabled", "false")
    for name, value in (settings or {}).items():
        builder = builder.config(name, value)
    try:
        started: SparkSession = builder.getOrCreate()
    except (PySparkException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise MissingExtraError(f"Spark does not start: {reason}. It needs Java 17.") from None
    return started


@contextmanager
def spark_pool(frozen: Frozen) -> Iterator[Callable[..., Iterator[object]]]:
    """Give the function that works tasks on Spark; its processes map the world.

    Parameters
    ----------
    frozen
        The world, on a file system that all machines share.
    """
    context = session().sparkContext

    def each(work: Callable[[Any, Any], object], tasks: Sequence[Any]) -> Iterator[object]:
        # One task a partition, so that a lost one is all that is done again.
        spread = context.parallelize(tasks, max(1, len(tasks)))
        yield from spread.map(partial(_work, frozen, work)).collect()

    yield each


def _work(frozen: Frozen, work: Callable[[Any, Any], object], task: Any) -> object:  # noqa: ANN401
    if frozen not in _worlds:
        _worlds.clear()
        _worlds[frozen] = frozen.thaw()
    return work(_worlds[frozen], task)
