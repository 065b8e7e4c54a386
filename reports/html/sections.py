"""The sections of the page: each has a finding as its title, charts and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from darkfigure.reports.html import charts, findings, labels, tables
from darkfigure.reports.html.assumed import dependence
from darkfigure.reports.html.ceiling import ceiling, limit_key
from darkfigure.reports.html.charts import Style
from darkfigure.reports.html.comparison import SettingResults
from darkfigure.reports.html.formats import NO_BREAK, capital, percent
from darkfigure.reports.html.pairs import ExamplePair, example_pairs
from darkfigure.reports.html.question import question
from darkfigure.reports.html.scores import calibration, thresholds
from darkfigure.reports.html.section import Figure, Section, keys
from darkfigure.reports.html.structure import structure
from darkfigure.reports.html.tables import PageTable

# Example pairs of each linker and kind: where a page has one setting, and where it has several.
MOST_PAIRS, FEW_PAIRS = 12, 4
_SHARED_OUT = (
    "The shares add up: a model of all true pairs says how much each cause adds to the risk of "
    "being missed, and pairs with several causes are divided among them (Shapley\u2019s rule). "
    "They are those of one world."
)


def make_sections(
    comparison: SettingResults, drawn: Mapping[str, Style], *, alone: bool = True
) -> tuple[Section, ...]:
    """Make all sections about one setting, in the order of the page.

    Parameters
    ----------
    comparison
        The results of the setting.
    drawn
        Style of each linker, by name.
    alone
        Whether the page has no other setting, and room for more example pairs.
    """
    return (
        question(comparison),
        *dependence(comparison, drawn),
        leaderboard(comparison, drawn),
        *ceiling(comparison),
        _groups(comparison, drawn),
        _causes(comparison, drawn),
        _pairs(comparison, MOST_PAIRS if alone else FEW_PAIRS),
        *thresholds(comparison, drawn),
        *calibration(comparison, drawn),
        *structure(comparison),
        _speed(comparison, drawn),
    )


def leaderboard(comparison: SettingResults, drawn: Mapping[str, Style]) -> Section:
    """Compare the methods on all people together.

    Parameters
    ----------
    comparison
        The results of one setting.
    drawn
        Style of each linker, by name.
    """
    paired = tables.against_best(comparison)
    section = Section(
        "leaderboard",
        "Leaderboard",
        findings.accuracy(comparison),
        f"{_tied(comparison, paired)}A heading sorts a table; an arrow at it says which way is "
        "better.",
        tables=(tables.leaderboard(comparison), *paired),
    )
    if not comparison.ranked("f1"):
        return section
    start = charts.axis_start(comparison)
    figure = Figure(
        "Precision, recall and F1",
        charts.accuracy(comparison, drawn, start=start),
        tables.accuracy(comparison),
        f"Points are the values, lines their 95{NO_BREAK}% intervals." + _cut(start),
    )
    return replace(
        section, keys=(*keys(comparison, drawn), *limit_key(comparison)), figures=(figure,)
    )


def _tied(comparison: SettingResults, paired: Sequence[PageTable]) -> str:
    if len(comparison.linkers) < 2:
        return ""
    if not paired:
        return "Methods whose intervals overlap are called tied. "
    return (
        "Methods are called tied where a comparison on the same people, one by one, does not tell "
        "them apart (second table): it tells apart more than intervals that overlap. "
    )


def _groups(comparison: SettingResults, drawn: Mapping[str, Style]) -> Section:
    gaps = tables.widest_gaps(comparison)
    start = charts.axis_start(comparison)
    figures = [
        Figure(
            labels.kind(kind),
            charts.by_group(comparison, kind, drawn, start=start),
            tables.by_group(comparison, kind),
        )
        for kind in comparison.strata()
    ]
    return Section(
        "groups",
        "Accuracy by group",
        findings.groups(comparison),
        "Recall is the share of a group\u2019s true pairs that were linked; what is left of "
        f"100{NO_BREAK}% is its missed-match rate. Lines are 95{NO_BREAK}% intervals."
        + _cut(start),
        tables=(gaps,) if gaps.rows else (),
        keys=(*keys(comparison, drawn), *limit_key(comparison)) if figures else (),
        figures=tuple(figures),
        note="A difference is called too large for chance only if the two intervals do not "
        "overlap after they are widened for the number of differences looked at (Bonferroni).",
    )


def _cut(start: float) -> str:
    if not start:
        return ""
    return f" The axes begin at {percent(start, 0)}; lines that reach that edge go on beyond it."


def _causes(comparison: SettingResults, drawn: Mapping[str, Style]) -> Section:
    section = Section("causes", "Why links err", findings.causes(comparison))
    section = replace(section, tables=tuple(tables.false_causes(comparison)))
    if not findings.costly_causes(comparison):
        return section
    figure = Figure(
        "Missed pairs, shared out among their causes",
        charts.causes(comparison, drawn),
        tables.attributed(comparison),
        f"The costliest first. Lines are 95{NO_BREAK}% intervals. {_SHARED_OUT}",
    )
    bars = [replace(key, shape="bar") for key in keys(comparison, drawn)]
    return replace(
        section,
        keys=tuple(bars),
        figures=(figure,),
        tables=(*section.tables, tables.causes(comparison)),
    )


def _pairs(comparison: SettingResults, most: int) -> Section:
    section = Section("pairs", "Example pairs", findings.examples(comparison))
    examples = example_pairs(comparison.examples, most)
    if not examples:
        return section
    by_linker = [
        (labels.linker(linker), [pair for pair in examples if pair.linker == linker])
        for linker in comparison.linkers
    ]
    return replace(
        section,
        lead="Each side as its source wrote it, in the fields that both hold. What differs is "
        "underlined and shaded; the column \u201cDifference\u201d says the same in words.",
        pairs=tuple((linker, pairs) for linker, pairs in by_linker if pairs),
        choices=_choices(examples),
    )


def _choices(examples: Sequence[ExamplePair]) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    """List the causes and the groups of the pairs, as the reader may choose among them."""
    causes = {
        cause: labels.kin(cause) if pair.false else labels.cause(cause)
        for pair in examples
        for cause in pair.causes
    }
    groups = {
        f"{kind}={name}": f"{labels.kind(kind)}: {labels.stratum(kind, name)}"
        for pair in examples
        for kind, name in pair.groups
    }
    found = (
        ("Cause", [(name, capital(said)) for name, said in causes.items()]),
        ("Group of the left person", list(groups.items())),
    )
    return tuple(
        (label, sorted(told, key=lambda one: one[1])) for label, told in found if len(told) > 1
    )


def _speed(comparison: SettingResults, drawn: Mapping[str, Style]) -> Section:
    section = Section("speed", "Speed against accuracy", findings.speed(comparison))
    ranked = comparison.ranked("f1")
    if not any(findings.fits(comparison.costs.get(linker)) for linker, _ in ranked):
        return section
    figure = Figure(
        "F1 against wall time",
        charts.speed(comparison, drawn),
        tables.speed(comparison),
        "Upper left is better. On the dashed line lie the methods that no other beats in both. "
        "Times of single runs scatter by some tens of per cent.",
    )
    return replace(section, keys=keys(comparison, drawn), figures=(figure,))
