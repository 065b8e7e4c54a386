"""The share of assaults in emergency departments that the police know: truly, and as linked.

Reasons for "not found in police records" stay apart: never reported; reported but not recorded;
recorded but not found, by the fault of links, of codes or of the rule (`evaluation.assaults`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from darkfigure.linkage_eval.evaluation.assaults import OUTCOMES, Assaults, outcomes, owners
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import Direction, metric, metrics
from darkfigure.linkage_eval.rows import ALL, Measurement
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios

# What a target to the nearest record leaves to no chance.
_RECORDED, _UNKNOWN = "recorded_share", "true_unknown_share"


def _ratio(  # noqa: PLR0913, a declaration has as many parts
    name: str,
    label: str,
    meaning: str,
    formula: str,
    above: tuple[str, ...],
    *,
    among: str,
    direction: Direction = "neither",
) -> Ratio:
    """Declare a share: attendances with any of some outcomes among those with another.

    An outcome after "-" is subtracted.
    """
    definition = metric(
        name=name,
        label=label,
        meaning=meaning,
        formula=formula,
        direction=direction,
        unit="share",
        needs=("judged", "assaults"),
    )
    weights = tuple((name in above) - (f"-{name}" in above) for name in OUTCOMES)
    return Ratio(definition, weights, tuple(int(name == among) for name in OUTCOMES))


_SHARES = (
    _ratio(
        "never_reported_share",
        "Never reported",
        "share of assault attendances of which no report reached the police",
        "never reported / assault attendances",
        ("never_reported",),
        among="assault",
    ),
    _ratio(
        "not_recorded_share",
        "Reported, not recorded",
        "share reported to the police, but not recorded as an occurrence",
        "reported and not recorded / assault attendances",
        ("not_recorded",),
        among="assault",
    ),
    _ratio(
        _RECORDED,
        "Recorded",
        "share of assault attendances that have an occurrence about the same event",
        "recorded / assault attendances",
        ("recorded",),
        among="assault",
    ),
    _ratio(
        _UNKNOWN,
        "Unknown, in truth",
        "share without an occurrence about the same event, in truth",
        "never_reported_share + not_recorded_share",
        ("never_reported", "not_recorded"),
        among="assault",
    ),
    _ratio(
        "recorded_not_found_share",
        "Recorded, not found",
        "share with an occurrence that links, codes and rule do not find",
        "recorded_share (1 - event_recall)",
        ("recorded", "-right"),
        among="assault",
        direction="lower",
    ),
    _ratio(
        "apparent_unknown_share",
        "Unknown, by the links",
        "share without an occurrence as an analyst sees it: of the attendances coded as an "
        "assault, those for which links and rule find none",
        "(coded - found) / coded",
        ("coded", "-found"),
        among="coded",
    ),
    _ratio(
        "event_recall",
        "Events found",
        "share of the assault attendances with an occurrence about the same event for which that "
        "occurrence is found",
        "rightly found / recorded",
        ("right",),
        among="recorded",
        direction="higher",
    ),
    _ratio(
        "event_precision",
        "Right events",
        "share of the attendances for which an occurrence is found that truly have it",
        "rightly found / found",
        ("right",),
        among="found",
        direction="higher",
    ),
)


@metrics(share.definition for share in _SHARES)
def measure_dark_figure(judged: ScoredLinks, assaults: Assaults) -> list[Measurement]:
    """Measure what links make of assault attendances, overall and by group.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        As `read_assaults` gives them.

    Returns
    -------
    Intervals are over people. Where the world was made to have the share there is none: chance has
    no part in it.
    """
    masks, people = outcomes(judged, assaults), owners(judged, assaults)
    n_people = len(judged.truth.people)
    counts = np.column_stack(
        [np.bincount(people[masks[name]], minlength=n_people) for name in OUTCOMES]
    )
    measured = measure_ratios(counts, judged.truth.groups, _SHARES)
    return [_unless_fixed(one, assaults.unknown_share) for one in measured]


def _unless_fixed(measured: Measurement, unknown_share: float | None) -> Measurement:
    """Take away the interval of a share that was met to the nearest record."""
    if unknown_share is None or measured.stratum != ALL or measured.value is None:
        return measured
    made = {_UNKNOWN: unknown_share, _RECORDED: 1 - unknown_share}.get(measured.metric)
    # The nearest record is at most half a record away, with a hair for rounding.
    is_fixed = made is not None and abs(measured.value - made) * measured.n <= 0.5 + 1e-6
    return replace(measured, low=None, high=None) if is_fixed else measured
