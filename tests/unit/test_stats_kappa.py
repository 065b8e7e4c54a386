"""Kappa is what its authors printed, and what two other programs give."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from darkfigure.linkage_eval.stats.kappa import cohen, fleiss

# Fleiss (1971), table 1: 30 patients, six psychiatrists each, five diagnoses; kappa .430.
FLEISS_1971 = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006
10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
DIAGNOSES = np.array([[int(digit) for digit in row] for row in FLEISS_1971.split()])
# Fleiss, Levin and Paik (2003), table 18.1: two raters, 100 subjects; kappa .68.
TWO_RATERS = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]])


def answers(table):
    """Spread a table of counts into the answers of two people."""
    rows, columns = np.indices(table.shape)
    return np.repeat(rows, table.ravel()), np.repeat(columns, table.ravel())


def test_cohen_is_the_published_value_and_that_of_two_programs():
    """Value and interval."""
    first, second = answers(TWO_RATERS)
    found, other = cohen(first, second), cohens_kappa(TWO_RATERS)
    assert 0.68 == round(found.value, 2)
    assert cohen_kappa_score(first, second) == pytest.approx(found.value)
    assert [other.kappa_low, other.kappa_upp] == pytest.approx([found.low, found.high])


def test_fleiss_is_the_published_value_and_that_of_another_program():
    """The interval holds it."""
    found = fleiss(DIAGNOSES)
    assert 0.430 == round(found.value, 3)
    assert fleiss_kappa(DIAGNOSES) == pytest.approx(found.value)
    assert found.low < found.value < found.high
    assert 30 == found.n


def test_who_answers_at_random_agrees_no_more_than_chance():
    """Of 400 draws the 95 % intervals of either kappa miss 0 some 20 times (bound: 6 sigma)."""
    draws = np.random.default_rng(1)
    missed = np.zeros(2, int)
    for _ in range(400):
        said = draws.integers(0, 3, (40, 4))
        two = cohen(said[:, 0], said[:, 1])
        all_of_them = fleiss(np.stack([(said == k).sum(axis=1) for k in range(3)], axis=1))
        missed += [not each.low <= 0 <= each.high for each in (two, all_of_them)]
    assert (missed < 20 + 6 * np.sqrt(20)).all()


def test_gaps_are_left_out_and_agreement_without_choice_is_none():
    """A question with one answer says nothing; one answer throughout says nothing of chance."""
    gaps = np.array([[1, 0, 0], [0, 0, 0]])
    assert fleiss(DIAGNOSES) == fleiss(np.vstack([DIAGNOSES, np.pad(gaps, ((0, 0), (0, 2)))]))
    assert fleiss(np.array([[3, 0], [2, 0]])) is None
    assert cohen(["a", "a"], ["a", "a"]) is None
    assert cohen(["a"], ["b"]) is None
    assert 1 == cohen(["a", "b"], ["a", "b"]).value
