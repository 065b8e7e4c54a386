"""Ways and times in which agencies learn of an incident, and reasons why the police do not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reference import load
from darkfigure.synth.reporting.help_seeking import Marks
from darkfigure.synth.reporting.police import NEVER
from darkfigure.synth.schema import (
    DOMESTIC,
    HOW_REPORTED,
    NOT_REPORTED_REASON,
    SEVERITY,
    VIOLENCE,
    coded,
)
from darkfigure.synth.setting.calendar import DAY_S, HOUR_S
from darkfigure.synth.setting.working_days import school_day, working_day

_LATE_DAYS = 7  # a late report comes no sooner; assumed
_KILLED_ARRIVE_S = HOUR_S  # at most until the dying reach a department; assumed
_MODERATE = list(SEVERITY).index("moderate")
_THIRD_PARTY = list(HOW_REPORTED).index("third_party")  # the first after the victim
_OFFICER = list(HOW_REPORTED).index("officer")
_BY_OFFICER = 0.2  # factor on the delay where an officer comes upon it; assumed


class Delays(Spec):
    """Delays after an incident until agencies learn of it; assumed unless a source is named."""

    report_median_hours: Amount = 2.0
    """Until the police are told, median of reports that are not late."""
    ed_median_hours: Amount = 3.0
    """Until arrival at an emergency department, median of minor and moderate injuries."""
    ed_if_serious_factor: Amount = 0.5
    """Factor on that wait with a serious injury; where life is in danger, its square."""
    sd_log: Amount = 1.2
    """Standard deviation of the logs of both."""
    late_domestic: Rate = 0.12
    """Share of domestic reports later than seven days."""
    late_other: Rate = 0.04
    """Share of other reports later than seven days."""
    late_mean_days: Amount = 60.0
    """From the seventh day to a late report, mean."""
    gp_mean_days: Amount = 4.0
    """Until a practice is told, mean."""
    school_mean_days: Amount = 2.0
    """Until a school notices, mean."""


def explain(marks: Marks, status: Ints, chance: Stream) -> dict[str, pa.Array]:
    """Draw the way in which the police learned of each incident, or the reason why they did not.

    Parameters
    ----------
    marks
        Marks of the incidents.
    status
        Index into `schema.POLICE_STATUS`, shape (n,).
    chance
        Stream of the contacts; draws are keyed by incident.

    Returns
    -------
    Columns `how_reported`, null where nothing was reported, and `not_reported_reason`, null where
    it was, and outside Wales.
    """
    table = load("violence_reporting")
    kinds = table["kind"].to_pylist()
    row = np.array([kinds.index(name) for name in VIOLENCE])[marks.kind]
    # Victims of threats by partners and kin stay silent for the reasons of domestic violence.
    domestic = marks.is_kind("harassment") & marks.by(*DOMESTIC)
    row[domestic] = kinds.index("partner")
    columns = {}
    for name, codes, holds in (
        ("how_reported", HOW_REPORTED, status != NEVER),
        ("not_reported_reason", NOT_REPORTED_REASON, (status == NEVER) & ~marks.abroad),
    ):
        weights = np.column_stack([table[code].to_numpy() for code in codes])
        index = chance.pick_by_row(name, marks.ids, weights[row])
        if codes is HOW_REPORTED:  # the dead do not call
            index = np.where(marks.killed, np.maximum(index, _THIRD_PARTY), index)
        columns[name] = coded(np.where(holds, index, -1), codes)
    return columns


def delay(
    marks: Marks, occurred: Ints, how: pa.Array, spec: Delays, chance: Stream
) -> dict[str, Ints]:
    """Draw the time at which each agency learns of an incident.

    Parameters
    ----------
    marks
        Marks of the incidents.
    occurred
        Seconds since 1970-01-01, shape (n,).
    how
        Column `how_reported` of the incidents.
    spec
        Delays.
    chance
        Stream of the contacts; draws are keyed by incident.

    Returns
    -------
    `report_s` and `ed_s`, seconds since 1970-01-01, and `gp_day` and `school_day`, days since then;
    they have a meaning only for agencies that learn of the incident.
    """
    ids = marks.ids
    by_officer = how.indices.fill_null(-1).to_numpy(zero_copy_only=False) == _OFFICER
    late = np.where(marks.by(*DOMESTIC), spec.late_domestic, spec.late_other)
    is_late = ~by_officer & ~marks.killed & chance.happens("late_report", ids, late)
    soon = _hours(ids, "report_s", spec.report_median_hours, spec.sd_log, chance) * HOUR_S
    soon = np.where(by_officer, _BY_OFFICER * soon, np.minimum(soon, (_LATE_DAYS - 1) * DAY_S))
    wait = (_LATE_DAYS + spec.late_mean_days * chance.exponential("lateness", ids)) * DAY_S
    grave = np.maximum(marks.severity - _MODERATE, 0)
    arrives = _hours(ids, "ed_s", spec.ed_median_hours, spec.sd_log, chance) * HOUR_S
    arrives *= spec.ed_if_serious_factor ** np.minimum(grave, 2)
    arrives = np.where(marks.killed, np.minimum(arrives, _KILLED_ARRIVE_S), arrives)
    days = {
        name: occurred / DAY_S + mean * chance.exponential(name, ids)
        for name, mean in (("gp_day", spec.gp_mean_days), ("school_day", spec.school_mean_days))
    }
    return {
        "report_s": occurred + np.where(is_late, wait, soon).astype(np.int64),
        "ed_s": occurred + arrives.astype(np.int64),
        "gp_day": working_day(days["gp_day"].astype(np.int64)),
        "school_day": school_day(days["school_day"].astype(np.int64)),
    }


def _hours(ids: Ints, decision: str, median: float, sd_log: float, chance: Stream) -> Floats:
    return np.asarray(median * np.exp(sd_log * chance.normal(decision, ids)))
