"""Event linkage without identities: an attendance and an occurrence at the same time and place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.errors import LinkerError


@dataclass(frozen=True)
class TimePlace:
    """Link events by time and kind of place alone, as models that share no identities must.

    Parameters
    ----------
    hours
        The most hours between two accounts of one event; assumed.
    """

    hours: float = 6.0
    name: str = "time-place"
    kind: ClassVar[str] = "events"

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link events (schema `EVENTS`); the score falls with the hours between, 1 for none.

        Raises
        ------
        LinkerError
            The task links persons, whose records have no time.
        """
        if "happened_at" not in left.column_names:
            raise LinkerError('it links events: use it in a task of kind "events"')
        minutes = round(self.hours * 60)
        return query(
            f"""SELECT l.record_id AS left_id, r.record_id AS right_id,
                1 / (1 + abs(epoch(l.happened_at - r.happened_at)) / 3600) AS score
            FROM lefts AS l JOIN rights AS r
                ON r.happened_at BETWEEN l.happened_at - INTERVAL {minutes} MINUTE
                    AND l.happened_at + INTERVAL {minutes} MINUTE
            WHERE coalesce(l.place = r.place, true) ORDER BY left_id, right_id""",  # noqa: S608
            lefts=left.select(["record_id", "happened_at", "place"]),
            rights=right.select(["record_id", "happened_at", "place"]),
        ).cast(LINKS)
