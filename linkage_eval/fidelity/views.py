"""A dataset in DuckDB: one view a table, and the views that many figures share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from darkfigure.linkage_eval.records.forces import common_names, read_alike
from darkfigure.linkage_eval.records.standing import standing, stands
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.reference import known, load
from darkfigure.synth.schema import FORCES, TABLES
from darkfigure.synth.storage.dataset import Dataset

# Everybody in the sample on the day the study begins, with the name borne on that day.
_RESIDENTS = """
WITH called AS (
    SELECT person_id,
        arg_max(forename, valid_from) AS forename, arg_max(surname, valid_from) AS surname
    FROM truth_names, study WHERE valid_from <= start_date GROUP BY person_id
), housed AS (
    SELECT person_id FROM truth_addresses, study WHERE valid_from <= start_date
    GROUP BY person_id HAVING arg_max(cause, valid_from) <> 'departure'
)
SELECT person_id, household_id, home, sex, birth_date, ethnic_group, welsh_name, lsoa_code,
    local_authority, force_names.area AS force_area, forename, surname,
    date_sub('year', birth_date, start_date) AS age
FROM truth_persons JOIN called USING (person_id) JOIN housed USING (person_id)
JOIN ref_local_authorities ON local_authority = ref_local_authorities.name
JOIN force_names USING (force), study
WHERE sampled AND birth_date <= start_date
"""
# Acts against people of the sample, also those who come during the study: about as many leave. The
# relationship follows from the kind of act where the incidents have no column for it.
_HARMED = """
WITH told AS (
    SELECT *, list_value(*COLUMNS('^(kind|relationship)$')) AS ties, ties[-1] AS whom
    FROM truth_incidents
)
SELECT told.*, sex, force_names.area AS force_area,
    date_sub('year', birth_date, occurred_at::DATE) AS age_then,
    CASE WHEN whom IN ('partner', 'ex_partner') THEN 'partner_or_ex'
        WHEN whom IN ('family', 'parent', 'child') THEN 'family' ELSE whom END AS by_whom,
    CASE WHEN by_whom IN ('partner_or_ex', 'family') THEN 'domestic'
        WHEN by_whom = 'work' THEN 'acquaintance' ELSE by_whom END AS survey_group
FROM told JOIN truth_persons ON victim_id = person_id AND sampled
JOIN ref_local_authorities ON local_authority = ref_local_authorities.name
JOIN force_names USING (force)
"""
_SHARED = {"residents": _RESIDENTS, "harmed": _HARMED}
# Text as the studies compare it: in capitals, without accents, spaces or marks.
_PLAIN = "upper(regexp_replace(strip_accents(written), '[^A-Za-z0-9]', '', 'g'))"


@contextmanager
def opened(dataset: Dataset) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a dataset for the queries of figures.

    Yields
    ------
    A connection as of `connected`, and with `residents` and `harmed`, people and acts of violence
    of the sample.
    """
    with connected(dataset) as connection:
        for name, sql in _SHARED.items():
            _make_table(connection, name, sql, dataset)
        yield connection


@contextmanager
def connected(dataset: Dataset) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a dataset for queries.

    Yields
    ------
    A connection with a view for each table of the dataset, called source_table; the tables of all
    forces are joined as police_table with a column `force`. First versions of corrected records
    are left out. The calibration tables are ref_name. `study` holds the first day and the length
    of the study in years; `plain` is a macro.
    """
    with duckdb.connect() as connection:
        for name in known():
            connection.register(f"ref_{name}", load(name))
        connection.register("study", _study(dataset))
        connection.register("force_names", _force_names())
        for name, parts in _by_view(dataset).items():
            connection.execute(f"CREATE VIEW {name} AS {' UNION ALL BY NAME '.join(parts)}")
        for kind, name in _common(dataset):
            # A table of DuckDB's own: it cannot tell how best to join Arrow's.
            connection.register("alike", standing(read_alike(dataset, kind, name)))
            connection.execute(f"CREATE TEMP TABLE {kind}_{name} AS FROM alike")
            connection.unregister("alike")
        connection.execute(f"CREATE MACRO plain(written) AS {_PLAIN}")
        yield connection


def _make_table(
    connection: duckdb.DuckDBPyConnection, name: str, sql: str, dataset: Dataset
) -> None:
    try:
        connection.execute(f"CREATE TEMP TABLE {name} AS {sql}")
    except duckdb.CatalogException as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(
            f"{dataset.path} lacks a table of its truth: {reason} Generate the dataset again."
        ) from None


def lacking(dataset: Dataset) -> set[str]:
    """List the views that a dataset lacks because an agency is switched off."""
    could = {_view(path.removesuffix(".parquet")) for path in TABLES if not _of_forces(path)}
    could |= {f"{kind}_{name}" for kind, names in common_names().items() for name in names}
    return could - set(_by_view(dataset)) - {f"{kind}_{name}" for kind, name in _common(dataset)}


def _of_forces(name: str) -> bool:
    return name.split("/", maxsplit=1)[0] in common_names()


def _common(dataset: Dataset) -> list[tuple[str, str]]:
    held = {name.split("/")[0] for name in dataset.tables}
    return [
        (kind, name) for kind, names in common_names().items() for name in names if kind in held
    ]


def _by_view(dataset: Dataset) -> dict[str, list[str]]:
    """Give queries for the files of each view, but for those of the forces."""
    parts: dict[str, list[str]] = {}
    for name in dataset.tables:
        if _of_forces(name):
            continue
        query = f"SELECT * FROM {dataset.sql(name)}{_standing(name)}"  # noqa: S608, our own files
        parts.setdefault(_view(name), []).append(query)
    return parts


def _standing(name: str) -> str:
    """Write the condition that leaves first versions out of tables of people and of the truth."""
    shape = TABLES[f"{name}.parquet"]
    if "record_id" in shape.arrow.names:
        return f" WHERE {stands('record_id')}"
    return f" WHERE {stands(shape.key[0])}" if shape.fields else ""


def _view(name: str) -> str:
    parts = name.split("/")
    return f"{parts[0]}_{parts[-1]}"


def _study(dataset: Dataset) -> pa.Table:
    scenario = dataset.manifest["scenario"]
    return pa.table(
        {
            "start_date": [dt.date.fromisoformat(scenario["start"])],
            "years": [float(scenario["years"])],
        }
    )


def _force_names() -> pa.Table:
    return pa.table({"force": list(FORCES), "area": list(FORCES.values())})
