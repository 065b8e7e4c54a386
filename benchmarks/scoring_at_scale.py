"""Pair and cluster metrics of ten million links with ten strata: seconds and memory.

`python benchmarks/scoring_at_scale.py`. Looking up the links' ids among the records' is shown
apart: whoever scores several metrics does it once.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.evaluation.metrics.accuracy import measure_accuracy
from darkfigure.linkage_eval.evaluation.metrics.clusters import clusters_of, measure_clusters
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.links.truth import Groups, Truth, TruthSide, judge
from darkfigure.synth.core.chance import Stream

N_LINKS, N_GROUPS = 10_000_000, 10
Found = TypeVar("Found")


def main() -> None:
    """Make people with one record a side each, nine in ten rightly linked, and score them."""
    people = np.arange(N_LINKS)
    truth = _truth(people)
    wrong = Stream(1).happens("wrong", people, 0.1)
    partner = pa.array(np.where(wrong, (people + 1) % N_LINKS, people))
    links = to_links(
        pa.table({"left_id": truth.left.ids, "right_id": truth.right.ids.take(partner)})
    )
    print(f"{N_LINKS:,} links, {N_GROUPS} strata; records and links: {_peak_mb():,.0f} MB")  # noqa: T201
    judged = _timed("ids looked up", lambda: judge(truth, links))
    _timed("pair metrics with intervals", lambda: measure_accuracy(judged, Stream(1)))
    _timed("cluster metrics", lambda: measure_clusters(truth, clusters_of(judged)))


def _truth(people: np.ndarray) -> Truth:
    left, right = (
        TruthSide(name, (name,), pc.binary_join_element_wise(name, _numbers(people), ""), people)
        for name in ("l", "r")
    )
    strata = tuple(str(group) for group in range(N_GROUPS))
    groups = (
        Groups("all", ("all",), np.zeros_like(people)),
        Groups("group", strata, people % N_GROUPS),
    )
    return Truth(left, right, people, people, people, people, groups)


def _numbers(people: np.ndarray) -> pa.Array:
    return pc.utf8_lpad(pa.array(people).cast(pa.string()), 9, "0")


def _timed(what: str, done: Callable[[], Found]) -> Found:
    begin = time.process_time()
    found = done()
    took = time.process_time() - begin
    print(f"{what:<28} {took:5.2f} CPU s   {_peak_mb():,.0f} MB at most so far")  # noqa: T201
    return found


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
