"""A world of six people, written down by hand, small enough to check by eye.

Person 1 has two police nominals; of six assault attendances two were never reported, one was
reported and not recorded, and three are recorded. There are seven true pairs.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.synth.schema import TABLES, Column
from darkfigure.synth.storage.content import content_hash
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.manifest import write_manifest

START = dt.date(2021, 4, 1)

_PEOPLE = """
    1 F 1990-02-01 White 1 yes
    2 M 1985-12-25 White 1 yes
    3 F 2001-07-14 Asian 3 no
    4 M 1970-03-09 White 5 no
    5 F 1948-05-30 White 2 yes
    6 M 2012-09-01 Mixed 4 yes
"""
# incident, victim, what became of it with the police
_INCIDENTS = """
    1 1 recorded
    2 1 never_reported
    3 2 recorded
    4 3 not_recorded
    5 4 recorded
    6 6 never_reported
"""
# attendance, person, incident, arrival, sex, forename, surname, birth date, postcode
_ATTENDANCES = """
    E1 1 1 2022-01-10 2 Siân  Jones  1990-02-01 CF47|8AA
    E2 1 2 2022-01-05 2 Siân  Jones  1990-02-01 CF47|8AA
    E3 2 3 2022-05-02 1 Dafydd Evans 1985-12-25 cf479zz
    E4 3 4 2022-06-01 2 Aisha Khan   N/K        CF48|1AB
    E5 4 5 2022-07-01 1 Tom   Smyth  1970-03-09 CF48|2AB
    E6 5 - 2022-08-01 2 Mary  Davies 1948-05-30 CF48|3AB
    E7 6 6 2022-09-01 1 Owen  Price  2012-09-01 CF48|4AB
"""
# force, nominal, person, sex, forename, surname, birth date, postcode
_NOMINALS = """
    south_wales N1 1 F SIAN   JONES  01/02/1990 CF47|8AA
    south_wales N2 1 F Sian   Jones  02/01/1990 CF47|8AA
    gwent       N3 2 M Dafydd Evans  25/12/1985 CF47|8AA
    south_wales N4 4 M Tom    Smith  09/03/1970 CF48|2AB
    gwent       N5 5 F Mary   Davies 30/05/1948 CF48|3AB
"""
# force, occurrence, incident, reported (a day after it happened), victim
_OCCURRENCES = """
    south_wales O1 1 2022-01-11 N1
    gwent       O3 3 2022-05-01 N3
    south_wales O5 5 2022-07-03 N4
"""
# source, table, record, column, fault, known, written
_FAULTS = """
    police/south_wales nominals    N2 dob           day_month_swapped 01/02/1990 02/01/1990
    police/south_wales nominals    N1 forename_1    diacritics_lost   Siân       SIAN
    police/south_wales nominals    N2 forename_1    diacritics_lost   Siân       Sian
    ed                 attendances E5 surname       typing            Smith      Smyth
    ed                 attendances E4 date_of_birth missing           2001-07-14 N/K
"""
# source, table, record, column, known, true
_STALE = """
    ed attendances E3 postcode CF47|9ZZ CF47|8AA
"""


def _rows(text: str, *names: str) -> list[dict[str, str]]:
    lines = [line.split() for line in text.strip().splitlines()]
    return [
        dict(zip(names, [word.replace("|", " ") for word in line], strict=True)) for line in lines
    ]


def _time(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00:00")


def _tables() -> dict[str, list[dict[str, object]]]:
    tables = _truth()
    attendances, nominals = _attendances(), _nominals()
    tables["ed/attendances"] = attendances
    tables["truth/record_persons"] = [
        _about("ed", row["attendance_no"], person_id=row["person"]) for row in attendances
    ] + [
        _about(f"police/{row['force']}", row["nominal_ref"], person_id=row["person"])
        for row in nominals
    ]
    tables["truth/record_incidents"] = [
        _about("ed", row["attendance_no"], incident_id=row["incident"])
        for row in attendances
        if row["incident"] != "-"
    ] + [
        {**_about(f"police/{row['force']}", row["occurrence_no"], incident_id=row["incident"])}
        | {"table": "occurrences"}
        for row in _occurrences()
    ]
    for force in ("south_wales", "gwent"):
        mine = [row for row in _occurrences() if row["force"] == force]
        source = f"police/{force}"
        tables[f"{source}/nominals"] = [row for row in nominals if row["force"] == force]
        tables[f"{source}/occurrences"] = mine
        tables[f"{source}/occurrence_nominals"] = [{**row, "role": "victim"} for row in mine]
    return tables


def _truth() -> dict[str, list[dict[str, object]]]:
    people = _rows(_PEOPLE, "person_id", "sex", "birth_date", "ethnic_group", "fifth", "welsh")
    incidents = _rows(_INCIDENTS, "incident_id", "victim_id", "police_status")
    return {
        "truth/persons": [
            {**row, "person_id": int(row["person_id"]), "welsh_name": row["welsh"] == "yes"}
            | {"birth_date": dt.date.fromisoformat(row["birth_date"])}
            | {"deprivation_quintile": int(row["fifth"])}
            for row in people
        ],
        "truth/incidents": [
            {name: int(row[name]) for name in ("incident_id", "victim_id")}
            | {"event_id": int(row["incident_id"]), "police_status": row["police_status"]}
            for row in incidents
        ],
        "truth/hard_cases": [
            {"person_id": 1, "hard_case": "deed"},
            {"person_id": 1, "hard_case": "middle_name"},
        ],
        "truth/entry_faults": _ledger(_FAULTS, "fault", "known_value", "written_value"),
        "truth/stale_values": _ledger(_STALE, "known_value", "true_value"),
    }


def _attendances() -> list[dict[str, object]]:
    names = ("attendance_no", "person", "incident", "arrived", "sex", "forename", "surname")
    rows = _rows(_ATTENDANCES, *names, "date_of_birth", "postcode")
    group = {True: "20", False: "11"}  # "11" is an assault
    return [
        {
            **row,
            "arrived_at": _time(row["arrived"]),
            "attendance_group": group[row["incident"] == "-"],
        }
        for row in rows
    ]


def _nominals() -> list[dict[str, object]]:
    names = ("force", "nominal_ref", "person", "sex", "forename_1", "surname", "dob", "postcode")
    return [{**row, "created_on": dt.date(2022, 1, 1)} for row in _rows(_NOMINALS, *names)]


def _occurrences() -> list[dict[str, object]]:
    names = ("force", "occurrence_no", "incident", "reported", "nominal_ref")
    rows = _rows(_OCCURRENCES, *names)
    day = dt.timedelta(days=1)
    times = [_time(row["reported"]) for row in rows]
    return [
        {**row, "reported_at": time, "occurred_at": time - day}
        for row, time in zip(rows, times, strict=True)
    ]


def _ledger(text: str, *names: str) -> list[dict[str, object]]:
    return [*_rows(text, "source", "table", "record_id", "column", *names)]


def _about(source: str, record_id: str, **of: str) -> dict[str, object]:
    table = "attendances" if source == "ed" else "nominals"
    key = {name: int(value) for name, value in of.items()}
    return {"source": source, "table": table, "record_id": record_id, **key}


def _stand_in(column: Column) -> object:
    """Give what stands in a column of which the tables above say nothing."""
    if not column.filled:
        return None
    if pa.types.is_date(column.type):
        return START
    if pa.types.is_timestamp(column.type):
        return _time(START.isoformat())
    text = pa.types.is_dictionary(column.type) or pa.types.is_string(column.type)
    if pa.types.is_boolean(column.type):
        return False
    return next(iter(column.codes), "x") if text else 0


def write_world(folder: Path, *, seed: int = 1) -> Dataset:
    """Write the world as a dataset."""
    said = {}
    for name, rows in _tables().items():
        shape = TABLES[f"{name}.parquet"]
        ordered = sorted(rows, key=lambda row, key=shape.key: [row[name] for name in key])
        missing = {column.name: _stand_in(column) for column in shape.columns}
        full = [{name: row.get(name, missing[name]) for name in missing} for row in ordered]
        table = pa.Table.from_pylist(full, shape.arrow)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, folder / f"{name}.parquet")
        said[name] = {"rows": table.num_rows, "hash": content_hash(table)}
    manifest = {
        "scenario": {"name": "tiny", "start": START.isoformat(), "years": 3},
        "seed": seed,
        "persons": 6,
    }
    write_manifest(folder, manifest, said)
    return Dataset.open(folder)


# All that is true: every attendance with every nominal of its person.
TRUE_PAIRS = (
    ("E1", "N1"),
    ("E1", "N2"),
    ("E2", "N1"),
    ("E2", "N2"),
    ("E3", "N3"),
    ("E5", "N4"),
    ("E6", "N5"),
)


def links(*pairs: tuple[str, str], score: float = 1.0) -> pa.Table:
    """Make a table of links."""
    return pa.table(
        {
            "left_id": pa.array([left for left, _ in pairs], pa.string()),
            "right_id": pa.array([right for _, right in pairs], pa.string()),
            "score": pa.array([score] * len(pairs), pa.float64()),
        }
    )


def records(*rows: dict[str, object]) -> pa.Table:
    """Make standardised records; fields not given are missing."""
    empty = dict.fromkeys(RECORDS.names)
    return pa.Table.from_pylist([{**empty, "source": "x", **row} for row in rows], RECORDS)
