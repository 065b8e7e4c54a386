"""Catalogue of what there is: scenarios, suites, systems, strategies, linkers, metrics and more.

Each entry has a name and a meaning. The module that lists a kind is loaded when that kind is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from darkfigure import scenarios
from darkfigure.linkage_eval.linkers.registry import known_linkers, summary_of
from darkfigure.linkage_eval.sharing.strategy.names import overlay_names, strategy_names

if TYPE_CHECKING:
    from darkfigure.linkage_eval.metrics.declaration import Definition
    from darkfigure.synth.core.spec import Spec

WHOLE = "wales"  # the scenario with all systems, whose numbers are listed


def _titles(kind: str) -> dict[str, str]:
    return {name: scenarios.read(kind, name).get("title", "") for name in scenarios.names(kind)}


def _strategies() -> dict[str, str]:
    clear = summary_of("darkfigure.linkage_eval.sharing.engine.clear:Clear")
    overlays = {f"+{name}": f"overlay: {title}" for name, title in overlay_names().items()}
    return {"clear": clear, **strategy_names(), **overlays}


def _foreign() -> dict[str, str]:
    from darkfigure.linkage_eval.runs import foreign

    return foreign.known_sets()


def _metrics() -> dict[str, str]:
    from darkfigure.linkage_eval.metrics.registry import known_metrics, known_plugins

    described = {name: _described(definition) for name, definition in known_metrics().items()}
    return known_plugins() | described


def _described(definition: Definition) -> str:
    better = "" if definition.direction == "neither" else f"; {definition.direction} is better"
    return f"{definition.meaning} ({definition.formula}), in {definition.unit}{better}"


def _assumptions() -> dict[str, str]:
    from darkfigure.linkage_eval.fidelity.assumptions import assumptions_of

    register = assumptions_of(scenarios.load_scenario(WHOLE)).to_pylist()
    return {row["parameter"]: _resting(row) for row in register}


def _resting(row: Mapping[str, Any]) -> str:
    grade = "; assumed" if row["assumed"] and "assumed" not in row["source"].lower() else ""
    return f"{row['value']} [{row['source']}{grade}] {row['meaning']} ({row['place']})"


def specifications() -> dict[str, type[Spec]]:
    """Give the model of each kind of TOML file."""
    from darkfigure.linkage_eval.runs.suite import Suite
    from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
    from darkfigure.synth.entry import SystemProfile
    from darkfigure.synth.scenario import Scenario

    return {
        "scenario": Scenario,
        "suite": Suite,
        "system": SystemProfile,
        "strategy": SharingStrategy,
    }


KINDS: dict[str, Callable[[], dict[str, str]]] = {
    "scenarios": lambda: _titles("library"),
    "suites": lambda: _titles("suites"),
    "systems": lambda: _titles("systems"),
    "strategies": _strategies,
    "linkers": known_linkers,
    "metrics": _metrics,
    "foreign": _foreign,
    "assumptions": _assumptions,
}
MEANINGS = {
    "scenarios": "worlds to generate",
    "suites": "what to run: worlds, strategies, tasks and linkers",
    "systems": "how an agency's records are entered",
    "strategies": "who may see what of whom, and overlays that vary them",
    "linkers": "linkage methods",
    "metrics": "what is measured, each with its formula",
    "foreign": "data sets that others made",
    "assumptions": "every number that the worlds rest on: value, source, meaning and place",
}
