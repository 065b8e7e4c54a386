"""Verbs about what the library holds and what files may say: list, schema, dictionary."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.linkage_eval.catalogue import KINDS, MEANINGS, specifications
from darkfigure.reports.cli.options import AsJson
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import print_described


class Kind(StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    suites = "suites"
    systems = "systems"
    strategies = "strategies"
    linkers = "linkers"
    metrics = "metrics"
    foreign = "foreign"
    assumptions = "assumptions"


class SpecKind(StrEnum):
    """Files whose JSON Schema can be printed."""

    scenario = "scenario"
    suite = "suite"
    system = "system"
    strategy = "strategy"


def list_known(
    kind: Annotated[Kind | None, typer.Argument(help="Default: the kinds there are.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List scenarios, suites, systems, strategies, linkers, metrics, foreign data, assumptions."""
    known = KINDS[kind]() if kind else MEANINGS
    if as_json:
        say_json(known, indent=2)
    else:
        print_described(known)


def cache(
    *,
    clear: Annotated[bool, typer.Option("--clear", help="Delete them.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the large worlds that are kept, so that another sample of one starts at once.

    DARKFIGURE_CACHE names another folder for them, DARKFIGURE_CACHE_GB the gigabytes that may be
    kept: 4 unless it says so, 0 for none.
    """
    from darkfigure.synth.storage.kept import cache_folder, cache_limit, forget_things, kept_things

    things = forget_things() if clear else kept_things()
    if as_json:
        say_json([{"world": one.title, "bytes": one.size, "file": str(one.file)} for one in things])
        return
    for thing in things:
        say(f"{'deleted ' if clear else ''}{thing.title}  {thing.size / 1e9:.1f} GB")
    total = sum(thing.size for thing in kept_things()) / 1e9
    say(f"{cache_folder()}: {total:.1f} of {cache_limit() / 1e9:.1f} GB", err=True)


def dictionary(
    out: Annotated[Path | None, typer.Option("--out", help="Markdown file to write.")] = None,
) -> None:
    """Print the data dictionary: every table, column and code list."""
    from darkfigure.linkage_eval.runs.stored_links import write_text
    from darkfigure.synth.storage.dictionary import dictionary as render_dictionary

    text = render_dictionary()
    if out is None:
        say(text.removesuffix("\n"))
    else:
        write_text(out, text)
        say(out)


def schema(kind: SpecKind) -> None:
    """Print the JSON Schema of a kind of TOML file, for an editor to check it by."""
    say_json(specifications()[kind].model_json_schema(), indent=2)
