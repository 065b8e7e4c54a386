"""The shape of the project, a rule a test: each names the places that break it.

The floors are the plan of the house. A room imports only rooms on lower floors of its package,
and packages below: `synth`, `scenarios`, `linkage_eval`, `reports`, and on top the public face.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from source_code import PACKAGES, ROOT, arrows, circles, imported, modules, nodes, room, tree

FLOORS = {
    "synth": (
        ("core",),
        ("reference",),
        ("schema",),
        ("setting", "names", "entry", "storage"),
        ("population", "workers", "text"),
        ("lives", "violence", "reporting", "faker_provider"),
        ("agencies",),
        ("scenario", "truth", "hard_cases"),
        ("everybody",),
        ("pipeline",),
        ("formats",),
    ),
    "linkage_eval": (
        ("contracts", "recapture", "defaults", "rows"),
        ("metrics",),
        ("records",),
        ("links", "linkers"),
        ("stats",),
        ("isolation", "privacy", "scrubbing"),
        ("evaluation", "fidelity", "sharing"),
        ("runs",),
        ("attainable",),
        ("harness",),
        ("studies", "catalogue"),
        ("gate", "contest"),
        ("pytest_plugin",),
    ),
    "reports": (("html", "terminal"), ("practise", "classroom"), ("teaching",), ("cli",)),
}
ORDER = (*PACKAGES, "api")
MOST_LINES = {"a module": 400, "a function": 40, "a story": 260}
# Those who read these two have seen the whole program.
STORIES = ("synth.pipeline", "linkage_eval.harness")
PRINTING = {"Console", "Text", "from_markup", "print_json", "echo", "secho"}
ALLOWED_TO_PRINT = {"reports.terminal.screen", "reports.terminal.lines"}
TRUTH = ("linkage_eval.links.truth", "synth.storage.dataset", "synth.pipeline", "synth.truth")
KNOWS_OUTCOMES = (
    *("linkage_eval.links.truth", "linkage_eval.evaluation", "linkage_eval.sharing.metrics"),
    *("synth.pipeline", "synth.truth"),
)


def test_a_package_imports_only_packages_below_it():
    """No arrow points upward."""
    upward = [
        arrow
        for arrow in arrows()
        if ORDER.index(arrow[0].split(".")[0]) < ORDER.index(arrow[1].split(".")[0])
    ]
    assert not upward


def test_every_room_stands_on_a_floor():
    """A room that the plan does not know has no place; one that is gone leaves the plan."""
    planned = {
        f"{package}.{name}"
        for package, floors in FLOORS.items()
        for names in floors
        for name in names
    }
    packages = tuple(FLOORS)
    assert planned == {
        room(name) for name in modules() if "." in name and name.startswith(packages)
    }


def test_a_room_imports_only_rooms_on_lower_floors():
    """Nor does a room import one beside it."""
    floor = {
        f"{package}.{name}": level
        for package, floors in FLOORS.items()
        for level, names in enumerate(floors)
        for name in names
    }
    within = {
        (room(above), room(below))
        for above, below in arrows()
        if room(above) in floor and room(below) in floor and room(above) != room(below)
    }
    same = {(above, below) for above, below in within if above.split(".")[0] == below.split(".")[0]}
    assert not [arrow for arrow in same if floor[arrow[0]] <= floor[arrow[1]]]


def test_no_modules_import_each_other_in_a_circle():
    """Not by way of others either; imports for types alone do not count."""
    assert not circles(arrows())


def test_no_two_public_classes_share_a_name():
    """A name means one thing in the whole project."""
    names = Counter(
        node.name
        for _, node in nodes(ast.ClassDef)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert not [name for name, count in names.items() if count > 1]


def test_modules_and_functions_stay_small():
    """The limits are in `MOST_LINES`; a function's docstring does not count."""
    long = [
        name
        for name, file in modules().items()
        if file.read_text().count("\n") > MOST_LINES["a module"]
    ]
    for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
        long += [
            f"{module}.{node.name}"
            for module, node in nodes(kind)
            if _length(node) > MOST_LINES["a function"]
        ]
    assert not long


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("story", STORIES)
def test_the_two_stories_fit_on_a_few_pages(story: str):
    """They are to be read from top to bottom."""
    assert modules()[story].read_text().count("\n") <= MOST_LINES["a story"]


def test_chance_has_one_source():
    """No module draws from a global or positional generator; Faker brings its own."""
    drawing = [
        name
        for name, file in modules().items()
        if "np.random" in file.read_text()
        or (any(one.split(".")[0] == "random" for one in imported(name)) and "faker" not in name)
    ]
    assert not drawing


def test_kinds_of_arrays_have_one_place():
    """`synth.core.arrays` alone gives the common ones a name."""
    common = {f"np.{name}" for name in ("int64", "float64", "bool_", "uint64", "uint8")}
    named = [
        f"{module}:{node.lineno}"
        for module, node in nodes(ast.Subscript)
        if module != "synth.core.arrays"
        and ast.unparse(node.value) == "NDArray"
        and ast.unparse(node.slice) in common
    ]
    assert not named


def test_no_linker_names_the_truth():
    """A linker's module has no way to the truth: it imports nothing that reads a dataset."""
    assert not list(_importing("linkage_eval.linkers.", TRUTH))


def test_no_strategy_names_the_truth():
    """What a strategy is and how it works imports nothing of the truth, nor names its tables."""
    parts = [f"linkage_eval.sharing.{name}." for name in ("strategy", "engine", "forms")]
    assert not [found for part in parts for found in _importing(part, KNOWS_OUTCOMES)]
    assert not [
        name
        for name, file in modules().items()
        if name.startswith(tuple(parts)) and "truth/" in file.read_text()
    ]


def _importing(part: str, closed: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in modules():
        if name.startswith(part):
            yield from ((name, one) for one in imported(name) if one.startswith(closed))


def test_no_module_asks_which_kind_a_form_of_sharing_is():
    """A form says itself what it hides, allows and is called: `sharing/strategy/form_kinds`."""
    asking = [
        f"{module}:{node.lineno}"
        for module, node in nodes(ast.Compare)
        if ast.unparse(node.left) in {"form.kind", "flow.format.kind", "batch.flow.format.kind"}
    ]
    assert not asking


def test_no_file_knows_the_machine_it_was_written_on():
    """No paths of one machine and no addresses of package indexes."""
    machine = r"/wor" + r"k/|/ro" + r"ot/|/ho" + r"me/|index-" + r"url|pythonhos" + r"ted"
    files = [
        *modules().values(),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "benchmarks").glob("*.py"),
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
    assert not [str(file) for file in files if re.search(machine, file.read_text())]


def test_what_is_shown_goes_through_one_place():
    """Two modules alone print: there data are neither markup nor commands to the terminal."""
    printing = [
        f"{module}:{node.lineno}"
        for module, node in nodes(ast.Call)
        if module not in ALLOWED_TO_PRINT and _prints(node)
    ]
    assert not printing


def _prints(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in PRINTING | {"print"}
    return getattr(call.func, "attr", "") in PRINTING


def test_every_folder_of_modules_is_a_package():
    """A folder without `__init__.py` imports all the same, and nothing says what it is."""
    folders = {parent for file in modules().values() for parent in file.parents}
    inner = {folder for folder in folders if any(folder.is_relative_to(ROOT / p) for p in PACKAGES)}
    assert not [str(folder) for folder in inner if not (folder / "__init__.py").exists()]


def test_every_module_says_what_it_is():
    """In a docstring that begins with a sentence."""
    silent = [name for name in modules() if not (ast.get_docstring(tree(name)) or "").strip()]
    assert not silent
