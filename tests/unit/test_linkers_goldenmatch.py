"""goldenmatch: what it scores becomes links of the right sides; the engine itself where it is."""

from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.linkers import goldenmatch, registry
from darkfigure.linkage_eval.links.truth import judge_table, read_truth
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.synth.core.errors import MissingExtraError


def records(letter: str, n: int) -> pa.Table:
    """Make records with names alone."""
    row = {"surname": "Evans", "forename": "Ann", "source": "x"}
    return pa.Table.from_pylist(
        [{**row, "record_id": f"{letter}{one}"} for one in range(n)], RECORDS
    )


@pytest.fixture
def _engine(monkeypatch: pytest.MonkeyPatch):
    """An engine that scores these pairs of the rows of both tables, one behind the other."""
    scored = [(0, 1, 0.9), (3, 0, 0.8), (2, 4, 0.7)]
    fake = SimpleNamespace(
        auto_configure_probabilistic_df=lambda table: table.column_names,
        dedupe_df=lambda _, config: SimpleNamespace(scored_pairs=scored if config else []),
    )
    monkeypatch.setattr(goldenmatch, "engine", lambda *_: fake)


@pytest.mark.usefixtures("_engine")
def test_pairs_across_two_tables_are_links_and_others_are_not():
    """Two of three records left: rows from 3 on are of the right table, in whatever order."""
    links = goldenmatch.GoldenMatch().link(records("l", 3), records("r", 2), seed=1)
    assert links.to_pylist() == [
        {"left_id": "l0", "right_id": "r0", "score": 0.8},
        {"left_id": "l2", "right_id": "r1", "score": 0.7},
    ]


@pytest.mark.usefixtures("_engine")
def test_within_one_table_every_pair_is_a_link():
    """The table is given once."""
    table = records("a", 5)
    links = goldenmatch.GoldenMatch().link(table, table, seed=1)
    pairs = zip(links["left_id"].to_pylist(), links["right_id"].to_pylist(), strict=True)
    assert list(pairs) == [("a0", "a1"), ("a0", "a3"), ("a2", "a4")]


def test_without_the_engine_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    """It has an extra of its own."""
    monkeypatch.setitem(__import__("sys").modules, "goldenmatch", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'darkfigure\[goldenmatch\]'"):
        registry.refuse_missing("goldenmatch")


@pytest.mark.needs("goldenmatch")
def test_it_finds_people(village):
    """More than half of what it says is right, and most is found; its setting follows the data."""
    sides = [standardise(village, side) for side in ("ed", "police")]
    links = registry.load("goldenmatch", {}).link(*sides, seed=1)
    truth = read_truth(village, "ed", "police")
    judged = judge_table(truth, links)
    assert judged.correct.mean() > 0.5
    assert judged.correct.sum() > 0.7 * len(truth.pairs_left)
