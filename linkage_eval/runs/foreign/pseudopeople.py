"""The sample that pseudopeople ships: a simulated American town, its census and its tax records.

It is read where the user has installed pseudopeople; nothing here depends on it.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pandas as pd
import pyarrow as pa

from darkfigure.linkage_eval.runs.foreign.records import (
    ForeignSet,
    key_anew,
    number_persons,
    to_records,
)
from darkfigure.synth.core.errors import DatasetError

_COMMON = {"surname": "last_name", "forename": "first_name", "date_of_birth": "date_of_birth"}
_CENSUS = _COMMON | {"middle_name": "middle_initial", "sex": "sex", "town": "city"}
_CENSUS |= {"house": "street_number", "street": "street_name", "postcode": "zipcode"}
_SECURITY = _COMMON | {"middle_name": "middle_name", "sex": "sex", "nhs_number": "ssn"}
_AMERICAN = ("postcode", "nhs_number")


def read_pseudopeople() -> ForeignSet:
    """Read the decennial census (left) and the social security events (right) of the sample.

    Raises
    ------
    DatasetError
        pseudopeople is not installed.
    """
    try:
        package = importlib.import_module("pseudopeople")
    except ModuleNotFoundError:
        raise DatasetError(
            "The sample comes with pseudopeople: pip install pseudopeople."
        ) from None
    frames = [package.generate_decennial_census(), package.generate_social_security()]
    tables = [_to_arrow(frame) for frame in frames]
    persons = number_persons(*(table["simulant_id"] for table in tables))
    left, right = (
        key_anew(to_records(table, columns, "pseudopeople", as_words=_AMERICAN), whose, prefix)
        for table, columns, whose, prefix in zip(
            tables, (_CENSUS, _SECURITY), persons, ("a", "b"), strict=True
        )
    )
    closed = (Path(str(package.__file__)).parent / "data",)
    return ForeignSet(left.records, right.records, left.persons, right.persons, False, closed)


def _to_arrow(frame: pd.DataFrame) -> pa.Table:
    texts = frame.astype("string").where(frame.notna(), None)
    return pa.Table.from_pandas(texts, preserve_index=False)
