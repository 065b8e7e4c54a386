"""A contest from pack to page: the pack tells no truth, and no answer ends the scoring."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from adversary import ATTACKS, Asked, Side
from leak_trials import ask, leaks, weigh
from once import once
from scipy import stats
from tiny_world import TRUE_PAIRS, write_world

import darkfigure as df
from darkfigure.linkage_eval.attainable import candidates
from darkfigure.linkage_eval.contest import ContestPlan, limits, make_contest, pack
from darkfigure.linkage_eval.contest import answers as answers_module
from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.reports.cli import main
from darkfigure.synth.core.salt import Salt

SECRET = b"a secret of our own, long enough"
# Equal surnames and birth dates, as somebody writes it without any library.
SCRIPT = """
import csv, sys
left, right, out = sys.argv[1:]
def keyed(file):
    return [(row["record_id"], row["surname"] + row["date_of_birth"])
            for row in csv.DictReader(open(file, encoding="utf-8")) if row["date_of_birth"]]
with open(out, "w", newline="") as lines:
    answer = csv.writer(lines)
    answer.writerow(["left_id", "right_id"])
    answer.writerows((a, b) for a, one in keyed(left) for b, other in keyed(right) if one == other)
"""
ALARM = 0.001  # of each test for leaks, if there is none; the salt is fixed, so that none flickers


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a contest among 300 people; not to be written to."""
    salt = tmp_path_factory.mktemp("salt") / "salt"
    salt.write_bytes(SECRET)
    make = partial(make_contest, ContestPlan(persons=300, salt=salt, title="Our workshop"))
    return once(tmp_path_factory, "contest", make)


@pytest.fixture
def contest(made: Path, tmp_path: Path) -> Path:
    """A copy of it for answers."""
    return Path(shutil.copytree(made, tmp_path / "contest"))


@pytest.fixture(scope="module")
def true(made: Path) -> pd.DataFrame:
    """Whose each given record is: `side`, `row` of the pack, `given_id`, `person_id`."""
    persons = pq.read_table(made / "organiser/world/truth/record_persons.parquet").to_pandas()
    known = persons.drop_duplicates("record_id").set_index("record_id")["person_id"]
    sides = []
    for side, letter in (("left", "l"), ("right", "r")):
        ids = pq.read_table(made / f"organiser/ids/{letter}.parquet").to_pandas()
        given = pd.read_csv(made / f"pack/{side}.csv", dtype=str)["record_id"]
        rows = pd.Series(range(len(given)), given)
        sides.append(ids.assign(side=side, row=rows[ids["given_id"]].to_numpy()))
    whole = pd.concat(sides, ignore_index=True)
    return whole.assign(person_id=known[whole["record_id"]].to_numpy())


def write(file: Path, *rows: tuple[object, ...]) -> None:
    """Write rows as CSV."""
    with file.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows(rows)


def by_script(contest: Path, out: Path) -> None:
    """Answer with a program that knows nothing of ours, in an environment that does neither."""
    sides = [contest / "pack" / f"{side}.csv" for side in ("left", "right")]
    subprocess.run([sys.executable, "-I", "-c", SCRIPT, *sides, out], check=True)


def by_library(contest: Path, out: Path) -> None:
    """Answer with a linker of ours, given nothing but the pack."""
    suite, files = out.with_suffix(".toml"), contest / "pack"
    suite.write_text(
        'title = "pack"\nlinkers = ["stepwise"]\n[[scenarios]]\nname = "pack"\n'
        f'[scenarios.files]\nleft = "{files}/left.csv"\nright = "{files}/right.csv"\n'
        f'truth = "{files}/sample_answer.csv"\n'
    )
    df.link(suite, "stepwise", debug=True).to_csv(out, index=False)
    suite.unlink()


def test_the_pack_holds_what_an_entrant_needs_and_no_more(made: Path):
    """Its files and their columns are these; the text names both sides and their sizes."""
    files = {file.name for file in (made / "pack").rglob("*")}
    texts = {"README.md", "TERMS.md", "columns.csv", "sample_answer.csv"}
    assert {"left.csv", "right.csv", *texts} == files
    for side in ("left", "right"):
        records = pd.read_csv(made / f"pack/{side}.csv", dtype=str)
        assert RECORDS.names == list(records.columns)
        assert f"`{side}.csv`: {len(records):,} " in (made / "pack/README.md").read_text()
    described = pd.read_csv(made / "pack/columns.csv")
    assert RECORDS.names == list(described["column"])
    assert described["meaning"].notna().all()


def test_no_file_of_the_pack_names_the_truth(made: Path, true: pd.DataFrame):
    """No record's own id, no salt, no fingerprint, no seed, no name of a truth table."""
    fingerprint = Salt.of(SECRET).fingerprint
    assert fingerprint in (made / "organiser/recipe.json").read_text()
    for file in (made / "pack").iterdir():
        text = file.read_text("utf-8")
        assert fingerprint not in text
        assert SECRET.decode() not in text
        assert not re.search(r"person_id|truth/|\bseed\b|merthyr-", text)
        assert not set(re.findall(r"\w+", text)) & set(true["record_id"])


def test_a_given_secret_is_not_kept(made: Path):
    """Whoever brings a salt keeps it; without one, it is made and only the owner reads it."""
    assert not (made / "organiser/salt").exists()


def test_ids_count_rows_and_rows_follow_no_order_of_writing(true: pd.DataFrame):
    """The records' own ids are in the order in which they were written."""
    for side, letter in (("left", "l"), ("right", "r")):
        records = true[true["side"] == side].sort_values("row")
        assert [f"{letter}{row:09}" for row in range(len(records))] == list(records["given_id"])
        order = records["record_id"].rank()
        assert stats.spearmanr(order, range(len(order))).pvalue > ALARM


@pytest.mark.parametrize("other", ["left", "right"])
def test_who_sees_no_identity_is_blind_to_a_pack(made: Path, true: pd.DataFrame, other: str):
    """The adversary that tries what linkers get finds no person by ids, order and gaps."""
    known = true.assign(record_id=true["given_id"], source=true["side"])
    first, second = (known[known["side"] == side] for side in ("left", other))
    questions = ask(first, second, [("left", other)])
    rows = known.set_index("given_id")["row"]
    asked = Asked(
        *(Side.of(records(made, side)) for side in ("left", other)),
        *(rows[questions[f"{side}_id"]].to_numpy() for side in ("left", "right")),
        seed=1,
    )
    same = questions["same"].to_numpy()
    assert same.sum() > 30
    attacks = [name for name in ATTACKS if name not in {"files", "regenerated"}]
    scores = np.array([ATTACKS[name](asked) for name in attacks], float)
    found = dict(zip(attacks, weigh(scores, same), strict=True))
    assert {} == leaks(found, ALARM)


def records(contest: Path, side: str) -> pa.Table:
    """Read a table of the pack, every value a text."""
    types = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(RECORDS.names, pa.string()), strings_can_be_null=True
    )
    return pa.csv.read_csv(contest / f"pack/{side}.csv", convert_options=types)


def test_three_answers_go_from_pack_to_page(contest: Path, true: pd.DataFrame):
    """A linker of the library, a script, an empty file, one malformed: four rows, one page."""
    answers = contest / "answers"
    by_library(contest, answers / "library.csv")
    by_script(contest, answers / "script.csv")
    (answers / "empty.csv").touch()
    write(answers / "malformed.csv", ("left", "right"), ("l000000001", "r000000001"))
    found = df.contest_score(contest).set_index("team")
    assert {"library", "script"} == set(found.index[found["status"] == "ok"])
    assert found.loc["empty", "status"] == "holds no links"
    assert "no column left_id" in found.loc["malformed", "status"]
    assert found.loc[["empty", "malformed"], "rank"].isna().all()
    assert (found["f1_low"] <= found["f1"])[:2].all()
    # The truth is counted here by other means.
    left, right = (true[true["side"] == side] for side in ("left", "right"))
    pairs = left.merge(right, on="person_id")
    real = set(zip(pairs["given_id_x"], pairs["given_id_y"], strict=True))
    answer = pd.read_csv(answers / "script.csv")
    linked = set(zip(answer["left_id"], answer["right_id"], strict=True))
    assert found.loc["script", "links"] == len(linked)
    assert found.loc["script", "precision"] == len(real & linked) / len(linked)
    assert found.loc["script", "recall"] == len(real & linked) / len(real)
    page = (contest / "leaderboard.html").read_text("utf-8")
    assert all(team in page for team in found.index)
    assert "Our workshop" in page
    assert not re.search(r"https?://|<link[^>]*href=\"(?!data:)|src=", page)
    assert not set(re.findall(r"\w+", page)) & {*true["record_id"], *true["given_id"]}
    assert list(found.index) == list(pd.read_csv(contest / "leaderboard.csv")["team"])
    groups = pq.read_table(contest / "groups.parquet").to_pandas()
    assert {"all", "sex", "age_band"} <= set(groups["stratum_kind"])


def test_pairs_and_clusters_in_any_form_count_alike(contest: Path):
    """As CSV or Parquet; teams that hand in the same are tied, and first together."""
    answers = contest / "answers"
    by_script(contest, answers / "pairs.csv")
    links = pd.read_csv(answers / "pairs.csv")
    links.to_parquet(answers / "parquet")
    # Equal keys on both sides make whole clusters.
    first = links.groupby("right_id")["left_id"].transform("min")
    ends = [links["right_id"], links["left_id"]]
    members = pd.concat([pd.DataFrame({"record_id": one, "cluster_id": first}) for one in ends])
    members.drop_duplicates("record_id").to_csv(answers / "clusters.csv", index=False)
    found = df.contest_score(contest)
    assert (found["status"] == "ok").all()
    assert (found["rank"] == 1).all()
    assert found["f1"].nunique() == found["links"].nunique() == 1
    assert found.set_index("team").loc["pairs", "tied_with"] == "clusters; parquet"


def test_a_second_answer_replaces_the_first_and_that_is_said(contest: Path):
    """By the number in the name, whatever case; of one number, by the time of the file."""
    answers = contest / "answers"
    by_script(contest, answers / "Blue.10.csv")
    for name in ("blue.csv", "blue.2.csv", "red.csv"):
        write(answers / name, ("left_id", "right_id"), ("l000000000", "r000000000"))
    (answers / "red.parquet").touch()
    os.utime(answers / "red.csv", (1, 1))
    found = df.contest_score(contest).set_index("team")
    assert ["Blue", "red"] == sorted(found.index)
    assert found.loc["Blue", "links"] > 1
    assert found.loc["Blue", "note"] == "replaces blue.csv, blue.2.csv"
    assert found.loc["red", "status"] == "holds no links"
    assert "replaces red.csv" in (contest / "leaderboard.html").read_text("utf-8")


DAMAGED = {
    "cut.parquet": b"PAR1 and no more",
    "noise.csv": bytes(range(256)) * 4,
    "blank.csv": b" ",
    "head.csv": b"left_id,right_id\n",
    "other.csv": b"left_id,right_id\nl000000000,nobody\n",
    "turned.csv": b"left_id,right_id\nr000000000,l000000000\n",
    "missing.csv": b"left_id,right_id,score\nl000000000,r000000000,nan\n",
    "text.csv": b"left_id,right_id,score\nl000000000,r000000000,sure\n",
    "twice.csv": b"record_id,cluster_id\nl000000000,1\nl000000000,2\n",
    "ragged.csv": b"left_id,right_id\nl000000000\n",
    "<b>tag.csv": b"",
    "bell\x07\n.csv": b"",
}


def test_no_damaged_answer_ends_the_scoring(contest: Path):
    """Each is a row with a reason, none is markup, and the sound one is scored."""
    answers = contest / "answers"
    for name, content in DAMAGED.items():
        (answers / name).write_bytes(content)
    (answers / "folder").mkdir()
    (answers / "link.csv").symlink_to(contest / "organiser/recipe.json")
    (answers / ".DS_Store").touch()
    by_script(contest, answers / "sound.csv")
    found = df.contest_score(contest).set_index("team")
    assert len(found) == len(DAMAGED) + 3
    assert ["sound"] == list(found.index[found["status"] == "ok"])
    assert found["status"].str.strip().ne("").all()
    assert "<b>" not in (contest / "leaderboard.html").read_text("utf-8")


def test_records_of_one_source_are_linked_to_each_other(tmp_path, monkeypatch):
    """One file of records; a record linked to itself does not count."""
    monkeypatch.setattr(pack, "generate", lambda _, folder, **__: write_world(folder))
    contest = tmp_path / "contest"
    assert contest / "pack" == df.contest_make(contest, right="ed")
    assert (contest / "organiser/salt").stat().st_mode & 0o777 == 0o600
    records = pd.read_csv(contest / "pack/records.csv", dtype=str)
    assert len({left for left, _ in TRUE_PAIRS} | {"E4", "E7"}) == len(records)
    sian = records[records["forename"] == "SIAN"]["record_id"]
    answers = contest / "answers"
    write(answers / "pairs.csv", ("left_id", "right_id"), tuple(sian), (sian.iloc[0],) * 2)
    write(answers / "self.csv", ("left_id", "right_id"), (sian.iloc[0],) * 2)
    write(answers / "cluster.csv", ("id", "cluster"), *((one, "x") for one in sian))
    found = df.contest_score(contest).set_index("team")
    assert found.loc[["pairs", "cluster"], "recall"].eq(1).all()
    assert "of a record to itself" in found.loc["pairs", "note"]
    assert "no links but of records to themselves" in found.loc["self", "status"]


def test_what_cannot_be_is_refused_before_a_world_is_made(tmp_path):
    """A source that is not there, a side within the other, an occupied folder."""
    with pytest.raises(df.DarkfigureError, match="Did you mean 'ed'"):
        df.contest_make(tmp_path / "out", left="eed")
    with pytest.raises(df.DarkfigureError, match="share"):
        df.contest_make(tmp_path / "out", left="police", right="police/gwent")
    assert not (tmp_path / "out").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    with pytest.raises(df.DarkfigureError, match="full"):
        df.contest_make(tmp_path / "full")


def test_the_command_says_what_is_missing(contest: Path, monkeypatch, capsys):
    """A folder that is no contest, and one without answers."""
    for folder, words in ((contest / "pack", "is no contest"), (contest, "holds no answers")):
        monkeypatch.setattr(sys, "argv", ["darkfigure", "contest", "score", str(folder)])
        with pytest.raises(SystemExit):
            main()
        assert words in capsys.readouterr().err
    by_script(contest, contest / "answers" / "blue.csv")
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert "blue" in capsys.readouterr().out


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a contest of two worlds; not to be written to."""
    salt = tmp_path_factory.mktemp("salt") / "salt"
    salt.write_bytes(SECRET)
    plan = ContestPlan(persons=300, salt=salt, worlds=2)
    return once(tmp_path_factory, "twin", partial(make_contest, plan))


def test_several_worlds_are_one_contest(twin: Path, tmp_path: Path):
    """A column tells the worlds apart, links between them are wrong, and both count together."""
    contest = Path(shutil.copytree(twin, tmp_path / "contest"))
    sides = [pd.read_csv(contest / f"pack/{side}.csv", dtype=str) for side in ("left", "right")]
    assert [*RECORDS.names, "world"] == list(sides[0].columns)
    assert {"1", "2"} == set(sides[0]["world"])
    assert "world,number of the world" in (contest / "pack/columns.csv").read_text()
    by_script(contest, contest / "answers" / "script.csv")
    answer = pd.read_csv(contest / "answers/script.csv")
    found = df.contest_score(contest).iloc[0]
    right = 0
    total = 0
    for number in (1, 2):
        world = df.open(contest / f"organiser/world-{number}")
        persons = pq.read_table(world.file("truth/record_persons")).to_pandas()
        whose = persons.drop_duplicates("record_id").set_index("record_id")["person_id"]
        ids = [
            pq.read_table(contest / f"organiser/ids/{letter}.parquet").to_pandas()
            for letter in ("l", "r")
        ]
        own = [one[one["record_id"].str.startswith(f"{number}:")] for one in ids]
        known = [
            pd.Series(whose[one["record_id"].str[2:]].to_numpy(), one["given_id"]) for one in own
        ]
        total += sum((known[1] == person).sum() for person in known[0])
        both = answer[answer["left_id"].isin(known[0].index)]
        both = both[both["right_id"].isin(known[1].index)]
        right += (known[0][both["left_id"]].to_numpy() == known[1][both["right_id"]]).sum()
    assert found["precision"] == pytest.approx(right / len(answer))
    assert found["recall"] == pytest.approx(right / total)
    groups = pq.read_table(contest / "groups.parquet").to_pandas()
    assert set(groups[groups["stratum_kind"] == "world"]["stratum"]) == {"1", "2"}
    page = (contest / "leaderboard.html").read_text("utf-8")
    assert re.search(r"2 worlds of \d+ people together", page)
    assert "Recall by world" in page


@pytest.mark.needs("sklearn")
def test_the_page_says_what_is_attainable_by_no_team(twin: Path, tmp_path: Path, monkeypatch):
    """Each world by a rule that learnt from the other; it has no row and no place."""
    monkeypatch.setattr(candidates, "_LEAST", 5)
    contest = Path(shutil.copytree(twin, tmp_path / "contest"))
    by_script(contest, contest / "answers" / "script.csv")
    assert list(df.contest_score(contest, ceiling=True)["team"]) == ["script"]
    page = (contest / "leaderboard.html").read_text("utf-8")
    assert "Attainable, by no team:" in page
    assert re.search(r"Female \(\d+; attainable \d", page)
    df.contest_score(contest)
    assert "ttainable" not in (contest / "leaderboard.html").read_text("utf-8")


def test_an_answer_that_is_too_large_is_refused_before_it_is_read(contest: Path, monkeypatch):
    """By its bytes, by the rows of Parquet, and by the pairs of its clusters."""
    monkeypatch.setattr(limits, "_LINKS_PER_RECORD", 0)
    monkeypatch.setattr(limits, "_FEWEST", 3)
    monkeypatch.setattr(answers_module, "MOST_BYTES", 2_000)
    answers = contest / "answers"
    links = [("left_id", "right_id"), *((f"l{n:09}", "r000000000") for n in range(5))]
    write(answers / "long.csv", *links)
    write(answers / "fit.csv", *links[:3])
    write(answers / "bytes.csv", *links, *([links[1]] * 200))
    pd.DataFrame(links[1:], columns=links[0]).to_parquet(answers / "rows.parquet")
    found = df.contest_score(contest).set_index("team")["status"]
    assert found["fit"] == "ok"
    assert found["long"] == "holds 5 links; an answer may hold 3"
    assert "MB; an answer may have" in found["bytes"]
    assert "an answer may" in found["rows"]
    assert "of more than" in (contest / "pack/README.md").read_text()


@pytest.mark.parametrize("worlds", [0, 10])
def test_no_worlds_and_too_many_are_refused(tmp_path: Path, worlds: int):
    """One digit numbers them."""
    with pytest.raises(df.DarkfigureError, match=f"A contest has 1 to 9 worlds, not {worlds}"):
        df.contest_make(tmp_path / "out", worlds=worlds)
