"""Three and more lists: published examples, an independent implementation, known truth."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as glm

from darkfigure.linkage_eval.recapture import (
    Histories,
    all_terms,
    average,
    correct_links,
    correct_missed_links,
    estimate,
    fit,
    judge_estimates,
    profile_interval,
    splitting,
)
from darkfigure.synth.core.chance import Stream

# Hepatitis A in a college of northern Taiwan, 1995 (Chao et al. 2001): bit 0 is list P, bit 1 Q,
# bit 2 E, so the counts are of P, Q, PQ, E, PE, QE, PQE.
HEPATITIS = Histories(np.array([69.0, 55, 21, 63, 17, 18, 28]))
# Diabetes in Casale Monferrato, 1988 (Bruno et al. 1994): general practice, hospital,
# prescriptions, strips; listed from 1111, 1110, 1101 ... to 0001.
_DIABETES = (58, 157, 18, 104, 46, 650, 12, 709, 14, 20, 7, 74, 8, 182, 10)
_IN_ORDER = [int(f"{history:04b}"[::-1], 2) - 1 for history in range(15, 0, -1)]
DIABETES = Histories(np.array(_DIABETES, float)[np.argsort(_IN_ORDER)])


def test_histories_have_the_published_margins():
    """Lists of 135, 122 and 126 make 271 cases; four diabetes lists make 2,069."""
    held = HEPATITIS.presence()[1:]
    assert [135.0, 122.0, 126.0] == (held.T @ HEPATITIS.counts).tolist()
    assert (271.0, 2_069.0) == (HEPATITIS.seen, DIABETES.seen)


def test_all_pairs_give_the_published_hepatitis_estimate():
    """With all three interactions: 1,313 (Chao et al. 2001), which is 271 + 28 x 69 x ... ."""
    found = estimate(HEPATITIS, ((0, 1), (0, 2), (1, 2)))
    assert round(found.value) == 1_313
    assert found.unseen == pytest.approx(28 * 69 * 55 * 63 / (21 * 17 * 18))


def test_best_model_gives_the_published_diabetes_estimate():
    """The model least in AIC estimates 2,771 diabetics (Bruno et al. 1994)."""
    fits = [(fit(DIABETES, terms), terms) for terms in all_terms(4)]
    best = min((one.score("aic", DIABETES.seen), terms) for one, terms in fits)[1]
    assert ((0, 1), (0, 2), (1, 2), (1, 3), (2, 3)) == best
    assert round(estimate(DIABETES, best).value) == 2_771


def test_three_lists_have_eight_models_and_four_have_sixty_four():
    """Every set of pairs, once."""
    assert [8, 64] == [len(set(all_terms(n_lists))) for n_lists in (3, 4)]


# The model with all pairs leaves no degrees of freedom, of which statsmodels complains.
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:Perfect:Warning")
@pytest.mark.parametrize("terms", all_terms(3), ids=str)
def test_fits_agree_with_statsmodels(terms: tuple[tuple[int, int], ...]):
    """Coefficients, covariance, likelihood and deviance are those of an independent GLM."""
    held = HEPATITIS.presence()[1:]
    columns = [np.ones(7), *held.T, *(held[:, left] * held[:, right] for left, right in terms)]
    theirs = glm.GLM(HEPATITIS.counts, np.column_stack(columns), family=glm.families.Poisson()).fit(
        tol=1e-12
    )
    ours = fit(HEPATITIS, terms)
    assert theirs.params == pytest.approx(ours.coefficients, abs=1e-6)
    assert theirs.cov_params() == pytest.approx(ours.covariance, abs=1e-6)
    assert theirs.llf == pytest.approx(ours.log_likelihood, abs=1e-6)
    assert theirs.deviance == pytest.approx(ours.deviance, abs=1e-6)
    assert theirs.aic == pytest.approx(ours.score("aic", 271), abs=1e-6)


def test_profile_interval_ends_where_the_likelihood_has_fallen():
    """For independent lists the ends are where twice the log likelihood is 3.84 lower.

    The likelihood of independence is written out here on its own: rates are n_j / N.
    """
    found = profile_interval(HEPATITIS)
    sizes = np.array([135, 122, 126])

    def twice(size: float) -> float:
        from scipy.special import gammaln

        rate = sizes / size
        free = sizes @ np.log(rate) + (size - sizes) @ np.log1p(-rate)
        return 2 * (gammaln(size + 1) - gammaln(size - 271 + 1) + free)

    drops = [twice(found.value) - twice(end) for end in (found.low, found.high)]
    assert drops == pytest.approx([3.8415, 3.8415], abs=1e-3)


def test_averages_lie_between_the_models_and_report_their_spread():
    """The mean of models lies inside their range, its error is above that of the best model."""
    found = average(HEPATITIS, "aic")
    values = [estimate(HEPATITIS, terms).value for terms in all_terms(3)]
    assert min(values) < found.value < max(values)
    assert found.low < found.value < found.high


def test_zero_cells_that_leave_a_model_open_give_no_answer():
    """Without anybody on all three lists the model with all pairs has no finite estimate."""
    counts = HEPATITIS.counts.copy()
    counts[-1] = 0
    assert estimate(Histories(counts), ((0, 1), (0, 2), (1, 2))).value is None
    assert average(Histories(counts)).value is not None


@pytest.mark.parametrize("terms", [((1, 0),), ((0, 3),)])
def test_unknown_interactions_are_refused(terms: tuple[tuple[int, int], ...]):
    """A pair in the wrong order, or of a list that is not there."""
    with pytest.raises(ValueError, match="no interaction"):
        fit(HEPATITIS, terms)


@pytest.mark.parametrize("counts", [np.ones(4), np.ones(63), np.array([1.0, -1, 1])])
def test_histories_of_no_lists_are_refused(counts: np.ndarray):
    """A length that is not 2**lists - 1, too many lists, and negative counts."""
    with pytest.raises(ValueError, match="counts"):
        Histories(counts)


def _held(world: int, n: int, dependence: float) -> np.ndarray:
    """Three lists of which the second depends on the first."""
    chance, ids = Stream(world, ("three",)), np.arange(n)
    first = chance.happens("first", ids, 0.4)
    odds = 0.3 / 0.7 * np.where(first, dependence, 1.0)
    second = chance.happens("second", ids, odds / (1 + odds))
    return np.column_stack([first, second, chance.happens("third", ids, 0.35)])


def test_the_right_model_covers_and_independence_does_not():
    """At an odds ratio of 3 the model with term 12 covers nominally; that without is biased low.

    Of 100 worlds at coverage .95, fewer than 84 come about with probability below 1e-4.
    """
    truths, right, wrong, profiled = [], [], [], []
    for world in range(100):
        histories = Histories.of(_held(world, 3_000, 3.0))
        truths.append(3_000)
        right.append(estimate(histories, ((0, 1),)))
        profiled.append(profile_interval(histories, ((0, 1),)))
        wrong.append(estimate(histories))
    assert judge_estimates(truths, right).coverage >= 0.84
    assert judge_estimates(truths, profiled).coverage >= 0.84
    assert judge_estimates(truths, wrong).coverage < 0.1
    assert judge_estimates(truths, wrong).relative_bias < -0.05


def test_missed_links_split_a_unit_as_counted_by_hand():
    """Of two lists linked at .8, one unit on both leaves .8 of 'both' and .2 of each alone."""
    recall = np.array([[1.0, 0.8], [0.8, 1.0]])
    assert splitting(recall) == pytest.approx(np.array([[1, 0, 0.2], [0, 1, 0.2], [0, 0, 0.8]]))


def test_links_through_a_third_list_join_too():
    """On three lists linked at .5 a chain suffices: all stay together with probability .5."""
    assert splitting(np.full((3, 3), 0.5))[6, 6] == pytest.approx(0.5)


def test_undoing_missed_links_gives_the_histories_back():
    """Splitting and correcting is no change; perfect recall changes nothing at all."""
    recall = np.array([[1, 0.85, 0.7], [0.85, 1, 0.9], [0.7, 0.9, 1]])
    split = Histories(splitting(recall) @ HEPATITIS.counts)
    assert correct_missed_links(split, recall).counts == pytest.approx(HEPATITIS.counts)
    assert correct_missed_links(HEPATITIS, np.ones((3, 3))).counts == pytest.approx(
        HEPATITIS.counts
    )


def test_false_links_between_three_lists_are_undone():
    """Missed and false links together, joined by hand; without false ones nothing changes."""
    recall = np.array([[1, 0.9, 0.8], [0.9, 1, 0.85], [0.8, 0.85, 1]])
    none = np.zeros((3, 3))
    split = Histories(splitting(recall) @ HEPATITIS.counts)
    assert correct_links(split, recall, none).counts == pytest.approx(HEPATITIS.counts)
    # Histories 1 and 2 are of one list each: of 100 units on the first, 5 take one of the second.
    joined = Histories(np.array([95.0, 35.0, 5.0, 0, 0, 0, 0]))
    false = none.copy()
    false[0, 1] = 0.05
    found = correct_links(joined, np.ones((3, 3)), false).counts
    assert [100, 40, 0, 0, 0, 0, 0] == pytest.approx(found, abs=1e-6)


def test_missed_links_inflate_what_correction_restores():
    """At recall .85 three independent lists of 3,000 look larger; corrected they do not.

    Expected counts are used, so nothing is left to chance.
    """
    held = np.arange(8)[:, None] >> np.arange(3) & 1
    rates = np.array([0.4, 0.3, 0.35])
    share = np.prod(np.where(held, rates, 1 - rates), axis=1)
    recall = np.full((3, 3), 0.85)
    linked = Histories(splitting(recall) @ (3_000 * share[1:]))
    assert estimate(linked).value > 3_150
    assert estimate(correct_missed_links(linked, recall)).value == pytest.approx(3_000, abs=0.5)
