"""The section on blocking and clusters: the pairs that were compared, the clusters they form."""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.reports.html import labels
from darkfigure.reports.html.comparison import SettingResults
from darkfigure.reports.html.formats import capital, percent
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.tables import PageTable, TableCell, share, table

_BLOCKING = ("pair_completeness", "pairs_quality", "reduction_ratio")
_CLUSTERS = ("b_cubed_precision", "b_cubed_recall", "cluster_precision", "cluster_recall")


def structure(comparison: SettingResults) -> tuple[Section, ...]:
    """Show blocking and clusters; nothing where neither was measured."""
    blocking = _measured(comparison, "blocking", "What blocking lets through", _BLOCKING)
    clusters = _measured(comparison, "clusters", "Clusters of records and people", _CLUSTERS)
    tables = tuple(page_table for page_table in (blocking, clusters) if page_table.rows)
    if not tables:
        return ()
    section = Section(
        "structure",
        "Blocking and clusters",
        _finding(comparison),
        "Methods do not compare every record with every other. A true pair that is never compared "
        "is missed whatever the rest of the method does. Within one source, links join records "
        "into clusters; each should be one person.",
        tables=tables,
    )
    return (section,)


def _measured(
    comparison: SettingResults, key: str, caption: str, metrics: Sequence[str]
) -> PageTable:
    rows = [
        (
            TableCell(capital(labels.linker(linker)), linker),
            *(share(comparison.estimate(linker, metric)) for metric in metrics),
        )
        for linker in comparison.linkers
        if any(comparison.estimate(linker, metric) for metric in metrics)
    ]
    return table(key, caption, ("Method", *map(labels.heading, metrics)), rows)


def _finding(comparison: SettingResults) -> str:
    compared = comparison.ranked("pair_completeness")
    if compared:
        linker, estimate = compared[-1]
        lost = f"{percent(1 - estimate.value)} of the true pairs"
        return f"{capital(labels.linker(linker))} never compares {lost}: no score can find them"
    exact = comparison.ranked("cluster_recall")
    if not exact:
        return "What was compared, and what clusters came of it"
    linker, estimate = exact[0]
    whole = percent(estimate.value)
    return f"{capital(labels.linker(linker))} puts {whole} of people together exactly"
