"""How much violence there was by estimate, beside the truth, and in how many worlds that holds."""

from __future__ import annotations

from rich.table import Table

from darkfigure.linkage_eval.recapture import PopulationEstimate
from darkfigure.linkage_eval.studies.coverage import Covered
from darkfigure.linkage_eval.studies.estimate import Sizes
from darkfigure.reports.terminal.screen import output


def print_sizes(sizes: Sizes) -> None:
    """Print each estimate of how many incidents there were, and how far it is off."""
    said = (
        f"{sizes.true:,} incidents with injury in truth; emergency departments saw "
        f"{sizes.first:,}, police recorded {sizes.second:,}, {sizes.both:,} both "
        f"({sizes.linked:,} as linked)"
    )
    table = _table(said, ("links", "estimator"), ("size (95 % interval)", "against truth"))
    for answer in sizes.answers:
        one = answer.estimate
        off = "" if one.value is None else f"{one.value / sizes.true - 1:+.1%}"
        table.add_row(answer.links, one.estimator, _sized(one), off)
    output().print(table)


def print_coverage(done: list[Covered]) -> None:
    """Print of each estimator how often its interval holds the truth."""
    worlds = done[0].judgement.n
    table = _table(
        f"{worlds} worlds", ("condition", "links", "estimator"), ("bias", "coverage", "width")
    )
    for one in done:
        judged = one.judgement
        covers = f"{judged.coverage:.2f} ({judged.coverage_low:.2f}-{judged.coverage_high:.2f})"
        bias, width = _share(judged.relative_bias, "+"), _share(judged.relative_width)
        table.add_row(one.condition, one.links, judged.estimator, bias, covers, width)
    output().print(table)


def _table(title: str, left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    return table


def _sized(one: PopulationEstimate) -> str:
    if one.value is None or one.low is None:
        return "none"
    high = "no limit" if one.high is None else f"{one.high:,.0f}"
    return f"{one.value:,.0f} ({one.low:,.0f}-{high})"


def _share(value: float | None, sign: str = "") -> str:
    return "none" if value is None else f"{value:{sign}.1%}"
