"""How soon an agency that knows this much would find the people at serious risk.

A rule says who is at serious risk: violence repeated by a partner or family, or a child who is
harmed or sees harm. Truth meets it for some people, at an onset. What an agency knows meets it for
some, truly or wrongly, at some time; the delay is that time minus the onset, and whoever is not
found by the end of the study is censored there.

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
    """A Kaplan-Meier curve: `unfound[i]` is the share not yet found from `days[i]` on."""

    days: Floats
    unfound: Floats

    def restricted_mean(self, horizon: float) -> float:
        """Give the mean days unfound, of the first `horizon` days: the area below the curve."""
        inside = self.days < horizon
        edges = np.concatenate([[0.0], self.days[inside], [horizon]])
        heights = np.concatenate([[1.0], self.unfound[inside]])
        return float(np.diff(edges) @ heights)

    def median(self) -> float | None:
        """Give the day on which half are found; None where it is never reached."""
        reached = np.flatnonzero(self.unfound <= 0.5)
        return float(self.days[reached[0]]) if len(reached) else None


@dataclass(frozen=True)
class Found:
    """How people at serious risk were found; None where nobody is at risk or flagged.

    Parameters
    ----------
    n_at_risk, n_found
        People whom the rule truly fits, and those of them who were flagged by the end.
    recall
        Share of them flagged.
    restricted_mean_days, median_days
        From onset to flag, of the first `horizon_days`; a flag before onset counts as day 0.
    false_alarms_per_true
        Flagged people whom the rule never truly fits, for each one it does; None without any.
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
    person, day
        Of each event, in any order: when it happened, or when the agency could use it.
    times
        Such as 3, as MARAC's rule of repeats does (assumed by the caller).
    within_days
        Length of the window.

    Returns
    -------
    By person: the day of the event that completes the rule.
    """
    order = np.lexsort((day, person))
    who, when = person[order], day[order]
    last = np.arange(times - 1, len(who))
    first = last - (times - 1)
    met = (who[last] == who[first]) & (when[last] - when[first] <= within_days)
    reached = last[met]
    people, at = np.unique(who[reached], return_index=True)
    days = when[reached][at]
    return {int(one): float(then) for one, then in zip(people, days, strict=True)}


def any_event(person: Ints, day: Floats) -> dict[int, float]:
    """Find each person's first event: the rule for a child at risk, harmed or witness of harm."""
    return repeated(person, day, times=1, within_days=0.0)


def kaplan_meier(delay: Floats, found: Mask) -> Curve:
    """Estimate the share not yet found by days since onset.

    Parameters
    ----------
    delay
        Days until found, or until no longer watched.
    found
        Which of the two.
    """
    data = CensoredData(uncensored=delay[found], right=delay[~found])
    curve = ecdf(data).sf
    return Curve(np.asarray(curve.quantiles, float), np.asarray(curve.probabilities, float))


def find_at_risk(
    onset: dict[int, float], flagged: dict[int, float], *, end_day: float, horizon_days: float
) -> Found:
    """Set flags against who truly was at serious risk, and since when.

    Parameters
    ----------
    onset
        Day on which the rule truly fits, by person.
    flagged
        Day on which what the agency knows meets it.
    end_day
        End of the study: who is not flagged then is censored.
    horizon_days
        Of the restricted mean.
    """
    late = {person: when for person, when in flagged.items() if when <= end_day}
    hits = [person for person in onset if person in late]
    false = len(late) - len(hits)
    per_true = false / len(hits) if hits else None
    if not onset:
        return Found(0, 0, None, None, None, per_true)
    curve = kaplan_meier(
        np.array([max(late.get(one, end_day) - since, 0.0) for one, since in onset.items()]),
        np.array([one in late for one in onset]),
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
        Who truly is.
    score
        What the agency ranks people by; NaN or 0 and below is "not known", never looked at.
    budget
        People whom there is time to look at.

    Returns
    -------
    Expected over the order of people with equal scores; None where nobody is at risk.
    """
    if budget < 0:
        raise ValueError(f"a budget of {budget} people is none; give 0 or more")
    total = int(at_risk.sum())
    if not total:
        return None
    known = np.nan_to_num(np.asarray(score, float))
    found, left = 0.0, budget
    for level in np.unique(known[known > 0])[::-1]:
        tied = known == level
        share = min(1.0, left / int(tied.sum()))
        found += share * int(at_risk[tied].sum())
        left = max(0, left - int(tied.sum()))
        if not left:
            break
    return found / total
