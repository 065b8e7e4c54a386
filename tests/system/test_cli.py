"""The command as people and programs meet it: one clear message and an exit code each time."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import darkfigure, refused, started
from pyarrow import csv

from darkfigure.linkage_eval.links.truth import read_truth
from darkfigure.synth.storage.dataset import Dataset


@pytest.fixture
def scenario_file(tmp_path: Path):
    """Write a scenario that changes Merthyr by some lines."""

    def write(lines: str) -> Path:
        file = tmp_path / "mine.toml"
        file.write_text(f'extends = "merthyr"\nname = "mine"\n{lines}\n')
        return file

    return write


def test_a_process_ends_with_the_exit_code(tmp_path: Path):
    """All others of these tests call the command in their own process; these are as in a shell."""
    listed = started("list", "scenarios")
    assert (0, "") == (listed.returncode, listed.stderr)
    assert "merthyr" in listed.stdout
    refused(started("list", "nothing"), 2, "nothing")
    refused(started("generate", "mertyr", "--out", tmp_path / "w"), 7, "Did you mean 'merthyr'?")


def test_generate_writes_a_dataset_and_says_what(tmp_path: Path):
    """People see the tables; programs get the manifest."""
    out = tmp_path / "world"
    done = darkfigure("generate", "merthyr", "--persons", 400, "--out", out, "--json")
    assert 0 == done.returncode, done.stderr
    assert json.loads(done.stdout) == Dataset.open(out).manifest
    again = darkfigure("generate", "merthyr", "--persons", 400, "--out", out)
    refused(again, 6, "exists already", "--overwrite")
    replaced = darkfigure("generate", "merthyr", "--persons", 400, "--out", out, "--overwrite")
    assert "truth/persons" in replaced.stdout


def test_a_misspelt_key_is_answered_with_the_nearest(scenario_file, tmp_path: Path):
    """All problems of a file come in one message."""
    file = scenario_file("severty = 2\nyears = 3.5\n[contacts]\nunknown_share = 1.4")
    done = darkfigure("generate", file, "--out", tmp_path / "world")
    refused(done, 3, "3 problems", "did you mean 'severity'?", "unknown_share = 1.4", "years")
    assert not (tmp_path / "world").exists()


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path):
    """A slip of syntax is answered with the line."""
    file = tmp_path / "broken.toml"
    file.write_text('name = "x"\nyears = = 3\n')
    refused(darkfigure("generate", file, "--out", tmp_path / "w"), 3, str(file), "line 2")


def test_an_impossible_target_is_refused_with_the_range(scenario_file, tmp_path: Path):
    """Binding recording rates that contradict the target are named with what is possible."""
    rates = "\n".join(f"{force} = 0.5" for force in ("south_wales", "gwent"))
    file = scenario_file(
        f"persons = 9000\n[contacts]\nunknown_share = 0.1\n[contacts.recording]\n{rates}\n"
        "binding = true"
    )
    refused(darkfigure("generate", file, "--out", tmp_path / "w"), 4, "lies between", "and 1")


def test_more_people_than_there_are_is_refused(tmp_path: Path):
    """Merthyr Tydfil has 58,839 people, and no sample of it has more."""
    done = darkfigure("generate", "merthyr", "--persons", 58_840, "--out", tmp_path / "w")
    refused(done, 4, "58,839")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("generate", "mertyr", "--out", "w"), "Did you mean 'merthyr'?"),
        (("run", "quikstart", "--out", "w"), "Did you mean 'quickstart'?"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(words, hint, tmp_path: Path):
    """Scenarios and suites of the library are known by name."""
    words = [tmp_path / word if word == "w" else word for word in words]
    refused(darkfigure(*words), 7, hint)


def test_an_unknown_linker_is_answered_with_the_nearest(village_path: Path, tmp_path: Path):
    """Before anything is linked."""
    done = darkfigure("link", village_path, "--linker", "splnk", "--out", tmp_path / "l.csv")
    refused(done, 7, "Did you mean 'splink'?")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_links_can_be_made_and_scored(ending: str, village_path: Path, tmp_path: Path):
    """What `link` writes, `score` reads."""
    file = tmp_path / f"links.{ending}"
    made = darkfigure("link", village_path, "--linker", "exact", "--out", file)
    assert 0 == made.returncode, made.stderr
    done = darkfigure("score", village_path, "--links", file, "--json")
    found = {
        row["metric"]: row["value"]
        for row in json.loads(done.stdout)
        if row["stratum_kind"] == "all"
    }
    assert found["precision"] > 0.9
    assert 0.5 < found["recall"] < 1


def test_perfect_links_score_one_everywhere(village: Dataset, tmp_path: Path):
    """Precision, recall, F1 and F* are 1 overall and in every group that has pairs."""
    truth = read_truth(village, "ed", "police")
    file = tmp_path / "perfect.parquet"
    left, right = truth.left.ids.take(truth.pairs_left), truth.right.ids.take(truth.pairs_right)
    pq.write_table(pa.table({"left_id": left, "right_id": right}), file)
    done = darkfigure("score", village.path, "--links", file, "--json")
    accuracy = ("precision", "recall", "f1", "f_star")
    rows = [row for row in json.loads(done.stdout) if row["metric"] in accuracy and row["n"]]
    assert {1.0} == {row["value"] for row in rows}
    assert len(rows) > 20


def test_no_links_have_recall_zero_and_no_precision(village_path: Path, tmp_path: Path):
    """Nothing predicted is neither right nor wrong: precision is null, not 1."""
    file = tmp_path / "none.csv"
    file.write_text("left_id,right_id,score\n")
    done = darkfigure("score", village_path, "--links", file, "--json")
    found = {row["metric"]: row for row in json.loads(done.stdout) if row["stratum_kind"] == "all"}
    assert found["precision"]["value"] is None
    assert 0 == found["precision"]["n"]
    assert 0.0 == found["recall"]["value"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "left_id"),
        ("left_id,right_id\nED1,SW1\n", "ED1"),
        ("left_id,right_id,score\nED1,SW1,often\n", "often"),
        (None, "does not exist"),
    ],
)
def test_links_that_do_not_fit_are_refused(content, said, village_path: Path, tmp_path: Path):
    """Wrong columns, unknown ids, words for numbers and missing files are told apart."""
    file = tmp_path / "links.csv"
    if content is not None:
        file.write_text(content)
    refused(darkfigure("score", village_path, "--links", file), 8, said)


def test_a_truncated_table_is_named(village: Dataset, tmp_path: Path):
    """A Parquet file that was cut off is answered with its name."""
    copy = tmp_path / "copy"
    shutil.copytree(village.path, copy)
    file = copy / "ed" / "attendances.parquet"
    file.write_bytes(file.read_bytes()[:2_000])
    out = tmp_path / "l.csv"
    refused(darkfigure("link", copy, "--linker", "exact", "--out", out), 5, "attendances.parquet")
    refused(darkfigure("verify", copy), 5, "attendances.parquet")
    assert not out.exists()


def test_a_read_only_folder_is_refused(tmp_path: Path):
    """Somebody who may not write is told so, and nothing is left behind."""
    if os.getuid() != 0:
        tmp_path.chmod(0o500)
        done = darkfigure("generate", "merthyr", "--persons", 300, "--out", tmp_path / "w")
    else:  # root may write anywhere, except where no file system takes files
        done = darkfigure("generate", "merthyr", "--persons", 300, "--out", "/proc/w")
    refused(done, 6, "cannot be written", "Nothing was left behind")


@pytest.mark.needs("/dev/full")
def test_a_full_disk_is_answered_when_links_are_written(village_path: Path):
    """A device without space takes no links."""
    done = darkfigure("link", village_path, "--linker", "exact", "--out", "/dev/full/l.csv")
    refused(done, 6, "cannot be written")


@pytest.mark.parametrize(
    "kind", ["scenarios", "suites", "systems", "strategies", "linkers", "metrics", "assumptions"]
)
def test_everything_known_is_listed_with_what_it_is(kind: str):
    """Each name comes with a line that says something."""
    known = json.loads(darkfigure("list", kind, "--json").stdout)
    assert known
    assert all(known.values())


@pytest.mark.parametrize("kind", ["scenario", "suite", "system", "strategy"])
def test_schemas_are_exported_for_editors(kind: str):
    """Each is a JSON Schema of an object that allows no other keys."""
    schema = json.loads(darkfigure("schema", kind).stdout)
    assert "object" == schema["type"]
    assert schema["additionalProperties"] is False


def test_links_read_as_csv_keep_their_ids(village_path: Path, tmp_path: Path):
    """Ids are text: leading zeros survive a round trip."""
    file = tmp_path / "links.csv"
    csv.write_csv(pa.table({"left_id": ["007"], "right_id": ["SW1"]}), file)
    refused(darkfigure("score", village_path, "--links", file), 8, "007")


def test_a_strategy_is_let_to_work(village_path: Path, tmp_path: Path):
    """The verb writes the folder and says of each flow what became of the records."""
    done = darkfigure("share", village_path, "--strategy", "marac+scandal", "--out", tmp_path / "s")
    assert "referrals" in done.stdout
    assert (tmp_path / "s" / "log.parquet").exists()


def test_a_wrong_strategy_is_answered_with_the_nearest(village_path: Path, tmp_path: Path):
    """Neither an unknown strategy nor an unlawful one leaves anything behind."""
    out = tmp_path / "s"
    done = darkfigure("share", village_path, "--strategy", "marak", "--out", out)
    refused(done, 7, "Did you mean 'marac'")
    mine = tmp_path / "mine.toml"
    power = '{ art6 = "6(1)(e)", art9 = "9(2)(g)", power = "PCSC2022-s16" }'
    mine.write_text(f'extends = "mash"\n[[flow]]\nid = "health"\nbasis = {power}\n', "utf-8")
    refused(darkfigure("share", village_path, "--strategy", mine, "--out", out), 3, "16(4)")
    assert not out.exists()
