"""Metrics of a user's own: from a file through run, report, comparison and gate; and refusals."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tiny_suite import make_tiny, tiny_suite

from darkfigure.linkage_eval.catalogue import KINDS
from darkfigure.linkage_eval.gate import compare_runs, load_tolerances, to_markdown
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.runs.failures import find_failures, refuse_failures
from darkfigure.linkage_eval.runs.run import Run, read_run
from darkfigure.linkage_eval.runs.suite import resolve_suite
from darkfigure.linkage_eval.studies.remeasure import remeasure
from darkfigure.reports.html.report import write_report
from darkfigure.synth.core.errors import LinkerError, SpecError, UnknownNameError
from darkfigure.synth.storage.dataset import Dataset

HEAD = "from darkfigure import Measurement, metric\n"
DECLARED = """
@metric(name="{name}", label="Linked attendances", formula="distinct left records",
        direction="{direction}", unit="records", needs=("judged",))
def {function}(judged):
    "Attendances that a link joins to anything."
    n = len(set(judged.left.tolist()))
    return [Measurement.overall("{name}", n, len(judged.left))]
"""
LINKED = DECLARED.format(name="linked", direction="higher", function="linked")
BROKEN = """
@metric(name="broken", label="Broken", formula="1 / 0", unit="none", needs=("judged",))
def broken(judged):
    return [Measurement.overall("broken", 1 / (len(judged.left) - 4), 1)]
"""
SHARED = """
@metric(name="shared_sources", label="Sources", formula="distinct sources", direction="lower",
        unit="sources", needs=("knowledge",))
def shared_sources(knowledge):
    "Sources from which anything is shared."
    return [Measurement.overall("shared_sources", len(knowledge.shared["source"].unique()), 1)]
"""
LINKS = "links/tiny-clear-ed_police-exact-1.parquet"


def write(folder: Path, *parts: str) -> str:
    """Write a file of metrics, and give its path."""
    file = folder / "mine.py"
    file.write_text(HEAD + "".join(parts))
    return str(file)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with one metric that works and one that fails on four links."""
    folder = tmp_path_factory.mktemp("own")
    file = write(folder, LINKED, BROKEN)
    suite = tiny_suite(["exact", "stepwise"], metrics=[f"{file}:linked", f"{file}:broken"])
    return run_suite(suite, folder / "run", make=make_tiny)


def rows_of(run: Run, metric: str) -> dict[str, tuple[float | None, str]]:
    """Give value and status of a metric by linker."""
    rows = run.measurements.filter(pc.equal(run.measurements["metric"], metric)).to_pylist()
    return {row["linker"]: (row["value"], row["status"]) for row in rows}


def test_a_metric_of_a_file_is_measured_beside_the_library_s(run: Run):
    """Its value is that of a count by hand: attendances in the stored links."""
    for answer in run.answers():
        expected = len(set(answer.links["left_id"].to_pylist()))
        assert rows_of(run, "linked")[answer.which.linker] == (expected, "ok")
    assert set(rows_of(run, "recall")) == {"exact", "stepwise"}


def test_a_metric_that_fails_loses_its_own_value_alone(run: Run):
    """Exact gives four links, on which it divides by zero; nothing else of the cell is lost."""
    status = "metric failed: ZeroDivisionError: division by zero"
    assert rows_of(run, "broken")["exact"] == (None, status)
    assert {status for _, status in rows_of(run, "recall").values()} == {"ok"}
    assert set(run.timings["status"].to_pylist()) == {"ok"}
    failed = f"broken (tiny, clear, ed-police, exact, seed 1) {status}"
    assert failed in find_failures(run)
    with pytest.raises(LinkerError, match=r"broken .tiny, clear, ed-police, exact"):
        refuse_failures(run)


def test_the_report_shows_it_with_its_label_arrow_and_formula(run: Run, tmp_path: Path):
    """And says of the other why it has no value; no linker counts as failed."""
    page = write_report(run.path, tmp_path / "page.html").read_text()
    assert "Linked attendances\u00a0\u2191" in page
    assert "distinct left records" in page
    assert "ZeroDivisionError" in page
    assert ">failed: metric" not in page


def test_the_report_needs_no_file_of_the_metric(run: Run, tmp_path: Path):
    """What was declared stands in the manifest of the run."""
    manifest = json.loads((run.path / "manifest.json").read_text())
    assert manifest["metrics"]["linked"]["direction"] == "higher"
    assert manifest["metrics"]["linked"]["meaning"] == "Attendances that a link joins to anything"
    copy = shutil.copytree(run.path, tmp_path / "copy")
    manifest["suite"]["metrics"] = ["gone.py:linked"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert "Linked attendances" in write_report(copy).read_text()


def test_a_run_is_measured_again_with_a_new_metric(run: Run, tmp_path: Path):
    """Without linking; the old numbers stay, and the manifest names the new metric."""
    copy = shutil.copytree(run.path, tmp_path / "copy")
    added = write(tmp_path, DECLARED.format(name="anew", direction="lower", function="anew"))
    again = remeasure(copy, metrics=[f"{added}:anew"])
    assert rows_of(again, "anew") == rows_of(again, "linked") == rows_of(run, "linked")
    assert rows_of(again, "f1") == rows_of(run, "f1")
    assert "anew" in read_run(copy).manifest["metrics"]
    assert rows_of(remeasure(copy), "anew") == rows_of(run, "linked")


@pytest.mark.parametrize(("tolerance", "verdict"), [(0, "worse"), (100, "same")])
def test_the_gate_compares_it_in_its_direction(
    run: Run, tmp_path: Path, tolerance: float, verdict: str
):
    """One link is left of four: worse, unless the tolerance allows it."""
    copy = shutil.copytree(run.path, tmp_path / "copy")
    pq.write_table(pq.ParquetFile(copy / LINKS).read().slice(0, 1), copy / LINKS)
    file = tmp_path / "tolerances.toml"
    file.write_text(f"[metrics]\nlinked = {tolerance}\n")
    gate = compare_runs(run.path, copy, load_tolerances(file))
    (check,) = [one for one in gate.checks if (one.linker, one.measure) == ("exact", "linked")]
    assert check.verdict == verdict
    assert (check.baseline, check.candidate, check.difference) == (4.0, 1.0, -3.0)
    assert "| exact | linked | 4.0000 | 1.0000 | -3.0000 |" in to_markdown(gate)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("linkd = 1", UnknownNameError, "Did you mean 'linked'"),
        ("broken = 1", SpecError, "neither direction is better"),
        ("work_hours = 1", UnknownNameError, "no metric of links 'work_hours'"),
    ],
)
def test_the_gate_refuses_what_it_cannot_compare(
    run: Run, tmp_path: Path, text: str, error: type[Exception], said: str
):
    """A misspelt metric, one without a direction, one of sharing."""
    file = tmp_path / "tolerances.toml"
    file.write_text(f"[metrics]\n{text}\n")
    with pytest.raises(error, match=said):
        compare_runs(run.path, run.path, load_tolerances(file))


@pytest.mark.slow
def test_a_metric_of_sharing_is_measured_of_every_strategy(village: Dataset, tmp_path: Path):
    """Beside the library's, and shown in the report; it is no metric of links."""
    file = write(tmp_path, SHARED)
    sharing = {"strategies": ["none", "single-system"]}
    suite = tiny_suite(["exact"], metrics=[f"{file}:shared_sources"], sharing=sharing)
    run = run_suite(suite, tmp_path / "run", make=lambda *_: village)
    rows = run.sharing.filter(pc.equal(run.sharing["metric"], "shared_sources")).to_pylist()
    values = {row["strategy"]: row["value"] for row in rows}
    assert values["none"] == 0 < values["single-system"]
    assert not rows_of(run, "shared_sources")
    assert "Sources\u00a0\u2193" in write_report(run.path).read_text()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (LINKED.replace('"judged",', '"gossip",'), "needs 'gossip', which nothing gives. Known: a"),
        (LINKED.replace('formula="distinct left records"', 'formula=""'), "'linked' has no form"),
        (LINKED.replace('unit="records"', 'unit=""'), "'linked' has no unit: say what it is count"),
        (LINKED.replace('"higher"', '"up"'), "direction is 'higher', 'lower' or 'neither', not"),
        (LINKED.replace('"judged",', '"judged", "chance"'), "needs judged, chance, but its funct"),
        (LINKED.replace('"judged",', '"judged", "knowledge"'), "links and of sharing at once"),
        (LINKED.replace('name="linked"', 'name="Linked!"'), "'Linked!' is no name for a metric"),
        (LINKED.replace('name="linked"', 'name="recall"'), "two metrics are called 'recall': one"),
        ("linked = 3\n", "is no metric: decorate its function"),
        ("import nothing_of_that_name\n", "cannot be loaded: ModuleNotFoundError"),
    ],
)
def test_a_wrong_declaration_is_refused_before_anything_runs(tmp_path: Path, body: str, said: str):
    """The message says what is wrong; of a suite it comes when the suite is read."""
    file = write(tmp_path, body)
    table = {"title": "x", "scenarios": ["merthyr"], "linkers": ["exact"]}
    table |= {"tasks": [{"left": "ed", "right": "gp"}], "metrics": [f"{file}:linked"]}
    with pytest.raises(SpecError, match=said):
        resolve_suite("own", table)


def test_two_alike_of_the_user_s_own_are_refused(tmp_path: Path):
    """One name means one thing in a run."""
    file = write(tmp_path, LINKED, LINKED.replace("def linked", "def second"))
    with pytest.raises(SpecError, match="two metrics are called 'linked'"):
        gather([f"{file}:linked", f"{file}:second"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no-such-metric", "There is no metric 'no-such-metric': it is a name that a package"),
        ("gone.py:linked", "There is no metric 'gone.py:linked'"),
        ("{file}:linkd", "'linkd'. Did you mean 'linked'"),
    ],
)
def test_a_metric_that_is_not_there_is_refused(tmp_path: Path, name: str, said: str):
    """With the nearest name, where there is one."""
    file = write(tmp_path, LINKED)
    with pytest.raises(UnknownNameError, match=said):
        gather([name.format(file=file)])


def test_a_package_offers_a_metric_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As `pip install` records an entry point; it is listed without being imported."""
    (tmp_path / "their_metrics.py").write_text(HEAD + LINKED)
    place = tmp_path / "their_metrics-1.0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text("Name: their-metrics\nVersion: 1.0\n")
    (place / "entry_points.txt").write_text(
        "[darkfigure.metrics]\nn-linked = their_metrics:linked\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert KINDS["metrics"]()["n-linked"] == "from their_metrics:linked"
    assert "their_metrics" not in sys.modules
    assert list(gather(["n-linked"]).described()) == ["linked"]


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("[3]", "a row is a Measurement, not a int"),
        ('[Measurement.overall("other", 1, 1)]', "measured 'other', which it does not declare"),
        ('[Measurement.overall("linked", float("nan"), 1)]', "'linked' is not finite"),
        ("None", "TypeError"),
    ],
)
def test_nonsense_from_a_metric_is_its_status(tmp_path: Path, returned: str, said: str):
    """It never stands in a table as a number."""
    head, _, _ = LINKED.partition("    n = ")
    file = write(tmp_path, f"{head}    return {returned}\n")
    (row,) = gather([f"{file}:linked"]).only(["linked"]).measure("links", {"judged": None})
    assert row.value is None
    assert said in row.status
