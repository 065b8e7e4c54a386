"""Links scored against a truth of the user's own: pairs or clusters, of one set or of two."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import darkfigure as df
from darkfigure.reports.cli import app
from darkfigure.synth.core.errors import LinksError

PAIRS = "left_id,right_id\n001,b1\n002,b2\n003,b3\n"
CLUSTERS = "record_id,cluster_id\n001,x\n002,x\n003,x\n004,y\n005,y\n006,\n"

pytestmark = pytest.mark.filterwarnings("ignore:.*not counted")


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Write files by name in a folder of their own, where we are."""
    monkeypatch.chdir(tmp_path)

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text)

    return write


def against(**said):
    """Score mine.csv against true.csv; give precision and recall."""
    scores = df.score_against("true.csv", "mine.csv", **said)
    return scores["precision"], scores["recall"]


def test_pairs_between_two_sets(files):
    """Two of three found, one of three links wrong; zeros of ids stay."""
    files(true=PAIRS, mine="left_id,right_id,score\n001,b1,0.9\n002,b2,0.8\n003,b9,0.7\n")
    assert (pytest.approx(2 / 3), pytest.approx(2 / 3)) == against()


def test_clusters_against_clusters(files):
    """Four true pairs; the links join 4 to the first three and leave 5 alone: 3 right of 6."""
    files(true=CLUSTERS, mine="id;cluster\n001;1\n002;1\n003;1\n004;1\n005;2\n006;3\n")
    assert (0.5, 0.75) == against()
    assert "specificity" in set(df.score_against("true.csv", "mine.csv").long["metric"])


@pytest.mark.parametrize(
    ("true", "mine"),
    [
        (CLUSTERS, "left_id,right_id\n002,001\n003,002\n003,001\n004,005\n"),
        ("left_id,right_id\n001,002\n002,003\n005,004\n", CLUSTERS),
        ("left_id,right_id\n001,002\n002,003\n005,004\n", "left_id,right_id\n3,1\n"),
    ],
)
def test_pairs_against_clusters(files, true, mine):
    """A chain of true pairs is enough; the order within a pair says nothing."""
    files(true=true, mine=mine)
    if "3,1" in mine:
        with pytest.raises(
            LinksError, match=r"share no left_id: '3' against '001', .*alike in both"
        ):
            df.score_against("true.csv", "mine.csv", within=True)
    else:
        assert (1.0, 1.0) == against()


def test_ids_on_both_sides_are_asked_about(files):
    """Two files numbered alike, or one linked to itself: nobody can tell."""
    files(true="left_id,right_id\n1,2\n2,3\n", mine="left_id,right_id\n2,1\n3,2\n1,3\n")
    with pytest.raises(LinksError, match=r"'2' as left_id and as right_id. Say --within \(within"):
        df.score_against("true.csv", "mine.csv")
    assert (1.0, 1.0) == against(within=True)
    assert (0.0, 0.0) == against(within=False)


@pytest.mark.parametrize(
    ("true", "mine", "reason"),
    [
        (
            "a,b\n1,2\n",
            PAIRS,
            "true.csv needs the columns left_id and right_id, or .*; it has a, b",
        ),
        (PAIRS, "a,b\n1,2\n", "mine.csv needs the columns left_id and right_id, or .*; it has a"),
        ("", PAIRS, "true.csv needs the columns .*; it has none"),
        (PAIRS, "left_id,right_id\n9,8\n", "share no left_id: '9' against '001', '002', '003'"),
        (CLUSTERS, "left_id,right_id\n001,009\n", "1 right_id is not among .* true.csv names"),
        ("record_id,cluster_id\n1,x\n1,y\n", PAIRS, "puts 1 records into more than one row"),
        ("left_id,right_id\n1,\n", PAIRS, "true.csv has a blank id in 1 of its pairs"),
        (PAIRS, "left_id,right_id,score\n001,b1,high\n", "mine.csv .*'high'"),
    ],
)
def test_what_cannot_be_scored_is_refused(files, true, mine, reason):
    """One sentence: which file, what is wrong, and what should stand there."""
    files(true=true, mine=mine)
    with pytest.raises(LinksError, match=reason):
        df.score_against("true.csv", "mine.csv")


def test_an_empty_file_is_an_answer_without_links(files):
    """Recall 0, and precision has no value."""
    files(true=PAIRS, mine="")
    assert 0.0 == against()[1]


def test_metrics_of_records_that_nobody_names_are_left_out(files):
    """A file of true pairs does not say how many strangers there are."""
    files(true=PAIRS, mine=PAIRS)
    with pytest.warns(UserWarning, match="3 true pairs, .* metrics over all records are left out"):
        measured = df.score_against("true.csv", "mine.csv").long
    assert {"specificity", "cluster_f1"}.isdisjoint(measured["metric"])


def test_frames_and_parquet_are_read_too(tmp_path):
    """Numbers are ids as well as text is."""
    clusters = pd.DataFrame({"record_id": [1, 2, 3], "person_id": [7, 7, 8]})
    pq.write_table(pa.table(clusters), tmp_path / "t")
    assert 1.0 == df.score_against(tmp_path / "t", clusters)["recall"]


def test_the_command_scores_without_a_dataset(files):
    """And says so where both or neither is named."""
    files(true=PAIRS, mine=PAIRS)
    run = CliRunner()
    told = run.invoke(app, ["score", "--truth", "true.csv", "--links", "mine.csv"])
    assert (0, True) == (told.exit_code, "1.000" in told.stdout)
    for said in ([], ["somewhere", "--truth", "true.csv"]):
        told = run.invoke(app, ["score", *said, "--links", "mine.csv"])
        assert "name one of the two" in str(told.exception)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=12), st.data())
def test_clusters_and_their_pairs_score_alike(whose, data):
    """Counted by hand over all pairs of records."""
    linked = data.draw(st.lists(st.integers(0, 4), min_size=len(whose), max_size=len(whose)))
    rows = range(len(whose))
    true, found = (
        {(a, b) for a in rows for b in rows if a < b and codes[a] == codes[b]}
        for codes in (whose, linked)
    )
    truth, clusters = (
        pd.DataFrame({"record_id": [f"r{row}" for row in rows], "cluster_id": codes})
        for codes in (whose, linked)
    )
    pairs = pd.DataFrame(
        {"left_id": [f"r{b}" for _, b in found], "right_id": [f"r{a}" for a, _ in found]}
    )
    if true and found:
        for links in (clusters, pairs):
            scores = df.score_against(truth, links)
            assert len(true & found) / len(found) == pytest.approx(scores["precision"])
            assert len(true & found) / len(true) == pytest.approx(scores["recall"])
