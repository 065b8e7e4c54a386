"""Benchmarks of violence print what a dataset holds, and read datasets of older versions."""

from __future__ import annotations

import datetime as dt
import importlib
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def scripts(monkeypatch):
    """The two scripts as modules."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return tuple(
        importlib.import_module(name) for name in ("bench_violence", "bench_event_linkage")
    )


def _events(**times):
    """Make events of the same day, by id and time of day."""
    at = [dt.datetime.combine(dt.date(2022, 5, 7), time) for time in times.values()]
    return pa.table({"record_id": list(times), "happened_at": pa.array(at, pa.timestamp("us"))})


def test_times_join_what_is_as_near_as_is_said(scripts):
    """Thirty minutes reach from 23:00 to 23:30 and no further, equal times to the minute."""
    _, linkage = scripts
    left = _events(a=dt.time(23), b=dt.time(12))
    right = _events(x=dt.time(23, 30), y=dt.time(23, 31), z=dt.time(12))
    pairs = [
        set(zip(*(links[name].to_pylist() for name in ("left_id", "right_id")), strict=True))
        for links in (linkage.by_time(left, right, minutes) for minutes in (0, 30))
    ]
    assert [{("b", "z")}, {("a", "x"), ("b", "z")}] == pairs


def test_every_share_of_events_is_told_both_ways(scripts, village):
    """What departments share with the police, the police share with them: one number of events."""
    _, linkage = scripts
    rows = {row.name: row for row in linkage.shared_events(village)}
    there, back = (rows[f"events of {way}"] for way in ("ed also in police", "police also in ed"))
    assert there.n * there.value == pytest.approx(back.n * back.value)
    assert 0 < there.low < there.value < there.high < 1


def test_an_older_dataset_has_its_incidents_as_events(scripts, village, tmp_path):
    """Without the column of events each incident is one; other missing columns are empty."""
    _, linkage = scripts
    older = tmp_path / "older"
    shutil.copytree(village.path, older)
    file = older / "truth" / "incidents.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["event_id", "severity"]), file)
    table = linkage.OlderDataset.at(str(older)).read("truth/incidents")
    assert table["event_id"].to_pylist() == table["incident_id"].to_pylist()
    assert table["severity"].null_count == table.num_rows


def test_both_scripts_print_the_figures_of_a_folder(scripts, village_path, monkeypatch, capsys):
    """Every part of each, with number and interval."""
    for script in scripts:
        monkeypatch.setattr(sys, "argv", [script.__name__, str(village_path)])
        script.main()
    said = capsys.readouterr().out
    for part in ("top 20 LSOAs", "PAI", "victims' homes", "witnesses", "10-17", "(PPN), person"):
        assert part in said
    for part in ("equal time: precision", "time-place: recall", "stepwise: recall"):
        assert part in said
    assert "nan" not in said
