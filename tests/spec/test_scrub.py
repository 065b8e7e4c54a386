"""Scoring a scrubber of free text: what a perfect one, an idle one and a greedy one get."""

import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

import darkfigure as df
from darkfigure.linkage_eval.scrubbing.free_texts import free_texts
from darkfigure.linkage_eval.scrubbing.scrubbers import find_scrubber, scrubbed_by
from darkfigure.linkage_eval.studies.scrub import scrub
from darkfigure.synth.core.errors import LinkerError, UnknownNameError
from darkfigure.synth.storage.dataset import Dataset

MOST = 400


def value(measured: pa.Table, metric: str, kind: str = "all", stratum: str = "all"):
    """Give one measured value."""
    rows = [
        row
        for row in measured.to_pylist()
        if (row["metric"], row["stratum_kind"], row["stratum"]) == (metric, kind, stratum)
    ]
    return rows[0]["value"] if rows else None


@pytest.fixture(scope="module")
def texts(village: Dataset) -> pa.Table:
    """Give the texts that are drawn."""
    return free_texts(village, most=MOST, seed=1)


@pytest.fixture(scope="module")
def true_spans(village: Dataset, texts: pa.Table) -> pa.Table:
    """Give the spans of the truth as an answer."""
    joined = village.read("truth/text_mentions").to_pandas()
    ids = joined["source"].astype(str) + "|" + joined["table"].astype(str) + "|"
    joined["text_id"] = ids + joined["record_id"] + "|" + joined["column"].astype(str)
    known = joined[joined["text_id"].isin(texts["text_id"].to_pylist())]
    return pa.Table.from_pandas(known[["text_id", "start", "end"]], preserve_index=False)


def test_the_true_spans_are_perfect(village: Dataset, true_spans: pa.Table):
    """All is removed, and nothing else."""
    measured = scrub(village, found=true_spans, most=MOST)
    assert value(measured, "removed") == 1
    assert value(measured, "rightly_removed") == 1
    assert value(measured, "texts_without_names") == 1
    assert value(measured, "removed_in_part") == 0


def test_who_finds_nothing_removes_nothing(village: Dataset, texts: pa.Table):
    """Recall is 0, and precision has no value."""
    none = pa.table({"text_id": texts["text_id"], "scrubbed": texts["text"]})
    measured = scrub(village, found=none, most=MOST)
    assert value(measured, "removed") == 0
    assert value(measured, "rightly_removed") is None


def test_who_removes_all_is_complete_and_imprecise(village: Dataset, texts: pa.Table):
    """Precision is the mentions' share of all letters."""
    whole = pa.table(
        {
            "text_id": texts["text_id"],
            "start": pa.array([0] * len(texts)),
            "end": pc.utf8_length(texts["text"]),
        }
    )
    measured = scrub(village, found=whole, most=MOST)
    assert value(measured, "removed") == 1
    assert 0.1 < value(measured, "rightly_removed") < 0.6


def test_scrubbed_texts_are_worth_their_spans(
    village: Dataset, texts: pa.Table, true_spans: pa.Table
):
    """Spans replaced by a mark, whatever the mark, score as the spans themselves."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in true_spans.to_pylist():
        spans.setdefault(row["text_id"], []).append((row["start"], row["end"]))
    scrubbed = []
    for name, text in zip(texts["text_id"].to_pylist(), texts["text"].to_pylist(), strict=True):
        for start, end in sorted(spans.get(name, []), reverse=True):
            text = f"{text[:start]}[...]{text[end:]}"  # noqa: PLW2901, cut from the end
        scrubbed.append(text)
    given = pa.table({"text_id": texts["text_id"], "scrubbed": scrubbed})
    measured = scrub(village, found=given, most=MOST)
    assert value(measured, "removed") > 0.97
    assert value(measured, "rightly_removed") > 0.97


def test_the_baseline_does_better_than_either(village: Dataset):
    """It finds most, leaves some, and knows telephones better than names."""
    measured = scrub(village, most=MOST)
    assert 0.6 < value(measured, "removed") < 0.99
    assert value(measured, "rightly_removed") > 0.7
    telephone, person = (
        value(measured, "removed", "mention", kind) for kind in ("telephone", "person")
    )
    assert telephone > person
    assert {row["stratum_kind"] for row in measured.to_pylist()} == {
        *("all", "agency", "language", "mention")
    }


def test_a_scrubber_gets_texts_and_nothing_else(village: Dataset):
    """The truth is nowhere in what it is handed."""
    seen: list[pa.Table] = []

    def idle(texts: pa.Table) -> pa.Table:
        seen.append(texts)
        return pa.table({"text_id": texts["text_id"], "scrubbed": texts["text"]})

    scores = df.scrub(village, idle, texts=20)
    assert scores["removed"] == 0
    assert seen[0].column_names == ["text_id", "source", "text"]


def test_a_command_and_a_file_are_scrubbers(village: Dataset, tmp_path):
    """Each is handed the texts in its own way, and both find the same."""
    file = tmp_path / "digits.py"
    file.write_text(
        "import re, sys\n"
        "def scrub(texts):\n"
        "    import pyarrow as pa\n"
        "    lines = [re.sub(r'\\d', '', text) for text in texts['text'].to_pylist()]\n"
        "    return pa.table({'text_id': texts['text_id'], 'scrubbed': lines})\n"
        "if __name__ == '__main__':\n"
        "    import pyarrow.csv, pyarrow.parquet as pq\n"
        "    pyarrow.csv.write_csv(scrub(pq.read_table(sys.argv[1])), sys.argv[2])\n"
    )
    by_file = scrub(village, f"{file}:scrub", most=60)
    by_command = scrub(village, f"cmd: {sys.executable} {file} {{texts}} {{out}}", most=60)
    assert by_file == by_command
    assert value(by_file, "removed", "mention", "identifier") > 0.9


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"id": ["x"]}, "columns are id"),
        ({"text_id": ["nobody"], "start": [0], "end": [1]}, "there is no text 'nobody'"),
        ({"text_id": [None], "start": [0], "end": [10**6]}, "characters, and no span"),
        ({"text_id": [None], "start": [1]}, "there is no column end"),
        ({"text_id": [None], "scrubbed": ["x"]}, "texts have no scrubbed one"),
        ({"text_id": [None], "start": ["x"], "end": ["y"]}, "A scrubber answers with"),
    ],
)
def test_a_wrong_answer_is_refused(village: Dataset, texts: pa.Table, answer, said: str):
    """One message says what is wrong and what an answer is."""
    first = texts["text_id"][0].as_py()
    filled = answer | {"text_id": [name or first for name in answer.get("text_id", [])]}
    table = {name: values for name, values in filled.items() if values}
    with pytest.raises(LinkerError, match=said):
        scrub(village, found=pa.table(table), most=MOST)


def test_an_unknown_scrubber_is_refused():
    """With the nearest name, and with what there is."""
    with pytest.raises(UnknownNameError, match="Did you mean 'names-and-patterns'"):
        find_scrubber("names-and-pattern")
    with pytest.raises(UnknownNameError, match="There is no file"):
        find_scrubber("nowhere.py:scrub")


def test_a_failing_scrubber_is_named(texts: pa.Table):
    """Its own error is told, not shown as ours."""

    def broken(_: pa.Table) -> pa.Table:
        raise ValueError("no model")

    with pytest.raises(LinkerError, match=r"'mine' failed: ValueError: no model"):
        scrubbed_by(broken, texts, "mine")


def test_a_draw_is_the_same_again_and_part_of_a_larger_one(village: Dataset):
    """The same seed draws the same texts; a smaller draw is within a larger one."""
    small, large = (
        set(free_texts(village, most=most, seed=3)["text_id"].to_pylist()) for most in (50, 200)
    )
    assert len(small) == 50
    assert small < large
