"""The upper-case constants of the simulation's modules, read with their comments from the source.

What a constant rests on stands in the comment beside it, or in the one above it and above the
constants that follow it without a blank line: the word assumed, "Source: ...", or "well known".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pkgutil import walk_packages

from darkfigure import synth

_SOURCE = re.compile(r"\bSource:\s*(?P<source>.+)")
_WELL_KNOWN = re.compile(r"\bwell known\b", re.IGNORECASE)
_ASSUMED = re.compile(r"\bassumed\b", re.IGNORECASE)
_PACKAGE = "darkfigure.synth"
_ARRAYS = {"np.array", "np.asarray"}


@dataclass(frozen=True)
class Constant:
    """An assignment of numbers to one or more upper-case names of a module.

    Parameters
    ----------
    module
        Full name of the module.
    names
        As assigned together.
    value
        Source code of the value.
    comment
        The comments about it, in one line; empty where there is none.
    line
        On which the assignment begins, from 1.
    """

    module: str
    names: tuple[str, ...]
    value: str
    comment: str
    line: int

    @property
    def assumed(self) -> bool:
        """Whether the comment says so, of the whole or of a part."""
        return _ASSUMED.search(self.comment) is not None

    @property
    def source(self) -> str:
        """What the comment names as the source; empty where it names none.

        What is well known beside something assumed is no source of the number itself.
        """
        named = _SOURCE.search(self.comment)
        if named:
            return named["source"]
        known = not self.assumed and _WELL_KNOWN.search(self.comment)
        return "well known" if known else ""

    @property
    def is_plain(self) -> bool:
        """Whether it is numbers written down, not codes, keys or what a call makes of numbers."""
        return all(
            ast.unparse(part.func) in _ARRAYS if isinstance(part, ast.Call) else True
            for part in self._parts()
        ) and not any(isinstance(part, ast.LShift) for part in self._parts())

    @property
    def has_fraction(self) -> bool:
        """Whether one of the numbers is written with a point, as rates and factors are."""
        return any(
            isinstance(part, ast.Constant) and isinstance(part.value, float)
            for part in self._parts()
        )

    def _parts(self) -> Iterator[ast.AST]:
        return ast.walk(ast.parse(self.value, mode="eval"))

    @property
    def place(self) -> str:
        """File and line."""
        return f"{_file(self.module)}:{self.line}"


@cache
def constants() -> tuple[Constant, ...]:
    """Read the constants of all modules of the simulation, in the order of their names."""
    names = [_PACKAGE, *(module.name for module in walk_packages(synth.__path__, f"{_PACKAGE}."))]
    return tuple(one for name in names for one in constants_in(source_of(name), name))


def source_of(module: str) -> str:
    """Read the source code of a module of the simulation."""
    *folders, name = _file(module).split("/")[1:]
    return files(_PACKAGE).joinpath(*folders, name).read_text(encoding="utf-8")


@cache
def _file(module: str) -> str:
    """Give the path of a module's file, which begins with "synth"."""
    parts = module.split(".")[1:]
    if files(_PACKAGE).joinpath(*parts[1:], "__init__.py").is_file():
        return "/".join([*parts, "__init__.py"])
    return "/".join(parts) + ".py"


def constants_in(code: str, module: str) -> Iterator[Constant]:
    """Read the constants of one module.

    Parameters
    ----------
    code
        Source code.
    module
        Full name.
    """
    lines = code.splitlines()
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign):
            target = node.targets[0]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target = node.target
        else:
            continue
        names = tuple(part.id for part in ast.walk(target) if isinstance(part, ast.Name))
        value = node.value
        if value is not None and names and "".join(names).isupper() and _has_numbers(value):
            comment = _comment(lines, node.lineno, node.end_lineno or node.lineno)
            yield Constant(module, names, ast.unparse(value), comment, node.lineno)


def _has_numbers(value: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Constant)
        and isinstance(part.value, int | float)
        and not isinstance(part.value, bool)
        for part in ast.walk(value)
    )


def _comment(lines: list[str], first: int, last: int) -> str:
    """Read the comments on a statement's lines and above it; lines count from 1."""
    beside = [line.split("#", 1)[1].strip() for line in lines[first - 1 : last] if "#" in line]
    above = first - 1
    # Constants without a comment of their own share the one above them all.
    while not beside and above and lines[above - 1].strip() and "#" not in lines[above - 1]:
        above -= 1
    end = above
    while above and lines[above - 1].startswith("#"):
        above -= 1
    return " ".join([*(line.lstrip("# ") for line in lines[above:end]), *beside])


@cache
def field_places(module: str) -> dict[tuple[str, str], str]:
    """Give file and line of each annotated field of each class of a module, by class and field."""
    if not module.startswith(f"{_PACKAGE}."):
        return {}
    return {
        (node.name, field.target.id): f"{_file(module)}:{field.lineno}"
        for node in ast.walk(ast.parse(source_of(module)))
        if isinstance(node, ast.ClassDef)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }
