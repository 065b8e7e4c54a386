"""The assumptions of a world: numbers of its scenario and calibration tables, with sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pkgutil import walk_packages
from typing import Any

import pyarrow as pa

from darkfigure import synth
from darkfigure.synth.core.spec import Spec, build
from darkfigure.synth.reference import known, load
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.manifest import MANIFEST

ASSUMED = "assumed"
SCHEMA = pa.schema(
    [
        pa.field("parameter", pa.string()),
        pa.field("value", pa.string()),
        pa.field("assumed", pa.bool_()),
        pa.field("source", pa.string()),
        pa.field("meaning", pa.string()),
    ]
)
_SOURCE = re.compile(r"\s*Source:\s*")
_UNSURE = re.compile(r"\bC\b|assumed")
# Numbers that choose a world, not how the world works.
_CHOICES = ("seed", "persons", "years")


def assumptions(dataset: Dataset) -> pa.Table:
    """List every number on which a dataset rests, with its source.

    Parameters
    ----------
    dataset
        A dataset, whose manifest holds its scenario.

    Returns
    -------
    Schema `SCHEMA`: first the scenario's numbers, such as "contacts.odds_ratios.male", with the
    rates of its systems' profiles; then the numbers that the simulation itself assumes, such as
    "synth.lives.fates._IN_CARE"; then the calibration tables. `assumed` is false only where a
    source is named and says nothing of an assumption.

    Raises
    ------
    SpecError
        Another version wrote the dataset, and its scenario is not what scenarios are now.
    """
    scenario = build(Scenario, dataset.manifest["scenario"], str(dataset.path / MANIFEST))
    rows = [*_numbers(scenario, ""), *_constants(), *_tables()]
    return pa.Table.from_pylist(rows, SCHEMA)


def _numbers(spec: Spec, path: str) -> Iterator[dict[str, Any]]:
    """Give the numbers of a spec and of the specs within it; a rate has the name of its spec."""
    rated = {"rate", "source"} <= type(spec).model_fields.keys()
    for name, field in type(spec).model_fields.items():
        value = getattr(spec, name)
        where = path.removesuffix(".") if rated and name == "rate" else f"{path}{name}"
        if isinstance(value, Spec):
            yield from _numbers(value, f"{where}.")
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                if isinstance(inner, Spec):
                    yield from _numbers(inner, f"{where}.{key}.")
        elif _is_number(value) and where not in _CHOICES:
            meaning, *source = _SOURCE.split(field.description or "", maxsplit=1)
            named_source = getattr(spec, "source", "") if rated else "".join(source)
            yield _row(where, value, named_source or ASSUMED, meaning)


def _is_number(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(_is_number(item) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row(parameter: str, value: object, source: str, meaning: str) -> dict[str, Any]:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return {
        "parameter": parameter,
        "value": text,
        "assumed": _UNSURE.search(source) is not None,
        "source": " ".join(source.split()).rstrip("."),
        "meaning": " ".join(meaning.split()),
    }


def _constants() -> Iterator[dict[str, Any]]:
    """Give the numbers of the simulation's modules whose comments call them assumed."""
    package = files("darkfigure.synth")
    for module in walk_packages(synth.__path__, "darkfigure.synth."):
        *folders, name = module.name.split(".")[2:]
        ending = [name, "__init__.py"] if module.ispkg else [f"{name}.py"]
        file = package.joinpath(*folders, *ending)
        yield from _assumed_in(file.read_text(encoding="utf-8"), module.name)


def _assumed_in(code: str, module: str) -> Iterator[dict[str, Any]]:
    """Give the assumed numbers of one module: constants with "assumed" beside or above them."""
    lines = code.splitlines()
    for node in ast.parse(code).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if target is None or not any(isinstance(part, ast.Constant) for part in ast.walk(node)):
            continue
        comment = _comment(lines, node.lineno - 1, node.end_lineno or node.lineno)
        if "assumed" in comment.lower() and ast.unparse(target).strip("()")[:20].isupper():
            value = ast.unparse(node.value) if isinstance(node, ast.Assign) else ""
            yield _row(f"{module}.{ast.unparse(target).strip('()')}", value, ASSUMED, comment)


def _comment(lines: list[str], first: int, after: int) -> str:
    """Read the comments on a statement's lines and on those right above it."""
    above = first
    while above and lines[above - 1].startswith("#"):
        above -= 1
    comments = [line.lstrip("# ") for line in lines[above:first]]
    comments += [line.split("#", 1)[1].strip() for line in lines[first:after] if "#" in line]
    return " ".join(comments)


def _tables() -> Iterator[dict[str, Any]]:
    """Give the calibration tables with the sources and grades that SOURCES.md names."""
    text = files("darkfigure.synth.reference").joinpath("SOURCES.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in cells[0].split(", "):
            if name in known():
                value = f"{load(name).num_rows:,} rows"
                source = f"{cells[2]}; grade {cells[3]}"
                row = _row(f"reference/{name}", value, source, cells[1])
                yield row | {"assumed": _UNSURE.search(cells[3]) is not None}
