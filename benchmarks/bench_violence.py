"""How violence is spread over places and people in a world, and who is in it together.

`python benchmarks/bench_violence.py [FOLDER]` prints the figures of a dataset; without a folder it
makes 300,000 people of Wales in a temporary one. Numbers of a sample: other victims of an act who
do not live in it are not counted, so acts have fewer victims, and co-offending in several acts is
seen less often, than in the whole population.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
from scipy.stats import spearmanr

from darkfigure.linkage_eval.fidelity.views import opened
from darkfigure.linkage_eval.sharing.metrics.hotspots import Areas, choose, measure_hotspots
from darkfigure.linkage_eval.stats.intervals import shares
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset

PERSONS = 300_000
TOP_LSOAS, TOP_PREMISES, HOTSPOTS = 20, 10, 0.01
# Co-offending at least once a year among known offenders, all crime but within families, Victoria
# 2016 (Crime Statistics Agency); theft and damage raise it.
PUBLISHED_TOGETHER = {"10-17": 0.561, "18-24": 0.297}
TAILS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 9), (10, 19), (20, 9_999))

_TABLES = {
    "since": """
        SELECT start_date + to_days(((years - 1) * 365.25)::INT) AS day FROM study
    """,
    "areas": "SELECT lsoa_code FROM truth_neighbourhoods WHERE inside",
    "acts": """
        SELECT events.*, kind, hour(occurred_at) NOT BETWEEN 6 AND 17 AS night,
            site_kind <> 'home' AND kind <> 'harassment' AS public, occurred_at >= day AS last_year
        FROM truth_events AS events JOIN (
            SELECT event_id, arg_min(kind, incident_id) AS kind FROM truth_incidents GROUP BY 1
        ) USING (event_id), since
    """,
    "nights": "SELECT * FROM acts WHERE public AND night",
    "company": """
        SELECT acts.event_id, kind, (
            SELECT count(*) FROM truth_incidents AS own WHERE own.event_id = acts.event_id
        ) AS victims, (
            SELECT count(*) FROM truth_event_roles AS own
            WHERE own.event_id = acts.event_id AND role = 'offender'
        ) AS offenders, (
            SELECT count(*) FROM truth_event_roles AS own
            WHERE own.event_id = acts.event_id AND role = 'bystander'
        ) + (
            SELECT count(DISTINCT person_id) FROM truth_incident_witnesses
            JOIN truth_incidents AS own USING (incident_id) WHERE own.event_id = acts.event_id
        ) AS witnesses
        FROM acts
    """,
    # Offenders of the last year's public violence; an act with a second offender is joint.
    "offenders": """
        SELECT person_id, offenders > 1 AS joint,
            date_diff('year', birth_date, occurred_at::DATE) AS age
        FROM truth_event_roles JOIN acts USING (event_id) JOIN company USING (event_id)
        JOIN truth_persons USING (person_id)
        WHERE role = 'offender' AND public AND last_year
    """,
}
# Where each list says that public violence was: the truth, the police, and what clerks of
# emergency departments wrote, each text found on the map (the best that could be made of it).
_LISTS = {
    "truth": "SELECT lsoa_code FROM acts WHERE public AND NOT last_year",
    "police records": """
        SELECT lsoa_code
        FROM police_occurrences JOIN ref_offence_codes ON offence_code = code, since
        WHERE offence_group IN ('VWI', 'VWOI', 'S&H') AND occurred_at < day
            AND location_type NOT IN ('own_home', 'other_home')
    """,
    "ED records": """
        SELECT acts.lsoa_code FROM ed_attendances
        JOIN truth_record_incidents AS about ON about.source = 'ed' AND record_id = attendance_no
        JOIN truth_incidents USING (incident_id) JOIN acts USING (event_id)
        WHERE assault_location_text IS NOT NULL AND public AND NOT last_year
    """,
}
# Times in the last year that a person of the sample is on each kind of list.
_TIMES = {
    "incidents, victim": """
        SELECT victim_id AS person, count(*) AS times FROM truth_incidents, since
        WHERE occurred_at >= day GROUP BY 1
    """,
    "notifications (PPN), person": """
        SELECT about.person_id AS person, count(DISTINCT ppn_no) AS times
        FROM ppn_notifications JOIN ppn_persons USING (force, ppn_no)
        JOIN truth_record_persons AS about ON about.source = 'ppn/' || force
            AND about.record_id = person_no, since
        WHERE submitted_at >= day GROUP BY 1
    """,
    "ED attendances, patient": """
        SELECT person_id AS person, count(*) AS times FROM ed_attendances
        JOIN truth_record_persons AS about
            ON about.source = 'ed' AND record_id = attendance_no, since
        WHERE arrived_at >= day GROUP BY 1
    """,
    "ED assaults, patient": """
        SELECT victim_id AS person, count(DISTINCT attendance_no) AS times FROM ed_attendances
        JOIN truth_record_incidents AS about ON about.source = 'ed' AND record_id = attendance_no
        JOIN truth_incidents USING (incident_id), since
        WHERE arrived_at >= day GROUP BY 1
    """,
    "police domestic, victim": """
        SELECT about.person_id AS person, count(DISTINCT occurrence_no) AS times
        FROM police_occurrences JOIN police_occurrence_nominals USING (force, occurrence_no)
        JOIN truth_record_persons AS about ON about.source = 'police/' || force
            AND about."table" IN ('nominals', 'persons') AND record_id = nominal_ref, since
        WHERE domestic_flag AND role = 'victim' AND reported_at >= day GROUP BY 1
    """,
    "arrests (PNC), person": """
        SELECT person_id AS person, count(*) AS times FROM pnc_arrests
        JOIN truth_record_persons AS about ON about.source = 'pnc' AND record_id = pnc_id, since
        WHERE arrested_at >= day GROUP BY 1
    """,
}


def main() -> None:
    """Print every figure of the world that the command line names."""
    with world(sys.argv[1] if len(sys.argv) > 1 else None) as dataset, opened(dataset) as truth:
        print(dataset)  # noqa: T201
        for name, sql in _TABLES.items():
            truth.execute(f"CREATE TEMP TABLE {name} AS {sql}")
        show_concentration(truth)
        show_hotspots(truth)
        show_homes(truth)
        show_company(truth)
        show_co_offending(truth)
        show_tails(truth)


@contextmanager
def world(folder: str | None, persons: int = PERSONS) -> Iterator[Dataset]:
    """Open a dataset, or make one for as long as it is looked at."""
    if folder:
        yield Dataset.open(folder)
        return
    with tempfile.TemporaryDirectory() as made:
        yield generate(load_scenario("wales", persons=persons), Path(made) / "wales")


def show_concentration(truth: duckdb.DuckDBPyConnection) -> None:
    """Print what share of night violence in public the busiest places hold."""
    print("\nviolence in public at night (truth), all years")  # noqa: T201
    lsoas = _counts(truth, "SELECT lsoa_code FROM nights")
    _show_share(f"top {TOP_LSOAS} LSOAs of {len(lsoas):,}", np.sort(lsoas)[-TOP_LSOAS:], lsoas)
    premises = _column(
        truth,
        """SELECT count(*) FROM nights WHERE site_kind IN ('pub', 'bar', 'nightclub')
        GROUP BY latitude, longitude""",
    )
    top = np.sort(premises)[-TOP_PREMISES:]
    _show_share(f"top {TOP_PREMISES} premises, of that in premises", top, premises)
    _show_share(f"top {TOP_PREMISES} premises, of all", top, lsoas)


def show_hotspots(truth: duckdb.DuckDBPyConnection) -> None:
    """Print how well 1 % of neighbourhoods, chosen by each list, foretell the last year."""
    happened = _counts(truth, "SELECT lsoa_code FROM acts WHERE public AND last_year")
    areas = Areas(happened, np.ones(len(happened)))
    k = _hotspots(happened)
    print(f"\n{k} neighbourhoods of {len(happened):,} chosen by all years but the last;")  # noqa: T201
    print("violence in public (truth) in the last year that lies in them")  # noqa: T201
    for name, sql in _LISTS.items():
        listed = _counts(truth, sql)
        found = measure_hotspots(listed.astype(float), areas, k)
        if found.pai is None or found.precision is None:
            print(f"  {name:15} lists nothing")  # noqa: T201
            continue
        interval = _interval(found.n, found.n_total)
        print(  # noqa: T201
            f"  {name:15} {int(listed.sum()):7,} listed   PAI {found.pai:5.1f}   "
            f"share {interval}   precision {found.precision:.2f}"
        )


def show_homes(truth: duckdb.DuckDBPyConnection) -> None:
    """Print how far hotspots of events and those of victims' homes are the same."""
    events = _counts(truth, "SELECT lsoa_code FROM acts WHERE public")
    homes = _counts(
        truth,
        """SELECT persons.lsoa_code FROM truth_incidents JOIN acts USING (event_id)
        JOIN truth_persons AS persons ON victim_id = person_id WHERE public""",
    )
    k = _hotspots(events)
    both = np.intersect1d(choose(events.astype(float), k), choose(homes.astype(float), k))
    print(f"\ntop {k} neighbourhoods of events and of victims' homes, violence in public")  # noqa: T201
    ranks = spearmanr(events, homes).statistic
    print(f"  on both lists: {len(both)} of {k}; rank correlation {ranks:.2f}")  # noqa: T201


def show_company(truth: duckdb.DuckDBPyConnection) -> None:
    """Print victims, offenders and witnesses an act, by kind of violence."""
    print("\npeople an act:            n        0      1      2      3    4 or more")  # noqa: T201
    for role in ("victims", "offenders", "witnesses"):
        for kind in ("any", *_column(truth, "SELECT DISTINCT kind FROM acts ORDER BY 1")):
            where = "" if kind == "any" else f"WHERE kind = '{kind}'"
            people = _column(truth, f"SELECT least({role}, 4) FROM company {where}")  # noqa: S608
            parts = np.bincount(people, minlength=5) / len(people)
            text = " ".join(f"{part:6.3f}" for part in parts)
            print(f"  {role:10}{kind:13}{len(people):7,} {text}")  # noqa: T201


def show_co_offending(truth: duckdb.DuckDBPyConnection) -> None:
    """Print the share of offenders of public violence who offend with others, by age."""
    print("\noffending together in public violence, last year")  # noqa: T201
    for low, high in ((10, 17), (18, 24), (25, 34), (35, 120)):
        aged = f"FROM offenders WHERE age BETWEEN {low} AND {high}"
        acts = _column(truth, f"SELECT joint::INT {aged}")
        people = _column(truth, f"SELECT max(joint::INT) {aged} GROUP BY person_id")
        published = PUBLISHED_TOGETHER.get(f"{low}-{high}")
        beside = f"; {published} of all crime, Victoria" if published else ""
        print(  # noqa: T201
            f"  {low:2}-{high:<3} acts {_interval(acts.sum(), len(acts))}"
            f"   people {_interval(people.sum(), len(people))}{beside}"
        )


def show_tails(truth: duckdb.DuckDBPyConnection) -> None:
    """Print how often the same people come up within the last year."""
    heads = " ".join(f"{_band(*band):>7}" for band in TAILS)
    print(f"\nlast year, shares of people by how often         n {heads}    most  top 1 % hold")  # noqa: T201
    for name, sql in _TIMES.items():
        sampled = f"FROM ({sql}) JOIN truth_persons ON person_id = person WHERE sampled"
        times = np.sort(_column(truth, f"SELECT times {sampled}"))
        parts = [np.mean((times >= low) & (times <= high)) for low, high in TAILS]
        top = times[-max(len(times) // 100, 1) :].sum() / times.sum()
        text = " ".join(f"{part:7.4f}" for part in parts)
        print(f"  {name:38} {len(times):8,} {text} {times[-1]:7}  {top:.3f}")  # noqa: T201


def _counts(truth: duckdb.DuckDBPyConnection, sql: str) -> Ints:
    """Count what lies in each neighbourhood of the areas, in order of code."""
    return _column(
        truth,
        f"""SELECT count(placed.lsoa_code) FROM areas LEFT JOIN ({sql}) AS placed USING (lsoa_code)
        GROUP BY lsoa_code ORDER BY lsoa_code""",  # noqa: S608, our own queries
    )


def _hotspots(counts: Ints) -> int:
    """Give the number of neighbourhoods that are 1 % of all, and at least one."""
    return max(1, round(HOTSPOTS * len(counts)))


def _column(truth: duckdb.DuckDBPyConnection, sql: str) -> Ints:
    return np.array([row[0] for row in truth.sql(sql).fetchall()])


def _show_share(name: str, top: Ints, every: Ints) -> None:
    print(f"  {name:45} {_interval(top.sum(), every.sum())}")  # noqa: T201


def _interval(hits: float, n: float) -> str:
    found = shares(np.array([float(hits)]), np.array([float(n)]))
    return f"{found.value[0]:.3f} ({found.low[0]:.3f}-{found.high[0]:.3f}) of {int(n):,}"


def _band(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}+" if high > 1_000 else f"{low}-{high}"


if __name__ == "__main__":
    main()
