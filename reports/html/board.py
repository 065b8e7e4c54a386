"""The page of a board: what sharing would show, of whom, how soon, at what cost, how surely."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import log1p

from markupsafe import Markup

from darkfigure.linkage_eval.sharing.outputs import words
from darkfigure.linkage_eval.sharing.outputs.flow_map import draw_flows
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.names import overlay_names
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.statutes import POWERS
from darkfigure.reports.html import labels
from darkfigure.reports.html.board_facts import (
    QUESTIONS,
    TREATED,
    TREATED_UNIT,
    Facts,
    StrategyAnswers,
    headline,
    worth_most,
    years_of,
)
from darkfigure.reports.html.formats import count
from darkfigure.reports.html.hotspot_map import KINDS
from darkfigure.reports.html.run import ReportedRun
from darkfigure.reports.html.sharing_aims import LOST, NAMED, Answers
from darkfigure.reports.html.templating import asset, environment
from darkfigure.synth.core.errors import DarkfigureError

_BASES = ("patchwork", "none")


@dataclass(frozen=True)
class Shown:
    """A strategy with its flows in words and its drawing, where its file is still there.

    Parameters
    ----------
    facts
        What the run found of it.
    title, weakness
        In a sentence each; "" where its file is gone.
    flows
        For each flow: who gets, from whom, what, in which form, when, kept how long.
    drawing
        Its flows as SVG.
    powers
        The statutes that it relies on.
    """

    facts: StrategyAnswers
    title: str = ""
    weakness: str = ""
    flows: tuple[tuple[str, ...], ...] = ()
    drawing: str = ""
    powers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A strategy among all: shares with their intervals, and its costs."""

    name: str
    plain: str
    police: tuple[float, float, float]
    unit: tuple[float, float, float]
    named: float
    named_width: float  # of its bar, from 0 to 1, on a scale by tens
    hours: float
    lost: float


def board_scenarios(run: ReportedRun) -> tuple[str, ...]:
    """Name the worlds of a run for which a board's page can be written."""
    return tuple(
        scenario
        for scenario in dict.fromkeys(row.scenario for row in run.shared)
        if any(
            Answers(run, scenario).value(name, TREATED) is not None
            for name in Answers(run, scenario).plain
        )
    )


def render_board(run: ReportedRun, scenario: str) -> str:
    """Write the page of a board about one world of a run.

    Parameters
    ----------
    run
        The run.
    scenario
        One of `board_scenarios`.
    """
    answers = Answers(run, scenario)
    measured = [name for name in answers.plain if answers.value(name, TREATED) is not None]
    base = next((name for name in _BASES if name in measured), measured[0])
    facts = Facts(run, answers, base, years_of(run.manifest, scenario))
    shown = {name: _show(facts, name) for name in measured}
    best = worth_most(answers, base)
    other = best if best != base else next((one for one in measured if one != base), base)
    rows = sorted((_row(facts, shown[name]) for name in measured), key=lambda row: -row.police[0])
    return (
        environment()
        .get_template("board.html")
        .render(
            heading=headline(facts, shown[best].facts, shown[base].facts),
            world=_world(run, scenario),
            questions=QUESTIONS,
            shown=[shown[row.name] for row in rows],
            pair=(base, other),
            rows=rows,
            failed=[(name, answers.failed(name)) for name in answers.names if answers.failed(name)],
            levers=[overlay_names().get(name, name) for name in _levers(answers)],
            kinds=KINDS,
            command=str(run.manifest.get("command") or "darkfigure run sharing --out OUT"),
            open=labels.is_open(run.manifest.get("guards", [])),
            style=Markup("{}\n{}").format(asset("style.css"), asset("board.css")),
            scripts=[asset("page.js"), asset("board.js")],
        )
    )


def _show(facts: Facts, name: str) -> Shown:
    # A strategy of the user's own may no longer be where it was when the run was made.
    with suppress(DarkfigureError):
        strategy = load_strategy(name)
        return Shown(
            facts.strategy(
                name,
                strategy.plain_name,
                counts=any(flow.format.counts for flow in strategy.flow),
            ),
            strategy.title,
            strategy.strategy.weakness,
            _in_words(strategy.flow),
            _drawn(strategy),
            _powers(strategy),
        )
    return Shown(facts.strategy(name, name))


def _in_words(flows: Sequence[Flow]) -> tuple[tuple[str, ...], ...]:
    """Put flows in words; those that differ in their source alone are told together."""
    told: dict[tuple[str, ...], list[str]] = {}
    for flow in flows:
        to = ", ".join(map(words.agency_name, (flow.recipient.agency, *flow.recipient.onward)))
        kept = words.span(flow.retention) if flow.retention else ""
        key = (to, words.carried(flow), words.form(flow), words.times(flow), kept)
        source = f"{words.agency_name(flow.source.agency)}, {words.about(flow)}"
        told.setdefault(key, []).append(source)
    return tuple((to, "; ".join(sources), *rest) for (to, *rest), sources in told.items())


def _powers(strategy: SharingStrategy) -> tuple[str, ...]:
    named = dict.fromkeys(flow.basis.power for flow in strategy.flow)
    return tuple(POWERS[name].title for name in named if name in POWERS)


def _drawn(strategy: SharingStrategy) -> Markup:
    return Markup(draw_flows(strategy))  # noqa: S704, it escapes what it writes


def _row(facts: Facts, shown: Shown) -> Row:
    name, answers = shown.facts.name, facts.answers
    named = answers.value(name, NAMED) or 0.0
    most_named = max(answers.value(one, NAMED) or 0.0 for one in answers.plain)
    shares = []
    for aim in (TREATED, TREATED_UNIT):
        value = answers.value(name, aim) or 0.0
        shares.append((value, *(answers.bounds(name, aim) or (value, value))))
    return Row(
        name,
        shown.facts.plain,
        shares[0],
        shares[1],
        named,
        log1p(named) / log1p(max(most_named, 1.0)),
        facts.hours_a_year(name) or 0.0,
        answers.value(name, LOST) or 0.0,
    )


def _world(run: ReportedRun, scenario: str) -> str:
    """Describe the world in a sentence."""
    for dataset in run.manifest.get("datasets", {}).values():
        described = dataset.get("scenario") or {}
        if described.get("name") == scenario:
            people = count(dataset.get("persons"))
            years = described.get("years", 1)
            where = str(described.get("title", scenario))
            return f"{where}, {people} simulated people, {years} year{'' if years == 1 else 's'}"
    return scenario


def _levers(answers: Answers) -> list[str]:
    overlays = [part for name in answers.names for part in name.split("+")[1:]]
    return list(dict.fromkeys(overlays))
