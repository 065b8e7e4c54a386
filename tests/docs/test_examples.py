"""The examples run as they stand, from an empty folder, and show what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))


def shown(name: str, folder: Path) -> str:
    """Run an example in a folder and give what it prints."""
    words = [sys.executable, EXAMPLES / name]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    assert "Warning" not in done.stderr
    return done.stdout


def values(name: str, text: str) -> list[float]:
    """Find the values that stand after a name."""
    return [float(found) for found in re.findall(rf"{name} ([0-9.]+)", text)]


def test_the_first_world_shows_the_dark_figure(tmp_path: Path):
    """The police have a record of one in four of those who attend, as the scenario asks."""
    text = shown("first_world.py", tmp_path)
    share = re.search(r"^recorded +(0\.\d+)", text, re.MULTILINE)
    # Of some thirty attendances the target is met to the nearest.
    assert share
    assert float(share[1]) == pytest.approx(0.25, abs=0.02)
    assert re.search(r"^ed +\d+ +\d+ +0\.9", text, re.MULTILINE)


def test_splink_finds_most_true_pairs(tmp_path: Path):
    """It is far from chance and far from perfect (the bounds are assumed), for every sex too."""
    text = shown("link_and_score.py", tmp_path)
    assert 0.9 < values("precision", text)[0] < 1
    assert 0.9 < values("recall", text)[0] < 1
    assert {"F", "M"} <= set(text.split())


@pytest.mark.slow
@pytest.mark.needs("landlock")
def test_an_own_linker_finds_fewer_the_more_letters_it_asks_for(tmp_path: Path):
    """So its option reaches it: more letters leave out pairs and add none."""
    recall = values("recall", shown("own_linker.py", tmp_path))
    assert 3 == len(recall)
    assert 1 > recall[0] > recall[1] > recall[2] > 0


@pytest.mark.slow
def test_two_linkers_are_set_beside_each_other(tmp_path: Path):
    """Both on both worlds, with a report; stepwise is the better of the two."""
    text = shown("two_linkers.py", tmp_path)
    overall = text[text.index("f1_low") :]
    f1 = {name: values(rf"{name} +[12] +", overall) for name in ("exact", "stepwise")}
    assert [2, 2] == [len(found) for found in f1.values()]
    assert max(f1["exact"]) < min(f1["stepwise"])
    assert (tmp_path / "out/two-linkers/report.html").is_file()


@pytest.mark.slow  # docs/howto/own-metric.md does the same
def test_an_own_metric_stands_beside_the_library_s(tmp_path: Path):
    """Exact matching scores every link 1, so its sure links are all; the report has both."""
    text = shown("own_metric.py", tmp_path)
    (precision, sure), *_ = re.findall(r"exact .*?([01]\.\d+) +([01]\.\d+)$", text, re.MULTILINE)
    assert float(precision) == float(sure)
    page = (tmp_path / "out/own-metric/run/report.html").read_text()
    assert "Sure links" in page


@pytest.mark.slow
@pytest.mark.needs("landlock")
def test_the_gate_stops_a_linker_that_asks_for_a_postcode(tmp_path: Path):
    """Recall is worse for certain, and it says from what to what."""
    text = shown("gate.py", tmp_path)
    told = re.search(r"^recall: ([0-9.]+) before, ([0-9.]+) after$", text, re.MULTILINE)
    assert text.startswith("stopped\n")
    assert float(told[1]) > float(told[2])


@pytest.mark.slow  # the README scores such a file too
def test_links_from_csv_files_are_scored(tmp_path: Path):
    """Two exact rules hardly err and miss some."""
    text = shown("links_from_csv.py", tmp_path)
    assert values("precision", text)[0] > 0.99
    assert 0.5 < values("recall", text)[0] < 1


def test_the_page_on_agencies_shows_the_example():
    """Each file of `helpline` stands on the page as it is; `test_docs_pages` runs the page."""
    page = (EXAMPLES.parent / "docs/howto/own-agency.md").read_text()
    files = [file for file in (EXAMPLES / "helpline").rglob("*.*") if file.suffix != ".pyc"]
    assert 7 == len(files)
    for file in files:
        assert f"# {file.relative_to(EXAMPLES / 'helpline')}\n{file.read_text()}```" in page


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_an_example_is_short_and_in_the_list(file: Path):
    """Fewer than 40 lines, worlds of at most 3,000 people, named in the list and tested here."""
    text = file.read_text()
    assert text.count("\n") < 40
    persons = [
        int(found.replace("_", "")) for found in re.findall(r'persons"?[=:] ?([\d_]+)', text)
    ]
    assert persons
    assert max(persons) <= 3_000
    assert f"({file.name})" in (EXAMPLES / "README.md").read_text()
    assert f'shown("{file.name}"' in Path(__file__).read_text()
