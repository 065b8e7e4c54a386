"""Calibration tables of Wales, each with its source in SOURCES.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from darkfigure.synth.core.errors import UnknownNameError

_FOLDER = Path(__file__).parent


@cache
def load(name: str) -> pa.Table:
    """Read a calibration table; cached.

    Parameters
    ----------
    name
        File name without its ending; `known()` lists them and SOURCES.md describes them.

    Raises
    ------
    UnknownNameError
        There is no such table.
    """
    if name not in known():
        raise UnknownNameError.of("calibration table", name, known())
    strings_stay = csv.ConvertOptions(null_values=[], strings_can_be_null=False)
    return csv.read_csv(_FOLDER / f"{name}.csv", convert_options=strings_stay)


@cache
def known() -> tuple[str, ...]:
    """List the calibration tables."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.csv")))
