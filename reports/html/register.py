"""The section on assumptions: every number behind a world, with its source or the word assumed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darkfigure.linkage_eval.fidelity.assumptions import assumptions as list_assumptions
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.tables import PageTable, TableCell, table
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.storage.dataset import Dataset

_ENTRY = "systems."
_COLUMNS = ("parameter", "value", "source", "meaning")


def assumptions(manifest: Mapping[str, Any]) -> tuple[Section, ...]:
    """List the numbers behind the first world; none where others made the data."""
    datasets = [
        dataset
        for dataset in manifest.get("datasets", {}).values()
        if isinstance(dataset.get("scenario"), Mapping)
    ]
    rows = _register(datasets[0]) if datasets else []
    if not rows:
        return ()
    assumed = [row for row in rows if row["assumed"]]
    section = Section(
        "assumptions",
        "What it rests on",
        f"{len(assumed):,} of the {len(rows):,} numbers behind this world are assumed",
        "A finding holds as far as these do.",
        tables=(
            _tabulate("assumed", "Assumed, wholly or in part", assumed),
            _tabulate("sourced", "From a source", [row for row in rows if not row["assumed"]]),
        ),
        note="The rates of data entry, system by system, are counted and not listed; "
        "\u2018darkfigure fidelity DATASET --assumptions\u2019 prints each with its source.",
    )
    return (section,)


def _register(dataset: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return list_assumptions(Dataset(Path(), dict(dataset))).to_pylist()
    except SpecError:
        # Another version simulated it, and its scenario is not what scenarios are now.
        return []


def _tabulate(key: str, caption: str, rows: list[dict[str, Any]]) -> PageTable:
    """List all but the rates of data entry, which are counted."""
    listed = [row for row in rows if not row["parameter"].startswith(_ENTRY)]
    cells = [[_cell(row[name]) for name in _COLUMNS] for row in listed]
    more = len(rows) - len(listed)
    full_caption = f"{caption}: {len(listed):,}, and {more:,} rates of data entry"
    return table(key, full_caption, [name.capitalize() for name in _COLUMNS], cells, folded=True)


def _cell(value: object) -> TableCell:
    text = str(value or "")
    return TableCell(text, text)
