"""A law: what an expert of a source knows never, or always, to hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, kw_only=True)
class Law:
    """A sentence that no record breaks but by a mistake of entry, and the query that finds it.

    A law is SQL of DuckDB over views `source_table`; the tables of all forces are `police_table`
    with a column `force`. Besides there are

    - `bank_holidays (day)` and `school_days (day)` of all years around the study, and `study` with
      its `start_date` and `years`,
    - `born(text)`, a date of birth as a date, and `age(text, day)` in whole years,
    - `closed(day)`, true at weekends and on bank holidays,
    - `other_gender(whose)`: `record_id` of records of an agency about people who came to live in
      another gender, whose sex in the records tells nothing about their bodies,
    - `people_of(source, table)`: `record_id` and the row of `truth_persons` that each is about, and
      `people_of_forces(kind)`, the same of all forces' tables, with `force`.

    Laws that go through the same rows are counted together.

    Parameters
    ----------
    name
        Small letters, digits and "_"; unique among all laws.
    says
        The sentence.
    among
        What follows FROM: the rows that are looked through.
    broken
        Condition under which a row breaks the law; what is unknown breaks nothing.
    where
        Condition under which the law speaks of a row at all.
    source
        Where the law is from: a publication, a statute, "well known", or "assumed".
    """

    name: str
    says: str
    among: str
    broken: str
    where: str = "true"
    source: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"law {self.name!r}: use small letters, digits and underscores")
        if not (self.says.endswith(".") and self.source):
            raise ValueError(f"law '{self.name}' needs a sentence and a source")
