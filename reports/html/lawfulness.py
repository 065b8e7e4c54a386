"""The section on laws: what experts know never to happen, and how often the records say it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.fidelity.laws import BROKEN, EXPLAINED, laws_in_short
from darkfigure.reports.html.formats import capital, count
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.tables import PageTable, TableCell, table

_COLUMNS = (
    "Law",
    "Records of",
    "Checked",
    "Broken",
    "By entry alone",
    "Without a reason",
    "Source",
)
_NUMBERS = ("checked", "violated", "explained", "unexplained")


def law_sections(found: pa.Table | None) -> tuple[Section, ...]:
    """Show how often a run's first world breaks each law; nothing where none was made.

    Parameters
    ----------
    found
        As `fidelity.laws.keep_laws` gives it, with `scenario` and `seed` of the world.

    Returns
    -------
    One section, or none.
    """
    if found is None:
        return ()
    rows = found.to_pylist()
    section = Section(
        "laws",
        "Laws of the records",
        capital(laws_in_short(found)),
        "A law is what an expert of a source knows never, or always, to hold. It is counted in the "
        "records as written, and as the agencies knew them before faults of entry. What breaks a "
        "law only as written is a mistake that the ledger of the truth has noted.",
        tables=(
            *_those(rows, BROKEN, "laws-broken", "Broken without a reason in the ledger"),
            *_those(rows, EXPLAINED, "laws-entry", "Broken by faults of entry alone"),
            table("laws-all", "All laws", _COLUMNS, [_row(row) for row in rows], folded=True),
        ),
    )
    return (section,)


def _those(
    rows: Sequence[Mapping[str, Any]], verdict: str, key: str, caption: str
) -> tuple[PageTable, ...]:
    own = [_row(row) for row in rows if row["verdict"] == verdict]
    return (table(key, caption, _COLUMNS, own),) if own else ()


def _row(row: Mapping[str, Any]) -> tuple[TableCell, ...]:
    return (
        TableCell(row["law"], row["name"]),
        TableCell(row["about"]),
        *(_number(row[name]) for name in _NUMBERS),
        TableCell(row["source"]),
    )


def _number(value: int | None) -> TableCell:
    return TableCell("not checked") if value is None else TableCell(count(value), value)
