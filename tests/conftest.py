"""Worlds that several tests look at, each made once a session; and what tests need is checked."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import needs
import pytest
from once import once

from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import World, generate, simulate_world
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.kept import LIMIT

# No test writes into the user's cache, nor reads what another program left there.
os.environ[LIMIT] = "0"
# Nor does any note its runs in the user's record.
os.environ["DARKFIGURE_STATE"] = os.devnull


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden figures be written anew, and let it be said that all extras are installed."""
    parser.addoption("--update-golden", action="store_true", help="Write tests/golden anew.")
    said = "Fail, not skip, where a package is missing that an extra brings."
    parser.addoption("--with-extras", action="store_true", help=said)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where the extras are, try again only what something may have been missing for."""
    if config.getoption("--with-extras"):
        config.hook.pytest_deselected(items=[item for item in items if not needs.brought(item)])
        items[:] = filter(needs.brought, items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs something that is not there, before anything is made for it."""
    needs.check(item, with_extras=item.config.getoption("--with-extras"))


@pytest.fixture(scope="session")
def borough() -> World:
    """Everything that happens in the whole of Merthyr Tydfil, nothing written down."""
    return simulate_world(load_scenario("merthyr"))


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset of 4,000 people of Merthyr Tydfil."""
    scenario = load_scenario("merthyr", persons=4_000)
    return Dataset.open(once(tmp_path_factory, "village", partial(generate, scenario)))


@pytest.fixture
def village_path(village: Dataset) -> Path:
    """The folder of the small dataset; not to be written to."""
    return village.path
