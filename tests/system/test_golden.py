"""What a small world holds, written down: a change that moves it says so, and why, in its commit.

`pytest tests/system/test_golden.py --update-golden` writes the file anew and prints what moved.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.linkage_eval.studies.score import score
from darkfigure.synth.storage.dataset import Dataset

FILE = Path(__file__).parent / "golden" / "village.json"
FIGURES = {
    "share of people who move in the study": """
        select avg(moved) from (
          select (count(*) > 1)::int as moved
          from '{root}/truth/addresses.parquet' group by person_id)""",
    "incidents a person": """
        select (select count(*) from '{root}/truth/incidents.parquet')
             / (select count(*) from '{root}/truth/persons.parquet')""",
    "share of incidents on police record": """
        select avg((police_status = 'recorded')::int) from '{root}/truth/incidents.parquet'""",
    "attendances a person": """
        select (select count(*) from '{root}/ed/attendances.parquet')
             / (select count(*) from '{root}/truth/persons.parquet')""",
    "faults a record": """
        select (select count(*) from '{root}/truth/entry_faults.parquet')
             / (select count(*) from '{root}/truth/record_persons.parquet')""",
    "stale values a record": """
        select (select count(*) from '{root}/truth/stale_values.parquet')
             / (select count(*) from '{root}/truth/record_persons.parquet')""",
    "share of surnames that are Jones": """
        select avg((surname = 'Jones')::int) from '{root}/truth/names.parquet'""",
    "share of attendances without NHS number": """
        select avg((nhs_number is null)::int) from '{root}/ed/attendances.parquet'""",
}
LINKERS = ("exact", "stepwise")


def measure(world: Dataset) -> dict[str, dict[str, object]]:
    """Count every table, work out the named figures, and take the hashes."""
    figures = {
        name: round(duckdb.sql(sql.format(root=world.path)).fetchall()[0][0], 6)
        for name, sql in FIGURES.items()
    }
    for linker in LINKERS:
        links = link_dataset(world, LinkerEntry(name=linker), Task(left="ed", right="police"))
        found = score(world, links, left="ed", right="police").to_pylist()
        figures |= {
            f"{row['metric']} of {linker}": round(row["value"], 6)
            for row in found
            if row["stratum_kind"] == "all" and row["metric"] in {"precision", "recall"}
        }
    return {
        "figures": figures,
        "rows": {name: said["rows"] for name, said in world.tables.items()},
        "hashes": {name: said["hash"] for name, said in world.tables.items()},
    }


def moved(old: dict[str, dict[str, object]], new: dict[str, dict[str, object]]) -> list[str]:
    """Say what differs, a line each."""
    return [
        f"{kind}, {name}: {old.get(kind, {}).get(name)} -> {new[kind].get(name)}"
        for kind in new
        for name in sorted(old.get(kind, {}).keys() | new[kind].keys())
        if old.get(kind, {}).get(name) != new[kind].get(name)
    ]


def test_the_village_is_as_it_was(village: Dataset, request: pytest.FixtureRequest):
    """Rows, figures and content hashes are those written down."""
    found = measure(village)
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    if request.config.getoption("--update-golden"):
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        print("\n".join(moved(known, found)))  # noqa: T201, whoever updates wants to see it
        return
    assert [] == moved(known, found)
