"""Splink on Apache Spark: the settings of `splink`, for more pairs than one machine compares.

Spark's own settings choose its machines and memory, as for `generate --engine spark`; by default
it runs on the cores of this machine, where `splink` is many times as quick.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
from splink.internals.database_api import DatabaseAPI

from darkfigure.linkage_eval.linkers.blocking import Rule
from darkfigure.linkage_eval.linkers.engines import Engines, engine
from darkfigure.linkage_eval.linkers.splink import Splink
from darkfigure.synth.workers.spark import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PARTITIONS = "spark.sql.shuffle.partitions"
_USUAL_PARTITIONS = "200"


@dataclass(frozen=True)
class SplinkOnSpark(Splink):
    """Link with Splink on Apache Spark: the settings of `splink`, past one machine."""

    name: str = "splink-spark"
    network: ClassVar[bool] = True  # Python and Java talk to each other
    engines: ClassVar[Engines] = (("pyspark", "spark"),)

    def _database(self) -> DatabaseAPI[Any]:
        # Spark is an extra, and takes seconds to import.
        engine("pyspark", extra="spark")
        from splink.backends.spark import SparkAPI, similarity_jar_location  # noqa: PLC0415

        # Where linkers run, only their own folder takes new files; Java would look elsewhere.
        own = tempfile.gettempdir()
        spark = session(
            {
                "spark.jars": similarity_jar_location(),
                "spark.local.dir": own,
                "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={own}",
            }
        )
        _adapt(spark)
        return SparkAPI(spark_session=spark)

    def _chunks(self, tables: list[pa.Table], rules: tuple[Rule, ...]) -> int:  # noqa: ARG002
        """Leave it to Spark to divide the pairs among its executors."""
        return 1


def _adapt(spark: SparkSession) -> None:
    """Divide small work less than Spark does by default, and set a folder for checkpoints.

    With 200 almost empty partitions, a thousand records take minutes.
    """
    context = spark.sparkContext
    if spark.conf.get(_PARTITIONS) == _USUAL_PARTITIONS:
        spark.conf.set(_PARTITIONS, str(context.defaultParallelism))
    if context.getCheckpointDir() is None:
        context.setCheckpointDir(tempfile.mkdtemp(prefix="darkfigure-spark-"))
