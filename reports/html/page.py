"""The page: summary, sections, and how to reproduce it, all in one file of HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from darkfigure.reports.html import charts, findings, labels, tables
from darkfigure.reports.html.charts import Style
from darkfigure.reports.html.comparison import SettingResults, compare
from darkfigure.reports.html.difficulty import difficulty_sections
from darkfigure.reports.html.entry import entry_sections
from darkfigure.reports.html.fidelity import fidelity_sections
from darkfigure.reports.html.formats import count, interval, listing, percent
from darkfigure.reports.html.lawfulness import law_sections
from darkfigure.reports.html.own_metrics import meanings, own_metrics
from darkfigure.reports.html.register import assumptions
from darkfigure.reports.html.run import SEEMS_UNKNOWN, TRULY_UNKNOWN, ReportedRun
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.sections import leaderboard, make_sections
from darkfigure.reports.html.sharing import sharing_sections
from darkfigure.reports.html.strategies import strategies
from darkfigure.reports.html.templating import ASSETS, asset, environment
from darkfigure.reports.html.validity import validity
from darkfigure.synth.core.errors import UnknownNameError

SCRIPTS = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "page.js")
# The largest page to be sent by mail. A larger one shows only its first setting in full; each takes
# some 300 KB.
_MOST_BYTES = 2_000_000
_IN_FULL = (
    "Groups, causes, example pairs and thresholds of this setting are written by: "
    "darkfigure report RUN --setting {} --out setting.html"
)
_TILES = {
    "recall": "of the true pairs are found by {}",
    "precision": "of the links of {} are right",
}


@dataclass(frozen=True)
class PagePart:
    """All sections about one setting; name and title are "" where there is only one."""

    name: str
    title: str
    sections: tuple[Section, ...]
    sides: tuple[str, str]


@dataclass(frozen=True)
class Fact:
    """A figure or circumstance that the summary names."""

    name: str
    value: str
    aside: str = ""


def render(run: ReportedRun, settings: Sequence[str] = (), *, boards: Sequence[str] = ()) -> str:
    """Write the whole page.

    Parameters
    ----------
    run
        The run.
    settings
        Settings to show, such as "merthyr/clear/ed-police"; all if none is given.
    boards
        Names of the files beside it that hold pages for a board.

    Raises
    ------
    UnknownNameError
        There is no such setting.
    """
    comparisons = _chosen(compare(run), settings)
    page = _fill(run, comparisons, boards, n_in_full=len(comparisons))
    if len(comparisons) > 1 and len(page.encode()) > _MOST_BYTES:
        return _fill(run, comparisons, boards, n_in_full=1)
    return page


def _fill(
    run: ReportedRun,
    comparisons: Sequence[SettingResults],
    boards: Sequence[str],
    *,
    n_in_full: int,
) -> str:
    drawn = charts.styles(linker for comparison in comparisons for linker in comparison.linkers)
    alone = len(comparisons) == 1
    return (
        environment()
        .get_template("page.html")
        .render(
            heading=_heading(run, comparisons),
            suite=title(run.manifest),
            open=labels.is_open(run.manifest.get("guards", [])),
            facts=_facts(run, comparisons),
            tiles=_tiles(comparisons[0]) if alone else [],
            parts=_parts(run, comparisons, drawn, n_in_full),
            first=(*sharing_sections(run), *validity(run.validity)),
            boards=boards,
            shared=[
                *difficulty_sections(run.manifest, comparisons, drawn),
                *strategies(comparisons, drawn),
                *fidelity_sections(run.fidelity),
                *law_sections(run.laws),
                *assumptions(run.manifest),
                meanings(run),
            ],
            command=_command(run.manifest),
            software=tables.versions(run.manifest),
            hashes=tables.datasets(run.manifest),
            manifest=json.dumps(_in_short(run.manifest), indent=2, ensure_ascii=False),
            style=asset("style.css"),
            scripts=[asset(name) for name in SCRIPTS],
            licences=_licences(),
        )
    )


def _heading(run: ReportedRun, comparisons: Sequence[SettingResults]) -> str:
    """Give the finding about the one setting, or on sharing; else the name of the suite."""
    if len(comparisons) == 1:
        return findings.headline(comparisons[0])
    whole = [*sharing_sections(run), *validity(run.validity)]
    return whole[0].title if whole else title(run.manifest)


def _in_short(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the systems' profiles out of a manifest: a hundred pages of rates, for each world."""
    datasets = {
        name: {**dataset, "scenario": _without_rates(dataset["scenario"])}
        if "scenario" in dataset
        else dataset
        for name, dataset in manifest.get("datasets", {}).items()
    }
    return {**manifest, "datasets": datasets}


def _without_rates(scenario: object) -> object:
    if not isinstance(scenario, Mapping):
        return scenario
    profiles = scenario.get("systems", {})
    return {
        **scenario,
        "systems": {name: profile.get("title", "") for name, profile in profiles.items()},
    }


def title(manifest: Mapping[str, Any]) -> str:
    """Name the suite that was run."""
    suite = manifest.get("suite", "")
    if isinstance(suite, Mapping):
        suite = suite.get("title") or suite.get("name")
    return str(suite or "linkage methods compared")


def _chosen(
    comparisons: Sequence[SettingResults], settings: Sequence[str]
) -> Sequence[SettingResults]:
    """Pick the settings to show."""
    known = {"/".join(comparison.setting): comparison for comparison in comparisons}
    for name in settings:
        if name not in known:
            raise UnknownNameError.of("setting", name, known)
    return [known[name] for name in settings or known]


def _name(comparison: SettingResults) -> str:
    return ", ".join(comparison.setting)


def _parts(
    run: ReportedRun,
    comparisons: Sequence[SettingResults],
    drawn: Mapping[str, Style],
    n_in_full: int,
) -> list[PagePart]:
    """Show each setting, the first `n_in_full` of them in full."""
    alone = len(comparisons) == 1
    parts = []
    for place, comparison in enumerate(comparisons):
        scenario, _, task = comparison.setting
        sides = (labels.side(task, right=False), labels.side(task, right=True))
        heading = "" if alone else f"{_name(comparison)}: {findings.headline(comparison)}"
        if place < n_in_full:
            sections = (
                *make_sections(comparison, drawn, alone=alone),
                *own_metrics(comparison, run.manifest),
                *entry_sections(run.manifest, scenario),
            )
        else:
            board = leaderboard(comparison, drawn)
            more = _IN_FULL.format("/".join(comparison.setting))
            sections = (replace(board, note=f"{board.note} {more}".strip()),)
        parts.append(PagePart("" if alone else _name(comparison), heading, sections, sides))
    return parts


def _facts(run: ReportedRun, comparisons: Sequence[SettingResults]) -> list[Fact]:
    settings = [each.setting for each in comparisons]
    linkers = dict.fromkeys(name for each in comparisons for name in each.linkers)
    seeds = _listed(str(seed) for each in comparisons for seed in each.seeds)
    guards = run.manifest.get("guards", [])
    return [
        Fact("Scenario", _listed(each.scenario for each in settings), _scenario(run.manifest)),
        Fact("People", *_people(run.manifest)),
        Fact("Question", " ".join(dict.fromkeys(labels.task(each.task) for each in settings))),
        Fact("Sharing strategy", _listed(labels.strategy(each.strategy) for each in settings)),
        Fact("Methods", _listed(labels.linker(name) for name in linkers)),
        Fact("Seeds" if "and" in seeds else "Seed", seeds, _held_out(run.manifest)),
        *([Fact("The truth was", labels.guards(guards))] if guards else []),
    ]


def _held_out(manifest: Mapping[str, Any]) -> str:
    """Say that these are tuning seeds, and what doubts there are about linkers."""
    suite = manifest.get("suite", {})
    tuning = isinstance(suite, Mapping) and suite.get("tuning")
    said = ["Tuning seeds: not to be reported."] if tuning else []
    return " ".join([*said, *manifest.get("held_out", [])])


def _scenario(manifest: Mapping[str, Any]) -> str:
    """Describe the scenario where there is only one."""
    described = [dataset.get("scenario") for dataset in manifest.get("datasets", {}).values()]
    known = [each for each in described if isinstance(each, Mapping)]
    if len({each.get("name") for each in known}) != 1:
        return ""
    texts = (known[0].get("title"), known[0].get("description"))
    return ". ".join(str(each).rstrip(".") for each in texts if each) + "."


def _people(manifest: Mapping[str, Any]) -> tuple[str, str]:
    datasets = manifest.get("datasets", {}).values()
    sizes = {dataset["persons"] for dataset in datasets if dataset.get("persons") is not None}
    aside = "in the largest dataset" if len(sizes) > 1 else ""
    return count(max(sizes, default=None)), aside


def _listed(words: Iterable[str]) -> str:
    return listing(list(dict.fromkeys(words)))


def _tiles(comparison: SettingResults) -> list[Fact]:
    """Pick the three most important figures, of the best linker by F1."""
    ranked = comparison.ranked("f1")
    if not ranked:
        return []
    linker = ranked[0][0]
    name = labels.linker(linker)
    estimates = {metric: comparison.estimate(linker, metric) for metric in _TILES}
    return [
        *(
            Fact(
                _TILES[metric].format(name),
                percent(estimate.value),
                interval(estimate.low, estimate.high),
            )
            for metric, estimate in estimates.items()
            if estimate
        ),
        *_unknown_tile(comparison, linker),
    ]


def _unknown_tile(comparison: SettingResults, linker: str) -> list[Fact]:
    truth = comparison.share(TRULY_UNKNOWN)
    seems = comparison.estimate(linker, SEEMS_UNKNOWN)
    if not truth or not seems:
        return []
    aside = f"by the links of {labels.linker(linker)} it seems {percent(seems.value)}"
    about = "of the assault attendances have no occurrence about the same event"
    return [Fact(about, percent(truth.value), aside)]


def _command(manifest: Mapping[str, Any]) -> str:
    suite = manifest.get("suite", {})
    name = suite.get("name") if isinstance(suite, Mapping) else suite
    return str(manifest.get("command") or f"darkfigure run {name or 'SUITE'} --out OUT")


def _licences() -> list[tuple[str, str]]:
    files = [file for file in ASSETS.iterdir() if file.name.startswith("LICENSE-")]
    return sorted(
        (file.name.removeprefix("LICENSE-"), file.read_text(encoding="utf-8")) for file in files
    )
