"""Capture-recapture: sizes of populations, from lists that each miss some units.

::

    two_lists        Petersen, Chapman
    linkage_errors   the same, with missed and false links undone, and audits of them
    histories        three or more lists, and missed links between them undone
    log_linear       lists that depend on each other; averaging; profile likelihood
    strata           estimates within groups, added up
    dependence       two lists, and the odds ratio between them that one assumes
    lower_bound      a bound from how many are on one list and on two (Chao)
    double_sampling  the overlap counted directly, in samples of linked units and of others
    decomposable     Bayesian averaging over graphs of lists
    sparse           stepwise choice where many lists share few
    doubly_robust    two lists that are independent given covariates
    judging          estimators against known truth

Nothing here knows agencies or datasets: lists are arrays.
"""

from __future__ import annotations

from darkfigure.linkage_eval.recapture.decomposable import average_graphs
from darkfigure.linkage_eval.recapture.dependence import (
    Assumption,
    common_odds_ratio,
    dependence_curve,
    tipping_ratio,
    with_odds_ratio,
)
from darkfigure.linkage_eval.recapture.double_sampling import SampledStratum, double_sampled
from darkfigure.linkage_eval.recapture.doubly_robust import Nuisances, doubly_robust
from darkfigure.linkage_eval.recapture.estimate import PopulationEstimate
from darkfigure.linkage_eval.recapture.histories import (
    Histories,
    correct_links,
    correct_missed_links,
    splitting,
)
from darkfigure.linkage_eval.recapture.judging import Judgement, judge_estimates
from darkfigure.linkage_eval.recapture.linkage_errors import (
    Audited,
    LinkageErrors,
    bootstrap_corrected,
    corrected_chapman,
    corrected_unknown_share,
    true_overlap,
)
from darkfigure.linkage_eval.recapture.log_linear import (
    all_terms,
    average,
    estimate,
    fit,
    profile_interval,
)
from darkfigure.linkage_eval.recapture.lower_bound import chao
from darkfigure.linkage_eval.recapture.sparse import sparse_estimate
from darkfigure.linkage_eval.recapture.strata import stratified
from darkfigure.linkage_eval.recapture.two_lists import TwoLists, chapman, petersen

__all__ = [
    "Assumption",
    "Audited",
    "Histories",
    "Judgement",
    "LinkageErrors",
    "Nuisances",
    "PopulationEstimate",
    "SampledStratum",
    "TwoLists",
    "all_terms",
    "average",
    "average_graphs",
    "bootstrap_corrected",
    "chao",
    "chapman",
    "common_odds_ratio",
    "correct_links",
    "correct_missed_links",
    "corrected_chapman",
    "corrected_unknown_share",
    "dependence_curve",
    "double_sampled",
    "doubly_robust",
    "estimate",
    "fit",
    "judge_estimates",
    "petersen",
    "profile_interval",
    "sparse_estimate",
    "splitting",
    "stratified",
    "tipping_ratio",
    "true_overlap",
    "with_odds_ratio",
]
