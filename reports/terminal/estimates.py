"""Estimates of violence in the terminal, beside the truth, and their coverage over worlds."""

from __future__ import annotations

from rich.table import Table

from darkfigure.linkage_eval.recapture import PopulationEstimate
from darkfigure.linkage_eval.studies.coverage import Covered
from darkfigure.linkage_eval.studies.estimate import Sizes
from darkfigure.reports.terminal.screen import output


def print_sizes(sizes: Sizes) -> None:
    """Print each estimate of the number of incidents, and its error."""
    title = (
        f"{sizes.true:,} incidents with injury in truth; emergency departments saw "
        f"{sizes.first:,}, police recorded {sizes.second:,}, {sizes.both:,} both "
        f"({sizes.linked:,} as linked)"
    )
    table = _table(title, ("links", "estimator"), ("size (95 % interval)", "against truth"))
    for answer in sizes.answers:
        estimate = answer.estimate
        off = (
            ""
            if estimate.value is None or not sizes.true
            else f"{estimate.value / sizes.true - 1:+.1%}"
        )
        table.add_row(answer.links, estimate.estimator, _sized(estimate), off)
    output().print(table)
    _print_curve(sizes)


def _print_curve(sizes: Sizes) -> None:
    """Print the estimate under each assumed odds ratio, and the part that is the assumption."""
    known = (sizes.odds_ratio, sizes.odds_ratio_within)
    overall, within = ("none" if ratio is None else f"{ratio:.2f}" for ratio in known)
    title = (
        "The same lists under an assumed odds ratio between them; two lists cannot tell it. In "
        f"truth it is {overall}, and {within} within grades of injury"
    )
    table = _table(title, ("assumed odds ratio",), ("size (95 % interval)", "against truth"))
    for assumption in sizes.curve:
        estimate = assumption.estimate
        off = "" if estimate.value is None else f"{estimate.value / sizes.true - 1:+.1%}"
        table.add_row(f"{assumption.odds_ratio:g}", _sized(estimate), off)
    output().print(table)
    if sizes.by_chance.value is not None:
        output().print(_assumed(sizes))


def _assumed(sizes: Sizes) -> str:
    """Say how much of the answer is the assumption, and how much the sampling."""
    values = [each.estimate.value for each in sizes.curve if each.estimate.value is not None]
    ratios, chance = [each.odds_ratio for each in sizes.curve], sizes.by_chance
    return (
        f"Sampling leaves {chance.low:,.0f} to {chance.high:,.0f} open if the lists are "
        f"independent; odds ratios from {min(ratios):g} to {max(ratios):g} leave "
        f"{min(values):,.0f} to {max(values):,.0f}: that part of the answer is the assumption."
    )


def print_coverage(covered: list[Covered]) -> None:
    """Print bias, coverage and width of each estimator."""
    worlds = covered[0].judgement.n
    table = _table(
        f"{worlds} worlds", ("condition", "links", "estimator"), ("bias", "coverage", "width")
    )
    for row in covered:
        judged = row.judgement
        covers = f"{judged.coverage:.2f} ({judged.coverage_low:.2f}-{judged.coverage_high:.2f})"
        bias, width = _share(judged.relative_bias, "+"), _share(judged.relative_width)
        table.add_row(row.condition, row.links, judged.estimator, bias, covers, width)
    output().print(table)


def _table(title: str, left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    return table


def _sized(estimate: PopulationEstimate) -> str:
    if estimate.value is None or estimate.low is None:
        return "none"
    high = "no limit" if estimate.high is None else f"{estimate.high:,.0f}"
    return f"{estimate.value:,.0f} ({estimate.low:,.0f}-{high})"


def _share(value: float | None, sign: str = "") -> str:
    return "none" if value is None else f"{value:{sign}.1%}"
