"""Rankings compared with known values, and the sets that a suite finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from tiny_suite import make_tiny, tiny_suite

import darkfigure as df
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.runs.foreign import settle_sets
from darkfigure.linkage_eval.runs.foreign.found_sets import find_sets
from darkfigure.linkage_eval.studies.validity import agree, find_validity, rank
from darkfigure.reports.html.report import write_report
from darkfigure.reports.terminal.validity import p_value
from darkfigure.synth.core.errors import DatasetError, SpecError

RECORDS = """id,first_name,surname,dob,cluster
1,Ann,Evans,1990-02-01,a
2,Ann,Evans,1990-02-01,a
3,Bob,Rees,1980-03-04,b
4,Rob,Rees,1980-03-04,b
5,Cai,Lewis,1970-05-06,c
6,Dai,Morgan,1971-05-06,d
"""


def test_rho_its_interval_and_its_p_value_are_the_published_ones():
    """Rho as scipy gives it, the interval by hand, and p counted over all orders."""
    one, other = np.array([1.0, 2, 3, 4, 5, 6]), np.array([2.0, 1, 4, 3, 6, 5])
    found = agree("a", "b", one, other)
    assert (
        found.rho == pytest.approx(spearmanr(one, other).statistic) == pytest.approx(1 - 36 / 210)
    )
    # z = atanh(.8286) = 1.1832, se = sqrt((1 + .8286^2 / 2) / 3) = .6692, times 1.95996.
    assert (found.low, found.high) == pytest.approx((-0.1278, 0.9863), abs=1e-3)
    # Of the 720 orders of six things 42 have |rho| of 29/35 or more: .058, as in printed tables.
    assert found.p == pytest.approx(42 / 720)


def test_the_same_order_is_certain_only_in_so_far_as_chance_could_have_made_it():
    """Two of 24 orders are as far from 0; there is no interval at 1, nor a rho of ties."""
    same = agree("a", "b", np.arange(4.0), np.arange(4.0))
    assert (same.rho, same.low, same.p) == (pytest.approx(1), None, pytest.approx(2 / 24))
    assert agree("a", "b", np.zeros(5), np.arange(5.0)).rho is None
    assert p_value(agree("a", "b", np.arange(12.0), np.arange(12.0))) == "<0.001"


def test_what_ours_rate_too_high_is_told_only_where_every_set_says_so():
    """The first is fourth with both others, the second better with one and worse with the other."""
    linkers = ("a", "b", "c", "d")
    f1 = {
        "ours": np.array([0.9, 0.8, 0.7, 0.6]),
        "one": np.array([0.1, 0.9, 0.5, 0.3]),
        "two": np.array([0.1, 0.3, 0.9, 0.5]),
    }
    found = rank(linkers, f1, ["ours"], ["one", "two"])
    verdicts = {rating.linker: rating.verdict for rating in found.ratings}
    assert verdicts["a"] == "rated too high by ours"
    assert verdicts["b"] == ""
    assert verdicts["d"] == "rated too low by ours"
    assert [(one.first, one.second) for one in found.agreements] == [
        ("all of ours", "one"),
        ("all of ours", "two"),
        ("ours", "one"),
        ("ours", "two"),
        ("one", "two"),
    ]


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    """A folder with a set of each form: one file, a folder, and a TOML file."""
    folder = tmp_path / "foreign"
    (folder / "two sides").mkdir(parents=True)
    (folder / "One File.csv").write_text(RECORDS)
    (folder / "read me.md").write_text("no set")
    rows = pd.read_csv(folder / "One File.csv")
    rows.drop(columns="cluster").to_csv(folder / "two sides" / "left.csv", index=False)
    rows.drop(columns="cluster").to_csv(folder / "two sides" / "right.csv", index=False)
    (folder / "two sides" / "truth.csv").write_text("left_id,right_id\n1,1\n1,2\n3,4\n")
    (folder / "said.toml").write_text(
        '[files]\nleft = { file = "two sides/left.csv", columns = { forename = "" } }\n'
        'right = "two sides/right.csv"\ntruth = "two sides/truth.csv"\n'
    )
    return folder


def test_dropped_sets_are_found_and_what_is_none_is_passed_over(dropped: Path):
    """Names are made fit for folders."""
    assert [world.title for world in find_sets(dropped)] == ["one-file", "said", "two-sides"]


def test_a_suite_with_dropped_sets_compares_rankings(dropped: Path, tmp_path: Path):
    """A set that is not there is left out and named; linkers do not get the clusters."""
    seen = tmp_path / "seen.py"
    seen.write_text(
        "class Seen:\n    name = 'seen'\n    def link(self, left, right, *, seed):\n"
        "        assert 'cluster' not in left.column_names\n"
        "        return {'left_id': [], 'right_id': []}\n"
    )
    suite = tiny_suite(
        ["exact", "slk581", f"{seen}:Seen"],
        scenarios=[{"name": "tiny"}, {"name": "gone", "foreign": "gone", "optional": True}],
        sets_in=str(dropped),
    )
    settled, told = settle_sets(suite)
    assert [world.title for world in settled.worlds] == ["tiny", "one-file", "said", "two-sides"]
    assert told[0].startswith("gone is left out: ")
    run = run_suite(settled, tmp_path / "run", make=make_tiny, trusted=True)
    assert set(run.timings["status"].to_pylist()) == {"ok"}
    found = find_validity(run)
    assert (found.ours, found.others) == (("ed-police, tiny",), ("one-file", "said", "two-sides"))
    assert found.f1["one-file"].tolist() == pytest.approx([2 / 3, 1.0, 0.0])
    page = write_report(tmp_path / "run").read_text("utf-8")
    assert 'id="validity"' in page
    assert "Two rankings compared" in page


def test_a_folder_that_is_no_set_says_what_one_is(tmp_path: Path):
    """With what it holds."""
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "left.csv").write_text(RECORDS)
    with pytest.raises(SpecError, match=r"half holds left; a data set is left.csv"):
        list(find_sets(tmp_path))


def test_own_files_are_linked_without_a_truth_and_not_scored(tmp_path: Path):
    """`link` and `pair` need none; a run says that it does."""
    (tmp_path / "own.csv").write_text(RECORDS)
    suite = tmp_path / "own.toml"
    suite.write_text(
        'title = "own"\nlinkers = ["exact"]\n[[scenarios]]\nname = "own"\n'
        f'files = {{ left = "{tmp_path / "own.csv"}" }}\n'
    )
    assert len(df.pair(suite).left) == 6
    links = df.link(suite, "exact", debug=True)
    assert links[["left_id", "right_id"]].to_numpy().tolist() == [["1", "2"]]
    with pytest.raises(DatasetError, match="own names no `truth`, which a run needs"):
        df.run(suite, tmp_path / "run")
