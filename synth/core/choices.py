"""What a user chooses by a word, where nothing heavy need be loaded to show the choice."""

from __future__ import annotations

from enum import StrEnum


class Engine(StrEnum):
    """What works the blocks: processes of this machine, or Apache Spark."""

    local = "local"
    spark = "spark"


class FileFormat(StrEnum):
    """The forms in which a dataset can be written."""

    parquet = "parquet"
    csv = "csv"
    duckdb = "duckdb"
    sqlite = "sqlite"
