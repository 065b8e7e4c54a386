"""Serious risk: how soon an agency would find the people at risk with the events that it knows.

A rule defines serious risk: violence repeated by a partner or family, or a child who is harmed or
sees harm. True incidents meet it for some people, at an onset. The events that an agency knows
meet it for some, truly or wrongly, at some time; the delay is that time minus the onset, and a
person who is not found by the end of the study is censored there.

References
----------
Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations"; Royston and
Parmar (2013) on restricted mean survival time, Statistics in Medicine 30.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import CensoredData, ecdf

from darkfigure.synth.core.arrays import Floats, Ints, Mask


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve.

    Parameters
    ----------
    days
        Days since onset at which the curve steps, shape (steps,).
    unfound
        Share not yet found from that day on, shape (steps,).
    """

    days: Floats
    unfound: Floats

    def restricted_mean(self, horizon: float) -> float:
        """Give the mean days unfound within the first `horizon` days: the area below the curve."""
        inside = self.days < horizon
        edges = np.concatenate([[0.0], self.days[inside], [horizon]])
        heights = np.concatenate([[1.0], self.unfound[inside]])
        return float(np.diff(edges) @ heights)

    def median(self) -> float | None:
        """Give the day on which half are found; None if half are never found."""
        reached = np.flatnonzero(self.unfound <= 0.5)
        return float(self.days[reached[0]]) if len(reached) else None


@dataclass(frozen=True)
class Found:
    """The people at serious risk who were found; None where nobody is at risk or flagged.

    Parameters
    ----------
    n_at_risk, n_found
        People whom the rule truly fits, and those of them who were flagged by the end.
    recall
        Share of people at risk who were flagged.
    restricted_mean_days, median_days
        Days from onset to flag, the mean within the horizon; a flag before onset counts as day 0.
    false_alarms_per_true
        Flagged people whom the rule never truly fits, for each flagged one whom it does.
    """

    n_at_risk: int
    n_found: int
    recall: float | None
    restricted_mean_days: float | None
    median_days: float | None
    false_alarms_per_true: float | None


def repeated(person: Ints, day: Floats, *, times: int, within_days: float) -> dict[int, float]:
    """Find when each person's events first reach `times` within `within_days`.

    The rule for repeat domestic abuse, on true incidents or on those an agency knows.

    Parameters
    ----------
    person
        Person of each event, shape (events,), in any order.
    day
        Day of each event, shape (events,): when it happened, or when the agency could use it.
    times
        Number of events that meets the rule, such as 3 for MARAC's repeats.
    within_days
        Length of the window in days.

    Returns
    -------
    The day of the event that completes the rule, by person.
    """
    order = np.lexsort((day, person))
    who, when = person[order], day[order]
    last = np.arange(times - 1, len(who))
    first = last - (times - 1)
    met = (who[last] == who[first]) & (when[last] - when[first] <= within_days)
    reached = last[met]
    people, at = np.unique(who[reached], return_index=True)
    days = when[reached][at]
    return {int(someone): float(met_on) for someone, met_on in zip(people, days, strict=True)}


def any_event(person: Ints, day: Floats) -> dict[int, float]:
    """Find each person's first event: the rule for a child at risk, harmed or witness of harm.

    Parameters and result are those of `repeated`.
    """
    return repeated(person, day, times=1, within_days=0.0)


def kaplan_meier(delay: Floats, found: Mask) -> Curve:
    """Estimate the share not yet found by days since onset.

    Parameters
    ----------
    delay
        Days from onset until the person was found, or watched no longer, shape (people,).
    found
        True where the person was found, shape (people,).
    """
    data = CensoredData(uncensored=delay[found], right=delay[~found])
    curve = ecdf(data).sf
    return Curve(np.asarray(curve.quantiles, float), np.asarray(curve.probabilities, float))


def find_at_risk(
    onset: dict[int, float], flagged: dict[int, float], *, end_day: float, horizon_days: float
) -> Found:
    """Set an agency's flags against the people truly at serious risk.

    Parameters
    ----------
    onset
        Day on which a person truly meets the rule, by person.
    flagged
        Day on which the events that the agency knows meet the rule, by person.
    end_day
        End of the study; a person not flagged by then is censored.
    horizon_days
        Horizon of the restricted mean, in days since onset.
    """
    late = {person: when for person, when in flagged.items() if when <= end_day}
    hits = [person for person in onset if person in late]
    false = len(late) - len(hits)
    per_true = false / len(hits) if hits else None
    if not onset:
        return Found(0, 0, None, None, None, per_true)
    curve = kaplan_meier(
        np.array([max(late.get(person, end_day) - since, 0.0) for person, since in onset.items()]),
        np.array([person in late for person in onset]),
    )
    return Found(
        n_at_risk=len(onset),
        n_found=len(hits),
        recall=len(hits) / len(onset),
        restricted_mean_days=curve.restricted_mean(horizon_days),
        median_days=curve.median(),
        false_alarms_per_true=per_true,
    )


def recall_at_budget(at_risk: Mask, score: Floats, budget: int) -> float | None:
    """Share of people at risk among the `budget` people with the highest scores.

    Parameters
    ----------
    at_risk
        True where the person is at risk, shape (people,).
    score
        Score by which the agency ranks people, shape (people,); people of NaN, 0 or below are not
        known to it and never looked at.
    budget
        Number of people whom there is time to look at, 0 or more.

    Returns
    -------
    The share, expected over the order of people with equal scores; None where nobody is at risk.

    Raises
    ------
    ValueError
        The budget is below 0.
    """
    if budget < 0:
        raise ValueError(f"a budget of {budget} people is none; give 0 or more")
    total = int(at_risk.sum())
    if not total:
        return None
    scores = np.nan_to_num(np.asarray(score, float))
    n_found, left_to_look = 0.0, budget
    for level in np.unique(scores[scores > 0])[::-1]:
        tied = scores == level
        share = min(1.0, left_to_look / int(tied.sum()))
        n_found += share * int(at_risk[tied].sum())
        left_to_look = max(0, left_to_look - int(tied.sum()))
        if not left_to_look:
            break
    return n_found / total
