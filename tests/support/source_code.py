"""The project's own source code as syntax trees, for the tests of its architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUPPORT = Path(__file__).parent
PACKAGES = ("synth", "scenarios", "linkage_eval", "reports")
_OURS = "darkfigure."
Arrow = tuple[str, str]


@cache
def modules() -> dict[str, Path]:
    """Give the file of each module, by its name below `darkfigure`."""
    files = [file for name in PACKAGES for file in sorted((ROOT / name).rglob("*.py"))]
    files += sorted((ROOT / "src" / "darkfigure" / "api").glob("*.py"))
    return {_name(file): file for file in files}


def _name(file: Path) -> str:
    place = file.relative_to(ROOT).with_suffix("").parts
    if place[0] == "src":
        place = place[2:]
    return ".".join(place[:-1] if place[-1] == "__init__" else place)


@cache
def tree(module: str) -> ast.Module:
    """Give the syntax tree of a module."""
    return ast.parse(modules()[module].read_text())


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Give all nodes of a kind, with the module that each is in."""
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, kind):
                yield module, node


def imported(module: str) -> set[str]:
    """Give all that a module imports, by full name; of ours without `darkfigure`."""
    names: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix(_OURS) for name in names}


@cache
def arrows() -> frozenset[Arrow]:
    """Give each pair of modules of which the first imports the second, but for types alone."""
    known = modules()
    found = set()
    for module in known:
        for name in _imported_when_run(module):
            target = name if name in known else name.rpartition(".")[0]
            if target in known and target != module:
                found.add((module, target))
    return frozenset(found)


def _imported_when_run(module: str) -> set[str]:
    for_types = {
        id(inner)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    return {
        f"{node.module}.{alias.name}".removeprefix(_OURS)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in for_types
        for alias in node.names
    }


def room(module: str) -> str:
    """Give the room of a module: the folder or module right below its package."""
    return ".".join(module.split(".")[:2])


def circles(pairs: frozenset[Arrow]) -> list[set[str]]:
    """Give the sets of names that can all be reached from one another."""
    below: dict[str, set[str]] = {}
    for above, name in pairs:
        below.setdefault(above, set()).add(name)
    reach = {name: _reached(name, below) for name in below}
    found = {
        frozenset({name} | {one for one in reach[name] if name in reach.get(one, ())})
        for name in below
        if name in reach[name]
    }
    return [set(one) for one in found]


def _reached(start: str, below: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        for name in below.get(ahead.pop(), ()):
            if name not in seen:
                seen.add(name)
                ahead.append(name)
    return seen
