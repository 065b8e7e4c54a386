"""Children at home who see or hear violence there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.population import RESIDENT, Census
from darkfigure.synth.schema import PLACE, codes_of
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, Period

_ADULT_YEARS = 18
_SEES_RATE = 0.75  # children at home who see or hear an incident there; assumed


def child_witnesses(
    incidents: pa.Table, census: Census, period: Period, chance: Stream
) -> pa.Table:
    """Find the children who witness violence at home.

    Parameters
    ----------
    incidents
        Table with `incident_id`, `victim`, `offender`, `place` and `occurred_s`.
    census
        Households of the scenario, with ages when the study begins.
    period
        Period of the study.
    chance
        Stream of this stage; draws are keyed by incident.

    Returns
    -------
    One row per incident and child: `incident_id`, and `witness`, a census index; sorted by both.
    """
    at_home = codes_of(incidents["place"], PLACE) == list(PLACE).index("own_home")
    # Nobody grows up in a communal establishment.
    at_home &= census.role[incidents["victim"].to_numpy()] != RESIDENT
    home = incidents.filter(pa.array(at_home))
    victim, offender = home["victim"].to_numpy(), home["offender"].to_numpy()
    household = census.household[victim]
    size = census.household_size[household]
    row = np.repeat(np.arange(len(victim)), size)
    place = np.arange(len(row)) - (np.cumsum(size) - size)[row]
    person = census.household_first[household][row] + place
    ids = home["incident_id"].to_numpy()[row]
    day = home["occurred_s"].to_numpy()[row] // DAY_S
    young = ages_on(day, census.age_years[person], period.start) < _ADULT_YEARS
    there = np.flatnonzero(young & (person != victim[row]) & (person != offender[row]))
    witness = there[_sees(ids[there], place[there], chance)]
    return pa.table({"incident_id": ids[witness], "witness": person[witness]})


def _sees(ids: Ints, place: Ints, chance: Stream) -> Mask:
    """Draw for each child of a household whether it sees or hears an incident."""
    seen = np.zeros(len(ids), bool)
    for number in np.unique(place):
        here = place == number
        seen[here] = chance.happens("child_sees", ids[here], _SEES_RATE, draw=int(number))
    return seen
