"""Privacy of a way of sharing: risks of a release, and attacks on it.

Attacks run on synthetic people only (`synthetic.Synthetic` refuses anything else), over many seeds
(`trials`), and stand beside their defences and what these cost (`encodings.linkage_cost`).

::

    reidentification    k-anonymity, prosecutor and journalist risk
    graph_attack        similarity attack on Bloom filters, without the key
    pattern_attacks     frequency and pattern mining on Bloom filters, without the key
    dictionary_attack   hashed keys, by a holder of the salt
    differencing        counts
    disclosed_cells     suppressed tables
    noise_audit         the loss that noisy counts prove to have
    membership          synthetic releases
"""

from __future__ import annotations

from darkfigure.linkage_eval.privacy.dictionary_attack import combine, dictionary_attack
from darkfigure.linkage_eval.privacy.differencing import (
    CountService,
    difference_counts,
)
from darkfigure.linkage_eval.privacy.disclosed_cells import CellBounds, bound_cells
from darkfigure.linkage_eval.privacy.encodings import Encoding, linkage_cost
from darkfigure.linkage_eval.privacy.graph_attack import graph_attack
from darkfigure.linkage_eval.privacy.membership import controlled_risk, infer_membership
from darkfigure.linkage_eval.privacy.noise_audit import proven_loss
from darkfigure.linkage_eval.privacy.pattern_attacks import frequency_attack, pattern_attack
from darkfigure.linkage_eval.privacy.reidentification import Risk, measure_risk
from darkfigure.linkage_eval.privacy.synthetic import Scene, Synthetic
from darkfigure.linkage_eval.privacy.trials import Success, try_attack

__all__ = [
    "CellBounds",
    "CountService",
    "Encoding",
    "Risk",
    "Scene",
    "Success",
    "Synthetic",
    "bound_cells",
    "combine",
    "controlled_risk",
    "dictionary_attack",
    "difference_counts",
    "frequency_attack",
    "graph_attack",
    "infer_membership",
    "linkage_cost",
    "measure_risk",
    "pattern_attack",
    "proven_loss",
    "try_attack",
]
