"""The laws of the records: how often each is broken, and how often nothing in the ledger says why.

Laws stand beside the tables of which they speak: in the agencies' folders, named by their
manifests, and for the truth in `synth/schema/truth_laws.py`. This module finds and counts.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.fidelity.views import connected, lacking
from darkfigure.linkage_eval.records.as_known import AsKnown
from darkfigure.synth.schema import AGENCIES
from darkfigure.synth.schema.law import Law
from darkfigure.synth.schema.truth_laws import LAWS as TRUTH_LAWS
from darkfigure.synth.setting.holidays import bank_holidays, school_days
from darkfigure.synth.storage.dataset import Dataset

KEPT, EXPLAINED, BROKEN = "kept", "broken by entry", "broken"
SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("about", "name", "law", "source")),
        *(
            pa.field(name, pa.int64())
            for name in ("checked", "violated", "explained", "unexplained")
        ),
        pa.field("verdict", pa.string()),
    ]
)
_YEARS_AROUND = 2  # before and after the study, in which days may be asked about
_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_MACROS = {
    "born(written)": f"try_strptime(written, {list(_FORMS)})::DATE",
    "age(written, a_day)": "date_sub('year', born(written), a_day::DATE)",
    "closed(a_day)": "isodow(a_day) > 5 OR a_day::DATE IN (SELECT day FROM bank_holidays)",
    "people_of(a_source, a_table)": """TABLE
        SELECT record_id, truth_persons.* FROM truth_record_persons
        JOIN truth_persons USING (person_id) WHERE source = a_source AND "table" = a_table
    """,
    "other_gender(whose)": """TABLE
        SELECT record_id FROM truth_record_persons JOIN truth_hard_cases USING (person_id)
        WHERE split_part(source, '/', 1) = whose AND hard_case = 'gender'
    """,
    "people_of_forces(a_kind)": """TABLE
        SELECT split_part(source, '/', 2) AS force, record_id, truth_persons.*
        FROM truth_record_persons JOIN truth_persons USING (person_id)
        WHERE starts_with(source, a_kind || '/')
    """,
}


def known_laws() -> dict[str, tuple[Law, ...]]:
    """Give the laws of the truth and of each agency, by name.

    Raises
    ------
    SpecError
        An agency's laws are not where its manifest says.
    """
    of_agencies = {name: one.load("laws") for name, one in AGENCIES.items() if one.laws}
    return {"truth": TRUTH_LAWS, **of_agencies}


def keep_laws(dataset: Dataset) -> pa.Table:
    """Count how often each law is broken.

    Parameters
    ----------
    dataset
        A dataset with its truth, of any scenario and size.

    Returns
    -------
    One row a law, schema `SCHEMA`: rows that the law speaks of, as written; those that break it;
    those that break it by a mistake of entry alone, since the record as the agency knew it does
    not; and those that nothing in the ledger explains, counted in the records as the agencies knew
    them. A law that needs a table that the dataset lacks has no numbers, and a verdict that names
    the table.

    Raises
    ------
    DatasetError
        A table of the dataset is damaged.
    """
    missing = lacking(dataset)
    able = [law for laws in known_laws().values() for law in laws if not _lacks(law, missing)]
    written = _counted(dataset, able)
    known = _counted(AsKnown.of(dataset), able)
    rows = [
        _row(about, law, written.get(law), known.get(law), _lacks(law, missing))
        for about, laws in known_laws().items()
        for law in laws
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def any_broken(found: pa.Table) -> bool:
    """Tell whether any law is broken without a reason in the ledger."""
    return bool(pc.any(pc.equal(found["verdict"], BROKEN)).as_py())


def laws_in_short(found: pa.Table) -> str:
    """Say in a line how many laws are kept, broken by entry alone, or broken."""
    verdicts = found["verdict"].to_pylist()
    kept, entry, broken = (verdicts.count(verdict) for verdict in (KEPT, EXPLAINED, BROKEN))
    unchecked = len(verdicts) - kept - entry - broken
    return (
        f"{kept} of {len(verdicts) - unchecked} laws are kept, {entry} broken by faults of entry "
        f"alone, {broken} broken without a reason"
        + (f"; {unchecked} not checked" * bool(unchecked))
    )


def _lacks(law: Law, missing: set[str]) -> str:
    return next((view for view in sorted(missing) if view in f"{law.among} {law.broken}"), "")


def _row(
    about: str,
    law: Law,
    written: tuple[int, int] | None,
    known: tuple[int, int] | None,
    lacks: str,
) -> dict[str, object]:
    row = {"about": about, "name": law.name, "law": law.says, "source": law.source}
    if written is None or known is None:
        return {**row, "verdict": f"not checked: lacks {lacks}"}
    checked, violated = written
    unexplained = known[1]
    verdict = BROKEN if unexplained else EXPLAINED if violated else KEPT
    return {
        **row,
        "checked": checked,
        "violated": violated,
        "explained": max(violated - unexplained, 0),
        "unexplained": unexplained,
        "verdict": verdict,
    }


def _counted(dataset: Dataset, laws: list[Law]) -> dict[Law, tuple[int, int]]:
    """Count the rows that each law speaks of, and those that break it."""
    counts: dict[Law, tuple[int, int]] = {}
    with connected(dataset) as connection:
        _prepare(connection, dataset)
        for among, together in groupby(sorted(laws, key=_rows_of), key=_rows_of):
            own = list(together)
            found = connection.execute(_query(among, own)).fetchall()[0]
            counts |= {law: found[2 * turn : 2 * turn + 2] for turn, law in enumerate(own)}
    return counts


def _rows_of(law: Law) -> str:
    return law.among


def _query(among: str, laws: list[Law]) -> str:
    counted = ", ".join(
        f"count(*) FILTER (WHERE {law.where}), "
        f"count(*) FILTER (WHERE ({law.where}) AND ({law.broken}))"
        for law in laws
    )
    return f"SELECT {counted} FROM {among}"  # noqa: S608, our own laws


def _prepare(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Register what laws may use besides the tables."""
    scenario = dataset.manifest["scenario"]
    first = dt.date.fromisoformat(scenario["start"])
    years = range(first.year - _YEARS_AROUND, first.year + scenario["years"] + _YEARS_AROUND + 1)
    for name, days_of in (("bank_holidays", bank_holidays), ("school_days", school_days)):
        days = sorted(day for year in years for day in days_of(year))
        connection.register(name, pa.table({"day": days}))
    for head, body in _MACROS.items():
        connection.execute(f"CREATE MACRO {head} AS {body}")
