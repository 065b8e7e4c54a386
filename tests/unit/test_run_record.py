"""What is held out stays so, or the run says that it did not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_suite import make_tiny, tiny_suite

from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.rows import Measure
from darkfigure.linkage_eval.runs.run_record import FOLDER, RunRecord, record_file
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.reports.html.report import write_report
from darkfigure.synth.core.errors import SpecError

LINKER = """
class Mine:
    name = "mine"
    def link(self, left, right, *, seed):
        return {"left_id": [], "right_id": []}  # COMMENT
"""


@pytest.fixture(autouse=True)
def _own_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(FOLDER, str(tmp_path / "state"))


def suite_of(*linkers: object, **changes: object) -> Suite:
    """Report on seeds 1 and 2, tune on 11."""
    return tiny_suite(linkers or ("exact",), **{"seeds": [1, 2], "tuning_seeds": [11]} | changes)


def note(suite: Suite, f1: float, half: float = 0.01, linker: str = "exact") -> list[str]:
    """Note a run in which a linker had an F1 in every world; give the doubts."""
    seeds = suite.run_seeds
    datasets = {f"tiny-{seed}": {"seed": seed, "hashes": {"t": f"{seed}"}} for seed in seeds}
    rows = [
        Measure(
            *("tiny", "clear", "ed-police", linker, seed),
            *("all", "all", "f1", f1, f1 - half, f1 + half, 100, "ok"),
        )
        for seed in seeds
    ]
    return RunRecord.of(suite, datasets).add(rows)


def test_a_linker_that_changed_after_its_results_were_seen_is_named(tmp_path: Path):
    """Once a world; the same code may report as often as it likes."""
    file = tmp_path / "mine.py"
    suite = suite_of(f"{file}:Mine")
    title = f"{file}:Mine"
    file.write_text(LINKER)
    assert note(suite, 0.5, linker=title) == []
    assert note(suite, 0.5, linker=title) == []
    file.write_text(LINKER.replace("COMMENT", "a better idea"))
    doubts = note(suite, 0.6, linker=title)
    assert len(doubts) == 2
    assert "was changed after its results on tiny, ed-police, seed 1 had been seen" in doubts[0]
    assert "Tune it on `tuning_seeds` (--tuning)" in doubts[0]


def test_changes_between_tuning_runs_are_what_tuning_is_for(tmp_path: Path):
    """Nobody is warned before or after."""
    file = tmp_path / "mine.py"
    for idea in ("one", "two", "three"):
        file.write_text(LINKER.replace("COMMENT", idea))
        assert note(suite_of(f"{file}:Mine", tuning=True), 0.5, linker=f"{file}:Mine") == []
    assert note(suite_of(f"{file}:Mine"), 0.5, linker=f"{file}:Mine") == []


def test_other_options_after_the_results_are_a_change_too():
    """A threshold is soon tuned, also that of a linker of the library."""
    first = {"name": "epilink", "label": "epi", "threshold": 0.7}
    assert note(suite_of(first), 0.5, linker="epi") == []
    assert len(note(suite_of({**first, "threshold": 0.8}), 0.6, linker="epi")) == 2


@pytest.mark.parametrize(
    ("tuned", "half", "warned"), [(0.95, 0.01, True), (0.95, 0.2, False), (0.905, 0.0001, False)]
)
def test_much_better_where_it_was_tuned_is_said(tuned: float, half: float, *, warned: bool):
    """Not what chance explains, and not what is certain and small."""
    assert note(suite_of(tuning=True), tuned, half) == []
    doubts = note(suite_of(), 0.9, half)
    assert bool(doubts) == warned
    if warned:
        assert f"F1 {tuned:.3f} there, 0.900 here" in doubts[0]


def test_without_tuning_seeds_nothing_is_noted():
    """Nothing is held out."""
    assert note(suite_of(tuning_seeds=[]), 0.5) == []
    assert not record_file().exists()


def test_a_record_that_cannot_be_written_or_read_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It is said, since later runs will know less; broken lines are passed over."""
    assert note(suite_of(), 0.5) == []
    with record_file().open("a") as record:
        record.write('nonsense\n{"f1": 1}\n[]\n')
    assert note(suite_of(), 0.5) == []
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(FOLDER, str(tmp_path / "file"))
    (doubt,) = note(suite_of(), 0.5)
    assert "cannot be written" in doubt


def test_a_run_holds_its_doubts_in_manifest_and_report(tmp_path: Path):
    """Tuning seeds are run alone, and the page says so."""
    tuned = run_suite(suite_of(tuning=True), tmp_path / "t", make=make_tiny, trusted=True)
    assert set(tuned.timings["seed"].to_pylist()) == {11}
    assert "Tuning seeds: not to be reported." in write_report(tmp_path / "t").read_text("utf-8")
    run_suite(suite_of(), tmp_path / "a", make=make_tiny, trusted=True)
    changed = suite_of({"name": "stepwise", "label": "exact"})
    run = run_suite(changed, tmp_path / "b", make=make_tiny, trusted=True)
    assert len(run.manifest["held_out"]) == 2
    assert run.manifest["held_out"][0] in write_report(tmp_path / "b").read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tuning_seeds": [2, 3]}, "seed 2 is among `seeds` and `tuning_seeds`"),
        ({"tuning_seeds": [], "tuning": True}, "there are no `tuning_seeds` to run"),
    ],
)
def test_a_suite_that_tunes_on_what_it_reports_is_refused(changes: dict, message: str):
    """So is tuning without seeds for it."""
    with pytest.raises(SpecError, match=message):
        suite_of(**changes)
