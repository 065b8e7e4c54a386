"""Links that any tool made are scored, or refused with what, where and how to mend."""

import pyarrow.parquet as pq
import pytest
from pyarrow import csv
from tiny_world import TRUE_PAIRS, links, write_world

from darkfigure.linkage_eval.rows import Measured, schema_of
from darkfigure.linkage_eval.studies.score import score
from darkfigure.synth.core.errors import LinksError


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The tiny world."""
    return write_world(tmp_path_factory.mktemp("tiny") / "world")


def values(measured, *, metric):
    """Give the values of a metric in every stratum that has any."""
    rows = measured.to_pylist()
    return {row["value"] for row in rows if row["metric"] == metric and row["n"]}


@pytest.mark.parametrize("write", [csv.write_csv, pq.write_table])
def test_perfect_links_score_one(tmp_path, world, write):
    """CSV or Parquet, all true pairs give 1.0 everywhere."""
    write(links(*TRUE_PAIRS), tmp_path / "links")
    found = score(world, tmp_path / "links", left="ed", right="police")
    assert schema_of(Measured) == found.schema
    for metric in ("precision", "recall", "f1", "f_star"):
        assert {1.0} == values(found, metric=metric)


@pytest.mark.parametrize("content", ["", "left_id,right_id,score\n", "left_id,right_id\n"])
def test_an_empty_file_finds_nothing(tmp_path, world, content):
    """No links: recall 0, and precision has no value."""
    (tmp_path / "links.csv").write_text(content)
    found = score(world, tmp_path / "links.csv", left="ed", right="police")
    assert {0.0} == values(found, metric="recall")
    assert set() == values(found, metric="precision")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("a,b\n1,2\n", "no column left_id and no column right_id; .* found: a, b"),
        ("left_id,right_id\nE1,N1\nE1\n", "cannot be read: .*Expected 2 columns"),
        ("left_id,right_id,score\nE1,N1,high\n", "cannot be read: .*'high'"),
        ("left_id,right_id,score\nE1,N1,nan\n", "1 score is missing, NaN or infinite"),
        ("left_id,right_id\nE1,N9\nE1,N8\n", "2 right_ids are not .* such as 'N9', 'N8'"),
    ],
)
def test_improper_links_are_refused(tmp_path, world, content, reason):
    """The message says which file, what is wrong, and what should stand there."""
    file = tmp_path / "mine.csv"
    file.write_text(content)
    with pytest.raises(LinksError, match=reason) as raised:
        score(world, file, left="ed", right="police")
    assert str(file) in str(raised.value)


def test_a_truncated_parquet_file_is_refused(tmp_path, world):
    """Half a Parquet file is no file."""
    file = tmp_path / "links.parquet"
    pq.write_table(links(*TRUE_PAIRS), file)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(LinksError, match=r"links.parquet cannot be read"):
        score(world, file, left="ed", right="police")


def test_a_missing_file_is_refused(tmp_path, world):
    """A path without a file is said to be so."""
    with pytest.raises(LinksError, match="does not exist"):
        score(world, tmp_path / "nothing.csv", left="ed", right="police")


def test_ids_keep_their_leading_zeros(tmp_path, world):
    """An id that looks like a number is text."""
    (tmp_path / "links.csv").write_text("left_id,right_id\n007,N1\n")
    with pytest.raises(LinksError, match="such as '007'"):
        score(world, tmp_path / "links.csv", left="ed", right="police")
