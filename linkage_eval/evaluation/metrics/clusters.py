"""Agreement of clusters of records with people: one contingency table, every measure from it.

With n_pt the records that predicted cluster p and person t share, n_p and n_t their sizes and N
all records:

- B-cubed precision = 1/N sum n_pt^2 / n_p, recall = 1/N sum n_pt^2 / n_t, F1 their harmonic mean;
- cluster precision = clusters that are exactly one person / predicted clusters, recall the same /
  people, F1 their harmonic mean;
- generalised merge distance at unit cost = splits + merges that turn the prediction into the
  truth = 2 (cells with n_pt > 0) - clusters - people;
- variation of information = -sum n_pt/N (ln n_pt/n_p + ln n_pt/n_t), in nats.

References
----------
Bagga and Baldwin (1998) for B-cubed; Menestrina, Whang and Garcia-Molina (2010), "Evaluating
entity resolution results"; Meila (2003) for the variation of information.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.links.clustering import components
from darkfigure.linkage_eval.links.truth import ScoredLinks, Truth
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.arrays import Ints

_NEEDS = ("truth", "clusters")
_NAMES = (
    "b_cubed_precision",
    "b_cubed_recall",
    "b_cubed_f1",
    "cluster_precision",
    "cluster_recall",
    "cluster_f1",
    "merge_distance",
    "variation_of_information",
)


@dataclass(frozen=True)
class Contingency:
    """The cells of clusters by people that are not empty.

    Parameters
    ----------
    shared
        Records that the cell's cluster and person share, shape (cells,).
    predicted, true
        Records of the cell's cluster and of its person, shape (cells,).
    n_clusters, n_people
        All predicted clusters, all people.
    """

    shared: Ints
    predicted: Ints
    true: Ints
    n_clusters: int
    n_people: int

    @property
    def n_records(self) -> int:
        """All records."""
        return int(self.shared.sum())


def contingency(predicted: Ints, true: Ints) -> Contingency:
    """Count the records of each predicted cluster and person.

    Parameters
    ----------
    predicted, true
        Cluster and person of each record, any integers, shape (records,).
    """
    clusters, persons = _numbered(predicted), _numbered(true)
    sizes, n_records = np.bincount(clusters), np.bincount(persons)
    ones = np.ones(len(clusters), np.int32)
    table = coo_array((ones, (clusters, persons)), (len(sizes), len(n_records))).tocsr()
    cluster = np.repeat(np.arange(len(sizes), dtype=clusters.dtype), np.diff(table.indptr))
    shared = table.data.astype(np.int64)
    return Contingency(shared, sizes[cluster], n_records[table.indices], len(sizes), len(n_records))


def _numbered(labels: Ints) -> NDArray[Any]:
    # Half the memory, and SciPy would make small numbers itself.
    small = np.int32 if len(labels) <= np.iinfo(np.int32).max else np.int64
    # Labels that are small already need no sorting.
    if len(labels) and labels.min() >= 0 and labels.max() < 4 * len(labels):
        used = np.zeros(int(labels.max()) + 1, np.bool_)
        used[labels] = True
        return (np.cumsum(used, dtype=small) - 1)[labels]
    return np.unique(labels, return_inverse=True)[1].astype(small)


def cluster_measures(table: Contingency) -> dict[str, tuple[float | None, int]]:
    """Give each measure by name, with its denominator; None where the denominator is 0."""
    n = table.n_records
    if not n:
        return dict.fromkeys(_NAMES, (None, 0))
    exact = (table.shared == table.predicted) & (table.shared == table.true)
    # Most clusters are exactly a person: they count with all their records and surprise nobody.
    shared, predicted, true = (size[~exact] for size in (table.shared, table.predicted, table.true))
    n_exact = int(exact.sum())
    whole = n - int(shared.sum())
    precision = (whole + float((shared**2 / predicted).sum())) / n
    recall = (whole + float((shared**2 / true).sum())) / n
    distance = 2 * len(exact) - table.n_clusters - table.n_people
    surprise = shared / n * np.log(shared**2 / (predicted * true))
    return {
        "b_cubed_precision": (precision, n),
        "b_cubed_recall": (recall, n),
        "b_cubed_f1": (2 * precision * recall / (precision + recall), n),
        "cluster_precision": (n_exact / table.n_clusters, table.n_clusters),
        "cluster_recall": (n_exact / table.n_people, table.n_people),
        "cluster_f1": (
            2 * n_exact / (table.n_clusters + table.n_people),
            table.n_clusters + table.n_people,
        ),
        "merge_distance": (distance / n, n),
        "variation_of_information": (max(0.0, float(-surprise.sum())), n),
    }


@metric(
    name="b_cubed_precision",
    label="B\u00b3 precision",
    meaning="share of a record's cluster that is its person's",
    formula="mean n_pt / n_p",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="Bagga and Baldwin (1998)",
)
@metric(
    name="b_cubed_recall",
    label="B\u00b3 recall",
    meaning="share of a record's person that is in its cluster",
    formula="mean n_pt / n_t",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="Bagga and Baldwin (1998)",
)
@metric(
    name="b_cubed_f1",
    label="B\u00b3 F1",
    meaning="harmonic mean of B-cubed precision and recall",
    formula="2 P R / (P + R)",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="Bagga and Baldwin (1998)",
)
@metric(
    name="cluster_precision",
    label="Clusters that are one person",
    meaning="share of clusters that are exactly a person",
    formula="exact / clusters",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="Menestrina, Whang and Garcia-Molina (2010)",
)
@metric(
    name="cluster_recall",
    label="People who are one cluster",
    meaning="share of people who are exactly a cluster",
    formula="exact / people",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="Menestrina, Whang and Garcia-Molina (2010)",
)
@metric(
    name="cluster_f1",
    label="F1 of clusters",
    meaning="harmonic mean of both",
    formula="2 exact / (clusters + people)",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="Menestrina, Whang and Garcia-Molina (2010)",
)
@metric(
    name="merge_distance",
    label="Splits and merges",
    meaning="splits and merges a record between clusters and people",
    formula="GMD(1, 1) / N",
    direction="lower",
    unit="steps a record",
    needs=_NEEDS,
    source="Menestrina, Whang and Garcia-Molina (2010)",
)
@metric(
    name="variation_of_information",
    label="Variation of information",
    meaning="what clusters and people do not tell of each other, in nats",
    formula="H(p | t) + H(t | p)",
    direction="lower",
    unit="nats",
    needs=_NEEDS,
    source="Meila (2003)",
)
def measure_clusters(truth: Truth, clusters: Ints) -> list[Measurement]:
    """Measure clusters against people, without intervals.

    Parameters
    ----------
    truth
        The truth of the task.
    clusters
        As `clusters_of` gives them.
    """
    true = truth.right.persons
    if not truth.within:
        true = np.concatenate([truth.left.persons, true])
    measured = cluster_measures(contingency(clusters, true))
    return [Measurement.overall(name, value, n) for name, (value, n) in measured.items()]


def clusters_of(judged: ScoredLinks) -> Ints:
    """Give the connected component of each record: of the one table, or of left and right."""
    truth = judged.truth
    offset = 0 if truth.within else len(truth.left.ids)
    n_records = offset + len(truth.right.ids)
    return components(n_records, Pairs(judged.left, judged.right + offset))
