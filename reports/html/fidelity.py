"""The section on fidelity: figures of the simulated world beside those published of Wales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.fidelity.comparison import CANNOT_TELL, LOCAL, NOT_SIMULATED, OUTSIDE
from darkfigure.linkage_eval.fidelity.summary import by_grade, in_short, quantity
from darkfigure.reports.html.formats import DASH, NO_BREAK, capital, count
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.tables import PageTable, TableCell, table

_COLUMNS = ("Figure", "Published", "Agrees", "Simulated", "n", "Grade", "Verdict", "Source")
_WIDE = ("any", "Wales", "England and Wales")
_GRADES = {"A": "read in a source", "B": "well known", "C": "assumed"}


def fidelity_sections(compared: pa.Table | None) -> tuple[Section, ...]:
    """Set published figures beside those of a run's first world; nothing where none was made.

    Parameters
    ----------
    compared
        As `fidelity.comparison.compare` gives it, with `scenario` and `seed` of the world.

    Returns
    -------
    One section, or none.
    """
    if compared is None:
        return ()
    single, gathered = (part.to_pylist() for part in in_short(compared))
    outside = [row for row in single if row["verdict"] == OUTSIDE]
    outside.sort(key=lambda row: row["grade"])
    grades = by_grade(compared).to_pylist()
    world, seed = compared["scenario"][0].as_py(), compared["seed"][0].as_py()
    section = Section(
        "fidelity",
        "Fidelity",
        _finding(grades),
        f"The world {world} of seed {seed} beside what is published of Wales. Grade A was read in "
        "a source, B is well known, C assumed. A figure is inside where all of its "
        f"90{NO_BREAK}% interval agrees with the publication, outside where none of a wider one "
        "does, so wide that chance alone calls any figure of the table outside in one world of "
        "twenty; between the two the sample is too small to tell.",
        tables=(_by_grade(grades), *_those_outside(outside), *_by_section(single, gathered)),
        note="Figures of single authorities are counted where there are several, unless they are "
        "outside. \u2018darkfigure fidelity DATASET --json\u2019 gives all of them.",
    )
    return (section,)


def _finding(grades: Sequence[Mapping[str, Any]]) -> str:
    best = next((row for row in grades if row["grade"] == "A"), None)
    if best is None:
        return "No figure that was read in a source can be judged on this world"
    agreeing = f"{best['inside']:,} of {best['judged']:,} figures read in a source agree"
    return f"{agreeing}, {best['outside']:,} do not, {best['cannot_tell']:,} cannot be told"


def _by_grade(grades: Sequence[Mapping[str, Any]]) -> PageTable:
    names = ("judged", "inside", "outside", "cannot_tell", "near")
    rows = [
        (
            TableCell(f"{row['grade']}: {_GRADES.get(row['grade'], '')}", row["grade"]),
            *(TableCell(count(row[name]), row[name]) for name in names),
        )
        for row in grades
    ]
    columns = ("Grade", "Judged", "Inside", "Outside", "Cannot tell", "of these, near")
    return table("fidelity-grades", "Verdicts by grade of the published figure", columns, rows)


def _those_outside(rows: Sequence[Mapping[str, Any]]) -> tuple[PageTable, ...]:
    if not rows:
        return ()
    cells = [_row(row) for row in rows]
    return (table("fidelity-outside", "Figures that do not agree", _COLUMNS, cells),)


def _by_section(
    single: Sequence[Mapping[str, Any]], gathered: Sequence[Mapping[str, Any]]
) -> list[PageTable]:
    """List all figures, a folded table for each section."""
    tables = []
    for section in dict.fromkeys(row["section"] for row in single):
        rows = [_row(row) for row in single if row["section"] == section]
        more = [_areas(row) for row in gathered if row["section"] == section]
        key, title = f"fidelity-{section.replace(' ', '-')}", _title(section)
        caption = f"{title}: {len(rows):,} figures" + (f"; {'; '.join(more)}" if more else "")
        tables.append(table(key, caption, _COLUMNS, rows, folded=True))
    return tables


def _title(section: str) -> str:
    return section.upper() if section == "ed" else capital(section)


def _areas(row: Mapping[str, Any]) -> str:
    kind = row["kind"].replace("_", " ")
    return f"{kind} by local authority, {row['inside']:,} of {row['figures']:,} inside"


def _row(row: Mapping[str, Any]) -> tuple[TableCell, ...]:
    name = row["key"].replace("_", " ")
    place = "" if row["area"] in _WIDE else row["area"]
    return (
        TableCell(name, row["key"], place),
        TableCell(quantity(row["published"]), row["published"], row["unit"]),
        TableCell(_span(row["low"], row["high"])),
        _simulated(row),
        TableCell("") if row["n"] is None else TableCell(count(row["n"]), row["n"]),
        TableCell(row["grade"]),
        TableCell(_verdict(row)),
        TableCell(row["source"]),
    )


def _simulated(row: Mapping[str, Any]) -> TableCell:
    value, low, high = row["simulated"], row["sim_low"], row["sim_high"]
    if value is None:
        return TableCell("")
    if low is None or low == high:
        return TableCell(quantity(value), value)
    return TableCell(quantity(value), value, f"({_span(low, high)})", bounds=(low, high))


def _span(low: float, high: float) -> str:
    return f"{quantity(low)}{DASH}{quantity(high)}"


def _verdict(row: Mapping[str, Any]) -> str:
    if row["verdict"] == CANNOT_TELL and row["persons_needed"]:
        return f"cannot tell below {count(row['persons_needed'])} people"
    return {LOCAL: "of a wider area", NOT_SIMULATED: "not simulated"}.get(
        row["verdict"], row["verdict"]
    )
