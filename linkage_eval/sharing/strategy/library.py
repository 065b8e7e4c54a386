"""Strategies by name, with overlays laid over them.

`cardiff-model+hesitancy-off` is the strategy `cardiff-model` with the overlay `hesitancy-off`,
each a file of `scenarios/strategies` or a path. An overlay has no flows; it varies one lever of
any strategy, and its table `every_flow` is laid over each flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkfigure import scenarios
from darkfigure.linkage_eval.sharing.strategy.lint import refuse_problems
from darkfigure.linkage_eval.sharing.strategy.names import overlay_names, strategy_names
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.errors import SpecError, UnknownNameError
from darkfigure.synth.core.spec import build

_LEVERS = ("governance", "trust", "deterrence", "every_flow")


def load_strategy(name: str, *, lint: bool = True) -> SharingStrategy:
    """Load a strategy, with overlays after "+".

    Parameters
    ----------
    name
        Name in the library or a path, such as "marac" or "mine.toml+scandal".
    lint
        Whether to refuse a strategy in which `find_problems` finds an error.

    Raises
    ------
    UnknownNameError
        There is no such strategy or overlay.
    SpecError
        A key of a file is missing, unknown or wrong, or the lint refuses the strategy; the message
        lists every problem.
    """
    base, *overlays = name.split("+")
    data = _read(base)
    if "strategy" not in data:
        raise SpecError(f"'{base}' is no strategy: it lacks the table [strategy]; add it.")
    for overlay in overlays:
        data = _lay_over(data, _read_overlay(overlay))
    where = f"strategy '{name}'"
    built = build(SharingStrategy, data, where)
    if lint:
        refuse_problems(built, where)
    return built


def _read(name: str) -> dict[str, Any]:
    try:
        return scenarios.read("strategies", name)
    except UnknownNameError:
        raise UnknownNameError.of("strategy", name, {**strategy_names(), "clear": ""}) from None


def _read_overlay(name: str) -> dict[str, Any]:
    try:
        data = scenarios.read("strategies", name)
    except UnknownNameError:
        raise UnknownNameError.of("overlay", name, overlay_names()) from None
    unknown = sorted(set(data) - {"overlay", *_LEVERS})
    if "overlay" not in data or unknown:
        raise SpecError(
            f"'{name}' is no overlay: it needs a table [overlay] with id and title, and besides "
            f"only {', '.join(_LEVERS)}" + (f"; it has {', '.join(unknown)}." if unknown else ".")
        )
    return data


def _lay_over(data: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    levers = {key: value for key, value in overlay.items() if key not in {"overlay", "every_flow"}}
    laid = scenarios.lay_over(data, levers)
    every, flows = overlay.get("every_flow", {}), data.get("flow", [])
    if not isinstance(every, Mapping):
        raise SpecError("every_flow of an overlay is no table; write [every_flow].")
    if isinstance(flows, list) and all(isinstance(flow, Mapping) for flow in flows):
        laid["flow"] = [scenarios.lay_over(flow, every) for flow in flows]
    return laid  # a malformed flow is refused with all other problems
