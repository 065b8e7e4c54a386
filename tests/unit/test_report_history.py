"""The page of measures over commits: in order, with what changed, and what cannot be compared."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from made_up_run import write_run

import darkfigure as df
from darkfigure.reports.html.history import headline, read_history, renewed
from darkfigure.synth.core.errors import DatasetError


@pytest.fixture
def kept(tmp_path):
    """Three runs: in the second every value fell by .05, the third has other worlds."""
    for name in ("2026-01-01-aaa", "2026-01-02-bbb", "2026-01-03-ccc"):
        write_run(tmp_path / name)
    file = tmp_path / "2026-01-02-bbb" / "measurements.parquet"
    table = pq.read_table(file)
    lower = pc.subtract(table["value"], pa.scalar(0.05))
    pq.write_table(table.set_column(table.column_names.index("value"), "value", lower), file)
    manifest = tmp_path / "2026-01-03-ccc" / "manifest.json"
    told = json.loads(manifest.read_text())
    for one in told["datasets"].values():
        one["hashes"] = {"ed/attendances": "other"}
    manifest.write_text(json.dumps(told))
    return tmp_path


def test_runs_come_by_name_and_new_worlds_are_known(kept):
    """Values are those of the files; the third run's worlds are others."""
    runs = read_history(kept)
    assert ["2026-01-01-aaa", "2026-01-02-bbb", "2026-01-03-ccc"] == [run.name for run in runs]
    assert [2] == renewed(runs)
    key = next(key for key in runs[0].values if key[1:] == ("splink", "recall"))
    assert runs[0].values[key] - 0.05 == pytest.approx(runs[1].values[key])
    assert headline(runs[:2]).endswith("fell by 5.00 points")
    assert headline([runs[0], runs[0]]).startswith("Nothing moved")
    assert "2026-01-03-ccc has other worlds than before" in headline(runs)


def test_the_page_stands_alone(kept, tmp_path):
    """It names the run where comparison ends, and asks for nothing."""
    html = df.history(kept, tmp_path / "history.html").read_text(encoding="utf-8")
    assert "cannot be compared (2026-01-03-ccc)" in html
    assert "default-src 'none'" in html
    assert "\u22125.00" not in html.split("<tbody>")[0]
    first_rows = html.split("<tbody>")[1].split("</tbody>")[0]
    assert "+5.00" not in first_rows, "no change is told across other worlds"


def test_what_is_no_history_is_answered_with_what_to_keep(kept, tmp_path):
    """No folder, an empty one, and a run of which a file is missing."""
    with pytest.raises(DatasetError, match=r"is no folder\. Keep manifest\.json"):
        read_history(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match=r"holds no runs\. Keep manifest\.json"):
        read_history(tmp_path / "empty")
    file = kept / "2026-01-01-aaa" / "measurements.parquet"
    whole = pq.read_table(file)
    words = pa.array(["much"] * whole.num_rows)
    pq.write_table(whole.set_column(whole.column_names.index("value"), "value", words), file)
    with pytest.raises(DatasetError, match=r"2026-01-01-aaa cannot be read"):
        read_history(kept)
    pq.write_table(whole, file)
    (kept / "2026-01-02-bbb" / "timings.parquet").unlink()
    with pytest.raises(DatasetError, match=r"2026-01-02-bbb lacks timings\.parquet"):
        read_history(kept)
