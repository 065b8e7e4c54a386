"""Estimators of methodologists against figures of other programs, on data that they published.

Sources of the data: reporting centres for HIV in Lazio (Abeni, Brancato and Perucci 1994), four
lists; modern slavery in the United Kingdom 2013, five lists, and three made-up lists (Chan,
Silverman and Vincent 2021); trafficking at a western site of the United States (Farrell et al.
2019). Figures are those of R's Rcapture, SparseMSE and dga, and of independent code.
"""

from __future__ import annotations

import numpy as np
import pytest

from darkfigure.linkage_eval.recapture import Histories, TwoLists
from darkfigure.linkage_eval.recapture.decomposable import average_graphs, graph_posterior
from darkfigure.linkage_eval.recapture.double_sampling import (
    SampledStratum,
    double_sampled,
    sample_strata,
)
from darkfigure.linkage_eval.recapture.doubly_robust import Nuisances, doubly_robust, plug_in
from darkfigure.linkage_eval.recapture.lower_bound import chao
from darkfigure.linkage_eval.recapture.sparse import choose_terms, has_estimate, sparse_estimate
from darkfigure.synth.core.chance import Stream

HIV = """
    1110:3 1101:1 1100:33 1010:20 1001:6 1000:403 0111:3 0110:35 0101:10 0100:545 0011:11
    0010:621 0001:205
"""
UK = """
    10000:54 01000:463 00100:995 00010:695 00001:316 11000:15 10100:19 10010:3 01100:62 01010:19
    01001:1 00110:76 00101:11 00011:8 11100:1 11010:1 01110:4 11110:1
"""
WESTERN = """
    10000:52 01000:90 00100:114 00010:45 00001:21 10100:4 10010:2 10001:5 01100:6 01010:1
    00011:3 10101:1 01110:1
"""
ARTIFICIAL = """
    100:40 010:30 001:20 110:6
"""
UK_TERMS = ((0, 1), (1, 4), (2, 4), (0, 2), (3, 4), (1, 3))
# Three lists: 100, 010, 110, 001, 101, 011, 111.
THREE = Histories(np.array([27, 37, 19, 97, 22, 37, 25], float))
E2 = Histories(np.array([240, 140, 60], float))


def read(text: str) -> Histories:
    """Read counts by history, a digit a list."""
    cells = dict(cell.split(":") for cell in text.split())
    n_lists = len(next(iter(cells)))
    counts = np.zeros(2**n_lists - 1)
    for history, count in cells.items():
        number = sum(int(digit) << place for place, digit in enumerate(history))
        counts[number - 1] = float(count)
    return Histories(counts)


CHAO = [
    (
        read(HIV),
        {"share": 1, "bias_corrected": False},
        (15578.939, 1436.6127, 13040.332, 18695.825),
    ),
    (read(HIV), {"share": 1}, (15453.336, 1413.8812, 12953.154, 18518.846)),
    (read(HIV), {"bias_corrected": False}, (12158.204, 1078.6494, 10252.365, 14498.709)),
    (read(HIV), {}, (12064.002, 1061.6088, 10186.966, 14365.990)),
    (E2, {"bias_corrected": False}, (1041.6667, 102.20373, 872.30610, 1277.3761)),
    (E2, {}, (1030.2459, 99.422739, 865.26124, 1259.2381)),
    (
        Histories(np.array([12, 8, 0, 0, 0, 0, 10.0])),
        {"share": 1},
        (220, 87.253549, 110.61224, 477.82280),
    ),
]


@pytest.mark.parametrize(("histories", "how", "known"), CHAO)
def test_chaos_bound_meets_known_values(histories: Histories, how: dict, known: tuple):
    """Plain and corrected, with the factor of few lists and with that of species."""
    found = chao(histories, **how)
    assert (found.value, found.se, found.low, found.high) == pytest.approx(known, rel=1e-6)


def test_chaos_bound_of_empty_lists_is_nobody():
    """A world of a few people may have nobody on any list."""
    assert chao(Histories(np.array([0, 0, 0.0]))).value == 0


def test_chaos_bound_of_two_lists_is_above_petersen():
    """It takes both rates of capture for one: (n1 + n2)^2 / (4 m)."""
    found = chao(E2, bias_corrected=False).value
    assert found == pytest.approx((300 + 200) ** 2 / (4 * 60))
    assert chao(Histories(np.array([3, 4, 0.0])), bias_corrected=False).value is None


def test_direct_double_sampling_meets_known_values():
    """31 of 35 linked and 3 of 46 unlinked units audited are on the second list."""
    linked, unlinked = SampledStratum(70, 35, 31), SampledStratum(230, 46, 3)
    assert 77 == pytest.approx(linked.overlap + unlinked.overlap)
    assert 64.627451 == pytest.approx(linked.variance + unlinked.variance)
    found = double_sampled(TwoLists(300, 200, 70), linked, unlinked)
    known = (774.65385, 99.214940, 627.42904, 1027.9064)
    assert (found.value, found.se, found.low, found.high) == pytest.approx(known)


def test_double_sampling_needs_both_kinds_of_units():
    """Where all units are followed up the overlap is certain; where a kind is missing, None."""
    first, second = np.ones(40, bool), np.arange(40) < 10
    sampled = sample_strata(first, second, second, n=100, chance=Stream(1))
    assert [(10, 10, 10), (30, 30, 0)] == [(s.size, s.audited, s.true) for s in sampled]
    assert 0 == sum(stratum.variance for stratum in sampled)
    assert sample_strata(first, second, first, n=10, chance=Stream(1)) is None
    with pytest.raises(ValueError, match="at least one"):
        SampledStratum(10, 0, 0)


GRAPHS = {
    (): 0.141470295,
    ((0, 1),): 0.755263312,
    ((0, 2),): 0.008325821,
    ((1, 2),): 0.006515379,
    ((0, 1), (0, 2)): 0.033705995,
    ((0, 1), (1, 2)): 0.053318636,
    ((0, 2), (1, 2)): 0.000605320,
    ((0, 1), (0, 2), (1, 2)): 0.000795241,
}


def test_averaging_over_graphs_meets_known_values():
    """Weights of the eight graphs, mean, median and interval, to nine digits."""
    posterior = graph_posterior(THREE, most=3_000)
    weights = dict(zip(posterior.edges, posterior.weights, strict=True))
    assert weights == pytest.approx(GRAPHS, rel=1e-6)
    assert 358.286048 == pytest.approx(264 + posterior.mean)
    found = average_graphs(THREE, most=3_000)
    assert (356, 319, 411) == (found.value, found.low, found.high)


@pytest.mark.parametrize(("n_lists", "n_graphs"), [(3, 8), (4, 61), (5, 822)])
def test_all_decomposable_graphs_are_found(n_lists: int, n_graphs: int):
    """As many as there are chordal graphs of so many nodes."""
    posterior = graph_posterior(Histories(np.ones(2**n_lists - 1)), most=3)
    assert n_graphs == len(posterior.edges)


def test_the_stepwise_choice_is_that_of_the_authors():
    """Six interactions of the British lists, one of the western site's, none of few."""
    assert UK_TERMS == choose_terms(read(UK))
    assert ((0, 4),) == choose_terms(read(WESTERN))
    assert () == choose_terms(read(ARTIFICIAL))


SPARSE = [
    (UK, (), (13444.131, 11985.171, 15133.426)),
    (UK, None, (11312.990, 9884.4028, 13027.397)),
    (WESTERN, None, (2483.3839, 1657.0937, 3830.0300)),
    (ARTIFICIAL, (), (539.09393, 278.65416, 1170.8851)),
    (ARTIFICIAL, ((0, 2),), (396, 216.47824, 843.02289)),
    (ARTIFICIAL, ((0, 2), (1, 2)), (296, 174.93501, 602.74601)),
]


@pytest.mark.parametrize(("data", "terms", "known"), SPARSE)
def test_sparse_estimates_meet_known_values(data: str, terms: tuple | None, known: tuple):
    """Main effects, the choice, and models of pairs that share nobody; R stops its fit early."""
    found = sparse_estimate(read(data), terms, scatter=False)
    assert (found.value, found.low, found.high) == pytest.approx(known, rel=3e-5)
    whole = sparse_estimate(read(data), terms)
    assert found.value == whole.value
    assert whole.low < found.low < found.high < whole.high


def test_models_without_an_estimate_are_told():
    """Of three made-up lists: all pairs are not determined, the first alone has no finite one."""
    lists = read(ARTIFICIAL)
    assert not has_estimate(lists, ((0, 1), (0, 2), (1, 2)))
    assert not has_estimate(lists, ((0, 1),))
    assert has_estimate(lists, ((0, 2), (1, 2)))
    assert has_estimate(lists, ())


STRATA = {"a": (60, 140, 90), "b": (30, 20, 15)}


@pytest.fixture
def people() -> tuple[np.ndarray, np.ndarray]:
    """Seen units of two strata: on both lists, on the first, on the second."""
    held, stratum = [], []
    for number, sizes in enumerate(STRATA.values()):
        for size, row in zip(sizes, ((True, True), (True, False), (False, True)), strict=True):
            held += [row] * size
            stratum += [number] * size
    return np.array(held), np.array(stratum)


def test_the_doubly_robust_estimate_is_petersens_of_each_stratum(people):
    """With shares of strata as models: 500 + 75, and the sum of their variances."""
    held, strata = people
    found = doubly_robust(held, Nuisances.of_strata(held, strata))
    assert 575 == pytest.approx(found.value)
    assert 1775 == pytest.approx(found.se**2)


def test_an_error_in_one_model_is_forgiven_and_in_the_third_is_not(people):
    """The first model pooled or a tenth too low leaves 575; that of both lists does not."""
    held, strata = people
    right = Nuisances.of_strata(held, strata)
    pooled = Nuisances.of_strata(held, 0 * strata)
    wrong = Nuisances(pooled.first, right.second, right.both)
    assert (579.22535, 575) == pytest.approx((plug_in(wrong), doubly_robust(held, wrong).value))
    wrong = Nuisances(0.9 * right.first, right.second, right.both)
    assert (517.5, 575) == pytest.approx((plug_in(wrong), doubly_robust(held, wrong).value))
    wrong = Nuisances(right.first, right.second, 0.9 * right.both)
    assert (638.88889, 567.90123) == pytest.approx(
        (plug_in(wrong), doubly_robust(held, wrong).value)
    )
