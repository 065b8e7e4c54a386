"""What only tells of the command loads no engine, so that nobody waits for it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from darkfigure.linkage_eval import defaults
from darkfigure.linkage_eval.isolation.parent import Limits
from darkfigure.linkage_eval.linkers import registry
from darkfigure.reports import cli
from darkfigure.reports.cli import VERBS

HEAVY = {
    *("altair", "duckdb", "faker", "jinja2", "numpy", "pandas", "pyarrow", "scipy", "splink"),
    *("markdown_it", "pygments"),  # of frames, which nobody sees here
}
LISTS = ("scenarios", "suites", "systems", "strategies", "linkers")
# Says after each command what has been loaded by then.
TOLD = """
import contextlib, io, json, sys
from darkfigure.reports.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["darkfigure", *words]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            main()
        except SystemExit as end:
            assert not end.code, (words, end.code)
    assert said.getvalue().strip(), words
    print(json.dumps([words, sorted(name for name in sys.modules if "." not in name)]))
"""


def test_help_and_lists_load_no_engine():
    """Of the command, of each verb, and of every list whose names stand in files."""
    asked = [["--help"], ["list"], *(["list", kind] for kind in LISTS)]
    asked += [[*verb.split(), "--help"] for verb in VERBS]
    done = subprocess.run(
        [sys.executable, "-c", TOLD, json.dumps(asked)], capture_output=True, text=True, check=True
    )
    loaded = [json.loads(line) for line in done.stdout.splitlines()]
    assert asked == [words for words, _ in loaded]
    assert [] == [
        (words, HEAVY & set(modules)) for words, modules in loaded if HEAVY & set(modules)
    ]


def test_linkers_of_the_library_load_no_table_of_an_agency():
    """Each has a process of its own, which would read all code lists and specifications first."""
    modules = {place.partition(":")[0] for place in registry.BUILT_IN.values()}
    asked = f"import sys, {', '.join(sorted(modules))}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "darkfigure.linkage_eval.contracts" in loaded  # else the test says nothing
    assert not loaded & {"darkfigure.synth.schema", "pydantic"}


@pytest.mark.parametrize("name", sorted(registry.BUILT_IN))
def test_a_linker_is_listed_with_what_its_class_says(name: str):
    """What is read from the source is the first line of the docstring that Python sees."""
    place = registry.BUILT_IN[name]
    module, _, attribute = place.partition(":")
    maker = getattr(__import__(module, fromlist=[attribute]), attribute)
    first = maker.__doc__.strip().splitlines()[0]
    assert first == registry.known_linkers()[name]


def test_help_tells_the_limits_that_linkers_have():
    """What `link` shows as its default is what suites give."""
    assert Limits() == Limits(seconds=defaults.SECONDS, memory_mb=defaults.MEMORY_MB)


def test_ctrl_c_while_a_module_loads_is_no_traceback(monkeypatch, capsys):
    """Compiled modules turn an interruption into an ImportError."""

    def load() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError from None

    monkeypatch.setattr(cli, "app", load)
    try:
        with pytest.raises(SystemExit) as ended:
            cli.main()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert 130 == ended.value.code
    assert "interrupted" in capsys.readouterr().err
