"""Regressions on linked data against figures worked out by other code, and identities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from darkfigure.linkage_eval.stats.linked_regression import LinkedFile, linear, logistic

ONE_TO_EIGHT = np.column_stack([np.ones(8), np.arange(1, 9)])
TRUE = np.array([5.1, 7.9, 11.2, 13.8, 17.1, 19.9, 23.2, 25.8])
SPREAD = np.array([-2, -1.5, -1, -0.8, -0.5, -0.1, 0.2, 0.5, 0.9, 1.1, 1.6, 2])
ANSWERS = np.array([0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 1], float)


def one_block(covariates: np.ndarray, outcome: np.ndarray, correct: float) -> LinkedFile:
    """Make a file of one block."""
    return LinkedFile(covariates, outcome, np.zeros(len(outcome), int), np.array([correct]))


def test_linear_coefficients_meet_known_values():
    """Records 2 and 6 are linked to each other's outcomes; three links of four are right."""
    swapped = TRUE.copy()
    swapped[[1, 5]] = TRUE[[5, 1]]
    file = one_block(ONE_TO_EIGHT, swapped, 0.75)
    assert (7.2071429, 1.8428571) == pytest.approx(tuple(linear(file, "naive")))
    assert (3.89, 2.58) == pytest.approx(tuple(linear(file, "ratio")))
    assert (3.89, 2.58) == pytest.approx(tuple(linear(file)))


def test_logistic_coefficients_meet_known_values():
    """Nine links of ten are right."""
    file = one_block(np.column_stack([np.ones(12), SPREAD]), ANSWERS, 0.9)
    known = {
        "naive": (-0.44513205, 0.84896142),
        "ratio": (-0.47814842, 0.99769835),
        "lahiri-larsen": (-0.44289572, 0.96665365),
    }
    for form, coefficients in known.items():
        assert coefficients == pytest.approx(tuple(logistic(file, form)))


@pytest.mark.parametrize("form", ["ratio", "lahiri-larsen"])
def test_mixed_outcomes_give_back_the_coefficients(form):
    """What links make on average of a line, and of a curve, is taken back; plainly it is not."""
    block, correct = np.repeat([0, 1], [3, 5]), np.array([0.9, 0.6])
    line = ONE_TO_EIGHT @ [2, 3]
    mixed = LinkedFile(ONE_TO_EIGHT, line, block, correct).mix(line)
    file = LinkedFile(ONE_TO_EIGHT, mixed, block, correct)
    assert (2, 3) == pytest.approx(tuple(linear(file, form)))
    assert linear(file, "naive")[1] < 2.9
    covariates = np.column_stack([np.ones(12), SPREAD])
    curve = expit(covariates @ [-0.3, 1.2])
    whole = one_block(covariates, one_block(covariates, curve, 0.9).mix(curve), 0.9)
    assert (-0.3, 1.2) == pytest.approx(tuple(logistic(whole, form)))
    assert (-0.27059221, 1.0014347) == pytest.approx(tuple(logistic(whole, "naive")))


def test_perfect_links_change_nothing():
    """With every link right all forms are the plain regression."""
    file = one_block(ONE_TO_EIGHT, TRUE, 1.0)
    for form in ("naive", "ratio", "lahiri-larsen"):
        assert (2.0642857, 2.9857143) == pytest.approx(tuple(linear(file, form)))


def test_what_cannot_be_answered_is_refused():
    """Links by chance, and a covariate that tells the outcome for certain."""
    with pytest.raises(ValueError, match="by chance"):
        one_block(ONE_TO_EIGHT, TRUE, 1 / 8)
    certain = one_block(np.column_stack([np.ones(12), SPREAD]), (SPREAD > 0).astype(float), 0.9)
    with pytest.raises(ValueError, match="no finite coefficients"):
        logistic(certain, "naive")
