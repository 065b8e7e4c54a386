"""The tables of the page: text of each cell, and its value for sorting and for the CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from darkfigure.reports.html import labels, run
from darkfigure.reports.html.comparison import PooledEstimate, SettingResults
from darkfigure.reports.html.findings import costly_causes, gaps
from darkfigure.reports.html.formats import (
    DASH,
    capital,
    count,
    interval,
    listing,
    megabytes,
    percent,
    points,
    seconds,
)

MOST_ATTRIBUTED = 10  # causes, in the chart and beneath it
BELOW = "Points of F1 below attainable"
METRICS = ("precision", "recall", "f1", "f_star")
SHARES = (
    run.NEVER_REPORTED,
    run.NOT_RECORDED,
    run.RECORDED_NOT_FOUND,
    run.TRULY_UNKNOWN,
    run.SEEMS_UNKNOWN,
)


_MOST_CAUSES = 20  # of some eighty; with all, a page of several settings would be too large


@dataclass(frozen=True)
class TableCell:
    """A cell of a table.

    Parameters
    ----------
    text
        The text that it shows.
    value
        The plain value by which it sorts and which it exports.
    aside
        A smaller addition to the text.
    span
        Number of columns that it covers.
    bounds
        Ends of the value's interval, for the export.
    """

    text: str
    value: float | str | None = None
    aside: str = ""
    span: int = 1
    bounds: tuple[float, float] | None = None

    @property
    def number(self) -> bool:
        """Say whether the cell stands to the right, as numbers do."""
        return isinstance(self.value, int | float)


@dataclass(frozen=True)
class PageTable:
    """A table with a heading for each row in its first column.

    Parameters
    ----------
    key
        Its anchor on the page, and the name of its CSV.
    caption
        Its title.
    columns
        Headings of its columns.
    rows
        Its cells, row by row.
    numeric
        Places of the columns with numbers.
    folded
        Whether it is shut until the reader opens it.
    """

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    numeric: frozenset[int] = frozenset()
    folded: bool = False


def table(
    key: str,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[TableCell]],
    *,
    folded: bool = False,
) -> PageTable:
    """Make a table; a column is numeric where any of its cells is. Parameters as of `PageTable`."""
    numeric = {place for row in rows for place, cell in enumerate(row) if cell.number}
    cells = tuple(map(tuple, rows))
    return PageTable(key, caption, tuple(columns), cells, frozenset(numeric), folded)


def leaderboard(comparison: SettingResults) -> PageTable:
    """Give each linker a row: accuracy with intervals, links judged, time and memory.

    Where it is known what is attainable, a column says how far below it each is.
    """
    measured = map(labels.heading, METRICS)
    below = (BELOW,) if comparison.ceiling.attained("f1") else ()
    columns = ("Method", *measured, *below, "True pairs", "Wall time", "CPU time", "Peak memory")
    rows = [_leader(comparison, linker, len(columns)) for linker in comparison.linkers]
    return table("leaderboard", "All methods, with 95 % intervals", columns, rows)


def _leader(comparison: SettingResults, linker: str, width: int) -> tuple[TableCell, ...]:
    trouble = comparison.failures.get(linker, {})
    recall = comparison.estimate(linker, "recall")
    if trouble and not recall:
        reason = listing(sorted(set(trouble.values())))
        return _named(linker), TableCell(f"failed: {reason}", span=width - 1)
    cost = comparison.costs.get(linker)
    wall, cpu, peak = (cost.wall_seconds, cost.cpu_seconds, cost.peak_mb) if cost else (None,) * 3
    return (
        _named(linker, _some_failed(trouble)),
        *(share(comparison.estimate(linker, metric)) for metric in METRICS),
        *([below(comparison, linker)] if comparison.ceiling.attained("f1") else []),
        TableCell(count(recall.n), recall.n) if recall else TableCell(DASH),
        TableCell(seconds(wall), wall),
        TableCell(seconds(cpu), cpu),
        TableCell(megabytes(peak), peak),
    )


def _some_failed(trouble: Mapping[int, str]) -> str:
    return "; ".join(f"failed at seed {seed}: {why}" for seed, why in sorted(trouble.items()))


def _named(linker: str, aside: str = "") -> TableCell:
    return TableCell(capital(labels.linker(linker)), linker, aside)


def share(estimate: PooledEstimate | None) -> TableCell:
    """Write a share with its interval beneath."""
    if estimate is None:
        return TableCell(DASH)
    text = percent(estimate.value)
    if estimate.low is None or estimate.high is None:
        return TableCell(text, estimate.value)
    bounds = (estimate.low, estimate.high)
    return TableCell(text, estimate.value, interval(*bounds), bounds=bounds)


def below(comparison: SettingResults, linker: str) -> TableCell:
    """Say how far a linker's F1 is below what is attainable, in percentage points."""
    far = comparison.ceiling.distance(linker)
    if far is None:
        return TableCell(DASH)
    if far.low is None or far.high is None:
        return TableCell(f"{100 * far.value:z.2f}", far.value)
    span = f"({100 * far.low:z.2f} to {100 * far.high:z.2f})"
    return TableCell(f"{100 * far.value:z.2f}", far.value, span, bounds=(far.low, far.high))


def accuracy(comparison: SettingResults) -> PageTable:
    """Give each metric and linker a row: the numbers of the chart of accuracy."""
    rows = [
        (
            TableCell(labels.metric(metric), metric),
            _named(linker),
            share(estimate),
            TableCell(count(estimate.n), estimate.n),
        )
        for metric in METRICS
        for linker in comparison.linkers
        if (estimate := comparison.estimate(linker, metric))
    ]
    return table("accuracy", "Accuracy by metric", ("Metric", "Method", "Value", "n"), rows)


def by_group(comparison: SettingResults, kind: str) -> PageTable:
    """Give each group and linker a row: recall, its interval, missed-match rate and n.

    Parameters
    ----------
    comparison
        The results of one setting.
    kind
        A division of people, such as "sex".
    """
    rows = []
    for stratum in comparison.strata()[kind]:
        for linker in comparison.linkers:
            estimate = comparison.estimate(linker, "recall", (kind, stratum))
            if estimate:
                name = TableCell(capital(labels.stratum(kind, stratum)), stratum)
                rows.append((name, _named(linker), share(estimate), *_missed(estimate)))
    columns = ("Group", "Method", "Recall", "Missed-match rate", "True pairs")
    return table(f"by-{kind}", f"Recall by {_of(kind)}, with 95 % intervals", columns, rows)


def _of(kind: str) -> str:
    label = labels.kind(kind)
    return label[:1].lower() + label[1:]


def _missed(estimate: PooledEstimate) -> tuple[TableCell, TableCell]:
    return TableCell(percent(1 - estimate.value), 1 - estimate.value), TableCell(
        count(estimate.n), estimate.n
    )


def widest_gaps(comparison: SettingResults) -> PageTable:
    """Give each certain gap between groups a row, the widest first."""
    rows = [
        (
            _named(gap.linker),
            TableCell(labels.kind(gap.kind), gap.kind),
            TableCell(
                capital(labels.stratum(gap.kind, gap.best)), gap.best, _recall(gap.best_recall)
            ),
            TableCell(
                capital(labels.stratum(gap.kind, gap.worst)), gap.worst, _recall(gap.worst_recall)
            ),
            TableCell(points(gap.size), gap.size),
        )
        for gap in sorted(gaps(comparison), key=lambda gap: -gap.size)
    ]
    columns = ("Method", "Grouped by", "Served best", "Served worst", "Difference")
    return table("gaps", "Differences in recall too large for chance", columns, rows)


def _recall(estimate: PooledEstimate) -> str:
    return f"{percent(estimate.value)} {interval(estimate.low, estimate.high)}"


def under_reporting(comparison: SettingResults) -> PageTable:
    """Give each linker a row with the shares of attendances known and unknown to the police."""
    rows = [
        (_named(linker), *(share(comparison.estimate(linker, metric)) for metric in SHARES))
        for linker, _ in comparison.ranked(run.SEEMS_UNKNOWN)
    ]
    return table(
        "under-reporting",
        "Shares of assault attendances: the truth, and what each method's links make of it",
        ("Method", *map(labels.heading, SHARES)),
        rows,
    )


def causes(comparison: SettingResults) -> PageTable:
    """Give each linker and each frequent cause a row, the most frequent first."""
    ordered = sorted(comparison.causes, key=lambda cause: (-cause.n_pairs_with, cause.cause))
    frequent = list(dict.fromkeys(cause.cause for cause in ordered))
    shown = set(frequent[:_MOST_CAUSES])
    rows = [
        (
            TableCell(capital(labels.cause(cause.cause)), cause.cause, labels.why(cause.cause)),
            _named(cause.linker),
            TableCell(count(cause.n_pairs_with), cause.n_pairs_with),
            TableCell(count(cause.n_missed_with), cause.n_missed_with),
            TableCell(percent(cause.missed_rate_with), cause.missed_rate_with),
            TableCell(percent(cause.missed_rate_without), cause.missed_rate_without),
        )
        for cause in ordered
        if cause.cause in shown
    ]
    columns = ("Fault", "Method", "Pairs with it", "Missed", "Missed with it", "Missed without it")
    caption = "True pairs by the faults between their records"
    if len(frequent) > len(shown):
        caption += f": the {len(shown)} most frequent of {len(frequent)}, all in missed.parquet"
    return table("causes", caption, columns, rows, folded=True)


def speed(comparison: SettingResults) -> PageTable:
    """Give each linker that finished a row with its time, memory and F1."""
    rows = [
        (
            _named(linker),
            TableCell(seconds(cost.wall_seconds), cost.wall_seconds),
            TableCell(megabytes(cost.peak_mb), cost.peak_mb),
            share(comparison.estimate(linker, "f1")),
        )
        for linker, cost in comparison.costs.items()
    ]
    return table("speed", "Time against accuracy", ("Method", "Wall time", "Memory", "F1"), rows)


def datasets(manifest: Mapping[str, Any]) -> PageTable:
    """Give each table of each dataset a row with its content hash."""
    rows = [
        (TableCell(name, name), TableCell(path, path), TableCell(content, content))
        for name, dataset in sorted(manifest.get("datasets", {}).items())
        for path, content in sorted(dataset.get("hashes", {}).items())
    ]
    columns = ("Dataset", "Table", "Content hash")
    return table("datasets", "The tables of each dataset", columns, rows)


def versions(manifest: Mapping[str, Any]) -> PageTable:
    """Give each package a row with its version."""
    packages = manifest.get("versions", {})
    rows = [
        (TableCell(name, name), TableCell(str(version), str(version)))
        for name, version in packages.items()
    ]
    return table("versions", "Software", ("Package", "Version"), rows)


def attributed(comparison: SettingResults) -> PageTable:
    """Give the costliest causes a row for each method: its missed pairs, shared out among them."""
    order = [cause.cause for cause in costly_causes(comparison)[:MOST_ATTRIBUTED]]
    rows = [
        (
            TableCell(capital(labels.cause(row.cause)), row.cause),
            _named(row.linker),
            TableCell(count(row.n_missed), row.n_missed, f"({row.low:,.0f}{DASH}{row.high:,.0f})"),
            TableCell(percent(row.share_of_missed), row.share_of_missed),
            TableCell(percent(row.recall_without), row.recall_without),
        )
        for name in order
        for linker in comparison.linkers
        for row in comparison.attributed
        if (row.cause, row.linker) == (name, linker)
    ]
    columns = ("Cause", "Method", "Missed pairs", "Share of all missed", "Recall without it")
    return table("attribution", "Missed pairs, shared out among their causes", columns, rows)


def false_causes(comparison: SettingResults) -> list[PageTable]:
    """Give each method's causes of false links a row, the most frequent first."""
    rows = [
        (
            _named(row.linker),
            TableCell(capital(row.cause), row.cause),
            TableCell(count(row.n_false), row.n_false),
            TableCell(percent(row.share_of_false), row.share_of_false, interval(row.low, row.high)),
            TableCell(percent(row.precision_without, 2), row.precision_without),
            TableCell(count(row.n_with_fault), row.n_with_fault),
        )
        for linker in comparison.linkers
        for row in comparison.false_causes
        if row.linker == linker
    ]
    columns = (
        *("Method", "What made two people look alike", "False links", "Share of all false"),
        *("Precision without it", "With a fault in what agrees"),
    )
    caption = "False links, by what made two people look alike"
    return [table("false-causes", caption, columns, rows)] if rows else []


def against_best(comparison: SettingResults) -> list[PageTable]:
    """Compare each method with the best by F*, paired on the same people."""
    ranked = comparison.ranked("f_star")
    if not ranked:
        return []
    best = ranked[0][0]
    rows = []
    for difference in comparison.differences:
        if (
            difference.metric != "f_star"
            or best not in (difference.first, difference.second)
            or difference.difference is None
        ):
            continue
        sign, other = (1, difference.second) if difference.first == best else (-1, difference.first)
        low, high = sorted(sign * (bound or 0.0) for bound in (difference.low, difference.high))
        behind = sign * difference.difference
        points_behind = f"{100 * behind:z.2f}"
        span = f"({100 * low:z.2f} to {100 * high:z.2f})"
        verdict = "tied" if difference.verdict == "tie" else "behind"
        rows.append(
            (_named(other), TableCell(points_behind, behind, span), TableCell(verdict, verdict))
        )
    rows.sort(key=lambda row: float(row[1].value or 0.0))
    caption = f"How far behind {labels.linker(best)}, in percentage points of F*, people paired"
    columns = ("Method", "Behind by", "Verdict")
    return [table("paired", caption, columns, rows)] if rows else []
