"""A pytest plugin: the fixture `linkage_gate` fails a test whose linker got worse.

::

    def test_my_linker(linkage_gate):
        linkage_gate("mine.py:Mine", suite="ci", baseline="baseline.parquet")

`pytest --linkage-baseline` writes the baseline files instead, to be kept with the code.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # pytest loads every installed plugin at every start: whatever is heavy waits for its use.
    from linkage_eval.gate import Gate
    from linkage_eval.suite import Suite

Check = Callable[..., "Gate | None"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--linkage-baseline` and `--trust-linkers`."""
    group = parser.getgroup("darkfigure")
    said = "write the baselines of tests that use linkage_gate, instead of comparing with them"
    group.addoption("--linkage-baseline", action="store_true", help=said)
    said = "close nothing to the linkers of linkage_gate, where nothing can be closed"
    group.addoption("--trust-linkers", action="store_true", help=said)


@pytest.fixture
def linkage_gate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Give a function that runs a linker on a suite and compares it with a baseline file.

    Its arguments: `linker` as the registry reads it; `suite`, a library name, the path of a TOML
    file, or a `Suite`; `baseline`, a file; `tolerances`, a TOML file. Relative paths are those
    of the test's folder. It fails the test when the linker is worse for certain, and returns the
    comparison.
    """
    here = request.path.parent
    writes = bool(request.config.getoption("--linkage-baseline"))

    def check(
        linker: str, *, suite: str | Suite, baseline: str, tolerances: str | None = None
    ) -> Gate | None:
        from linkage_eval.gate import (  # noqa: PLC0415, as above
            compare_runs,
            load_tolerances,
            to_markdown,
            write_baseline,
        )
        from linkage_eval.harness import run_suite  # noqa: PLC0415, as above

        kept = here / baseline
        if not writes and not kept.is_file():
            pytest.fail(f"{kept} is missing: run pytest --linkage-baseline", pytrace=False)
        trusted = bool(request.config.getoption("--trust-linkers"))
        folder = tmp_path_factory.mktemp("linkage")
        run = run_suite(_only(suite, linker, here), folder, trusted=trusted)
        if writes:
            write_baseline(run, kept)
            return None
        allowed = load_tolerances(here / tolerances if tolerances else None)
        gate = compare_runs(kept, run.path, allowed)
        if not gate.passed:
            pytest.fail(to_markdown(gate), pytrace=False)
        return gate

    return check


def _only(suite: str | Suite, linker: str, here: Path) -> Suite:
    """Take a suite with one linker in place of its own."""
    from linkage_eval.suite import Entrant, load_suite  # noqa: PLC0415, as above

    if isinstance(suite, str):
        found = here / suite
        chosen = load_suite(str(found) if found.is_file() else suite)
    else:
        chosen = suite
    # The label keeps a path of this machine out of the baseline.
    name = str(here / linker) if (here / linker.rpartition(":")[0]).is_file() else linker
    entrant = Entrant(name=name, label=linker)
    return chosen.model_copy(update={"linkers": (entrant,)})
