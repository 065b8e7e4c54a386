"""Errors for a name that no linker has: the file, the class, or the name itself is wrong."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable
from contextlib import suppress
from os.path import isfile  # unlike `Path.is_file`, it says no to what can be no path
from pathlib import Path

from darkfigure.synth.core.errors import UnknownNameError

_KINDS = (
    "A linker is one of the library (`darkfigure list linkers`), FILE.py:CLASS, or "
    "'cmd: COMMAND {left} {right} {out}'"
)


def unknown_linker(name: str, known: Iterable[str]) -> UnknownNameError:
    """Explain why a name leads to no linker, as far as the name tells.

    Parameters
    ----------
    name
        The name as the user wrote it.
    known
        Names of linkers.

    Returns
    -------
    The error, to be raised.
    """
    before, _, attribute = name.rpartition(":")
    file = Path(before if before.endswith(".py") else name)
    if file.suffix == ".py":
        return UnknownNameError(_no_file(name, file) or _no_class(file, attribute))
    if file.suffix == ".toml":
        return UnknownNameError(f"'{name}' is no linker. {_KINDS}; suites go to `darkfigure run`.")
    if "/" in name or isfile(file):  # noqa: PTH113, as imported
        return UnknownNameError(f"'{name}' is no linker. {_KINDS}.")
    return UnknownNameError.of("linker", name, known)


def _no_file(name: str, file: Path) -> str:
    if isfile(file):  # noqa: PTH113, as imported
        return ""
    beside = [module.stem for module in file.parent.glob("*.py")] if file.parent.is_dir() else []
    near = difflib.get_close_matches(file.stem, beside, n=1)
    hint = f" Did you mean '{file.with_stem(near[0])}'?" if near else ""
    return f"There is no linker '{name}': there is no file '{file}'.{hint}"


def _no_class(file: Path, attribute: str) -> str:
    classes = _classes(file)
    example = classes[0] if classes else attribute if attribute.isidentifier() else "Mine"
    holds = f" The file holds {', '.join(classes)}." if classes else ""
    return (
        f"'{file}' is a file: say which class of it is the linker, as in '{file}:{example}'.{holds}"
    )


def _classes(file: Path) -> list[str]:
    """List the classes of a file that have a method `link`, without running it."""
    with suppress(OSError, SyntaxError, ValueError):
        body = ast.parse(file.read_bytes()).body
        classes = [node for node in body if isinstance(node, ast.ClassDef)]
        return [node.name for node in classes if "link" in map(_name, node.body)]
    return []


def _name(node: ast.stmt) -> str:
    return getattr(node, "name", "")
