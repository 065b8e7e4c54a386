"""Arrests: who of the named suspects of crimes is arrested or charged, when, and with what end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.codes import DISPOSAL, OUTCOME
from darkfigure.synth.agencies.police.kinds_of_work import CRIME
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, HOUR_S

_YOUNGEST = 10  # age of criminal responsibility in England and Wales. Source: well known
_LEAST_S, _MEAN_S = HOUR_S, 6 * HOUR_S  # from the report, the least and the mean beyond it; assumed
CHARGED, CAUTIONED, RESOLVED, DROPPED = range(len(DISPOSAL))
# Arrests were drawn from the stream of the national computer before forces kept custody records;
# they stay there, so that they stay the same.
STREAM = "pnc"


@dataclass(frozen=True)
class CaseArrests:
    """Arrests, and charges and cautions without one; arrays have one entry each."""

    case: Ints  # row in the cases
    event: Ints
    person: Ints  # census index of the suspect
    arrested_s: Ints
    disposal: Ints  # index into DISPOSAL
    closed: Mask  # the crime has an outcome
    drawn: Mask  # arrested whatever came of it


def arrests(
    simulated: SimulatedEvents, cases: Mapping[str, Ints], outcome: Ints, rate: float
) -> CaseArrests:
    """Draw the suspects who are arrested; those charged or cautioned always appear.

    Parameters
    ----------
    simulated
        The simulated events.
    cases
        Columns of `PoliceCases`: `event`, `category`, `suspect`, `occurred_s` and `reported_s`,
        shape (n,).
    outcome
        Index into `codes.OUTCOME` of each case, shape (n,).
    rate
        Share of suspects who are arrested whatever comes of it.
    """
    chance, census = simulated.chance.stage(STREAM), simulated.victims.census
    able = np.flatnonzero((cases["suspect"] >= 0) & (cases["category"] == CRIME))
    day, years = cases["occurred_s"][able] // DAY_S, census.age_years[cases["suspect"][able]]
    able = able[ages_on(day, years, simulated.period.start) >= _YOUNGEST]
    codes = np.array([*OUTCOME, ""])[outcome[able]]
    ends = [codes == "1", np.isin(codes, ("2", "3")), codes == "8"]
    disposal = np.select(ends, [CHARGED, CAUTIONED, RESOLVED], DROPPED)
    drawn = chance.happens("arrested", cases["event"][able], rate)
    kept = drawn | (disposal <= CAUTIONED)
    case, event, person = (
        part[kept] for part in (able, cases["event"][able], cases["suspect"][able])
    )
    when = cases["reported_s"][case]
    delay = _LEAST_S + (_MEAN_S * chance.exponential("arrest_delay", event)).astype(int)
    # Nobody is arrested who has died or left.
    last = np.maximum(census.gone_day[person] * DAY_S - 1, when)
    return CaseArrests(
        case=case,
        event=event,
        person=person,
        arrested_s=np.minimum(when + delay, last),
        disposal=disposal[kept],
        closed=outcome[case] >= 0,
        drawn=drawn[kept],
    )
