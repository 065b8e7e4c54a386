"""The section on validity: whether our tasks rank methods as data sets of others do."""

from __future__ import annotations

from darkfigure.linkage_eval.studies.validity import OURS, Agreement, Validity
from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import DASH, NO_BREAK, capital, listing
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.tables import PageTable, TableCell, table

_LEAST_P = 0.0005  # rounds to .001
_LEAD = (
    "Methods are ranked by F1 on each of our tasks and on each data set that others made; one that "
    "refuses, fails or links nobody counts as 0 there. Spearman\u2019s rho is 1 where two rankings "
    "are the same and 0 where they have nothing to do with each other. The sets among themselves "
    "are the yardstick: no ranking can agree with several that differ."
)


def validity(found: Validity | None) -> tuple[Section, ...]:
    """Compare rankings; nothing where a run has no foreign set beside tasks of ours.

    Parameters
    ----------
    found
        The rankings.
    """
    if found is None:
        return ()
    section = Section(
        "validity",
        "Is the ranking valid?",
        _finding(found),
        _LEAD,
        tables=(_agreements(found), _ranks(found)),
        note=f"Intervals are 95{NO_BREAK}%, with methods as the units (Bonett and Wright 2000): "
        f"with {len(found.linkers)} methods they are wide.",
    )
    return (section,)


def _finding(found: Validity) -> str:
    known = [one for one in found.agreements if one.first == OURS and one.rho is not None]
    wrong = [one for one in found.ratings if one.verdict]
    said = listing([f"{one.rho:.2f} with that on {one.second}" for one in known]) or "not known"
    tail = f"; {len(wrong)} of {len(found.ratings)} methods rank differently on every set"
    return f"Rho of our ranking is {said}{tail if wrong else ''}"


def _agreements(found: Validity) -> PageTable:
    rows = [
        (
            TableCell(capital(OURS) if one.first == OURS else one.first, one.first),
            TableCell(one.second, one.second),
            _rho(one),
            TableCell(DASH) if one.p is None else TableCell(_p_value(one.p), one.p),
        )
        for one in found.agreements
    ]
    columns = ("Ranking", "And that of", "Rho", "p")
    return table("rho", "Two rankings compared", columns, rows)


def _p_value(p: float) -> str:
    return f"{p:.3f}" if p >= _LEAST_P else "below 0.001"


def _rho(one: Agreement) -> TableCell:
    if one.rho is None:
        return TableCell("all tied")
    if one.low is None or one.high is None:
        return TableCell(f"{one.rho:.2f}", one.rho)
    return TableCell(
        f"{one.rho:.2f}", one.rho, f"({one.low:.2f} to {one.high:.2f})", bounds=(one.low, one.high)
    )


def _ranks(found: Validity) -> PageTable:
    rows = []
    for rating in found.ratings:
        place = found.linkers.index(rating.linker)
        values = [float(found.f1[name][place]) for name in (*found.ours, *found.others)]
        rows.append(
            (
                TableCell(capital(labels.linker(rating.linker)), rating.linker),
                *(TableCell(f"{value:.3f}", value) for value in values),
                TableCell(f"{rating.ours:g}", rating.ours),
                TableCell(
                    f"{rating.others:.1f}", rating.others, f"({rating.best:g} to {rating.worst:g})"
                ),
                TableCell(rating.verdict, rating.verdict),
            )
        )
    columns = ("Method", *found.ours, *found.others, "Rank, ours", "Mean rank, others", "Verdict")
    return table("f1-everywhere", "F1 by task and data set", columns, rows)
