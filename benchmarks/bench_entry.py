"""Data entry: rows per second of the four systems, each at its default rates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from darkfigure import scenarios
from darkfigure.synth import reference, schema
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import build
from darkfigure.synth.entry import Circumstances, SystemProfile, enter

SHAPES = {
    "police_niche": schema.SUBJECTS["police/gwent"],
    "ed": schema.SUBJECTS["ed"],
    "gp": schema.SUBJECTS["gp"],
    "school": schema.SUBJECTS["education"],
}


def vocabulary(column: schema.Column) -> list[str]:
    """List values of one field, as the system writes them."""
    days = (np.datetime64("1940-01-01") + np.arange(30_000)).tolist()
    names = reference.load("short_forms")["formal"].to_pylist()
    return {
        "surname": reference.load("surnames").column(0).to_pylist(),
        "forename": names,
        "middle_name": names,
        "sex": list(column.codes)[:2],
        "ethnic_group": list(column.codes),
        "date_of_birth": [day.strftime(column.date_format or schema.ISO_DATE) for day in days],
        "house": [str(number) for number in range(1, 200)],
        "street": reference.load("street_names")["name"].to_pylist(),
        "town": ["Caerdydd", "Swansea", "Rhyl", "Tŷ-du"],
        "postcode": [f"CF{n} {d}IA" for n in range(10, 99) for d in range(10)],
        "nhs_number": [str(9_000_000_000 + 7919 * n) for n in range(20_000)],
        "telephone": [f"06{7919 * n:09d}" for n in range(20_000)],
        "upn": [f"A680999{n:06d}" for n in range(20_000)],
    }[str(column.field)]


def table(shape: schema.Table, n_records: int) -> pa.Table:
    """Make the key and the identity columns of a table, dictionary-encoded."""
    ids = np.arange(n_records)
    columns = {shape.key[0]: pa.array([f"R{n}" for n in ids])}
    for field, column in shape.fields.items():
        texts = pa.array(vocabulary(column), pa.string())
        codes = Stream(1).below(field, ids, len(texts)).astype(np.int32)
        columns[column.name] = pa.DictionaryArray.from_arrays(pa.array(codes), texts)
    return pa.table(columns)


@pytest.mark.parametrize("n_records", [20_000, 1_000_000])
@pytest.mark.parametrize("system", SHAPES)
def test_enter(benchmark, system, n_records):
    """Write down a table; rows per second and faults a record stand beside the time."""
    shape = SHAPES[system]
    profile = build(SystemProfile, scenarios.read("systems", system), system)
    ids = np.arange(n_records)
    setting = Circumstances(ids, ids // 2, ids % 311, ids % 2003)
    known = table(shape, n_records)
    entered = benchmark(enter, known, shape, profile, setting, Stream(1))
    benchmark.extra_info["rows_per_second"] = n_records / benchmark.stats["min"]
    benchmark.extra_info["faults_per_record"] = len(entered.faults) / n_records
    assert n_records == len(entered.table)
