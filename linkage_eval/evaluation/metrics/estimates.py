"""Bias that linkage errors carry into the figures that people use.

All are of the assault attendances of a task that links "ed" to the police. A bias is the figure
as the links show it minus the true one, on the same attendances:

- known count: attendances with a police record, (linked - true) / true;
- odds ratio: log odds of being known in a group against the largest group of its division;
- days to report: mean days from arrival to the report, among those known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.evaluation.assaults import Assaults, find_reports
from darkfigure.linkage_eval.links.truth import Groups, ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.arrays import Floats, Ints, Mask

_NEEDS = ("judged", "assaults")
_COUNT, _ODDS, _DAYS = "known_count_bias", "known_log_odds_ratio_bias", "days_to_report_bias"


@dataclass(frozen=True)
class _Known:
    """Per attendance: whether the police know of it, as linked and truly."""

    linked: Mask
    true: Mask


@metric(
    name=_COUNT,
    label="Bias of the number known",
    meaning="relative bias of the number of attendances known to the police",
    formula="(known as linked - recorded) / recorded",
    direction="neither",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name=_ODDS,
    label="Bias of odds ratios",
    meaning="bias of the log odds ratio of being known, against the largest group",
    formula="log OR as linked - log OR in truth",
    direction="neither",
    unit="log odds",
    needs=_NEEDS,
)
@metric(
    name=_DAYS,
    label="Bias of days to report",
    meaning="bias of the mean days from arrival to the police report",
    formula="mean days as linked - mean days in truth",
    direction="neither",
    unit="days",
    needs=_NEEDS,
)
def measure_linkage_bias(judged: ScoredLinks, assaults: Assaults) -> list[Measurement]:
    """Measure the bias of counts, odds ratios and times, from false and missed links together.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        As `read_assaults` gives them.

    Returns
    -------
    None where the true figure is not defined.
    """
    rows = assaults.true["left_row"].to_numpy()
    reports = find_reports(judged, assaults)
    reports = reports.filter(pc.is_in(reports["left_row"], pa.array(rows)))
    status = assaults.true["police_status"].to_numpy().astype(str)
    known = _Known(np.isin(rows, reports["left_row"].to_numpy()), status == "recorded")
    owners = judged.truth.left_rows[rows]
    measured = [_days(assaults, reports["days"].to_numpy())]
    for division in judged.truth.groups:
        groups = division.codes[owners]
        measured += _counts(division, groups, known)
        measured += _odds(division, groups, known)
    return measured


def _days(assaults: Assaults, linked: Floats) -> Measurement:
    days = assaults.attendances["true_days"].drop_null().to_numpy()
    bias = float(linked.mean() - days.mean()) if len(linked) and len(days) else None
    return Measurement.overall(_DAYS, bias, len(days))


def _counts(division: Groups, groups: Ints, known: _Known) -> list[Measurement]:
    n_linked, n_true = (
        np.bincount(groups[flag], minlength=len(division.names))
        for flag in (known.linked, known.true)
    )
    return [
        Measurement(division.kind, name, _COUNT, (a - b) / b if b else None, None, None, int(b))
        for name, a, b in zip(division.names, n_linked.tolist(), n_true.tolist(), strict=True)
    ]


def _odds(division: Groups, groups: Ints, known: _Known) -> list[Measurement]:
    if not division.names:  # there is nobody
        return []
    sizes = np.bincount(groups, minlength=len(division.names))
    log_odds = [_log_odds(groups, flag, sizes) for flag in (known.linked, known.true)]
    reference = int(np.argmax(sizes))
    bias = (log_odds[0] - log_odds[0][reference]) - (log_odds[1] - log_odds[1][reference])
    return [
        Measurement(
            division.kind,
            name,
            _ODDS,
            float(bias[place]) if np.isfinite(bias[place]) else None,
            None,
            None,
            int(sizes[place]),
        )
        for place, name in enumerate(division.names)
        if place != reference
    ]


def _log_odds(groups: Ints, flag: Mask, sizes: Ints) -> Floats:
    yes = np.bincount(groups[flag], minlength=len(sizes)).astype(float)
    no = sizes - yes
    defined = (yes > 0) & (no > 0)
    log_odds = np.full(len(sizes), np.nan)
    log_odds[defined] = np.log(yes[defined] / no[defined])
    return log_odds
