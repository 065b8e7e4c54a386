"""The page's tables: what stands in each cell, how it sorts, and its number for the CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports import labels, run
from reports.comparison import Comparison, Estimate
from reports.findings import gaps
from reports.formats import (
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

MOST_ATTRIBUTED = 5  # causes of each method
METRICS = {"precision": "Precision", "recall": "Recall", "f1": "F1", "f_star": "F*"}
SHARES = {
    run.NEVER_REPORTED: "Never reported",
    run.NOT_RECORDED: "Reported, not recorded",
    run.RECORDED_NOT_LINKED: "Recorded, not linked",
    run.FALSELY_KNOWN: "Not recorded, yet linked",
    run.TRULY_UNKNOWN: "Unknown, in truth",
    run.SEEMS_UNKNOWN: "Unknown, by the links",
}


_MOST_CAUSES = 20  # of some eighty; with all of them a page of several settings is too large


@dataclass(frozen=True)
class Cell:
    """What a cell shows, a smaller addition, and the plain value it sorts and exports by."""

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
class Table:
    """A table with a heading for each row in its first column; a folded one opens on demand."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()
    folded: bool = False


def table(
    key: str,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    folded: bool = False,
) -> Table:
    """Make a table; a column is numeric where any of its cells is."""
    numeric = {place for row in rows for place, cell in enumerate(row) if cell.number}
    cells = tuple(map(tuple, rows))
    return Table(key, caption, tuple(columns), cells, frozenset(numeric), folded)


def leaderboard(comparison: Comparison) -> Table:
    """Give each linker a row: accuracy with intervals, links judged, time and memory."""
    columns = ("Method", *METRICS.values(), "True pairs", "Wall time", "CPU time", "Peak memory")
    rows = [_leader(comparison, linker, len(columns)) for linker in comparison.linkers]
    return table("leaderboard", "All methods, with 95 % intervals", columns, rows)


def _leader(comparison: Comparison, linker: str, width: int) -> tuple[Cell, ...]:
    trouble = comparison.failures.get(linker, {})
    recall = comparison.estimate(linker, "recall")
    if trouble and not recall:
        reason = listing(sorted(set(trouble.values())))
        return _named(linker), Cell(f"failed: {reason}", span=width - 1)
    cost = comparison.costs.get(linker)
    wall, cpu, peak = (cost.wall_seconds, cost.cpu_seconds, cost.peak_mb) if cost else (None,) * 3
    return (
        _named(linker, _some_failed(trouble)),
        *(share(comparison.estimate(linker, metric)) for metric in METRICS),
        Cell(count(recall.n), recall.n) if recall else Cell(DASH),
        Cell(seconds(wall), wall),
        Cell(seconds(cpu), cpu),
        Cell(megabytes(peak), peak),
    )


def _some_failed(trouble: Mapping[int, str]) -> str:
    return "; ".join(f"failed at seed {seed}: {why}" for seed, why in sorted(trouble.items()))


def _named(linker: str, aside: str = "") -> Cell:
    return Cell(capital(labels.linker(linker)), linker, aside)


def share(estimate: Estimate | None) -> Cell:
    """Write a share with its interval beneath."""
    if estimate is None:
        return Cell(DASH)
    said = percent(estimate.value)
    if estimate.low is None or estimate.high is None:
        return Cell(said, estimate.value)
    bounds = (estimate.low, estimate.high)
    return Cell(said, estimate.value, interval(*bounds), bounds=bounds)


def accuracy(comparison: Comparison) -> Table:
    """Give each metric and linker a row: the numbers of the chart of accuracy."""
    rows = [
        (Cell(label, metric), _named(linker), share(found), Cell(count(found.n), found.n))
        for metric, label in METRICS.items()
        for linker in comparison.linkers
        if (found := comparison.estimate(linker, metric))
    ]
    return table("accuracy", "Accuracy by metric", ("Metric", "Method", "Value", "n"), rows)


def by_group(comparison: Comparison, kind: str) -> Table:
    """Give each group and linker a row: recall, its interval, missed-match rate and n."""
    rows = []
    for stratum in comparison.strata()[kind]:
        for linker in comparison.linkers:
            found = comparison.estimate(linker, "recall", (kind, stratum))
            if found:
                name = Cell(capital(labels.stratum(kind, stratum)), stratum)
                rows.append((name, _named(linker), share(found), *_missed(found)))
    columns = ("Group", "Method", "Recall", "Missed-match rate", "True pairs")
    return table(f"by-{kind}", f"Recall by {_of(kind)}, with 95 % intervals", columns, rows)


def _of(kind: str) -> str:
    label = labels.kind(kind)
    return label[:1].lower() + label[1:]


def _missed(found: Estimate) -> tuple[Cell, Cell]:
    return Cell(percent(1 - found.value), 1 - found.value), Cell(count(found.n), found.n)


def widest_gaps(comparison: Comparison) -> Table:
    """Give each certain gap between groups a row, the widest first."""
    rows = [
        (
            _named(gap.linker),
            Cell(labels.kind(gap.kind), gap.kind),
            Cell(capital(labels.stratum(gap.kind, gap.best)), gap.best, _recall(gap.best_recall)),
            Cell(
                capital(labels.stratum(gap.kind, gap.worst)), gap.worst, _recall(gap.worst_recall)
            ),
            Cell(points(gap.size), gap.size),
        )
        for gap in sorted(gaps(comparison), key=lambda gap: -gap.size)
    ]
    columns = ("Method", "Grouped by", "Served best", "Served worst", "Difference")
    return table("gaps", "Differences in recall too large for chance", columns, rows)


def _recall(estimate: Estimate) -> str:
    return f"{percent(estimate.value)} {interval(estimate.low, estimate.high)}"


def under_reporting(comparison: Comparison) -> Table:
    """Give each linker a row with the shares of attendances by what the police know."""
    rows = [
        (_named(linker), *(share(comparison.estimate(linker, metric)) for metric in SHARES))
        for linker, _ in comparison.ranked(run.SEEMS_UNKNOWN)
    ]
    return table(
        "under-reporting",
        "Shares of assault attendances: the truth, and what each method's links make of it",
        ("Method", *SHARES.values()),
        rows,
    )


def causes(comparison: Comparison) -> Table:
    """Give each linker and each frequent cause a row, the most frequent first."""
    found = sorted(comparison.causes, key=lambda each: (-each.n_pairs_with, each.cause))
    frequent = list(dict.fromkeys(each.cause for each in found))
    shown = set(frequent[:_MOST_CAUSES])
    rows = [
        (
            Cell(capital(labels.cause(cause.cause)), cause.cause, labels.why(cause.cause)),
            _named(cause.linker),
            Cell(count(cause.n_pairs_with), cause.n_pairs_with),
            Cell(count(cause.n_missed_with), cause.n_missed_with),
            Cell(percent(cause.missed_rate_with), cause.missed_rate_with),
            Cell(percent(cause.missed_rate_without), cause.missed_rate_without),
        )
        for cause in found
        if cause.cause in shown
    ]
    columns = ("Fault", "Method", "Pairs with it", "Missed", "Missed with it", "Missed without it")
    caption = "True pairs by the faults between their records"
    if len(frequent) > len(shown):
        caption += f": the {len(shown)} most frequent of {len(frequent)}, all in missed.parquet"
    return table("causes", caption, columns, rows)


def speed(comparison: Comparison) -> Table:
    """Give each linker that finished a row with its time, memory and F1."""
    rows = [
        (
            _named(linker),
            Cell(seconds(cost.wall_seconds), cost.wall_seconds),
            Cell(megabytes(cost.peak_mb), cost.peak_mb),
            share(comparison.estimate(linker, "f1")),
        )
        for linker, cost in comparison.costs.items()
    ]
    return table("speed", "Time against accuracy", ("Method", "Wall time", "Memory", "F1"), rows)


def datasets(manifest: Mapping[str, Any]) -> Table:
    """Give each table of each dataset a row with its content hash."""
    rows = [
        (Cell(name, name), Cell(path, path), Cell(content, content))
        for name, dataset in sorted(manifest.get("datasets", {}).items())
        for path, content in sorted(dataset.get("hashes", {}).items())
    ]
    columns = ("Dataset", "Table", "Content hash")
    return table("datasets", "The tables of each dataset", columns, rows)


def versions(manifest: Mapping[str, Any]) -> Table:
    """Give each package a row with its version."""
    found = manifest.get("versions", {})
    rows = [(Cell(name, name), Cell(str(version), str(version))) for name, version in found.items()]
    return table("versions", "Software", ("Package", "Version"), rows)


def attributed(comparison: Comparison) -> Table:
    """Give each method's costliest causes a row: missed pairs shared out so that they add up."""
    rows = [
        (
            _named(one.linker),
            Cell(capital(labels.cause(one.cause)), one.cause),
            Cell(f"{one.n_missed:,.1f}", one.n_missed, f"({one.low:,.0f}{DASH}{one.high:,.0f})"),
            Cell(percent(one.share_of_missed), one.share_of_missed),
            Cell(percent(one.recall_without), one.recall_without),
        )
        for linker in comparison.linkers
        for one in sorted(
            (each for each in comparison.attributed if each.linker == linker),
            key=lambda each: -each.n_missed,
        )[:MOST_ATTRIBUTED]
    ]
    columns = ("Method", "Cause", "Missed pairs", "Share of all missed", "Recall without it")
    return table("attribution", "Missed pairs, shared out among their causes", columns, rows)


def against_best(comparison: Comparison) -> list[Table]:
    """Compare each method with the best by F*, paired on the same people."""
    ranked = comparison.ranked("f_star")
    if not ranked:
        return []
    best = ranked[0][0]
    rows = []
    for one in comparison.differences:
        if one.metric != "f_star" or best not in (one.first, one.second) or one.difference is None:
            continue
        sign, other = (1, one.second) if one.first == best else (-1, one.first)
        low, high = sorted(sign * (bound or 0.0) for bound in (one.low, one.high))
        behind = sign * one.difference
        said = f"{100 * behind:z.2f}"
        span = f"({100 * low:z.2f} to {100 * high:z.2f})"
        verdict = "tied" if one.verdict == "tie" else "behind"
        rows.append((_named(other), Cell(said, behind, span), Cell(verdict, verdict)))
    rows.sort(key=lambda row: float(row[1].value or 0.0))
    caption = f"How far behind {labels.linker(best)}, in percentage points of F*, people paired"
    columns = ("Method", "Behind by", "Verdict")
    return [table("paired", caption, columns, rows)] if rows else []
