"""The section on data entry: how unevenly faults fell in a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkfigure.reports.html import labels, tables
from darkfigure.reports.html.formats import capital, count
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.tables import PageTable, TableCell

_PRECISE = 10  # ratios below which decimals are of interest
_CAUSES = ("record", "clerk", "shift", "person", "system")


def entry_sections(manifest: Mapping[str, Any], scenario: str) -> tuple[Section, ...]:
    """Make the section on data entry in a scenario's first dataset; none without faults.

    Parameters
    ----------
    manifest
        Manifest of the run, with the dispersion of faults in its datasets.
    scenario
        Name of the scenario in the run.
    """
    for dataset in manifest.get("datasets", {}).values():
        described = dataset.get("scenario")
        rows = dataset.get("dispersion") or []
        if isinstance(described, Mapping) and described.get("name") == scenario and _held(rows):
            return (_section(rows, dataset.get("faults_by_group") or []),)
    return ()


def _held(rows: list[dict[str, Any]]) -> bool:
    return any(row["ratio"] is not None for row in rows)


def _section(rows: list[dict[str, Any]], groups: list[dict[str, Any]]) -> Section:
    ratio = next(r["ratio"] for r in rows if r["source"] == "all" and r["cause"] == "record")
    return Section(
        "entry",
        "Data entry",
        f"A record\u2019s faults vary {ratio:.1f} times as much as if each cell went its own way",
        "Faults cluster: in a record, a clerk, a shift, a person and a system. Each number is the "
        "variance of counts of faults, as a multiple of what it would be if each cell went wrong "
        "by itself; 1 is independence.",
        tables=(_matrix(rows), *([_by_group(groups)] if groups else [])),
    )


def _matrix(rows: list[dict[str, Any]]) -> PageTable:
    lines = []
    for source in dict.fromkeys(row["source"] for row in rows):
        by_cause = {row["cause"]: row for row in rows if row["source"] == source}
        n = by_cause["record"]["records"]
        ratios = [by_cause.get(cause, {}).get("ratio") for cause in _CAUSES]
        cells = [
            TableCell("", None) if ratio is None else TableCell(_ratio(ratio), ratio)
            for ratio in ratios
        ]
        name = "All" if source == "all" else labels.system(source)
        lines.append((TableCell(name, source), *cells, TableCell(count(n), n)))
    columns = ("Source", *(capital(cause) for cause in _CAUSES), "Records")
    return tables.table("dispersion", "Variance of faults against independence", columns, lines)


def _by_group(groups: list[dict[str, Any]]) -> PageTable:
    lines = [
        (
            TableCell(labels.kind(row["kind"])),
            TableCell(_group(row["kind"], row["group"])),
            TableCell(f"{row['ratio']:.2f}", row["ratio"], _between(row)),
            TableCell(count(row["records"]), row["records"]),
        )
        for row in groups
    ]
    columns = ("People", "Group", "Faults a record, times all", "Records")
    return tables.table("faults-by-group", "Faults by group, 95 % intervals", columns, lines)


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < _PRECISE else count(ratio)


def _group(kind: str, name: str) -> str:
    """Name a group; a mark that people have or lack is "True" or "False"."""
    said = {"True": "yes", "False": "no"}.get(name)
    return said or capital(labels.stratum(kind, name).replace("_", " "))


def _between(row: Mapping[str, Any]) -> str:
    """Write the interval of a ratio."""
    return f"{row['low']:.2f} to {row['high']:.2f}"
