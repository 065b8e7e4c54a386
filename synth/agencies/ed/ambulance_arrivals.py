"""Attendances that came by ambulance: what the ambulance service knows of the departments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.ed.records import (
    _ASSAULT,
    _STAY_HOURS,
    _STAY_SD_LOG,
    EmergencyDepartments,
    _drawn,
    _seen,
)
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.framework.service_demand import ILLNESS, SELF_HARM, Needs
from darkfigure.synth.agencies.framework.sites import minor_units
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.setting.calendar import HOUR_S

ASSAULT = _ASSAULT


@dataclass(frozen=True)
class AmbulanceArrivals:
    """Attendances that came by ambulance, assaults first; one entry each.

    Parameters
    ----------
    ids
        Ids of the attendances, by which they are numbered.
    row
        Row of the person in the block.
    incident
        Row of the act of violence among those that were asked about; -1 for none.
    reason
        As in `service_demand`, or `ASSAULT`.
    site
        Index into `schema.SITES`.
    arrived_s, left_s
        When the attendance begins and ends, seconds since 1970-01-01.
    """

    ids: Ints
    row: Ints
    incident: Ints
    reason: Ints
    site: Ints
    arrived_s: Ints
    left_s: Ints


def ambulance_arrivals(
    context: RecordingContext, incidents: pa.Table, needs: Needs
) -> AmbulanceArrivals:
    """Find the attendances of a block that came by ambulance, as the departments know them.

    Parameters
    ----------
    context
        Recording context of the block.
    incidents
        Acts of violence against the people of the block.
    needs
        Demand for other reasons.
    """
    attended = np.flatnonzero(incidents["ed_attended"].to_numpy(zero_copy_only=False))
    own = incidents.take(pa.array(attended))
    seen = _seen(context, own, needs, EmergencyDepartments())
    chance = context.chance.stage("ed")
    use = np.select([seen.reason == ASSAULT, np.isin(seen.reason, (ILLNESS, SELF_HARM))], [0, 2], 1)
    mode = _drawn("arrival_mode", use, seen.ids, chance)
    fetched = mode == list(meanings("ed_codes", of="arrival_mode")).index("01")
    fetched &= ~minor_units(seen.site)
    fetched[: own.num_rows] = own["ambulance"].to_numpy(zero_copy_only=False)
    hours = _STAY_HOURS * np.exp(_STAY_SD_LOG * chance.normal("stay", seen.ids))
    came = np.flatnonzero(fetched)
    return AmbulanceArrivals(
        ids=seen.ids[came],
        row=seen.row[came],
        incident=seen.of_assaults(attended)[came],
        reason=seen.reason[came],
        site=seen.site[came],
        arrived_s=seen.arrived_s[came],
        left_s=(seen.arrived_s + (hours * HOUR_S).astype(np.int64))[came],
    )
