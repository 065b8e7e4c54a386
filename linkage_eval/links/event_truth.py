"""The truth of a task of events: attendances and occurrences of the same incident."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.links.truth import Truth, TruthSide, make_truth, read_groups
from darkfigure.linkage_eval.records.events import MARK
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.storage.dataset import Dataset


def read_event_truth(dataset: Dataset, left: pa.Table, right: pa.Table) -> Truth:
    """Read the event of each record; events take the place of persons in the truth.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    left, right
        All attendances and all occurrences (schema `records.events.EVENTS`).

    Returns
    -------
    The truth; its groups are those of the attendance's patient.
    """
    about = query(
        _ABOUT,
        about=dataset.read("truth/record_incidents"),
        incidents=dataset.read("truth/incidents", ["incident_id", "event_id"]),
    )
    sides = []
    for turn, (name, events) in enumerate((("ed", left), ("police", right)), start=1):
        ids = events["record_id"].combine_chunks()
        numbers = pc.list_element(pc.split_pattern(ids, MARK), 0)
        numbered = query(
            # A record of no known event is about one of its own, on each side another.
            f"""SELECT coalesce(event_id, -{turn} - 2 * row) AS event FROM numbered
            LEFT JOIN about ON record_id = number ORDER BY row""",  # noqa: S608
            numbered=pa.table({"number": numbers, "row": np.arange(len(ids))}),
            about=about,
        )
        sides.append(TruthSide(name, (name,), ids, numbered["event"].to_numpy()))
    return _with_groups(dataset, make_truth(sides[0], sides[1], (), within=False))


# An occurrence may be about several people's incidents, but about one event.
_ABOUT = """
SELECT record_id, min(event_id) AS event_id FROM about JOIN incidents USING (incident_id)
WHERE source = 'ed' OR source LIKE 'police/%' GROUP BY record_id"""


def _with_groups(dataset: Dataset, truth: Truth) -> Truth:
    """Divide events by the person who attended."""
    persons = dataset.read("truth/record_persons").filter(pc.field("source") == "ed")
    place = pc.index_in(truth.left.ids, persons["record_id"].combine_chunks())
    patients = persons["person_id"].take(place).to_numpy()
    patient: Ints = np.zeros(len(truth.people), np.int64)
    patient[truth.left_rows] = patients
    people, row = np.unique(patient, return_inverse=True)
    groups = tuple(
        type(division)(division.kind, division.names, division.codes[row])
        for division in read_groups(dataset, people)
    )
    return make_truth(truth.left, truth.right, groups, within=False)
