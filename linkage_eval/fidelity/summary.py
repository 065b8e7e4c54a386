"""Summary of a comparison: by grade, and with the many small areas gathered."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.fidelity.comparison import (
    CANNOT_TELL,
    INSIDE,
    LOCAL,
    NOT_SIMULATED,
    OUTSIDE,
)
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.reference import load


def by_grade(compared: pa.Table) -> pa.Table:
    """Count the verdicts on each grade's figures.

    Returns
    -------
    One row a grade that has judged figures: `grade`, `judged`, `inside`, `outside`, `cannot_tell`
    and, of the last, `near`: those whose estimate itself agrees.
    """
    return query(
        f"""SELECT grade, count(*) AS judged, count(*) FILTER (verdict = '{INSIDE}') AS inside,
            count(*) FILTER (verdict = '{OUTSIDE}') AS outside,
            count(*) FILTER (verdict = '{CANNOT_TELL}') AS cannot_tell,
            count(*) FILTER (verdict = '{CANNOT_TELL}' AND simulated BETWEEN low AND high) AS near
        FROM compared WHERE verdict NOT IN ('{NOT_SIMULATED}', '{LOCAL}')
        GROUP BY grade ORDER BY grade""",  # noqa: S608, our own words
        compared=compared,
    )


def any_outside(compared: pa.Table, *, grade: str) -> bool:
    """Tell whether any figure of a grade is outside.

    Parameters
    ----------
    compared
        As `comparison.compare` gives it.
    grade
        "A", "B" or "C".
    """
    own = pc.and_(pc.equal(compared["grade"], grade), pc.equal(compared["verdict"], OUTSIDE))
    return bool(pc.any(own).as_py())


def in_short(compared: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Divide a comparison into figures to show singly and small areas to show together.

    Returns
    -------
    The figures to show singly: all but national figures that the dataset has for its own area, and
    figures of single authorities where there are several, unless they are outside. Then a row for
    each kind of figure gathered: `section`, `kind`, `figures`, `inside`, `outside`, `cannot_tell`.
    """
    authorities = load("local_authorities").select(["name"])
    single = query(
        f"""WITH own AS (
            FROM compared WHERE area IN (FROM authorities) AND verdict <> '{NOT_SIMULATED}'
        ), several AS (SELECT count(DISTINCT area) > 1 AS yes FROM own)
        SELECT compared.* FROM compared, several
        WHERE NOT (verdict = '{LOCAL}' AND key IN (SELECT key FROM own))
            AND NOT (yes AND area IN (FROM authorities) AND verdict <> '{OUTSIDE}')""",  # noqa: S608
        compared=compared,
        authorities=authorities,
    )
    gathered = query(
        f"""SELECT section, regexp_extract(key, '^(age|ethnic)_', 1) AS prefix,
            if(prefix = '', key, prefix) AS kind, count(*) AS figures,
            count(*) FILTER (verdict = '{INSIDE}') AS inside,
            count(*) FILTER (verdict = '{OUTSIDE}') AS outside,
            count(*) FILTER (verdict = '{CANNOT_TELL}') AS cannot_tell
        FROM compared WHERE area IN (FROM authorities)
        GROUP BY ALL HAVING count(DISTINCT area) > 1 ORDER BY kind""",  # noqa: S608
        compared=compared,
        authorities=authorities,
    )
    return single, gathered


def quantity(value: float) -> str:
    """Write a number with more decimals the smaller it is, from none to four."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.4f}"
