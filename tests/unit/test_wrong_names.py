"""A name that leads nowhere is answered with what is wrong with it, and how it should be."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.linkers.registry import check
from darkfigure.linkage_eval.runs.suite import load_suite
from darkfigure.linkage_eval.studies.link import write_links
from darkfigure.synth.core.errors import OutputError, SpecError, UnknownNameError

MINE = """
class Helper:
    pass


class Mine:
    name = "mine"

    def link(self, left, right, *, seed):
        raise NotImplementedError
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a linker's file, one that is no Python, and a suite."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "broken.py").write_text("class Mine(:\n")
    (tmp_path / "links.csv").write_text("left_id,right_id\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mine.py", r"say which class .* as in 'mine.py:Mine'. The file holds Mine.$"),
        ("./mine.py", r"as in 'mine.py:Mine'"),
        ("broken.py", r"as in 'broken.py:Mine'.$"),
        ("nope.py:Mine", r"no linker 'nope.py:Mine': there is no file 'nope.py'.$"),
        ("nope.py", r"there is no file 'nope.py'"),
        ("mime.py:Mine", r"there is no file 'mime.py'.* Did you mean 'mine.py'\?"),
        ("lib/mine.py:Mine", r"there is no file 'lib/mine.py'"),
        ("nope.toml", r"'nope.toml' is no linker.* `darkfigure run`"),
        ("links.csv", r"'links.csv' is no linker.* FILE.py:CLASS, or 'cmd:"),
        ("./stepwise", r"'./stepwise' is no linker"),
        ("stepwize", r"There is no linker 'stepwize'. Did you mean 'stepwise'\?"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_leads_to_no_linker_is_told(name: str, said: str):
    """A file without a class, a class without a file, another kind of file, a slip."""
    with pytest.raises(UnknownNameError, match=said):
        check(name, {})


@pytest.mark.usefixtures("here")
def test_a_class_of_a_file_is_a_linker():
    """Nothing is refused that can be tried."""
    check("mine.py:Mine", {})


def suite(folder: Path, **changes: str) -> str:
    """Write a suite of which some lines are changed."""
    lines = {"title": '"t"', "scenarios": '["merthyr"]', "linkers": '["exact"]'}
    lines |= {"tasks": '[{ left = "ed", right = "police" }]'} | changes
    (folder / "s.toml").write_text("\n".join(f"{key} = {value}" for key, value in lines.items()))
    return str(folder / "s.toml")


def test_a_scenario_may_be_named_alone(tmp_path: Path):
    """As a linker may: a name is a table with nothing else in it."""
    found = load_suite(suite(tmp_path))
    assert found.worlds == load_suite(suite(tmp_path, scenarios='[{ name = "merthyr" }]')).worlds


@pytest.mark.parametrize("given", ['["mertyr"]', '[{ name = "mertyr", persons = 50 }]'])
def test_a_misspelt_scenario_is_answered_before_anything_is_made(tmp_path: Path, given: str):
    """With the nearest name, whichever way it is written."""
    with pytest.raises(UnknownNameError, match=r"scenario 'mertyr'. Did you mean 'merthyr'\?"):
        load_suite(suite(tmp_path, scenarios=given))


def test_a_task_that_is_a_word_is_answered_with_a_task(tmp_path: Path):
    """The message shows how a task looks, not how a program calls it."""
    with pytest.raises(SpecError, match=r'a task is a table, such as \{ left = "ed"') as caught:
        load_suite(suite(tmp_path, tasks='["ed-police"]'))
    assert "instance of" not in str(caught.value)


@pytest.mark.parametrize("name", ["links.xlsx", "links", "links.csv.gz"])
def test_links_are_written_as_what_they_are_called_or_not_at_all(tmp_path: Path, name: str):
    """No Parquet hides behind the name of something else."""
    with pytest.raises(OutputError, match=r"end in .csv or .parquet"):
        write_links(LINKS.empty_table(), tmp_path / name)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "start"), [("l.csv", b'"left_id"'), ("l.CSV", b'"left_id"')])
def test_the_ending_says_how_links_are_written(tmp_path: Path, name: str, start: bytes):
    """In either case of letters."""
    links = pa.Table.from_pylist([{"left_id": "a", "right_id": "b", "score": 1.0}], LINKS)
    write_links(links, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)
