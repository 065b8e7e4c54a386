"""From a name to a linker, without running others' code where the truth can be read."""

import pytest

from darkfigure.linkage_eval.isolation.child import Unusable
from darkfigure.linkage_eval.isolation.child import load as load_alone
from darkfigure.linkage_eval.linkers.registry import (
    Place,
    check,
    known_linkers,
    load,
    place_of,
    suits,
)
from darkfigure.linkage_eval.linkers.splink import Splink
from darkfigure.synth.core.errors import SpecError, UnknownNameError


@pytest.fixture
def module(tmp_path):
    """A file with a linker, a thing that is none, and a mark that it was run."""
    file = tmp_path / "mine.py"
    file.write_text(
        "from pathlib import Path\n"
        f"Path({str(tmp_path / 'was_run')!r}).touch()\n"
        "class Mine:\n"
        "    name = 'mine'\n"
        "    def __init__(self, depth=1):\n"
        "        self.depth = depth\n"
        "    def link(self, left, right, *, seed):\n"
        "        return None\n"
        "class Other:\n"
        "    pass\n"
    )
    return file


def test_the_library_is_described_in_one_line_each():
    """Every library linker has a one-line description."""
    assert {"exact", "stepwise", "splink"} <= set(known_linkers())
    assert "Link with Splink on DuckDB." == known_linkers()["splink"]


def test_options_reach_the_linker(module):
    """Options are the linker's own."""
    assert Splink(threshold=0.9) == load("splink", {"threshold": 0.9})
    assert 3 == load_alone("file", f"{module}:Mine", {"depth": 3}).depth


def test_a_command_is_a_linker():
    """What stands after "cmd:" is the command line."""
    assert Place("command", "Rscript my.R {left}") == place_of("cmd: Rscript my.R {left}")
    assert "true {out}" == load_alone("command", "true {out}", {}).line


def test_checking_runs_nobody_elses_code(module):
    """A file's linker is looked at only in its own process."""
    check(f"{module}:Mine", {})
    assert not (module.parent / "was_run").exists()


@pytest.mark.parametrize(
    ("name", "options", "error", "reason"),
    [
        ("splnk", {}, UnknownNameError, "no linker 'splnk'. Did you mean 'splink'?"),
        ("gone.py:Mine", {}, UnknownNameError, "no linker 'gone.py:Mine'"),
        ("splink", {"treshold": 0.9}, SpecError, "linker 'splink': .*'treshold'"),
    ],
)
def test_what_does_not_exist_is_refused(name, options, error, reason):
    """A misspelt name or option is found before anything runs."""
    with pytest.raises(error, match=reason):
        check(name, options)


def test_a_file_without_the_linker_says_what_it_has(module):
    """The class of a file is looked for by name."""
    with pytest.raises(Unusable, match="Did you mean 'Mine'"):
        load_alone("file", f"{module}:Mime", {})
    with pytest.raises(Unusable, match="is no linker: it needs"):
        load_alone("file", f"{module}:Other", {})
    with pytest.raises(Unusable, match="got an unexpected keyword argument 'dept'"):
        load_alone("file", f"{module}:Mine", {"dept": 3})


def test_what_links_events_is_not_asked_about_persons():
    """Everything else takes part in both kinds of task; nobody else's code is imported."""
    assert suits("time-place", "events")
    assert not suits("time-place", "persons")
    assert suits("stepwise", "events")
    assert suits("not/there.py:Mine", "persons")
