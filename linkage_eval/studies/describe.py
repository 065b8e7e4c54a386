"""Description of a dataset: its sources, their shared keys, and the people in common."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from darkfigure.synth.schema import SUBJECTS, TABLES, Table
from darkfigure.synth.storage.dataset import Dataset

# Identifiers by which two sources could be joined, by the name of a column or its linkage field.
IDENTIFIERS = {
    "nhs_number": "NHS number",
    "upn": "UPN",
    "pnc_id": "PNC id",
    "cro_no": "CRO number",
    "hospital_number": "hospital number",
    "ni_number": "NI number",
}


@dataclass(frozen=True)
class SourceSummary:
    """One source of a dataset.

    Parameters
    ----------
    name
        Its name as `darkfigure link` takes it.
    row
        Meaning of a row in the table that names its people.
    rows, people
        Rows of that table, and distinct people in them.
    tables, all_rows
        Number of its tables, and rows in all of them.
    keys
        Share of rows with an identifier, by identifier, in the first table that has its column.
    """

    name: str
    row: str
    rows: int
    people: int
    tables: int
    all_rows: int
    keys: dict[str, float]


@dataclass(frozen=True)
class Overlap:
    """The overlap of two groups of sources.

    A group is a source, or all forces' sources of a kind together, such as "police".

    Parameters
    ----------
    left, right
        Names of the groups.
    shared_keys
        Identifiers that both hold.
    people
        Number of people of whom both hold a record.
    of_left, of_right
        Their share of the people of each group.
    """

    left: str
    right: str
    shared_keys: tuple[str, ...]
    people: int
    of_left: float
    of_right: float


@dataclass(frozen=True)
class Description:
    """The description of a dataset; `people` is the number of people in any source."""

    path: str
    people: int
    sources: tuple[SourceSummary, ...]
    groups: tuple[str, ...]
    overlaps: tuple[Overlap, ...]

    def plain(self) -> dict[str, Any]:
        """Give the description as plain data, for JSON."""
        return asdict(self)


def describe(dataset: Dataset) -> Description:
    """Describe a dataset's sources and their overlap, which is read from the truth.

    Raises
    ------
    DatasetError
        A table is missing or damaged.
    """
    tables = {name: table for name, table in SUBJECTS.items() if dataset.has(_path(table))}
    with duckdb.connect() as connection:
        connection.register("record_persons", dataset.read("truth/record_persons"))
        connection.execute(_PEOPLE, [list(tables), [table.name for table in tables.values()]])
        counts = dict(connection.execute(_OF_SOURCES).fetchall())
        both = {(left, right): n for left, right, n in connection.execute(_OF_PAIRS).fetchall()}
        n_people = connection.execute("SELECT count(DISTINCT person_id) FROM people").fetchall()[0][
            0
        ]
    sources = tuple(_source(dataset, table, counts.get(name, 0)) for name, table in tables.items())
    groups = tuple(dict.fromkeys(_group(name) for name in tables))
    keys = {
        group: {key for source in sources if _group(source.name) == group for key in source.keys}
        for group in groups
    }
    overlaps = tuple(
        _overlap(left, right, keys, both) for left in groups for right in groups if left != right
    )
    return Description(str(dataset.path), n_people, sources, groups, overlaps)


_PEOPLE = """
    CREATE TEMP TABLE people AS
    SELECT DISTINCT source::VARCHAR AS source, split_part(source::VARCHAR, '/', 1) AS grouped,
        person_id
    FROM record_persons JOIN (SELECT unnest(?) AS s, unnest(?) AS t)
        ON source = s AND "table" = t
"""
_OF_SOURCES = "SELECT source, count(*) FROM people GROUP BY source"
_OF_PAIRS = """
    WITH held AS (SELECT DISTINCT grouped, person_id FROM people)
    SELECT one.grouped, other.grouped, count(*)
    FROM held AS one JOIN held AS other USING (person_id) GROUP BY ALL
"""


def _path(table: Table) -> str:
    return table.path.removesuffix(".parquet")


def _group(source: str) -> str:
    return source.partition("/")[0]


def _source(dataset: Dataset, table: Table, people: int) -> SourceSummary:
    own = [name for name in dataset.tables if name.rsplit("/", 1)[0] == table.source]
    rows = int(dataset.tables[_path(table)]["rows"])
    return SourceSummary(
        name=table.source,
        row=table.row,
        rows=rows,
        people=people,
        tables=len(own),
        all_rows=sum(int(dataset.tables[name]["rows"]) for name in own),
        keys=_keys(dataset, table, own),
    )


def _keys(dataset: Dataset, subjects: Table, own: list[str]) -> dict[str, float]:
    """Find the identifiers that a source's tables hold, and the share of rows with each."""
    keys: dict[str, float] = {}
    for name in sorted(own, key=lambda name: name != _path(subjects)):
        for column in TABLES[f"{name}.parquet"].columns:
            label = IDENTIFIERS.get(column.field or column.name)
            if label and label not in keys:
                values = dataset.read(name, [column.name])[column.name]
                keys[label] = 1 - values.null_count / max(len(values), 1)
    return keys


def _overlap(
    left: str, right: str, keys: dict[str, set[str]], both: dict[tuple[str, str], int]
) -> Overlap:
    people = both.get((left, right), 0)
    return Overlap(
        left=left,
        right=right,
        shared_keys=tuple(sorted(keys[left] & keys[right])),
        people=people,
        of_left=people / max(both.get((left, left), 0), 1),
        of_right=people / max(both.get((right, right), 0), 1),
    )
