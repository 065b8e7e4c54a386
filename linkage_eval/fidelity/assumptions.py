"""The assumptions of a world: numbers of its scenario and calibration tables, with sources."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.fidelity.constants import constants, field_places
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
        pa.field("place", pa.string()),
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
    As `assumptions_of` gives it.

    Raises
    ------
    SpecError
        Another version wrote the dataset, and its scenario is not what scenarios are now.
    """
    return assumptions_of(
        build(Scenario, dataset.manifest["scenario"], str(dataset.path / MANIFEST))
    )


def assumptions_of(scenario: Scenario) -> pa.Table:
    """List every number on which the worlds of a scenario rest, with its source.

    Parameters
    ----------
    scenario
        A scenario.

    Returns
    -------
    Schema `SCHEMA`: first the scenario's numbers, such as "contacts.odds_ratios.male", with the
    rates of its systems' profiles; then the constants of the simulation's modules, such as
    "darkfigure.synth.lives.fates._IN_CARE"; then the calibration tables. `assumed` is false only
    where a source is named and says nothing of an assumption. `place` is a file, with the line
    where a field is declared or a constant is set.
    """
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
            meaning = (
                meaning or f"{(inspect.getdoc(type(spec)) or '').partition(chr(10))[0]} {name}"
            )
            named_source = getattr(spec, "source", "") if rated else "".join(source)
            yield _row(where, value, named_source or ASSUMED, meaning, _declared(type(spec), name))


def _declared(model: type[Spec], field: str) -> str:
    """Give file and line of a field, which may stand in a class that the model extends."""
    places = [
        field_places(owner.__module__).get((owner.__name__, field)) for owner in model.__mro__
    ]
    return next((place for place in places if place), "")


def _is_number(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(_is_number(item) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row(parameter: str, value: object, source: str, meaning: str, place: str) -> dict[str, Any]:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return {
        "parameter": parameter,
        "value": text,
        "assumed": _UNSURE.search(source) is not None,
        "source": " ".join(source.split()).rstrip("."),
        "meaning": " ".join(meaning.split()),
        "place": place,
    }


def _constants() -> Iterator[dict[str, Any]]:
    """Give the numbers of the simulation's modules that say what they rest on."""
    for constant in constants():
        source = constant.source or ASSUMED
        if constant.assumed or constant.source:
            name = f"{constant.module}.{', '.join(constant.names)}"
            row = _row(name, constant.value, source, constant.comment, constant.place)
            yield row | {"assumed": constant.assumed or row["assumed"]}


def _tables() -> Iterator[dict[str, Any]]:
    """Give the calibration tables with the sources and grades that SOURCES.md names."""
    text = files("darkfigure.synth.reference").joinpath("SOURCES.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in cells[0].split(", "):
            if name in known():
                value = f"{load(name).num_rows:,} rows"
                source = f"{cells[2]}; grade {cells[3]}"
                row = _row(
                    f"reference/{name}", value, source, cells[1], f"synth/reference/{name}.csv"
                )
                yield row | {"assumed": _UNSURE.search(cells[3]) is not None}
