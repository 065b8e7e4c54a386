"""Lend worlds that are made already to whatever is about to make them: seconds for minutes.

As a pytest plugin (`-p lending`) it lends in a process of its own, told by the environment which.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import pytest

from darkfigure.synth import pipeline
from darkfigure.synth.storage.dataset import Dataset

# Folders of datasets, joined as those of PATH are.
VARIABLE = "DARKFIGURE_TESTS_LEND"
MAKERS = (
    "darkfigure.synth.pipeline",
    "darkfigure.synth.formats",
    "darkfigure.linkage_eval.runs.worlds",
)


@contextmanager
def lend(*folders: Path) -> Iterator[None]:
    """Give a copy of one of the datasets where one of its name, size and seed is asked for."""
    known = {_asked(Dataset.open(folder).manifest["scenario"]): folder for folder in folders}
    making = pipeline.generate

    def generate(scenario: pipeline.Scenario, out: str | Path, **how: object) -> Dataset:
        lent = known.get(_asked(scenario.resolved()))
        if lent is None or scenario.salt:
            return making(scenario, out, **how)
        shutil.copytree(lent, out, dirs_exist_ok=True)
        return Dataset.open(Path(out))

    with ExitStack() as stack:
        for module in MAKERS:
            stack.enter_context(mock.patch(f"{module}.generate", generate))
        yield


def _asked(scenario: dict[str, object]) -> tuple[object, ...]:
    return tuple(scenario[key] for key in ("name", "persons", "seed"))


@pytest.fixture(autouse=True, scope="session")
def _lent() -> Iterator[None]:
    """Lend in this process, if the environment asks for it."""
    folders = os.environ.get(VARIABLE, "").split(os.pathsep)
    with lend(*(Path(folder) for folder in folders if folder)):
        yield
