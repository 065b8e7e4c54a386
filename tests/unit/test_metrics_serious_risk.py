"""People at serious risk: who is found, how soon, at how many false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from darkfigure.linkage_eval.sharing.metrics.serious_risk import (
    any_event,
    find_at_risk,
    kaplan_meier,
    recall_at_budget,
    repeated,
)

# Remission of acute leukaemia under 6-MP, weeks; the second list is censored. Source: Freireich et
# al. (1963), the textbook example of Kaplan-Meier.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def test_kaplan_meier_meets_the_textbook():
    """Survival .857 at 6 weeks, .753 at 10, .448 at 23."""
    weeks = np.array(RELAPSED + CENSORED, float)
    curve = kaplan_meier(weeks, np.arange(len(weeks)) < len(RELAPSED))
    at = dict(zip(curve.days.tolist(), curve.unfound.round(3).tolist(), strict=True))
    assert (0.857, 0.753, 0.448) == (at[6], at[10], at[23])
    assert curve.median() == 23


def test_restricted_mean_is_the_area_below_the_curve():
    """Two of four are found on day 2, one on day 6: 2 x 1 + 4 x .5 + 4 x .25."""
    curve = kaplan_meier(np.array([2.0, 2, 6, 10]), np.array([True, True, True, False]))
    assert curve.restricted_mean(10) == pytest.approx(5.0)
    assert curve.restricted_mean(1) == pytest.approx(1.0)


def test_the_rule_is_met_by_the_event_that_completes_it():
    """Three events within ten days: person 1 on day 9, person 2 never, person 3 on day 30."""
    person = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3, 3])
    day = np.array([9.0, 0, 5, 0, 5, 11, 0, 21, 22, 30])
    assert {1: 9.0, 3: 30.0} == repeated(person, day, times=3, within_days=10)
    assert {1: 0.0, 2: 0.0, 3: 0.0} == any_event(person, day)


def test_an_agency_that_knows_everything_finds_all_at_once():
    """Knowledge equal to truth has recall 1, no delay and no false alarm."""
    onset = {1: 10.0, 2: 20.0}
    found = find_at_risk(onset, dict(onset), end_day=100, horizon_days=50)
    assert (1.0, 0.0, 0.0) == (
        found.recall,
        found.restricted_mean_days,
        found.false_alarms_per_true,
    )


def test_who_is_never_found_counts_to_the_end():
    """Of two at risk since day 0 one is found on day 10; a third person is flagged wrongly."""
    found = find_at_risk({1: 0.0, 2: 0.0}, {1: 10.0, 9: 5.0}, end_day=100, horizon_days=50)
    assert (2, 1, 0.5, 1.0) == (
        found.n_at_risk,
        found.n_found,
        found.recall,
        found.false_alarms_per_true,
    )
    assert found.restricted_mean_days == pytest.approx(10 + 0.5 * 40)
    assert found.median_days == 10


def test_a_flag_after_the_end_does_not_count():
    """What is known too late finds nobody."""
    found = find_at_risk({1: 0.0}, {1: 101.0}, end_day=100, horizon_days=50)
    assert (0, 50.0, None) == (
        found.n_found,
        found.restricted_mean_days,
        found.false_alarms_per_true,
    )


def test_nobody_at_risk_leaves_delays_undefined():
    """There is nothing to find, so nothing is measured."""
    found = find_at_risk({}, {1: 1.0}, end_day=100, horizon_days=50)
    assert (None, None, None, None) == (
        found.recall,
        found.restricted_mean_days,
        found.median_days,
        found.false_alarms_per_true,
    )


def test_recall_at_budget_shares_out_ties():
    """Two can be looked at: one with score 3, and half of the two with score 2."""
    at_risk = np.array([True, True, False, True])
    score = np.array([3.0, 2, 2, np.nan])
    assert recall_at_budget(at_risk, score, 2) == pytest.approx((1 + 0.5) / 3)
    assert recall_at_budget(at_risk, score, 0) == 0
    assert recall_at_budget(at_risk, score, 100) == pytest.approx(2 / 3)
    assert recall_at_budget(np.zeros(4, bool), score, 2) is None
    with pytest.raises(ValueError, match="budget"):
        recall_at_budget(at_risk, score, -1)
