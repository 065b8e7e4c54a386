"""What each linker takes and how well it does by size, and what standardising and isolation cost.

`pytest -s benchmarks/bench_linkage.py`; DARKFIGURE_BENCH_RECORDS sets the records a side, such as
"10000" or "10000,50000,250000". A linker that took too long or too much at one size is not tried at
the next: that is where it stops being usable.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer, review
from darkfigure.linkage_eval.isolation.parent import Job, Limits, run_isolated
from darkfigure.linkage_eval.linkers.registry import BUILT_IN, learns
from darkfigure.linkage_eval.links.truth import TruthSide, everybody, judge, make_truth
from darkfigure.linkage_eval.records.standardise import standardise_table
from darkfigure.synth.agencies.ed.tables import ED_ATTENDANCES
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load as load_reference

SIZES = [
    int(n) for n in os.environ.get("DARKFIGURE_BENCH_RECORDS", "10000,50000,250000").split(",")
]
N_RECORDS = SIZES[0]
LIMITS = Limits(seconds=300, memory_mb=8_192)
# One links events, which these records are not; the other is `splink`, with Spark's time on top.
LINKERS = sorted(set(BUILT_IN) - {"time-place", "splink-spark"})
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


def make_sides(n_records):
    """Make two sides, a third of whose people are the same."""
    left = np.arange(n_records)
    return (
        make_side("e", left, faulty=0.02),
        make_side("p", left + n_records * 2 // 3, faulty=0.05),
    )


def truth_of(sides):
    """Say who is who; records are sorted by id, as linkers are given them."""
    known = []
    for name, people in zip("ep", sides, strict=True):
        order = np.argsort(people.records["record_id"].to_numpy().astype(str))
        records = people.records.take(pa.array(order)).combine_chunks()
        side = TruthSide(
            name, (name,), records["record_id"].combine_chunks(), people.persons[order]
        )
        known.append((records, side))
    (left, one), (right, other) = known
    groups = (everybody(len(np.unique(one.persons))),)
    return left, right, make_truth(one, other, groups, within=False)


@pytest.fixture(scope="module")
def sides():
    """Make the smallest two sides."""
    return make_sides(N_RECORDS)


@pytest.fixture(scope="module")
def tasks():
    """Tasks by size, made when first asked for; and who gave up."""
    return {}, set()


@pytest.mark.parametrize("n_records", SIZES)
@pytest.mark.parametrize("name", LINKERS)
def test_link(benchmark, tasks, name, n_records):
    """Time one linker in a process of its own; memory, precision and recall go along."""
    made, given_up = tasks
    if name in given_up:
        pytest.skip(f"{name} was not usable at a smaller size")
    if n_records not in made:
        made[n_records] = truth_of(make_sides(n_records))
    left, right, truth = made[n_records]
    labelled = None
    if learns(name):
        labelled = review(left, right, truth, Reviewer(), chance=Stream(1)).labelled
    job = Job(name, limits=LIMITS, labelled=labelled)
    outcome = benchmark.pedantic(run_isolated, (job, left, right), rounds=1)
    benchmark.extra_info |= {"records": n_records, "status": outcome.status}
    if outcome.links is None:
        given_up.add(name)
        print(f"\n{name:24}{n_records:>9,}  {outcome.status}")  # noqa: T201
        return
    judged = judge(truth, outcome.links)
    measured = {
        "links": len(judged.correct),
        "precision": round(float(judged.correct.mean()), 4) if len(judged.correct) else None,
        "recall": round(float(judged.correct.sum()) / len(truth.pairs_left), 4),
        "seconds": round(outcome.wall_seconds, 2),
        "cpu_seconds": round(outcome.cpu_seconds, 2),
        "peak_mb": round(outcome.peak_mb),
    }
    benchmark.extra_info |= measured
    words = "  ".join(f"{key} {value}" for key, value in measured.items())
    print(f"\n{name:24}{n_records:>9,}  {words}")  # noqa: T201, the table is the point


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
