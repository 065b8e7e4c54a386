"""The columns of each table of a run, for writing and for reading."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.evaluation.metrics.attribution import ATTRIBUTION
from darkfigure.linkage_eval.evaluation.metrics.calibration import CALIBRATION
from darkfigure.linkage_eval.evaluation.metrics.curves import CURVES
from darkfigure.linkage_eval.evaluation.metrics.disparities import DISPARITIES
from darkfigure.linkage_eval.evaluation.metrics.examples import EXAMPLES
from darkfigure.linkage_eval.evaluation.metrics.missed import MISSED
from darkfigure.linkage_eval.evaluation.paired import (
    BEST,
    DIFFERENCES,
)
from darkfigure.linkage_eval.fidelity.comparison import SCHEMA as COMPARED

_TEXT, _REAL = pa.string(), pa.float64()
CELL = pa.schema(
    [
        pa.field("scenario", _TEXT),
        pa.field("strategy", _TEXT),
        pa.field("task", _TEXT),
        pa.field("linker", _TEXT),
        pa.field("seed", pa.int64()),
    ]
)
MEASURED = pa.schema(
    [
        pa.field("stratum_kind", _TEXT),
        pa.field("stratum", _TEXT),
        pa.field("metric", _TEXT),
        pa.field("value", _REAL),
        pa.field("low", _REAL),
        pa.field("high", _REAL),
        pa.field("n", pa.int64()),
    ]
)
MEASUREMENTS = pa.schema([*CELL, *MEASURED, pa.field("status", _TEXT)])
TIMINGS = pa.schema(
    [
        *CELL,
        pa.field("wall_seconds", _REAL),
        pa.field("cpu_seconds", _REAL),
        pa.field("reference_seconds", _REAL),
        pa.field("peak_mb", _REAL),
        pa.field("status", _TEXT),
        pa.field("machine", _TEXT),
    ]
)
TASK = pa.schema([CELL.field(name) for name in ("scenario", "strategy", "task")])
SHARING = pa.schema(
    [
        *(CELL.field(name) for name in ("scenario", "strategy", "seed")),
        pa.field("recipient", _TEXT),
        *MEASURED,
        pa.field("status", _TEXT),
    ]
)
_WORLD = [CELL.field(name) for name in ("scenario", "seed")]
TABLES = {
    "measurements": MEASUREMENTS,
    "sharing": SHARING,
    "fidelity": pa.schema([*_WORLD, *COMPARED]),
    "timings": TIMINGS,
    "missed": pa.schema([*CELL, *MISSED]),
    "examples": pa.schema([*CELL, *EXAMPLES]),
    "attribution": pa.schema([*CELL, *ATTRIBUTION]),
    "disparities": pa.schema([*CELL, *DISPARITIES]),
    "curves": pa.schema([*CELL, *CURVES]),
    "calibration": pa.schema([*CELL, *CALIBRATION]),
    "differences": pa.schema([*TASK, *DIFFERENCES]),
    "best": pa.schema([*TASK, *BEST]),
}
