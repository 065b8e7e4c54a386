"""Assault attendances, police reports, and which of them links bring together.

The question: *of assault attendances, how many have an occurrence about the same event, and what
would this linker make of it?* An analyst takes the attendances that are coded as an assault, and
counts one as known where its patient is linked to a victim of an occurrence that was reported from
`DAYS_BEFORE_ARRIVAL` to `DAYS_AFTER_ARRIVAL` days around the arrival. The truth says of which
event attendance and occurrence are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.links.truth import ScoredLinks, Truth
from darkfigure.linkage_eval.records.events import ASSAULT
from darkfigure.linkage_eval.records.forces import read_alike
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standing import stands
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.storage.dataset import Dataset

# A linked victim counts as known if reported in this window around arrival: the police may be
# called before the ambulance, and most reports come within a month. Assumed.
DAYS_BEFORE_ARRIVAL = 1
DAYS_AFTER_ARRIVAL = 30

# The outcomes of an attendance, in the order in which a reader asks for them.
OUTCOMES = (
    "assault",  # it truly was one
    "coded",  # it is coded as one
    "never_reported",
    "not_recorded",
    "recorded",  # an occurrence is about the same event, and the patient is a victim in it
    "found",  # coded, and the links and the rule give it an occurrence
    "right",  # among these occurrences is its own
    "missed_person",  # recorded but not found: its victim is not linked
    "time_window",  # its victim is linked, but the report lies outside the window
    "coding",  # it is coded as no assault, so that nobody asks
    "wrong_person",  # found, but not rightly: by a link to somebody else
    "other_occurrence",  # by another occurrence of the right person
    "no_assault",  # coded as an assault, which it was not
)


@dataclass(frozen=True)
class Assaults:
    """The assault attendances and police reports of a task.

    Parameters
    ----------
    attendances
        One row per attendance that is an assault or coded as one, by row of the left side:
        `left_row`, `arrived_at`, `coded`, `police_status` (schema.POLICE_STATUS; null where it
        was no assault), and `true_days` from arrival to the report of its own occurrence, null
        where there is none. An attendance with two records, or two versions of one, counts once.
    records
        `record_row` of each record of these attendances, and `left_row` of the attendance.
    reports
        One row per victim of an occurrence: `right_row` of the nominal, `occurrence_no`,
        `reported_at`.
    own
        `left_row` and `occurrence_no` of each attendance and the occurrences of its own incident.
    unknown_share
        The share of assault attendances without an occurrence that the world was made to have to
        the nearest record; None where chance decides it.
    """

    attendances: pa.Table
    records: pa.Table
    reports: pa.Table
    own: pa.Table
    unknown_share: float | None = None

    @property
    def true(self) -> pa.Table:
        """The attendances that were assaults, however they are coded."""
        return self.attendances.filter(pc.field("police_status").is_valid())


def read_assaults(dataset: Dataset, truth: Truth) -> Assaults | None:
    """Read assault attendances and police reports; None unless the task links "ed" to police.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    truth
        The truth of the task.
    """
    police = [source for source in truth.right.sources if source.startswith("police/")]
    if truth.left.name != "ed" or not police:
        return None
    tables = {
        name: read_alike(dataset, "police", name).select(columns)
        for name, columns in (
            ("occurrences", ["occurrence_no", "reported_at"]),
            ("occurrence_nominals", ["occurrence_no", "nominal_ref", "role"]),
        )
    }
    about = dataset.read("truth/record_incidents")
    lefts = _numbered(truth.left.ids)
    attended = dataset.read("ed/attendances", ["attendance_no", "arrived_at", "attendance_group"])
    records = query(_RECORDS, lefts=lefts, about=about, attended=attended)
    given = {"records": records, "about": about, **tables}
    incidents = dataset.read("truth/incidents", ["incident_id", "police_status"])
    return Assaults(
        query(_ATTENDANCES, attended=attended, lefts=lefts, incidents=incidents, **given),
        records.select(["record_row", "left_row"]),
        query(_REPORTS, rights=_numbered(truth.right.ids), **tables),
        query(_OWN, **given),
        _fixed_share(dataset),
    )


def _fixed_share(dataset: Dataset) -> float | None:
    contacts = dataset.manifest["scenario"].get("contacts", {})
    return contacts["unknown_share"] if contacts.get("exact") else None


# Nobody attends twice for one assault; the first of several records stands for the attendance.
# Those that are only coded as an assault are about no incident, and each is one of its own.
_RECORDS = f"""
    SELECT row AS record_row, incident_id,
        min(row) OVER (PARTITION BY coalesce(incident_id::VARCHAR, 'record ' || row)) AS left_row,
        attendance_group::VARCHAR = '{ASSAULT}' AND {stands("id")} AS coded
    FROM lefts JOIN attended ON attendance_no = id
    LEFT JOIN about ON record_id = id AND source = 'ed' AND "table" = 'attendances'
    WHERE incident_id IS NOT NULL OR coded ORDER BY row
"""  # noqa: S608, our own constants
_ATTENDANCES = """
    WITH reported AS (
        SELECT incident_id, min(reported_at) AS reported_at
        FROM about JOIN occurrences ON occurrence_no = record_id
        WHERE source LIKE 'police/%' GROUP BY incident_id
    ), seen AS (
        SELECT left_row, incident_id, bool_or(coded) AS coded FROM records GROUP BY ALL
    )
    SELECT left_row, arrived_at, coded, police_status::VARCHAR AS police_status,
        epoch(reported_at - arrived_at) / 86400 AS true_days
    FROM seen JOIN lefts ON left_row = row JOIN attended ON attendance_no = id
    LEFT JOIN incidents USING (incident_id) LEFT JOIN reported USING (incident_id)
    ORDER BY left_row
"""
_REPORTS = """
    SELECT row AS right_row, occurrence_no, reported_at
    FROM occurrence_nominals JOIN rights ON nominal_ref = id JOIN occurrences USING (occurrence_no)
    WHERE role = 'victim'
"""
_OWN = """
    SELECT DISTINCT left_row, occurrence_no FROM records JOIN about USING (incident_id)
    JOIN occurrences ON occurrence_no = record_id WHERE source LIKE 'police/%'
"""
# Each link of an attendance to a victim: whether the report counts, and rightly so.
_CANDIDATES = f"""
    SELECT left_row, epoch(reported_at - arrived_at) / 86400 AS days,
        reported_at BETWEEN arrived_at - INTERVAL {DAYS_BEFORE_ARRIVAL} DAY
            AND arrived_at + INTERVAL {DAYS_AFTER_ARRIVAL} DAY AS counts,
        same_person, (left_row, occurrence_no) IN (FROM own) AS is_own
    FROM links JOIN records USING (record_row) JOIN attendances USING (left_row)
    JOIN reports USING (right_row)
"""  # noqa: S608, our own constants
_NEAREST = """
    SELECT left_row, arg_min(days, abs(days)) AS days FROM candidates
    WHERE counts GROUP BY left_row ORDER BY left_row
"""
_SEEN = """
    SELECT coalesce(bool_or(counts), false) AS found,
        coalesce(bool_or(counts AND is_own), false) AS own_found,
        coalesce(bool_or(is_own AND same_person), false) AS own_linked,
        coalesce(bool_or(counts AND same_person), false) AS person_found
    FROM attendances LEFT JOIN candidates USING (left_row) GROUP BY left_row ORDER BY left_row
"""


def _numbered(ids: pa.Array) -> pa.Table:
    return pa.table({"id": ids, "row": np.arange(len(ids))})


def find_reports(judged: ScoredLinks, assaults: Assaults) -> pa.Table:
    """Find the attendances that a link joins to a nominal who was a victim around then.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        Attendances and reports of the same task.

    Returns
    -------
    `left_row` of each such attendance, and `days` from arrival to the nearest such report.
    """
    return query(_NEAREST, candidates=_candidates(judged, assaults))


def _candidates(judged: ScoredLinks, assaults: Assaults) -> pa.Table:
    links = {"record_row": judged.left, "right_row": judged.right, "same_person": judged.correct}
    return query(
        _CANDIDATES,
        links=pa.table(links),
        records=assaults.records,
        attendances=assaults.attendances,
        reports=assaults.reports,
        own=assaults.own,
    )


def outcomes(judged: ScoredLinks, assaults: Assaults) -> dict[str, Mask]:
    """Tell what links and rule make of each attendance, and why they err.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        Attendances and reports of the same task.

    Returns
    -------
    A mask for each of `OUTCOMES`, shape (attendances,). Recorded attendances are right or lost to
    `missed_person`, `time_window` or `coding`; found ones are right or found by `wrong_person`,
    `other_occurrence` or `no_assault`.
    """
    status = np.array(assaults.attendances["police_status"].to_pylist(), object)
    coded = _mask(assaults.attendances["coded"])
    seen = query(_SEEN, attendances=assaults.attendances, candidates=_candidates(judged, assaults))
    found, own_found, own_linked, person_found = (
        _mask(seen[name]) for name in ("found", "own_found", "own_linked", "person_found")
    )
    is_assault, recorded = status != None, status == "recorded"  # noqa: E711, an array
    found, right = coded & found, coded & own_found
    lost, wrong = recorded & ~right, found & ~right
    values = (
        *(is_assault, coded, status == "never_reported", status == "not_recorded", recorded),
        *(found, right),
        *(lost & coded & ~own_linked, lost & coded & own_linked, lost & ~coded),
        *(wrong & is_assault & ~person_found, wrong & is_assault & person_found),
        wrong & ~is_assault,
    )
    return dict(zip(OUTCOMES, values, strict=True))


def _mask(column: pa.ChunkedArray) -> Mask:
    return np.asarray(column.to_numpy(), bool)


def owners(judged: ScoredLinks, assaults: Assaults) -> Ints:
    """Give the row of each attendance's person in `Truth.people`, shape (attendances,)."""
    return judged.truth.left_rows[assaults.attendances["left_row"].to_numpy()]
