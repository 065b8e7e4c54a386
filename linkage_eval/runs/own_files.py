"""Files of the user's own as a suite names them: records, how to read them, and the truth."""

from __future__ import annotations

import os
import re
from typing import Self

from pydantic import Field, field_validator, model_validator

from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.spec import Spec

KEY = "record_id"
DATE_ORDERS = ("", "day first", "month first")
# Day, month and year, each once, in any order, with signs between them.
_DATE_FORMAT = re.compile(
    r"(?=.*%d)(?=.*%[mbB])(?=.*%[yY])[-/., T:]*(%[dmbByYHMS][-/., T:]*){3,6}", re.ASCII
)


class RecordsFile(Spec):
    """A file of records of the user's own: its path, or a table of the path and how to read it.

    Parameters
    ----------
    file
        CSV or Parquet with an id and any of the fields of `contracts.RECORDS`.
    columns
        The file's column for `record_id` and for each field, where the names do not tell; "" keeps
        a column from being taken for a field.
    dates
        "day first", "month first", or a format such as "%d.%m.%y"; without, the dates tell.
    encoding
        Of a CSV file; without, the file tells.
    """

    file: str
    columns: dict[str, str] = Field(default_factory=dict)
    dates: str = ""
    encoding: str = ""

    @model_validator(mode="before")
    @classmethod
    def _is_path(cls, entry: object) -> object:
        return {"file": entry} if isinstance(entry, str) else entry

    @field_validator("columns")
    @classmethod
    def _are_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        unknown = sorted(columns.keys() - {KEY, *FIELDS})
        if unknown:
            raise ValueError(
                f'{", ".join(unknown)}: no linkage field; write field = "column of your file", '
                f"with the fields {', '.join((KEY, *FIELDS))}"
            )
        return columns

    @field_validator("dates")
    @classmethod
    def _is_order(cls, dates: str) -> str:
        if dates not in DATE_ORDERS and not _DATE_FORMAT.fullmatch(dates):
            raise ValueError('say "day first", "month first", or a format such as "%d.%m.%Y"')
        return dates


class Files(Spec):
    """A data set of the user's own: two files of records, or one, and a file of true pairs.

    Parameters
    ----------
    left, right
        Records; without `right`, records of `left` are linked to each other.
    truth
        CSV or Parquet: `left_id`, `right_id`, all true pairs, or so many that those of a person
        hang together; for one file also `record_id` and `cluster_id`. It may be the file of records
        itself, whose clusters linkers then do not get. Linking alone needs none.
    """

    left: RecordsFile
    right: RecordsFile | None = None
    truth: str = ""

    @model_validator(mode="after")
    def _sides_differ(self) -> Self:
        if self.right and os.path.realpath(self.left.file) == os.path.realpath(self.right.file):
            raise ValueError(
                "left and right are one file, whose records would be linked to themselves; leave "
                "`right` out to link them to each other"
            )
        return self
