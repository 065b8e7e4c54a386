"""Violence with injury as an analyst estimates it from the links under a strategy.

The two lists are the incidents with an injury of which an attendance, and a police record of a
victim, reached the linking party; the overlap is what the links find. The analyst sees the three
numbers and, to correct them, an audit of some links. The truth stands in for the audit, and gives
the true number.
"""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.defaults import AUDITED
from darkfigure.linkage_eval.evaluation.assaults import Assaults
from darkfigure.linkage_eval.evaluation.shared_lists import SharedLists
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.recapture import (
    PopulationEstimate,
    TwoLists,
    chapman,
    corrected_chapman,
)
from darkfigure.linkage_eval.recapture.audits import audit_links
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.storage.dataset import Dataset

_NEEDS = ("judged", "dataset", "assaults", "shared", "chance")
_LINKED, _CORRECTED = "linked_estimate_to_truth", "corrected_estimate_to_truth"


@metric(
    name=_LINKED,
    label="Estimate to truth, as linked",
    meaning="violence with injury as Chapman estimates it from what the links join, and that are "
    "shared",
    formula="estimate / true incidents with injury; interval of 95 %",
    direction="neither",
    unit="ratio",
    needs=_NEEDS,
    source="Chapman (1951)",
)
@metric(
    name=_CORRECTED,
    label="Estimate to truth, corrected by an audit",
    meaning="the same, with missed and false links undone by an audit of 500 attendances",
    formula="corrected estimate / true incidents with injury; interval of 95 %",
    direction="neither",
    unit="ratio",
    needs=_NEEDS,
)
def measure_linked_estimates(
    judged: ScoredLinks,
    dataset: Dataset,
    assaults: Assaults,
    shared: tuple[pa.ChunkedArray, pa.ChunkedArray],
    chance: Stream,
) -> list[Measurement]:
    """Estimate from the lists that a strategy shares, as a linker joins them.

    Parameters
    ----------
    judged
        Links set against the truth.
    dataset
        The dataset, with its truth.
    assaults
        Attendances after assaults, and police reports.
    shared
        Ids of the attendances and of the nominals that the linker is given.
    chance
        Draws of the audit.

    Returns
    -------
    The estimates against the truth; None where a list is empty.
    """
    lists = SharedLists(dataset, assaults, *shared)
    first, second, linked = lists.first, lists.second, lists.linked(judged)
    n_true, n_linked = len(first), min(int(linked.sum()), int(second.sum()))
    sizes = TwoLists(int(first.sum()), int(second.sum()), n_linked)
    naive = corrected = None
    if sizes.first and sizes.second:
        naive = chapman(sizes)
        errors = audit_links(first, second, linked, n=AUDITED, chance=chance.stage("audit"))
        corrected = corrected_chapman(sizes, errors) if errors else None
    return [_measured(_LINKED, naive, n_true), _measured(_CORRECTED, corrected, n_true)]


def _measured(name: str, estimate: PopulationEstimate | None, n_true: int) -> Measurement:
    if estimate is None or estimate.value is None or not n_true:
        return Measurement.overall(name, None, n_true)
    low, high = (None if end is None else end / n_true for end in (estimate.low, estimate.high))
    return Measurement.overall(name, estimate.value / n_true, n_true, low, high)
