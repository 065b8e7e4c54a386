"""Pages of the reference that are made from the program itself, so that they cannot be wrong."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from typer.core import TyperArgument

from darkfigure.linkage_eval.catalogue import WHOLE
from darkfigure.linkage_eval.fidelity.assumptions import assumptions_of
from darkfigure.linkage_eval.gate import Tolerances
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.metrics.needs import NEEDS
from darkfigure.linkage_eval.metrics.registry import library
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.reports.cli import VERBS, load_verb
from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.ed.records import EmergencyDepartments
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core import errors
from darkfigure.synth.entry import SystemProfile
from darkfigure.synth.reference import load
from darkfigure.synth.reporting.accounts import Account
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.storage.dictionary import dictionary
from darkfigure.synth.violence.severity import Severity

_SPECS = {
    "scenario": (Scenario, "Read by `generate`, and by suites."),
    "suite": (Suite, "Read by `run`."),
    "system": (SystemProfile, "Read by scenarios, below `[systems]`."),
    "tolerances": (Tolerances, "Read by `compare --tolerances`."),
}


_BETTER = {"higher": "higher", "lower": "lower", "neither": ""}

_NUMBERS = {
    "Scenario": "Numbers that a scenario's file may turn.",
    "Constants": "Numbers that nobody turns, in the modules of the simulation.",
    "Tables": "Reference tables; `synth/reference/SOURCES.md` says more of each.",
    "Data entry": "Rates of the systems' profiles, which a profile's file may turn.",
}

# In the order of `synth/pipeline.py`.
_STAGES = (
    "population",
    "violence.acts",
    "violence.episodes",
    "violence.circumstances",
    "violence.offenders",
    "violence.company",
    "violence.severity",
    "violence.scenes",
    "violence.proneness",
    "reporting.accounts",
    "reporting.help_seeking",
    "reporting.police",
    "reporting.targets",
    "reporting.contacts",
    "violence.witnesses",
    "lives",
    "agencies",
    "entry",
)
# Tables of the reference that the page on violence shows: file, table and columns with a heading.
_OF_VIOLENCE = {
    "company": (
        "violence_company",
        {
            "kind": "kind",
            "offenders_2": "2 offenders",
            "offenders_3": "3",
            "offenders_4": "4 or more",
            "victims_2": "2 victims",
            "victims_3": "3",
            "victims_4": "4 or more",
            "hits_back": "hits back",
            "bystander": "known bystander",
        },
    ),
    "weapons": (
        "violence_weapons",
        {
            "weapon": "weapon",
            "none": "no injury",
            "minor": "minor",
            "wounding": "wound",
            "moderate": "of wounds: moderate",
            "serious": "serious",
            "life_threatening": "life-threatening",
            "fatal": "fatal",
        },
    ),
    "days": (
        "day_factors",
        {
            "day": "day",
            "first_hour": "from",
            "end_hour": "to hour",
            "public": "in public",
            "domestic": "at home",
            "work": "at work",
            "peer": "under 18",
        },
    ),
}
_OF_ACCOUNTS = {"police": Police().account, "emergency departments": EmergencyDepartments().account}


def write_all(folder: Path) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "verbs": "".join(_verbs()),
        "exit-codes": _exit_codes(),
        "linkers": _listing("Linkers", registry.known_linkers()),
        "metrics": "".join(_metrics()),
        "data-dictionary": dictionary(),
        "assumptions": "".join(_assumptions()),
        **{name: "".join(_format(name)) for name in _SPECS},
    }
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    # Included by a page, no page itself.
    parts = {
        "submodels": "\n".join(_submodels()),
        # The table alone: the page has its own heading.
        "violence-severity": "".join([*_keys("", Severity.model_json_schema(), "")][1:]),
        "violence-accounts": "\n".join(_accounts()),
        **{
            f"violence-{name}": "\n".join(_columns(table, columns))
            for name, (table, columns) in _OF_VIOLENCE.items()
        },
    }
    for name, text in parts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def _columns(table: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Show some columns of a table of the reference."""
    yield f"| {' | '.join(columns.values())} |"
    yield f"| {' | '.join(['---'] * len(columns))} |"
    for row in load(table).to_pylist():
        cells = (
            f"{row[name]:g}" if isinstance(row[name], float) else row[name] for name in columns
        )
        yield f"| {' | '.join(str(cell).replace('_', ' ') for cell in cells)} |"


def _accounts() -> Iterator[str]:
    """Show the errors of times that agencies are told, side by side."""
    yield f"| error | {' | '.join(_OF_ACCOUNTS)} |"
    yield f"| {' | '.join(['---'] * (len(_OF_ACCOUNTS) + 1))} |"
    for name, said in Account.model_json_schema()["properties"].items():
        values = (getattr(account, name) for account in _OF_ACCOUNTS.values())
        meaning = _cell(said.get("description", name)).rstrip(".")
        yield f"| {meaning} | {' | '.join(str(value).strip('()') for value in values)} |"


def _submodels() -> Iterator[str]:
    """Describe each stage in the words of its module."""
    for name in _STAGES:
        module = importlib.import_module(f"darkfigure.synth.{name}")
        yield f"**{name}**: {inspect.getdoc(module)}\n"


def _verbs() -> Iterator[str]:
    yield "# Verbs\n\n`darkfigure VERB --help` says the same in the terminal.\n"
    for name in sorted(VERBS):
        command = load_verb(name)
        arguments = [one for one in command.params if isinstance(one, TyperArgument)]
        names = " ".join(_argument(one) for one in arguments)
        call = f"darkfigure {name} {names}".rstrip()
        yield f"\n## {name}\n\n{command.help}\n\n```text\n{call} [OPTIONS]\n```\n\n"
        yield "| option | meaning | default |\n| --- | --- | --- |\n"
        for one in command.params:
            spelt = f"`{_argument(one)}`" if isinstance(one, TyperArgument) else _spelt(one)
            yield f"| {spelt} | {getattr(one, 'help', None) or ''} | {_default(one)} |\n"


def _argument(one: TyperArgument) -> str:
    return one.metavar or (one.name or "").upper()


def _spelt(one: Any) -> str:  # noqa: ANN401, typer keeps the types of options to itself
    return ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))


def _default(one: Any) -> str:  # noqa: ANN401, as above
    if one.required:
        return "needed"
    if one.default is None or one.default is False:
        return ""
    # The number of cores differs from machine to machine.
    if one.name == "workers":
        return "all cores"
    return f"`{getattr(one.default, 'value', one.default)}`"


def _exit_codes() -> str:
    said = inspect.getdoc(errors) or ""
    rows = [
        f"| {kind.exit_code} | `{name}` | {(inspect.getdoc(kind) or '').splitlines()[0]} |"
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, errors.DarkfigureError)
    ]
    head = [
        "# Exit codes\n",
        said.splitlines()[0] + " In Python they are exceptions of these names.\n",
        "| code | exception | when |\n| --- | --- | --- |",
        "| 0 | | all went well |",
        "| 1 | | `compare` found a regression; `fidelity --strict` found a figure outside |",
        "| 2 | | a wrong option or argument |",
        *rows,
        "| 130 | | interrupted from the keyboard |",
    ]
    return "\n".join(head) + "\n"


def _listing(title: str, known: Mapping[str, str]) -> str:
    rows = [f"| `{name}` | {_cell(meaning)} |" for name, meaning in known.items()]
    return "\n".join([f"# {title}\n", "| name | what it is |\n| --- | --- |", *rows]) + "\n"


def _metrics() -> Iterator[str]:
    yield "# Metrics\n\nEach is declared beside its code, and measured where its needs are there.\n"
    for scope, needs in NEEDS.items():
        yield f"\n## Of {scope}\n\n| name | label | what it is | formula | better | unit | needs |"
        yield " source | module |\n" + "| --- " * 9 + "|\n"
        for metric in library(scope):
            module = metric.module.removeprefix("darkfigure.linkage_eval.")
            for one in metric.definitions:
                texts = (one.label, one.meaning, one.formula, _BETTER[one.direction], one.unit)
                texts += (", ".join(one.needs), one.source, module)
                yield f"| `{one.name}` | {' | '.join(map(_cell, texts))} |\n"
        yield f"\n### Needs of metrics of {scope}\n\n| name | what it is |\n| --- | --- |\n"
        yield "".join(f"| `{name}` | {_cell(meaning)} |\n" for name, meaning in needs.items())


def _assumptions() -> Iterator[str]:
    """List every number that the worlds rest on, by where it stands."""
    yield "# Assumptions\n\nEvery number that the worlds rest on, as `darkfigure list assumptions`"
    yield f" lists them: the values are those of the scenario `{WHOLE}`. Of a dataset,"
    yield " `darkfigure fidelity DATASET --assumptions` shows its own.\n"
    register = assumptions_of(load_scenario(WHOLE)).to_pylist()
    parts = {kind: [row for row in register if _kind(row) == kind] for kind in _NUMBERS}
    for kind, rows in parts.items():
        assumed = sum(row["assumed"] for row in rows)
        yield f"\n## {kind}\n\n{_NUMBERS[kind]} {assumed:,} of {len(rows):,} are assumed, wholly"
        yield " or in part.\n\n| name | value | source | meaning | place |\n" + "| --- " * 5 + "|\n"
        for row in rows:
            texts = (row["value"], row["source"], row["meaning"], f"`{row['place']}`")
            yield f"| `{row['parameter']}` | {' | '.join(map(_cell, texts))} |\n"


def _kind(row: Mapping[str, Any]) -> str:
    """Tell where a number of the register belongs, by its name."""
    heads = {"systems.": "Data entry", "darkfigure.": "Constants", "reference/": "Tables"}
    known = (kind for head, kind in heads.items() if row["parameter"].startswith(head))
    return next(known, "Scenario")


def _format(name: str) -> Iterator[str]:
    model, read_by = _SPECS[name]
    schema = model.model_json_schema()
    yield f"# {name.capitalize()}: the TOML file\n\n{read_by} `darkfigure schema {name}` prints the"
    yield " JSON Schema, by which an editor can check a file while you write it.\n"
    yield from _keys("", schema, "Top level")
    for part, inner in schema.get("$defs", {}).items():
        if "properties" in inner:
            yield from _keys("", inner, part)


def _keys(lead: str, schema: Mapping[str, Any], title: str) -> Iterator[str]:
    yield f"\n## {title}\n\n{_first(schema.get('description', ''))}\n\n"
    yield "| key | type | default | meaning |\n| --- | --- | --- | --- |\n"
    for key, said in schema.get("properties", {}).items():
        meaning = _cell(said.get("description", ""))
        yield f"| `{lead}{key}` | {_type(said)} | {_shown(said)} | {meaning} |\n"


def _first(text: str) -> str:
    return text.partition("\n\n")[0].replace("\n", " ")


def _type(said: Mapping[str, Any]) -> str:
    if "$ref" in said:
        return said["$ref"].rpartition("/")[2]
    if "anyOf" in said:
        kinds = [_type(one) for one in said["anyOf"]]
        return " or ".join(kind for kind in kinds if kind != "null")
    if "enum" in said:
        return ", ".join(f"`{one}`" for one in said["enum"])
    kind = said.get("type", "any")
    if kind == "array" and isinstance(said.get("items"), Mapping):
        return f"array of {_type(said['items'])}"
    return {"object": "table", "number": "number", "null": "null"}.get(kind, kind)


def _shown(said: Mapping[str, Any]) -> str:
    default = said.get("default")
    if default is None or isinstance(default, Mapping):
        return ""
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if len(text) < 40 else "see `darkfigure schema`"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")
