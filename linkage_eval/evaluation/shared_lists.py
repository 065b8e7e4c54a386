"""Two lists of violence with injury: attendances and police records that reach the linking party.

A unit is an incident with an injury. The first list holds those of which an attendance is shared,
the second those of which a police record of a victim is; links tell which are on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.evaluation.assaults import Assaults, find_reports
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.records.forces import read_alike
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Listed, contents_of
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.storage.dataset import Dataset

BY_LINKER, WITHOUT_ERROR = "linker", "without error"
LISTED = contents_of(Listed)
# A person's record joins an incident through the occurrences in which the person is the victim.
_INJURED = """
SELECT incident_id,
    incident_id IN (SELECT incident_id FROM about JOIN lefts ON record_id = id
        WHERE source = 'ed') AS first,
    incident_id IN (SELECT incident_id FROM about JOIN named ON record_id = occurrence_no
        WHERE source LIKE 'police/%' AND nominal_ref IN (SELECT id FROM rights)
            AND role = 'victim') AS second
FROM incidents WHERE injury <> 'none' ORDER BY incident_id
"""
_FOUND = """
SELECT DISTINCT incident_id FROM about JOIN found ON record_id = id WHERE source = 'ed'
"""


@dataclass(frozen=True)
class SharedLists:
    """The incidents with injury of a dataset, and those in what each side shares.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    assaults
        Attendances after assaults, and police reports.
    left, right
        Ids of the attendances and of the nominals that the linker is given.
    """

    dataset: Dataset
    assaults: Assaults
    left: pa.ChunkedArray
    right: pa.ChunkedArray

    @property
    def first(self) -> Mask:
        """True where an attendance is shared, shape (incidents,)."""
        return np.asarray(self._incidents["first"].to_numpy(), bool)

    @property
    def second(self) -> Mask:
        """True where a police record of a victim is shared, shape (incidents,)."""
        return np.asarray(self._incidents["second"].to_numpy(), bool)

    def linked(self, judged: ScoredLinks) -> Mask:
        """Tell which incidents of the first list links find on the second, rightly or not."""
        rows = find_reports(judged, self.assaults)["left_row"].to_numpy()
        ids = pa.table({"id": judged.truth.left.ids.take(pa.array(rows))})
        incidents: Ints = query(_FOUND, about=self._about, found=ids)["incident_id"].to_numpy()
        return self.first & np.isin(self._incidents["incident_id"].to_numpy(), incidents)

    @cached_property
    def _about(self) -> pa.Table:
        columns = ["source", "record_id", "incident_id"]
        return self.dataset.read("truth/record_incidents", columns)

    @cached_property
    def _incidents(self) -> pa.Table:
        named = read_alike(self.dataset, "police", "occurrence_nominals")
        return query(
            _INJURED,
            incidents=self.dataset.read("truth/incidents", ["incident_id", "injury"]),
            about=self._about,
            named=named.select(["occurrence_no", "nominal_ref", "role"]),
            lefts=pa.table({"id": self.left}),
            rights=pa.table({"id": self.right}),
        )


def count_lists(judged: ScoredLinks, lists: SharedLists | None) -> pa.Table:
    """Count the two lists and their overlap, as links find it and without error.

    Parameters
    ----------
    judged
        Links set against the truth.
    lists
        The lists of the same task; None where it has none.

    Returns
    -------
    Schema `LISTED`; empty without lists.
    """
    if lists is None:
        return LISTED.empty_table()
    n_first, n_second = int(lists.first.sum()), int(lists.second.sum())
    n_linked = min(int(lists.linked(judged).sum()), n_second)
    n_both = int((lists.first & lists.second).sum())
    sizes = {"n_first": n_first, "n_second": n_second, "n_true": len(lists.first)}
    rows = [
        {"links": name, "n_both": n, **sizes}
        for name, n in ((BY_LINKER, n_linked), (WITHOUT_ERROR, n_both))
    ]
    return pa.Table.from_pylist(rows, LISTED)
