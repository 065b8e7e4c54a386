"""Verbs about what the library holds and what files may say: list, schema, dictionary."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from darkfigure import scenarios
from darkfigure.linkage_eval.evaluation.metrics import known_metrics
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.stored_links import write_text
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.linkage_eval.sharing.engine import known_strategies
from darkfigure.linkage_eval.sharing.measuring.measures import DEFINITIONS as SHARING_DEFINITIONS
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.reports.cli.options import AsJson
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import print_described
from darkfigure.synth.core.spec import Spec
from darkfigure.synth.entry import SystemProfile
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.storage.dictionary import dictionary as render_dictionary


class Kind(StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    suites = "suites"
    systems = "systems"
    strategies = "strategies"
    linkers = "linkers"
    metrics = "metrics"
    foreign = "foreign"


class SpecKind(StrEnum):
    """Files whose JSON Schema can be printed."""

    scenario = "scenario"
    suite = "suite"
    system = "system"
    strategy = "strategy"


def list_known(kind: Kind, *, as_json: AsJson = False) -> None:
    """List scenarios, suites, systems, strategies, linkers, metrics, or data sets of others."""
    known = _KNOWN[kind]()
    if as_json:
        say_json(known, indent=2)
    else:
        print_described(known)


def dictionary(
    out: Annotated[Path | None, typer.Option("--out", help="Markdown file to write.")] = None,
) -> None:
    """Print the data dictionary: every table, column and code list."""
    text = render_dictionary()
    if out is None:
        say(text.removesuffix("\n"))
    else:
        write_text(out, text)
        say(out)


def schema(kind: SpecKind) -> None:
    """Print the JSON Schema of a kind of TOML file, for an editor to check it by."""
    models: dict[str, type[Spec]] = {
        "scenario": Scenario,
        "suite": Suite,
        "system": SystemProfile,
        "strategy": SharingStrategy,
    }
    say_json(models[kind].model_json_schema(), indent=2)


def _titles(kind: str) -> dict[str, str]:
    return {name: scenarios.read(kind, name).get("title", "") for name in scenarios.names(kind)}


_KNOWN: dict[Kind, Callable[[], dict[str, str]]] = {
    Kind.scenarios: lambda: _titles("library"),
    Kind.suites: lambda: _titles("suites"),
    Kind.systems: lambda: _titles("systems"),
    Kind.strategies: known_strategies,
    Kind.linkers: registry.known_linkers,
    Kind.foreign: foreign.known_sets,
    Kind.metrics: lambda: {
        one.name: f"{one.meaning} ({one.formula})"
        for one in (*known_metrics().values(), *SHARING_DEFINITIONS)
    },
}
