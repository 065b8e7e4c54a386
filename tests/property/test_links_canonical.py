"""Links count in one form, wherever they come from: each pair of different records once."""

from __future__ import annotations

import warnings
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_suite import make_tiny, tiny_suite
from tiny_world import TRUE_PAIRS, links, records, write_world
from typer.testing import CliRunner

from darkfigure.linkage_eval.contracts import LINKS, STATUS
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.isolation.parent import Job, run_isolated
from darkfigure.linkage_eval.links.decisions import DECISIONS, decide
from darkfigure.linkage_eval.links.positions import Sides
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.linkage_eval.studies.remeasure import remeasure
from darkfigure.linkage_eval.studies.score import score
from darkfigure.reports.cli import app
from darkfigure.synth.storage.dataset import Dataset

NOMINALS = ("N1", "N2", "N3", "N4", "N5")
IDS = pa.array(NOMINALS)
WITHIN = Sides(IDS, IDS, within=True)
# All ways of saying too much: itself, both ways round, and again with a lower score.
WORDY = """
import pyarrow as pa


class Wordy:
    name = "wordy"

    def link(self, left, right, *, seed):
        born = map(str, left["date_of_birth"].to_pylist())
        n = dict(zip(born, left["record_id"].to_pylist()))
        first, second, third = n["1990-02-01"], n["1990-01-02"], n["1985-12-25"]
        ids = [*left["record_id"].to_pylist(), first, second, first, first]
        other = [*left["record_id"].to_pylist(), second, first, second, third]
        scores = [1.0] * left.num_rows + [0.5, 0.9, 0.2, 0.4]
        return {"left_id": ids, "right_id": other, "score": scores}
"""
TWICE = """
import pyarrow as pa


class Twice:
    name = "twice"

    def link(self, left, right, *, seed):
        ends = {"left_id": left["record_id"][0], "right_id": right["record_id"][0]}
        return {name: [end.as_py()] * 2 for name, end in ends.items()} | {"score": [0.2, 0.8]}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The tiny world, whose police know one person twice: one true pair within."""
    return write_world(tmp_path_factory.mktemp("tiny") / "world")


def overall(table: pa.Table, metric: str) -> float | None:
    """Give the overall value of a metric."""
    chosen = pc.field("stratum_kind") == "all"
    [value] = table.filter(chosen & (pc.field("metric") == metric))["value"].to_pylist()
    return value


def scored(*rows: tuple[str, str, float]) -> pa.Table:
    """Make a table of scored links."""
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(dict(zip(LINKS.names, map(list, columns), strict=True)), LINKS)


def test_one_pair_is_one_link():
    """Both ways round, twice and to itself: the smaller id left, the best score, its status."""
    given_links = scored(("N2", "N1", 0.5), ("N1", "N2", 0.9), ("N1", "N1", 1.0), ("N3", "N2", 0.2))
    given_links = given_links.append_column(STATUS, pa.array(["z", "y", "x", "w"]))
    found = look_up(given_links, WITHIN)
    expected = [("N1", "N2", 0.9, "y"), ("N2", "N3", 0.2, "w")]
    assert expected == [tuple(row.values()) for row in found.table().to_pylist()]
    assert [(0, 1), (1, 2)] == list(zip(found.left, found.right, strict=True))
    assert (
        "2 links did not count: 1 of a record to itself and 1 of a pair that has another link."
        == found.left_out
    )


def test_across_two_sources_only_repeats_are_left_out():
    """Row 0 of one side and row 0 of the other are different records."""
    given_links = scored(("N1", "x", 0.5), ("N2", "x", 0.7), ("N1", "x", 0.6))
    found = look_up(given_links, Sides(IDS, pa.array(["x", "y"])))
    assert [("N1", "x", 0.6), ("N2", "x", 0.7)] == [
        tuple(row.values()) for row in found.table().to_pylist()
    ]
    assert "1 link did not count: 1 of a pair that has another link." == found.left_out


def test_links_in_order_are_taken_as_they_are():
    """Each counts, in its place."""
    given_links = scored(("N1", "N2", 0.5), ("N1", "N3", 0.7), ("N2", "N3", 0.6))
    found = look_up(given_links, WITHIN)
    assert given_links.equals(found.table())
    assert not found.left_out


@pytest.mark.parametrize("within", [True, False])
def test_links_move_to_the_rows_of_other_sides(within: bool):  # noqa: FBT001
    """Of all records where some were given, in another order; the ids stay what they are."""
    some = Sides(pa.array(["N3", "N1"]), pa.array(["N3", "N1"] if within else ["y"]), within)
    every = Sides(IDS, IDS if within else pa.array(["x", "y"]), within)
    rows = [("N3", "N1", 0.5)] if within else [("N1", "y", 0.7), ("N3", "y", 0.2)]
    moved = look_up(scored(*rows), some).on(every)
    expected = [(0, 2)] if within else [(2, 1), (0, 1)]
    assert expected == list(zip(moved.left, moved.right, strict=True))
    ends = {frozenset((row["left_id"], row["right_id"])) for row in moved.table().to_pylist()}
    assert {frozenset(row[:2]) for row in rows} == ends
    with pytest.raises(ValueError, match="1 left_id is not among the 1 records of that side"):
        moved.on(Sides(pa.array(["N1" if not within else "N2"]), every.right, within))


def test_sorted_links_are_in_the_order_of_their_ids():
    """However the records of the sides lie; statuses go with their links."""
    sides = Sides(pa.array(["b", "a"]), pa.array(["y", "x"]))
    rows = scored(("b", "x", 0.1), ("a", "y", 0.2), ("a", "x", 0.3))
    marked = rows.append_column(STATUS, pa.array(["p", "q", "r"]))
    expected = [("a", "x", 0.3, "r"), ("a", "y", 0.2, "q"), ("b", "x", 0.1, "p")]
    found = look_up(marked, sides).sorted().table().to_pylist()
    assert expected == [tuple(row.values()) for row in found]


def test_self_links_neither_help_nor_harm(world: Dataset):
    """Every record with itself: nothing is linked, so recall is 0 and precision undefined."""
    to_itself = links(*((one, one) for one in NOMINALS))
    with pytest.warns(UserWarning, match="5 links did not count: 5 of a record to itself"):
        found = score(world, to_itself, left="police", right="police")
    assert 0.0 == overall(found, "recall")
    assert overall(found, "precision") is None


def test_both_directions_are_one_pair(world: Dataset):
    """The one true pair given both ways: precision and recall are 1, not 2."""
    with pytest.warns(UserWarning, match="1 of a pair that has another link"):
        found = score(world, links(("N1", "N2"), ("N2", "N1")), left="police", right="police")
    assert [1.0] * 4 == [overall(found, name) for name in ("precision", "recall", "f1", "f_star")]


def test_a_repeated_true_pair_across_sources_counts_once(world: Dataset):
    """All true pairs twice and one false: 7 of 8 links are right."""
    given_links = links(*TRUE_PAIRS, *TRUE_PAIRS, ("E1", "N5"))
    with pytest.warns(UserWarning, match="7 links did not count"):
        found = score(world, given_links, left="ed", right="police")
    assert (7 / 8, 1.0) == (overall(found, "precision"), overall(found, "recall"))


def test_links_that_all_count_bring_no_note(world: Dataset):
    """Who gives each pair once hears nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        score(world, links(*TRUE_PAIRS), left="ed", right="police")


PAIRS = st.tuples(st.sampled_from(NOMINALS), st.sampled_from(NOMINALS)).filter(
    lambda pair: pair[0] < pair[1]
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(PAIRS, st.sampled_from([0.2, 0.5, 0.9]), max_size=10),
    st.lists(st.sampled_from(NOMINALS), max_size=5),
    st.data(),
)
def test_the_score_is_the_same_however_links_are_said(
    world: Dataset, pairs: dict[tuple[str, str], float], selves: list[str], data: st.DataObject
):
    """Ends swapped, pairs repeated or reversed with lower scores, self links added, any order."""
    plain = [(*pair, value) for pair, value in pairs.items()]
    told = [data.draw(st.sampled_from([(a, b, s), (b, a, s)])) for a, b, s in plain]
    again = data.draw(st.lists(st.sampled_from(plain), max_size=6)) if plain else []
    told += [(b, a, s * data.draw(st.sampled_from([0.1, 1.0]))) for a, b, s in again]
    told += [(one, one, 1.0) for one in selves]
    told = data.draw(st.permutations(told))
    sides = {"left": "police", "right": "police", "note": lambda _: None}
    expected, found = (score(world, scored(*rows), **sides) for rows in (plain, told))
    assert expected.equals(found)
    values = [overall(found, name) for name in ("precision", "recall", "f1", "f_star")]
    assert all(value is None or 0 <= value <= 1 for value in values)


def test_the_last_digit_is_the_same_in_any_order(world: Dataset):
    """Sums of rounded residuals depend on their order, so links have one."""
    all_but_one = [(a, b, 0.2) for a, b in combinations(NOMINALS, 2) if (a, b) != ("N2", "N4")]
    orders = [all_but_one[turn:] + all_but_one[:turn] for turn in range(9)]
    found = [score(world, scored(*rows), left="police", right="police") for rows in orders]
    assert all(found[0].equals(table) for table in found)


def test_the_command_says_what_did_not_count(world: Dataset, tmp_path: Path):
    """The table goes to standard output, the note to standard error."""
    (tmp_path / "links.csv").write_text("left_id,right_id\nN1,N1\nN1,N2\nN2,N1\n")
    words = ["score", str(world.path), "--links", str(tmp_path / "links.csv"), "--json"]
    found = CliRunner().invoke(app, [*words, "--left", "police", "--right", "police"])
    assert 0 == found.exit_code, found.output
    assert "2 links did not count" in found.stderr
    assert "did not count" not in found.stdout


@pytest.mark.parametrize("decision", DECISIONS)
def test_decisions_are_taken_on_pairs_that_count(decision: str):
    """A linker's wordy answer is decided as its plain one is."""
    plain = scored(("N1", "N2", 0.9), ("N1", "N3", 0.4))
    wordy = scored(("N1", "N1", 1.0), ("N3", "N1", 0.4), ("N2", "N1", 0.9), ("N1", "N2", 0.5))
    expected, found = (
        decide(look_up(one, WITHIN), decision).sorted().table() for one in (plain, wordy)
    )
    assert expected.equals(found)


def linker(folder: Path, code: str) -> str:
    """Write a linker's file and name its class."""
    name = code.split("class ")[1].split(":", maxsplit=1)[0]
    (folder / f"{name.lower()}.py").write_text(code)
    return f"{folder / f'{name.lower()}.py'}:{name}"


def test_a_linker_of_two_sources_may_repeat_itself(world: Dataset, tmp_path: Path):
    """The better of two links of one pair counts."""
    sides = [standardise(world, name) for name in ("ed", "police")]
    found = run_isolated(Job(linker(tmp_path, TWICE)), *sides).expect()
    assert [0.8] == found["score"].to_pylist()


def test_the_verb_link_links_a_source_to_itself(world: Dataset, tmp_path: Path):
    """Without --right, or with the same: pairs of different records, each once."""
    for right in ("", "police"):
        task = Task(left="police", right=right)
        found = link_dataset(world, LinkerEntry(name=linker(tmp_path, WORDY)), task)
        pairs = [tuple(row.values()) for row in found.sort_by("right_id").to_pylist()]
        assert [("N1", "N2", 0.9), ("N1", "N3", 0.4)] == pairs


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the wordy linker within one table."""
    folder = tmp_path_factory.mktemp("run")
    wordy = {"name": linker(folder, WORDY), "label": "wordy"}
    suite = tiny_suite([wordy], tasks=[{"left": "police"}])
    return run_suite(suite, folder / "out", make=make_tiny)


def test_a_run_counts_each_pair_once(run: Run):
    """Of two links one is right, and it is the only true pair."""
    assert (0.5, 1.0) == tuple(overall(run.measurements, name) for name in ("precision", "recall"))


def test_measuring_again_counts_each_pair_once(run: Run):
    """Stored links that somebody made wordy are measured as the plain ones."""
    [file] = (run.path / "links").glob("*.parquet")
    plain = pq.read_table(file)
    ends = {"left_id": plain["right_id"], "right_id": plain["left_id"], "score": plain["score"]}
    reverse = pa.table(ends, plain.schema)
    pq.write_table(pa.concat_tables([reverse, plain, plain]), file)
    again = remeasure(run.path).measurements
    assert [0.5, 1.0] == [overall(again, name) for name in ("precision", "recall")]
    assert run.measurements.equals(again)


# Compares each pair both ways round, some twice, and each record with itself.
LOOKING = """
import numpy as np


class Looking:
    name = "looking"

    def link(self, left, right, *, seed):
        return {"left_id": [], "right_id": [], "score": []}

    def block(self, left, right):
        rows = [{name: row for row, name in enumerate(side["surname"].to_pylist())}
                for side in (left, right)]
        pairs = ("ca", "ac", "ab", "bb", "ab", "cb")
        return tuple(np.array([rows[turn][pair[turn]] for pair in pairs]) for turn in (0, 1))
"""


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (True, {(0, 2), (0, 1), (1, 2)}),
        (False, {(2, 0), (0, 2), (0, 1), (1, 1), (2, 1)}),
    ],
)
def test_compared_pairs_are_told_once(tmp_path, within: bool, expected: set[tuple[int, int]]):  # noqa: FBT001
    """What is compared the other way round only is compared all the same."""
    names = ["a", "b", "c"]
    table = records(*({"record_id": name, "surname": name} for name in names))
    job = Job(linker(tmp_path, LOOKING), within=within, compared=True)
    told = run_isolated(job, table, table).candidates
    assert sorted(expected) == sorted(zip(told.left.tolist(), told.right.tolist(), strict=True))
