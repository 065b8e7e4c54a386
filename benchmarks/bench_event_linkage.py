"""How many events the sources share, and how well time, place and identities join them.

`python benchmarks/bench_event_linkage.py [FOLDER] [--before FOLDER]` prints the figures of a
dataset, beside those of an older one if there is one; without a folder it makes 300,000 people of
Wales in a temporary one. Times join more wrong pairs the more people there are, so only worlds of
one size can be compared.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from bench_violence import world

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.evaluation.metrics.accuracy import measure_accuracy
from darkfigure.linkage_eval.linkers.registry import load
from darkfigure.linkage_eval.links.event_truth import read_event_truth
from darkfigure.linkage_eval.links.positions import Links
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.links.truth import Truth, judge
from darkfigure.linkage_eval.records.events import in_time, read_events
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.stats.intervals import shares
from darkfigure.synth.schema import TABLES
from darkfigure.synth.storage.dataset import Dataset

SOURCES = ("ed", "police", "gp", "hospital", "ambulance", "ppn")
MINUTES = (0, 30, 60, 180)
LINKERS = ("time-place", "stepwise")
# Both sides of an event as each source has it; one row an event and source.
_HELD = """
    SELECT DISTINCT split_part(source, '/', 1) AS source, event_id
    FROM about JOIN incidents USING (incident_id)
"""


class OlderDataset(Dataset):
    """A dataset of an older version: columns it lacks are empty, an incident is an event."""

    @classmethod
    def at(cls, folder: str) -> OlderDataset:
        """Open one, whatever its version."""
        path = Path(folder)
        return cls(path, json.loads((path / "manifest.json").read_text(encoding="utf-8")))

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table in the columns of this version."""
        shape = TABLES[f"{name}.parquet"]
        if not self.has(name):
            return shape.empty().select(columns or shape.arrow.names)
        table = pq.read_table(self.file(name), partitioning=None)
        if "event_id" in shape.arrow.names and "event_id" not in table.column_names:
            table = table.append_column("event_id", table["incident_id"])
        for field in shape.arrow:
            if field.name not in table.column_names:
                table = table.append_column(field, pa.nulls(table.num_rows, field.type))
        return table.select(columns or shape.arrow.names)


@dataclass(frozen=True)
class Row:
    """One figure with its number of cases and the ends of its interval."""

    name: str
    n: int
    value: float
    low: float
    high: float

    def text(self) -> str:
        """Write number, value and interval in a fixed width; a dash where there is nothing."""
        if not self.n:
            return f"{self.n:9,} {'-':>6}"
        ends = f"({self.low:.3f}-{self.high:.3f})"
        return f"{self.n:9,} {self.value:6.3f} {ends}"


def main() -> None:
    """Print shared events and the accuracy of joins, of one world or of two side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--before", help="dataset of an older version, shown on the right")
    given = parser.parse_args()
    with world(given.folder) as dataset:
        columns = [list(figures(dataset))]
        print(dataset)  # noqa: T201
        if given.before:
            older = OlderDataset.at(given.before)
            columns.append(list(figures(older)))
            print(f"right: {older}")  # noqa: T201
    print(f"{'':42}" + "   ".join(["        n  value (95 %)        "] * len(columns)))  # noqa: T201
    for name in dict.fromkeys(row.name for rows in columns for row in rows):
        cells = [next((row.text() for row in rows if row.name == name), "") for rows in columns]
        print(f"{name:42}" + "   ".join(f"{cell:31}" for cell in cells))  # noqa: T201


def figures(dataset: Dataset) -> Iterator[Row]:
    """Give the figures of a dataset: shared events, then each way of joining."""
    yield from shared_events(dataset)
    left, right = (
        read_events(dataset, side, standardise(dataset, side)) for side in ("ed", "police")
    )
    truth = read_event_truth(dataset, left, right)
    for minutes in MINUTES:
        name = f"within {minutes} minutes" if minutes else "equal time"
        yield from _accuracy(name, truth, look_up(by_time(left, right, minutes), truth.sides))
    for name in LINKERS:
        links = look_up(load(name, {}).link(left, right, seed=1), truth.sides)
        near = in_time(links.pairs, left, right)
        yield from _accuracy(name, truth, links.keep(near))


def shared_events(dataset: Dataset) -> Iterator[Row]:
    """Give the share of each source's events that another holds too, of those that are known."""
    held = query(
        _HELD,
        about=dataset.read("truth/record_incidents"),
        incidents=dataset.read("truth/incidents", ["incident_id", "event_id"]),
    )
    source, event = np.array(held["source"].to_pylist()), held["event_id"].to_numpy()
    events = {name: event[source == name] for name in SOURCES if name in source}
    for first, second in combinations(events, 2):
        both = len(np.intersect1d(events[first], events[second], assume_unique=True))
        for one, other in ((first, second), (second, first)):
            yield _share(f"events of {one} also in {other}", both, len(events[one]))


def by_time(left: pa.Table, right: pa.Table, minutes: int) -> pa.Table:
    """Join attendances and occurrences whose times are this near, by nothing else."""
    return query(
        f"""SELECT l.record_id AS left_id, r.record_id AS right_id, 1.0 AS score
        FROM lefts AS l JOIN rights AS r
            ON r.happened_at BETWEEN l.happened_at - INTERVAL {minutes} MINUTE
                AND l.happened_at + INTERVAL {minutes} MINUTE""",  # noqa: S608, our own numbers
        lefts=left.select(["record_id", "happened_at"]),
        rights=right.select(["record_id", "happened_at"]),
    ).cast(LINKS)


def _accuracy(name: str, truth: Truth, links: Links) -> Iterator[Row]:
    """Give precision and recall over pairs, with intervals over events."""
    for measured in measure_accuracy(judge(truth, links)):
        if measured.stratum == "all" and measured.metric in ("precision", "recall"):
            ends = (measured.value, measured.low, measured.high)
            value, low, high = (np.nan if end is None else end for end in ends)
            yield Row(f"{name}: {measured.metric}", measured.n, value, low, high)


def _share(name: str, hits: int, n: int) -> Row:
    found = shares(np.array([float(hits)]), np.array([float(n)]))
    return Row(name, n, *(float(end[0]) for end in (found.value, found.low, found.high)))


if __name__ == "__main__":
    main()
