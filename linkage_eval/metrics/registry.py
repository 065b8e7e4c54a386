"""All metrics that are known: those of the library, of entry points and of users' files.

A metric of the library is a decorated function in a module of `_PACKAGES`; no list names it.
Metrics see the truth and run in the process of the harness: whoever adds one is trusted.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from darkfigure.linkage_eval.metrics.declaration import Definition, Metric
from darkfigure.linkage_eval.metrics.metric_set import MetricSet
from darkfigure.linkage_eval.metrics.needs import Scope
from darkfigure.synth.core.errors import SpecError, UnknownNameError

GROUP = "darkfigure.metrics"
_ROOM = "darkfigure.linkage_eval"
_PACKAGES: dict[Scope, tuple[str, ...]] = {
    "links": (f"{_ROOM}.evaluation.metrics",),
    "sharing": (f"{_ROOM}.sharing.metrics", f"{_ROOM}.sharing.measuring"),
}


@cache
def library(scope: Scope) -> tuple[Metric[Any], ...]:
    """Give the metrics of the library for links or for sharing, by module."""
    return tuple(
        metric
        for package in _PACKAGES[scope]
        for module in _modules(package)
        for metric in _metrics_in(module)
    )


def _modules(package: str) -> Iterator[ModuleType]:
    for place in pkgutil.iter_modules(importlib.import_module(package).__path__):
        yield importlib.import_module(f"{package}.{place.name}")


def _metrics_in(module: ModuleType) -> Iterator[Metric[Any]]:
    for value in vars(module).values():
        if isinstance(value, Metric) and value.module == module.__name__:
            yield value


@cache
def known_metrics() -> dict[str, Definition]:
    """Give the definition of every quantity of the library, by name.

    Raises
    ------
    SpecError
        Two metrics have one name.
    """
    return gather(()).definitions


def known_plugins() -> dict[str, str]:
    """Say where the metrics of entry points come from, by name, without importing them."""
    return {point.name: f"from {point.value}" for point in entry_points(group=GROUP)}


def gather(names: Sequence[str]) -> MetricSet:
    """Put the metrics of the library together with those that a suite names.

    Parameters
    ----------
    names
        Entry points, or "file.py:name". Their code runs here, and is trusted.

    Raises
    ------
    UnknownNameError
        There is no such file, entry point or metric.
    SpecError
        A file cannot be loaded, a declaration is wrong, or two metrics have one name.
    """
    own = tuple(_load(name) for name in names)
    known = (*library("links"), *library("sharing"))
    _refuse_twins((*known, *own))
    return MetricSet(known, own)


def _refuse_twins(known: Iterable[Metric[Any]]) -> None:
    places: dict[str, str] = {}
    for metric in known:
        for definition in metric.definitions:
            if definition.name in places:
                raise SpecError(
                    f"two metrics are called '{definition.name}': one of "
                    f"{places[definition.name]}, one of {metric.module}. Give one another name."
                )
            places[definition.name] = metric.module


def _load(name: str) -> Metric[Any]:
    points = {point.name: point for point in entry_points(group=GROUP)}
    value = _of_point(points[name]) if name in points else _of_file(name, points)
    if not isinstance(value, Metric):
        raise SpecError(
            f"'{name}' is no metric: decorate its function with `metric` "
            "(`from darkfigure import metric`)."
        )
    return value


def _of_point(point: EntryPoint) -> object:
    try:
        return point.load()
    except Exception as error:
        raise _unloadable(point.value, error) from error


def _of_file(name: str, points: Iterable[str]) -> object:
    path, _, attribute = name.rpartition(":")
    file = Path(path)
    if not path.endswith(".py") or not file.is_file():
        offered = f"Entry points: {', '.join(points)}." if points else "No package offers one."
        raise UnknownNameError(
            f"There is no metric '{name}': it is a name that a package offers, or "
            f'"file.py:name" of a file that exists. {offered}'
        )
    module = _module_of(file)
    if not hasattr(module, attribute):
        known = [key for key, value in vars(module).items() if isinstance(value, Metric)]
        raise UnknownNameError.of(f"metric in {file}", attribute, known)
    return getattr(module, attribute)


def _module_of(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec  # noqa: S101, a file that ends in .py has both
    assert spec.loader  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SpecError as error:
        raise SpecError(f"{file}: {error}") from None
    except Exception as error:
        raise _unloadable(str(file), error) from error
    return module


def _unloadable(place: str, error: Exception) -> SpecError:
    return SpecError(f"{place} cannot be loaded: {type(error).__name__}: {error}")
