"""Treated violence: of the people who came to hospital after an assault, whom a watcher hears of.

Most violence brings nobody to hospital, so that no sharing of a department's records can make it
seen. Of what it treated, sharing can show all.
"""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import ALL, Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import WATCHERS, Of, quantity
from darkfigure.linkage_eval.sharing.metrics.deterrence import Presentations
from darkfigure.linkage_eval.sharing.metrics.visibility import Sight
from darkfigure.linkage_eval.stats.intervals import shares
from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.reporting.help_seeking import groups_of

_NEEDS = ("remaining", "sight", "presentations")
_DAY = np.timedelta64(1, "D")


@metric(
    name="treated_seen_share",
    label="Treated violence that an agency sees",
    meaning="share of the assaults treated in hospital, of everybody or of a group, that an agency "
    "hears of by the end",
    formula="assaults treated and known / assaults treated, where nobody stays away",
    direction="higher",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="treated_seen_days",
    label="Days until it sees treated violence",
    meaning="median days from an assault treated in hospital until an agency that hears of it does",
    formula="median of known - occurred",
    direction="lower",
    unit="days",
    needs=_NEEDS,
)
def measure_treated(
    remaining: Knowledge, sight: Sight, presentations: Presentations
) -> list[Measurement]:
    """Measure what the watchers see of treated violence; the deterred are among the unseen."""
    came = presentations.came
    groups = {ALL: np.ones(len(came), bool), **groups_of(presentations.marks)}
    rows = []
    for watcher in WATCHERS:
        days = _days_until_seen(sight, remaining, watcher)
        seen = np.isfinite(days)
        for group, mark in groups.items():
            of = Of(watcher, "group" if group != ALL else ALL, group)
            rows.append(_share(seen[came & mark], of))
        waited = days[came & seen]
        median = float(np.median(waited)) if len(waited) else None
        rows.append(
            quantity(
                "treated_seen_days", median, n=len(waited), of=Of(watcher), why="it sees nothing"
            )
        )
    return rows


def _days_until_seen(sight: Sight, remaining: Knowledge, watcher: str) -> Floats:
    """Give the days from each incident until a watcher knows of it; NaN where it never does."""
    seen = sight.see(remaining.log, watcher)
    at, occurred = (
        seen[name].to_numpy().astype("datetime64[ms]") for name in ("event", "occurred_at")
    )
    return np.asarray((at - occurred) / _DAY)


def _share(seen: Mask, of: Of) -> Measurement:
    n_treated = len(seen)
    if not n_treated:
        return quantity("treated_seen_share", None, n=0, of=of, why="nobody was treated")
    found = shares(np.array([float(seen.sum())]), np.array([float(n_treated)]))
    value, low, high = (float(getattr(found, name)[0]) for name in ("value", "low", "high"))
    return quantity("treated_seen_share", value, n=n_treated, of=of, interval=(low, high))
