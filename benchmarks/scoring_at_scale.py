"""Ten million links with ten strata, from a linker's answer to its metrics: seconds and memory.

`python benchmarks/scoring_at_scale.py`. The answer is what a linker leaves in its folder. It is
taken over with all checks, decided in two ways, and set against the truth; links of a file, whose
ids have to be looked up first, are shown apart.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.evaluation.metrics.accuracy import measure_accuracy
from darkfigure.linkage_eval.evaluation.metrics.clusters import clusters_of, measure_clusters
from darkfigure.linkage_eval.isolation.disguise import Disguise
from darkfigure.linkage_eval.isolation.handover import read_links
from darkfigure.linkage_eval.links.decisions import decide
from darkfigure.linkage_eval.links.positions import Links
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.links.truth import Groups, Truth, TruthSide, judge
from darkfigure.synth.core.chance import Stream

N_LINKS, N_GROUPS = 10_000_000, 10
Found = TypeVar("Found")


def main() -> None:
    """Make people with one record a side each, nine in ten rightly linked, and score them."""
    people = np.arange(N_LINKS)
    truth = _truth(people)
    wrong = Stream(1).happens("wrong", people, 0.1)
    partner = np.where(wrong, (people + 1) % N_LINKS, people)
    sides = [pa.table({"record_id": side.ids}) for side in (truth.left, truth.right)]
    disguise = Disguise.of(*sides, seed=1, within=False)
    with TemporaryDirectory() as folder:
        _answer(Path(folder), disguise, partner)
        print(f"{N_LINKS:,} links, {N_GROUPS} strata; all given: {_peak_mb():,.0f} MB")  # noqa: T201
        links = _timed("answer taken over", lambda: _take_over(Path(folder), disguise))
    _timed("decided: many to one", lambda: decide(links.on(truth.sides), "many-to-one"))
    judged = _timed("set against the truth", lambda: judge(truth, decide(links, "none")))
    _timed("pair metrics with intervals", lambda: measure_accuracy(judged))
    _timed("cluster metrics", lambda: measure_clusters(truth, clusters_of(judged)))
    table = _timed("ids written", links.table)
    _timed("ids looked up, as of a file", lambda: look_up(table, truth.sides))


def _answer(folder: Path, disguise: Disguise, partner: np.ndarray) -> None:
    """Write what a linker leaves: rows as it was given the records, and scores."""
    given = [np.argsort(side.order) for side in (disguise.left, disguise.right)]
    given[0].astype("<i8").tofile(folder / "left")
    given[1][partner].astype("<i8").tofile(folder / "right")
    np.ones(N_LINKS).tofile(folder / "score")


def _take_over(folder: Path, disguise: Disguise) -> Links:
    return read_links(folder, disguise, [], within=False, most_bytes=1 << 30)


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
