"""The shape of the project: imports point one way, modules stay small, nothing private leaks."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("synth", "scenarios", "linkage_eval", "reports")
MODULES = sorted(file for name in PACKAGES for file in (ROOT / name).rglob("*.py"))
SOURCES = [*MODULES, *sorted((ROOT / "tests").glob("*.py")), *sorted(ROOT.glob("*.md"))]


def label(file: Path) -> str:
    """Name a file from the root of the project."""
    return str(file.relative_to(ROOT))


def imported(tree: ast.AST) -> set[str]:
    """Give the top-level packages that a module imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("file", MODULES, ids=label)
def test_imports_point_one_way(file: Path):
    """A package imports only those before it; the command alone reaches up."""
    own = PACKAGES.index(file.relative_to(ROOT).parts[0])
    above = set(PACKAGES[own + 1 :])
    if file.parent.name != "cli":
        assert not imported(ast.parse(file.read_text())) & above


@pytest.mark.parametrize("file", MODULES, ids=label)
def test_modules_and_functions_stay_small(file: Path):
    """A file has at most 400 lines and a function body at most 40."""
    text = file.read_text()
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= 40, node.name


@pytest.mark.parametrize("file", MODULES, ids=label)
def test_chance_has_one_source(file: Path):
    """No module draws from a global or positional generator; Faker brings its own."""
    text = file.read_text()
    assert "np.random" not in text
    assert file.name == "faker_provider.py" or "random" not in imported(ast.parse(text))


@pytest.mark.parametrize(
    "file", [file for file in MODULES if file.parent.name == "linkers"], ids=label
)
def test_no_linker_names_the_truth(file: Path):
    """A linker's module has no way to the truth: it imports nothing that reads a dataset."""
    tree = ast.parse(file.read_text())
    modules = {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    assert not modules & {
        "darkfigure.linkage_eval.links.truth",
        "darkfigure.synth.storage.dataset",
        "darkfigure.synth.pipeline",
        "darkfigure.synth.truth",
    }


@pytest.mark.parametrize(
    "file", [file for file in MODULES if "strategies" in file.parts], ids=label
)
def test_no_strategy_names_the_truth(file: Path):
    """A strategy's module imports nothing that reads the truth, and names no table of it."""
    text = file.read_text()
    modules = {
        node.module
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module
    }
    reading = (
        "darkfigure.linkage_eval.links.truth",
        "darkfigure.linkage_eval.evaluation.metrics",
        "darkfigure.synth.pipeline",
        "darkfigure.synth.truth",
    )
    assert not [name for name in modules if name.startswith(reading)]
    assert "truth/" not in text


@pytest.mark.parametrize("file", SOURCES, ids=label)
def test_no_file_knows_the_machine_it_was_written_on(file: Path):
    """No paths of one machine and no addresses of package indexes."""
    machine = r"/wor" + r"k/|/ro" + r"ot/|/ho" + r"me/|index-" + r"url|pythonhos" + r"ted"
    assert not re.search(machine, file.read_text())


def called(tree: ast.AST) -> set[str]:
    """Give the names of what a module calls, without what they belong to."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in calls}


@pytest.mark.parametrize("file", MODULES, ids=label)
def test_what_is_shown_goes_through_one_place(file: Path):
    """Two modules alone print: there data are neither markup nor commands to the terminal."""
    printing = {"Console", "Text", "from_markup", "print_json", "echo", "secho"}
    if file.name not in {"screen.py", "lines.py"}:
        tree = ast.parse(file.read_text())
        assert not called(tree) & printing
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert "print" not in {one.id for one in calls if isinstance(one, ast.Name)}


@pytest.mark.parametrize("name", ["pipeline.py", "harness.py"])
def test_the_two_stories_fit_on_a_few_pages(name: str):
    """Whoever reads these two has seen the whole program."""
    package = "synth" if name == "pipeline.py" else "linkage_eval"
    assert (ROOT / package / name).read_text().count("\n") <= 260
