"""A linker looked into: the tables that it is given, its prints, its traceback, its weights."""

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import darkfigure as df
from darkfigure.reports.cli import app
from darkfigure.synth.core.errors import LinkerError, SpecError
from darkfigure.synth.core.frames import to_pandas

HEADER = "record_id,surname,forename,date_of_birth,sex,postcode,ward\n"
LEFT = """001,Jones,Siân,1990-02-01,F,CF47 8AA,W1
002,Evans,Dafydd,1985-12-25,M,CF47 9ZZ,W2
003,Khan,Aisha,2001-07-14,F,CF48 1AB,W3
"""
RIGHT = """01,JONES,Sian,1990-02-01,F,CF47 8AA,W1
02,Evans,David,1985-12-25,M,CF47 8AA,W2
03,Davies,Mary,1948-05-30,F,CF48 3AB,W9
"""
SUITE = """
title = "Ours"
scenarios = [{ name = "ours", files = { left = "l.csv", right = "r.csv", truth = "t.csv" } }]
linkers = ["exact"]
"""
MINE = """
class Mine:
    name = "mine"

    def link(self, left, right, *, seed):
        print("columns:", *left.column_names)
        return {"left_id": left["record_id"][:1], "right_id": right["record_id"][:1]}


class Broken(Mine):
    def link(self, left, right, *, seed):
        return 1 / 0


class Wrong(Mine):
    def link(self, left, right, *, seed):
        return {"left_id": ["l000000077"], "right_id": ["r000000000"]}
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A suite with files of the user's own, and linkers of theirs."""
    monkeypatch.chdir(tmp_path)
    files = {"l.csv": HEADER + LEFT, "r.csv": HEADER + RIGHT, "t.csv": "left_id,right_id\n001,01\n"}
    for name, text in {**files, "own.toml": SUITE, "mine.py": MINE}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def link(*said):
    """Run the command that links the user's files; give what came of it."""
    return CliRunner().invoke(app, ["link", "own.toml", "--out", "out.csv", *said])


def test_the_command_writes_the_tables_that_linkers_see(own):
    """Parquet or CSV, with the user's ids and further columns; the same from Python."""
    told = CliRunner().invoke(app, ["pair", "own.toml", "--out", "tables"])
    assert 0 == told.exit_code
    assert "l.csv: 3 records; read: surname, forename" in told.stderr
    assert told.stderr.startswith(df.intake("own.toml").partition("\n  exact:")[0])
    left = pq.read_table(own / "tables/left.parquet")
    assert ["001", "002", "003"] == left["record_id"].to_pylist()
    assert "Siân" == left["forename_written"][0].as_py()
    pd.testing.assert_frame_equal(df.pair("own.toml").left, to_pandas(left))
    CliRunner().invoke(app, ["pair", "own.toml", "--out", "texts", "--csv"])
    assert '"W1"' in (own / "texts/right.csv").read_text()


def test_own_files_are_linked_under_their_own_ids(own):
    """In a process of the linker's own, or in ours: the same links."""
    assert 0 == link("--linker", "stepwise", "--trust-linkers", "-q").exit_code
    apart = (own / "out.csv").read_text()
    assert '"001","01",' in apart
    assert 0 == link("--linker", "stepwise", "--debug", "-q").exit_code
    assert apart == (own / "out.csv").read_text()
    assert ["001", "002"] == df.link("own.toml", "stepwise", debug=True)["left_id"].to_list()


@pytest.mark.usefixtures("own")
def test_prints_of_a_linker_pass_through():
    """They are what its author looks for."""
    told = link("--linker", "mine.py:Mine", "--debug")
    assert "columns: record_id source surname" in told.stdout
    assert "not closed" in told.stderr


@pytest.mark.usefixtures("own")
def test_a_broken_linker_shows_its_traceback():
    """Down to the line; and from Python the error itself."""
    told = link("--linker", "mine.py:Broken", "--debug")
    assert 9 == told.exit_code
    assert "return 1 / 0" in told.stderr
    with pytest.raises(ZeroDivisionError):
        df.link("own.toml", "mine.py:Broken", debug=True)


@pytest.mark.usefixtures("own")
def test_nonsense_and_refusals_are_sentences():
    """Links of records that are not there; fields that are not there."""
    with pytest.raises(LinkerError, match="nonsense: 1 left_id is not among the 3 records"):
        df.link("own.toml", "mine.py:Wrong", debug=True)
    with pytest.raises(LinkerError, match="cannot work here: it needs nhs_number in both"):
        df.link("own.toml", "hashed-nhs", debug=True)


@pytest.mark.usefixtures("own")
def test_match_weights_are_told_where_there_are_any():
    """By the command and from Python; by EpiLink here; `test_linkers_fields.py` has others."""
    assert "Match weights" in link("--linker", "epilink", "--debug").stdout
    weights = df.match_weights("own.toml", "epilink").set_index("field")["weight"]
    assert weights["forename"] > weights["sex"] > 0
    with pytest.raises(LinkerError, match="'exact' tells no match weights"):
        df.match_weights("own.toml", "exact")


def test_a_suite_without_own_files_is_no_task(own):
    """The message says how to name some."""
    (own / "none.toml").write_text(
        'title = "x"\nscenarios = ["merthyr"]\nlinkers = ["exact"]\n'
        'tasks = [{ left = "ed", right = "gp" }]\n'
    )
    with pytest.raises(SpecError, match=r"none.toml names no files of your own\. Write one"):
        df.pair("none.toml")
