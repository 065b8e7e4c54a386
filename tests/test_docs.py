"""What the README shows is what happens: its commands and its Python run as they stand."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import scenarios
from synth.scenario import Scenario
from synth.spec import build

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """Give the README's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def run(*words: str, folder: Path) -> str:
    """Run a command in a folder; it must succeed."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder, in which the README's commands have run."""
    place = tmp_path_factory.mktemp("reader")
    for line in "".join(blocks("console")).splitlines():
        words = shlex.split(line.removeprefix("$ "))
        assert "darkfigure" == words[0]
        run(sys.executable, "-m", "linkage_eval.cli", *words[1:], folder=place)
    return place


def test_the_commands_leave_what_they_say(folder: Path):
    """A dataset and links lie where the README puts them."""
    assert (folder / "out/merthyr/manifest.json").is_file()
    assert (folder / "out/links.csv").read_text().startswith('"left_id"')


def test_the_python_runs(folder: Path):
    """The Python twin prints how many attendances had which reason."""
    assert "attendance_group" in run(sys.executable, "-c", blocks("python")[0], folder=folder)


def test_the_linker_can_be_plugged_in(folder: Path):
    """The README's own linker links."""
    (folder / "mine.py").write_text(blocks("python")[1])
    words = ("link", "out/merthyr", "--linker", "mine.py:Mine", "--out", "out/own.csv")
    assert "links" in run(sys.executable, "-m", "linkage_eval.cli", *words, folder=folder)


def test_the_scenario_is_one(tmp_path: Path):
    """The README's TOML is a valid scenario."""
    file = tmp_path / "mine.toml"
    file.write_text(blocks("toml")[0])
    assert 0.9 == scenarios.load_scenario(str(file)).contacts.unknown_share


def test_every_library_scenario_is_valid():
    """Each can be loaded, and its resolved form read again."""
    for name in scenarios.names("library"):
        loaded = scenarios.load_scenario(name)
        assert loaded == build(Scenario, loaded.resolved(), name)


def test_links_between_documents_lead_somewhere():
    """Every relative link of the README points to a file."""
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target
