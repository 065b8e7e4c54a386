"""Two sides of a task are the same, or share nothing: no record is set beside itself unawares."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_world import TRUE_PAIRS, links, write_world
from typer.testing import CliRunner

from darkfigure.linkage_eval.links.truth import read_truth
from darkfigure.linkage_eval.records.sides import are_one, expand
from darkfigure.linkage_eval.records.standardise import is_within
from darkfigure.linkage_eval.runs.own_files import Files
from darkfigure.linkage_eval.runs.prepared_task import prepare_task
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Suite, Task
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.linkage_eval.studies.score import score
from darkfigure.reports.cli import app
from darkfigure.synth.core.errors import DatasetError, SpecError
from darkfigure.synth.core.spec import build
from darkfigure.synth.schema import SUBJECTS
from darkfigure.synth.storage.dataset import Dataset

KNOWN = ("police/gwent", "police/south_wales", "ed", "ppn/gwent")
# Sides of the tiny world, whose police are those of Gwent and of South Wales.
OVERLAPPING = [
    ("police", "police/south_wales", "share police/south_wales"),
    ("police/south_wales", "police", "share police/south_wales"),
    ("ed+police", "police", "share .*police/gwent"),
    ("ed+police/gwent", "police", "share police/gwent"),
    ("ed+ed", "police", "'ed.ed' names ed twice"),
    ("ed", "police+police/gwent", "names police/gwent twice"),
    ("police+police", "police+police", "names police/.* twice"),
    ("police+police", "", "names police/.* twice"),
]
SAME = [
    ("police", ""),
    ("police", "police"),
    ("ed+police", "police+ed"),
    ("police", "police/gwent+police/south_wales"),
    ("police/south_wales+police/gwent", "police"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The tiny world."""
    return write_world(tmp_path_factory.mktemp("tiny") / "world")


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("ed", ["ed"]),
        ("police", ["police/gwent", "police/south_wales"]),
        ("ed+police/gwent", ["ed", "police/gwent"]),
        ("p", []),
        ("ed+nowhere", []),
    ],
)
def test_a_side_stands_for_all_below_its_name(name: str, sources: list[str]):
    """A part that stands for nothing leaves nothing."""
    assert sources == expand(name, KNOWN)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_sides_of_the_same_sources_are_one(world: Dataset, left: str, right: str):
    """However they are written: each true pair within once, and no record with itself."""
    assert is_within(world, left, right)
    truth = read_truth(world, left, right)
    expected = read_truth(world, left)
    assert truth.within
    assert len(expected.pairs_left) == len(truth.pairs_left) > 0
    assert (truth.pairs_left < truth.pairs_right).all()
    problem = prepare_task(world, find_strategy("clear"), Task(left=left, right=right))
    assert problem.within
    assert problem.left is problem.right


@pytest.mark.parametrize(("left", "right"), SAME)
def test_links_of_sides_that_are_one_are_scored_as_within(world: Dataset, left: str, right: str):
    """The true pair of two nominals, the other way round: precision is 1, and so is no recall."""
    found = score(world, links(("N2", "N1")), left=left, right=right).to_pylist()
    values = {row["metric"]: row["value"] for row in found if row["stratum_kind"] == "all"}
    n_true = 9 if "ed" in left else 1
    assert (1.0, 1 / n_true) == (values["precision"], values["recall"])


@pytest.mark.parametrize(("left", "right", "reason"), OVERLAPPING)
def test_overlapping_sides_are_refused(world: Dataset, left: str, right: str, reason: str):
    """By score, link and pose alike; the message names what is shared."""
    task = Task(left=left, right=right)
    with pytest.raises(SpecError, match=reason):
        score(world, links(*TRUE_PAIRS), left=left, right=right)
    with pytest.raises(SpecError, match=reason):
        link_dataset(world, LinkerEntry(name="exact"), task)
    with pytest.raises(SpecError, match=reason):
        prepare_task(world, find_strategy("clear"), task)


@pytest.mark.parametrize(("left", "right", "reason"), OVERLAPPING)
def test_a_suite_refuses_overlapping_sides_before_it_runs(left: str, right: str, reason: str):
    """So does one whose task is the second."""
    said = {
        "name": "mine",
        "title": "Mine",
        "scenarios": [{"name": "merthyr"}],
        "tasks": [{"left": "ed", "right": "gp"}, {"left": left, "right": right}],
        "linkers": ["exact"],
    }
    with pytest.raises(SpecError, match=reason):
        build(Suite, said, "suite")


def test_sides_that_share_nothing_are_two(world: Dataset):
    """Two forces, or two agencies."""
    assert not is_within(world, "police/gwent", "police/south_wales")
    assert not are_one("ed+gp", "police", SUBJECTS)
    assert 7 == len(read_truth(world, "ed", "police").pairs_left)


def test_an_unknown_source_is_still_said_to_be_unknown(world: Dataset):
    """On either side."""
    for left, right in (("pollice", "ed"), ("ed", "pollice"), ("ed+pollice", "ed")):
        with pytest.raises(DatasetError, match="no source 'pollice'"):
            score(world, links(*TRUE_PAIRS), left=left, right=right)


@pytest.mark.parametrize("right", ["left.csv", "./left.csv", "sub/../left.csv"])
def test_own_files_are_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str):
    """One file as both sides would set each record beside itself."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError, match=r"one file.* leave `right` out"):
        build(Files, {"left": "left.csv", "right": right, "truth": "t.csv"}, "suite")


@pytest.mark.parametrize("verb", ["score", "link"])
def test_the_command_refuses_in_a_sentence(world: Dataset, tmp_path: Path, verb: str):
    """With the exit code of a wrong specification."""
    more = ["--links", tmp_path / "l.csv"]
    if verb == "link":
        more = ["--linker", "exact", "--out", tmp_path / "l.csv"]
    (tmp_path / "l.csv").write_text("left_id,right_id\nN1,N2\n")
    words = [verb, world.path, *more, "--left", "police", "--right", "police/gwent"]
    found = CliRunner().invoke(app, list(map(str, words)))
    assert isinstance(found.exception, SpecError)
    assert "'police' and 'police/gwent' share police/gwent" in str(found.exception)
