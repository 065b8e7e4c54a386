"""The share of assaults in emergency departments that the police know: truly, and as linked.

Three reasons for "not found in police records" stay apart: never reported; reported but not
recorded; recorded but not linked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.links.truth import ScoredLinks, Truth
from darkfigure.linkage_eval.metrics.declaration import Definition, metric, metrics
from darkfigure.linkage_eval.records.forces import read_alike
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.storage.dataset import Dataset

# A linked victim counts as known if reported in this window around arrival: the police may be
# called before the ambulance, and most reports come within a month. Assumed.
DAYS_BEFORE_ARRIVAL = 1
DAYS_AFTER_ARRIVAL = 30

# The columns of `_count`: numbers of each person's attendances; ratios weigh these.
_COUNTS = (
    "attendances",
    "never_reported",
    "not_recorded",
    "recorded",
    "recorded_not_found",
    "found_anyway",
    "not_found",
)


_NEEDS = ("judged", "assaults", "chance")


def _share(definition: Definition, *counted: str) -> Ratio:
    above = tuple(int(count in counted) for count in _COUNTS)
    below = tuple(int(count == "attendances") for count in _COUNTS)
    return Ratio(definition, above, below)


_SHARES = (
    _share(
        metric(
            name="never_reported_share",
            label="Never reported",
            meaning="share of assault attendances of which no report reached the police",
            formula="never reported / assault attendances",
            direction="neither",
            unit="share",
            needs=_NEEDS,
        ),
        "never_reported",
    ),
    _share(
        metric(
            name="not_recorded_share",
            label="Reported, not recorded",
            meaning="share reported to the police, but not recorded as an occurrence",
            formula="reported and not recorded / assault attendances",
            direction="neither",
            unit="share",
            needs=_NEEDS,
        ),
        "not_recorded",
    ),
    _share(
        metric(
            name="recorded_share",
            label="Recorded",
            meaning="share that the police recorded as an occurrence",
            formula="recorded / assault attendances",
            direction="neither",
            unit="share",
            needs=_NEEDS,
        ),
        "recorded",
    ),
    _share(
        metric(
            name="true_unknown_share",
            label="Unknown, in truth",
            meaning="share without a police record, in truth",
            formula="never_reported_share + not_recorded_share",
            direction="neither",
            unit="share",
            needs=_NEEDS,
        ),
        "never_reported",
        "not_recorded",
    ),
    _share(
        metric(
            name="recorded_not_linked_share",
            label="Recorded, not linked",
            meaning="share with a police record that the links do not find",
            formula="recorded and not found / assault attendances",
            direction="lower",
            unit="share",
            needs=_NEEDS,
        ),
        "recorded_not_found",
    ),
    _share(
        metric(
            name="unrecorded_but_linked_share",
            label="Not recorded, yet linked",
            meaning="share without a police record that links wrongly, or to another occurrence, "
            "find",
            formula="not recorded and found / assault attendances",
            direction="lower",
            unit="share",
            needs=_NEEDS,
        ),
        "found_anyway",
    ),
    _share(
        metric(
            name="apparent_unknown_share",
            label="Unknown, by the links",
            meaning="share without a police record, as far as the links show",
            formula="true_unknown_share + recorded_not_linked_share - unrecorded_but_linked_share",
            direction="neither",
            unit="share",
            needs=_NEEDS,
        ),
        "not_found",
    ),
)


@dataclass(frozen=True)
class Assaults:
    """The assault attendances and police reports of a task.

    Parameters
    ----------
    attendances
        One row per attendance that is an assault, by row of the left side: `left_row`,
        `arrived_at`, `police_status` (schema.POLICE_STATUS), and `true_days` from arrival to the
        report of its own occurrence, null where there is none. An attendance with two records, or
        two versions of one, counts once.
    records
        `record_row` of each record of these attendances, and `left_row` of the attendance.
    reports
        One row per victim of an occurrence: `right_row` of the nominal, `reported_at`.
    """

    attendances: pa.Table
    records: pa.Table
    reports: pa.Table


@metrics(share.definition for share in _SHARES)
def measure_dark_figure(
    judged: ScoredLinks, assaults: Assaults, chance: Stream
) -> list[Measurement]:
    """Measure the shares of assault attendances unknown to the police, overall and by group.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        As `read_assaults` gives them.
    chance
        Draws of the intervals, which are over people.
    """
    counts = _count(judged, assaults)
    return measure_ratios(counts, judged.truth.groups, _SHARES, chance.stage("dark_figure"))


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
    record_incidents = dataset.read("truth/record_incidents")
    records = query(_RECORDS, lefts=_numbered(truth.left.ids), record_incidents=record_incidents)
    attendances = query(
        _ATTENDANCES,
        records=records,
        lefts=_numbered(truth.left.ids),
        attendances=dataset.read("ed/attendances", ["attendance_no", "arrived_at"]),
        record_incidents=record_incidents,
        incidents=dataset.read("truth/incidents", ["incident_id", "police_status"]),
        occurrences=tables["occurrences"],
    )
    reports = query(_REPORTS, rights=_numbered(truth.right.ids), **tables)
    return Assaults(attendances, records.select(["record_row", "left_row"]), reports)


# Nobody attends twice for one assault; the first of several records stands for the attendance.
_RECORDS = """
    SELECT row AS record_row, min(row) OVER (PARTITION BY incident_id) AS left_row, incident_id
    FROM lefts JOIN record_incidents ON record_id = id AND source = 'ed' AND "table" = 'attendances'
    ORDER BY row
"""
_ATTENDANCES = """
    WITH reported AS (
        SELECT incident_id, min(reported_at) AS reported_at
        FROM record_incidents JOIN occurrences ON occurrence_no = record_id
        WHERE source LIKE 'police/%' GROUP BY incident_id
    )
    SELECT left_row, arrived_at, police_status::VARCHAR AS police_status,
        epoch(reported_at - arrived_at) / 86400 AS true_days
    FROM records JOIN lefts ON left_row = record_row AND record_row = row
    JOIN attendances ON attendance_no = id
    JOIN incidents USING (incident_id) LEFT JOIN reported USING (incident_id) ORDER BY left_row
"""
_REPORTS = """
    SELECT row AS right_row, reported_at
    FROM occurrence_nominals JOIN rights ON nominal_ref = id JOIN occurrences USING (occurrence_no)
    WHERE role = 'victim'
"""
_FOUND = f"""
    SELECT left_row, arg_min(days, abs(days)) AS days FROM (
        SELECT left_row, epoch(reported_at - arrived_at) / 86400 AS days FROM links
    JOIN records USING (record_row) JOIN attendances USING (left_row)
    JOIN reports USING (right_row)
    WHERE reported_at BETWEEN arrived_at - INTERVAL {DAYS_BEFORE_ARRIVAL} DAY
        AND arrived_at + INTERVAL {DAYS_AFTER_ARRIVAL} DAY
    ) GROUP BY left_row ORDER BY left_row
"""  # noqa: S608, our own constants


def _numbered(ids: pa.Array) -> pa.Table:
    return pa.table({"id": ids, "row": np.arange(len(ids))})


def _count(judged: ScoredLinks, assaults: Assaults) -> Ints:
    """Count attendances of each kind by person: shape (people, len(_COUNTS))."""
    rows = assaults.attendances["left_row"].to_numpy()
    linked = np.isin(rows, find_reports(judged, assaults)["left_row"].to_numpy())
    status = assaults.attendances["police_status"].to_numpy().astype(str)
    recorded = status == "recorded"
    counted: tuple[Mask, ...] = (
        np.ones(len(rows), bool),
        status == "never_reported",
        status == "not_recorded",
        recorded,
        recorded & ~linked,
        ~recorded & linked,
        ~linked,
    )
    people = judged.truth.left_rows[rows]
    n_people = len(judged.truth.people)
    return np.column_stack([np.bincount(people[kind], minlength=n_people) for kind in counted])


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
    return query(
        _FOUND,
        links=pa.table({"record_row": judged.left, "right_row": judged.right}),
        records=assaults.records,
        attendances=assaults.attendances,
        reports=assaults.reports,
    )
