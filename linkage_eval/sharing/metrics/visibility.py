"""Visibility: the share of true violence that an agency can see, by granularity and time.

::

    V_a(t) = |incidents that agency a knows at t, at this granularity| / |incidents before t|

Granularity is: that it happened (event), where (place), and to whom (person). An agency always
sees its own records.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import WATCHERS, Of, quantity
from darkfigure.linkage_eval.stats.intervals import shares
from darkfigure.synth.storage.dataset import Dataset

GRANULARITIES = ("event", "place", "person")
# An agency knows place and person of its own records.
_SEEN = """
WITH told AS (
    SELECT incident_id, usable_at AS known_at, event, place, person
    FROM log JOIN about ON about.source = log.source AND about.record_id = log.record
    WHERE status = 'shared'
    UNION ALL
    SELECT incident_id, learned_at, true, true, true FROM contacts WHERE kind = '{kind}'
), seen AS (
    SELECT incident_id, min(known_at) FILTER (WHERE event) AS event,
        min(known_at) FILTER (WHERE place) AS place, min(known_at) FILTER (WHERE person) AS person
    FROM told GROUP BY incident_id
)
SELECT incident_id, occurred_at, event, place, person
FROM incidents LEFT JOIN seen USING (incident_id) ORDER BY incident_id
"""


class Sight:
    """Agencies' sight of the violence in one dataset, whose truth is read once.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._own: dict[str, pa.Table] = {}
        # Several metrics look at one log, and it is long.
        self._last: dict[str, tuple[pa.Table, pa.Table]] = {}

    def see(self, log: pa.Table, recipient: str) -> pa.Table:
        """Find when an agency first sees each incident, at each granularity.

        Parameters
        ----------
        log
            The log of a strategy (schema `at_work.LOG`).
        recipient
            An agency, such as "police:*", which sees its own records besides.

        Returns
        -------
        `incident_id`, `occurred_at`, and `event`, `place`, `person`: times, null where never.
        """
        if recipient in self._last and self._last[recipient][0] is log:
            return self._last[recipient][1]
        received = log.filter(pc.equal(log["recipient"], recipient))
        if not received.num_rows:
            if recipient not in self._own:
                self._own[recipient] = self._look(received, recipient)
            return self._own[recipient]
        self._last[recipient] = log, self._look(received, recipient)
        return self._last[recipient][1]

    def _look(self, received: pa.Table, recipient: str) -> pa.Table:
        return query(
            _SEEN.format(kind=recipient.split(":", maxsplit=1)[0]),
            log=received,
            about=self._about,
            contacts=self._contacts,
            incidents=self._incidents,
        )

    def name_people(self, log: pa.Table) -> pa.Table:
        """Find the recipients that can name the person harmed: `incident_id`, `recipient`."""
        return query(
            """SELECT DISTINCT incident_id, recipient
            FROM log JOIN about ON about.source = log.source AND about.record_id = log.record
            WHERE person AND status = 'shared' ORDER BY ALL""",
            log=log,
            about=self._about,
        )

    @cached_property
    def _incidents(self) -> pa.Table:
        return self._dataset.read("truth/incidents", ["incident_id", "occurred_at"])

    @cached_property
    def _about(self) -> pa.Table:
        """Give the incident of each record; notices of one incident are several records."""
        return query(
            "SELECT DISTINCT source::VARCHAR AS source, record_id, incident_id FROM given",
            given=self._dataset.read("truth/record_incidents"),
        )

    @cached_property
    def _contacts(self) -> pa.Table:
        return query(
            """SELECT incident_id, split_part(source::VARCHAR, '/', 1) AS kind, learned_at
            FROM given""",
            given=self._dataset.read("truth/contacts"),
        )


@metric(
    name="visible_share",
    label="Violence that an agency sees",
    meaning="share of the true incidents that an agency can see, by event, place or person",
    formula="incidents in what it knows at t / incidents before t",
    direction="higher",
    unit="share",
    needs=("remaining", "sight"),
)
def measure_sight(remaining: Knowledge, sight: Sight) -> list[Measurement]:
    """Measure what the watchers see where the deterred stay away."""
    return [
        quantity(
            "visible_share",
            row["value"],
            n=row["n"],
            of=Of(watcher, row["granularity"], row["until"]),
            interval=(row["low"], row["high"]),
            why="nothing has happened",
        )
        for watcher in WATCHERS
        for row in measure_visibility(sight.see(remaining.log, watcher)).to_pylist()
    ]


def measure_visibility(seen: pa.Table) -> pa.Table:
    """Measure visible shares at the end of each quarter of a year, and at the end of time.

    Parameters
    ----------
    seen
        As `Sight.see` gives it.

    Returns
    -------
    `granularity`, `until` ("all", or the last day of a quarter), `value`, `low`, `high` (exact
    binomial, 95 %) and `n`, the incidents until then.
    """
    occurred = seen["occurred_at"].to_numpy().astype("datetime64[ms]")
    rows = []
    for granularity in GRANULARITIES:
        at = seen[granularity].cast(pa.timestamp("ms")).to_numpy().astype("datetime64[ms]")
        rows.append(_share(granularity, "all", ~np.isnat(at)))
        for end in _quarters(occurred):
            past = occurred < end
            rows.append(_share(granularity, str(end.astype("datetime64[D]")), (at < end)[past]))
    return pa.Table.from_pylist(rows)


def _share(granularity: str, until: str, seen: np.ndarray) -> dict[str, object]:
    n = len(seen)
    row: dict[str, object] = {"granularity": granularity, "until": until, "n": n}
    if not n:
        return row | {"value": None, "low": None, "high": None}
    share = shares(np.array([float(seen.sum())]), np.array([float(n)]))
    return row | {name: float(getattr(share, name)[0]) for name in ("value", "low", "high")}


def _quarters(occurred: np.ndarray) -> list[np.datetime64]:
    if not len(occurred):
        return []
    months = occurred.astype("datetime64[M]")
    first, last = months.min(), months.max()
    return [
        month.astype("datetime64[ms]")
        for month in np.arange(first + 3, last + 2, np.timedelta64(3, "M"))
    ]
