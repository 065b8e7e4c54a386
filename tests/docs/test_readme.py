"""The README's scenario and those of the library can be read."""

from __future__ import annotations

import re
from pathlib import Path

from darkfigure import scenarios
from darkfigure.reports.cli import VERBS
from darkfigure.synth.core.spec import build
from darkfigure.synth.scenario import Scenario

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_scenario_is_one(tmp_path: Path):
    """The README's TOML is a valid scenario."""
    file = tmp_path / "mine.toml"
    file.write_text(re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1])
    assert 0.9 == scenarios.load_scenario(str(file)).contacts.unknown_share


def test_every_library_scenario_is_valid():
    """Each can be loaded, and its resolved form read again."""
    for name in scenarios.names("library"):
        loaded = scenarios.load_scenario(name)
        assert loaded == build(Scenario, loaded.resolved(), name)


def test_the_readme_names_every_verb():
    """Nobody has to guess what the command can do."""
    assert set() == {verb for verb in VERBS if f"`{verb}`" not in README}
