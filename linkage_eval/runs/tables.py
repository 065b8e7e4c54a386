"""The tables of a run by name: the class of rows of each, and its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from darkfigure.linkage_eval.fidelity.comparison import SCHEMA as COMPARED
from darkfigure.linkage_eval.fidelity.laws import SCHEMA as KEPT_LAWS
from darkfigure.linkage_eval.rows import (
    Answer,
    Attained,
    Attributed,
    Best,
    Bin,
    Cause,
    Difference,
    Disparity,
    Example,
    FalseCause,
    Listed,
    Measure,
    Point,
    Shared,
    Timing,
    schema_of,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROWS: dict[str, type[DataclassInstance]] = {
    "measurements": Measure,
    "sharing": Shared,
    "timings": Timing,
    "answered": Answer,
    "lists": Listed,
    "missed": Cause,
    "examples": Example,
    "attribution": Attributed,
    "false_causes": FalseCause,
    "disparities": Disparity,
    "curves": Point,
    "calibration": Bin,
    "differences": Difference,
    "best": Best,
    "attainable": Attained,
    "attainable_curves": Point,
}
_WORLD = [pa.field("scenario", pa.string()), pa.field("seed", pa.int64())]
# Published figures beside those of a world, and laws of its records, are tables of another study.
TABLES: dict[str, pa.Schema] = {
    **{name: schema_of(row) for name, row in ROWS.items()},
    "fidelity": pa.schema([*_WORLD, *COMPARED]),
    "laws": pa.schema([*_WORLD, *KEPT_LAWS]),
}
