"""How long each linker takes, and what standardising and isolation cost.

`pytest benchmarks/bench_linkage.py`; DARKFIGURE_BENCH_RECORDS sets the records a side.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from linkage_eval.contracts import RECORDS
from linkage_eval.isolation import Job, run_isolated
from linkage_eval.registry import BUILT_IN, load
from linkage_eval.standardise import standardise_table
from synth.chance import Stream
from synth.reference import load as load_reference
from synth.schema import ED_ATTENDANCES

N_RECORDS = int(os.environ.get("DARKFIGURE_BENCH_RECORDS", "10000"))
_FIRST_BIRTH = np.datetime64("1935-01-01")
_BIRTH_DAYS = 30_000
_PEOPLE_A_POSTCODE = 30


@dataclass(frozen=True)
class People:
    """Made-up people: as many records as asked for, and the person of each."""

    records: pa.Table
    persons: np.ndarray


def make_side(side: str, persons: np.ndarray, *, faulty: float) -> People:
    """Write one record of each person, with the given share of faults in each field."""
    chance, entry = Stream(1, ("people",)), Stream(1, (side,))
    surnames, forenames = load_reference("surnames"), load_reference("given_names")
    columns = {
        "surname": _pick(chance, "surname", persons, surnames["surname"], surnames["share"]),
        "forename": _pick(chance, "forename", persons, forenames["name"], forenames["share"]),
    }
    for field, names in columns.items():
        cut = entry.happens(field, persons, faulty)
        columns[field] = np.where(cut, [name[:-1] for name in names], names)
    born = _FIRST_BIRTH + chance.below("born", persons, _BIRTH_DAYS).astype("timedelta64[D]")
    homes = chance.below("home", persons, max(1, len(persons) // _PEOPLE_A_POSTCODE))
    moved = entry.happens("moves", persons, 5 * faulty)
    homes = np.where(moved, entry.below("new home", persons, 1 + homes.max()), homes)
    table = {name: pa.nulls(len(persons), RECORDS.field(name).type) for name in RECORDS.names}
    table |= {name: pa.array(np.char.upper(values.astype(str))) for name, values in columns.items()}
    table |= {
        "record_id": pa.array([f"{side}{person}" for person in persons]),
        "source": pa.repeat(side, len(persons)),
        "sex": pa.array(np.where(chance.happens("sex", persons, 0.5), "F", "M")),
        "date_of_birth": pa.array(born, mask=entry.happens("no birth date", persons, faulty)),
        "postcode": pa.array([_postcode(int(home)) for home in homes]),
    }
    return People(pa.table(table, RECORDS), persons)


def _postcode(home):
    letters = "".join("ABDEFGHJLNPQRSTUWXYZ"[home // size % 20] for size in (1, 20))
    return f"CF{20 + home // 3600} {home // 400 % 9}{letters}"


def _pick(chance, decision, persons, names, shares):
    weights = shares.to_numpy()
    return names.to_numpy()[chance.pick(decision, persons, weights)].astype(object)


@pytest.fixture(scope="module")
def sides():
    """Two sides, a third of whose people are the same."""
    left = np.arange(N_RECORDS)
    return (
        make_side("e", left, faulty=0.02),
        make_side("p", left + N_RECORDS * 2 // 3, faulty=0.05),
    )


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_link(benchmark, sides, name):
    """Time one linker; its precision and recall go along."""
    left, right = sides
    linker = load(name, {})
    found = benchmark.pedantic(linker.link, (left.records, right.records), {"seed": 1}, rounds=1)
    pairs = zip(found["left_id"].to_pylist(), found["right_id"].to_pylist(), strict=True)
    n_right = sum(one[1:] == other[1:] for one, other in pairs)
    n_true = len(np.intersect1d(left.persons, right.persons))
    benchmark.extra_info |= {
        "records": N_RECORDS,
        "links": found.num_rows,
        "precision": round(n_right / max(1, found.num_rows), 4),
        "recall": round(n_right / n_true, 4),
    }
    assert found.num_rows > 0


def test_isolation(benchmark, sides):
    """Time what a process of its own adds to the quickest linker."""
    left, right = sides
    outcome = benchmark.pedantic(
        run_isolated, (Job("exact"), left.records, right.records), rounds=3
    )
    benchmark.extra_info["linking_seconds"] = round(outcome.wall_seconds, 3)
    assert outcome.status == "ok"


def test_standardise(benchmark, sides):
    """Time the standardising of one source."""
    left, _ = sides
    shape = ED_ATTENDANCES
    n = left.records.num_rows
    written = {column.name: pa.nulls(n, column.type) for column in shape.columns}
    for field, column in shape.fields.items():
        written[column.name] = left.records[field].cast(pa.string())
    written |= {
        "attendance_no": left.records["record_id"],
        "arrived_at": pa.repeat(np.datetime64("2024-01-01", "s").item(), n).cast(pa.timestamp("s")),
    }
    table = pa.table(written, shape.arrow)
    found = benchmark.pedantic(standardise_table, (table, shape), rounds=3)
    assert found.num_rows == n
