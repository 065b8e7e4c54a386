"""A pytest plugin: the fixture `linkage_gate` fails a test whose linker got worse.

::

    def test_my_linker(linkage_gate):
        linkage_gate("mine.py:Mine", suite="ci", baseline="baseline.parquet")


    def test_my_linker_when_it_is_strict(linkage_gate):
        linkage_gate(
            "mine.py:Mine", suite="ci", baseline="strict.parquet", options={"threshold": 0.9}
        )

`pytest --linkage-baseline` writes the baseline files instead, to be kept with the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    # pytest loads every installed plugin at every start: heavy modules wait for their use.
    from darkfigure.linkage_eval.gate import Gate, Tolerances
    from darkfigure.linkage_eval.runs.run import Run
    from darkfigure.linkage_eval.runs.suite import Suite

_TRUSTED = ("linkage_gate", "linkers trusted, not closed")
Check = Callable[..., "Gate | None"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--linkage-baseline` and `--trust-linkers`."""
    group = parser.getgroup("darkfigure")
    text = "write the baselines of tests that use linkage_gate, instead of comparing with them"
    group.addoption("--linkage-baseline", action="store_true", help=text)
    text = "close nothing to the linkers of linkage_gate, where nothing can be closed"
    group.addoption("--trust-linkers", action="store_true", help=text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the number of tests in which nothing was closed to the linkers, passed or failed."""
    reports = [
        report for reports_of_kind in terminalreporter.stats.values() for report in reports_of_kind
    ]
    tests = {
        report.nodeid
        for report in reports
        if isinstance(report, pytest.TestReport) and _TRUSTED in map(tuple, report.user_properties)
    }
    if tests:
        count = "1 test" if len(tests) == 1 else f"{len(tests)} tests"
        terminalreporter.write_line(
            f"linkage_gate: in {count} linkers were trusted, not closed: nothing kept them from "
            "reading the truth.",
            yellow=True,
        )


@pytest.fixture
def linkage_gate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Give a function that runs a linker on a suite and compares it with a baseline file.

    Its arguments: `linker` as the registry reads it; `suite`, a library name, the path of a TOML
    file, or a `Suite`; `baseline`, a file; `tolerances`, a TOML file; `options`, the linker's
    own. Relative paths are those of the test's folder. It fails the test when the linker is worse
    for certain, or when one of these is wrong, and returns the comparison.
    """
    here, properties = request.path.parent, request.node.user_properties
    writes = bool(request.config.getoption("--linkage-baseline"))
    trusted = bool(request.config.getoption("--trust-linkers"))

    def check(
        linker: str,
        *,
        suite: str | Suite,
        baseline: str,
        tolerances: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Gate | None:
        from darkfigure.linkage_eval.gate import load_tolerances, to_markdown  # noqa: PLC0415, as above
        from darkfigure.linkage_eval.harness import run_suite  # noqa: PLC0415, as above
        from darkfigure.linkage_eval.isolation.parent import TRUSTED  # noqa: PLC0415, as above
        from darkfigure.synth.core.errors import DarkfigureError  # noqa: PLC0415, as above

        baseline_file = here / baseline
        if not writes and not baseline_file.is_file():
            pytest.fail(f"{baseline_file} is missing: run pytest --linkage-baseline", pytrace=False)
        try:
            allowed = load_tolerances(here / tolerances if tolerances else None)
            only = _only(suite, linker, options or {}, here)
            run = run_suite(only, tmp_path_factory.mktemp("linkage"), trusted=trusted)
            if TRUSTED in run.manifest["guards"] and _TRUSTED not in properties:
                properties.append(_TRUSTED)
            gate = _compare(run, baseline_file, allowed, writes=writes)
        except DarkfigureError as error:
            pytest.fail(str(error), pytrace=False)
        if gate and not gate.passed:
            pytest.fail(to_markdown(gate), pytrace=False)
        return gate

    return check


def _compare(run: Run, baseline: Path, allowed: Tolerances, *, writes: bool) -> Gate | None:
    """Keep the links of a run, or compare them with those that are kept."""
    from darkfigure.linkage_eval.gate import compare_runs, write_baseline  # noqa: PLC0415, as above

    if not writes:
        return compare_runs(baseline, run.path, allowed)
    write_baseline(run, baseline)
    return None


def _only(suite: str | Suite, linker: str, options: Mapping[str, Any], here: Path) -> Suite:
    """Take a suite with one linker in place of its own."""
    from darkfigure.linkage_eval.linkers import registry  # noqa: PLC0415, as above
    from darkfigure.linkage_eval.runs.suite import LinkerEntry, load_suite  # noqa: PLC0415, as above

    if isinstance(suite, str):
        file = here / suite
        chosen = load_suite(str(file) if file.is_file() else suite)
    else:
        chosen = suite
    # The label keeps a path of this machine out of the baseline.
    name = str(here / linker) if (here / linker.rpartition(":")[0]).is_file() else linker
    entrant = LinkerEntry(name=name, label=linker, options=dict(options))
    registry.check(entrant.name, entrant.options)
    return chosen.model_copy(update={"linkers": (entrant,)})
